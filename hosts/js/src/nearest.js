/**
 * The known word that is nearest to a mistaken one, by the measure of Python's `difflib`.
 * In: a word and the known words. Out: one of them, or null. Called by `scalars` and `level`.
 */

import { SHOWN, compareTexts, size } from "./text.js";

const ENOUGH = 0.5;

/**
 * The nearest other word; none for a very long word, nor where none is near.
 * @param {string} word
 * @param {Iterable<string>} known
 * @returns {string | null}
 */
export function nearest(word, known) {
  if (word === "" || size(word) > SHOWN) return null;
  const wanted = Array.from(word);
  const places = placesOf(wanted);
  let best = null;
  let bestRatio = ENOUGH;
  const others = [...known].filter((candidate) => candidate !== word);
  for (const candidate of others) {
    const ratio = similarity(Array.from(candidate), wanted, places);
    if (ratio > bestRatio || (ratio === bestRatio && (best === null || compareTexts(candidate, best) > 0))) {
      [best, bestRatio] = [candidate, ratio];
    }
  }
  return best ?? inFull(wanted, others);
}

/**
 * The shortest known word that a Chinese one shortens: 最低生活保障 for 低保.
 * @param {string[]} wanted
 * @param {string[]} known
 */
function inFull(wanted, known) {
  if (wanted.length < 2 || wanted.every((char) => char <= "\x7f")) return null;
  let best = null;
  for (const candidate of known) {
    if (!shortens(wanted, candidate)) continue;
    const longer = best === null ? 0 : size(candidate) - size(best);
    if (best === null || longer < 0 || (longer === 0 && compareTexts(candidate, best) < 0)) best = candidate;
  }
  return best;
}

/**
 * Whether all characters of a word stand in another, in their order.
 * @param {string[]} wanted
 * @param {string} candidate
 */
function shortens(wanted, candidate) {
  let at = 0;
  for (const char of candidate) if (char === wanted[at]) at += 1;
  return at === wanted.length;
}

/** @param {string[]} chars */
function placesOf(chars) {
  /** @type {Map<string, number[]>} */
  const places = new Map();
  chars.forEach((char, index) => {
    const found = places.get(char);
    if (found) found.push(index);
    else places.set(char, [index]);
  });
  return places;
}

/**
 * Twice what matches over the length of both.
 * @param {string[]} a
 * @param {string[]} b
 * @param {Map<string, number[]>} places where each character stands in `b`
 */
function similarity(a, b, places) {
  const length = a.length + b.length;
  if (length === 0) return 1;
  if ((2 * Math.min(a.length, b.length)) / length < ENOUGH) return 0;
  let matched = 0;
  const waiting = [[0, a.length, 0, b.length]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [aLow, aHigh, bLow, bHigh] = next;
    const [i, j, run] = longest(a, places, aLow, aHigh, bLow, bHigh);
    if (run === 0) continue;
    matched += run;
    waiting.push([aLow, i, bLow, j], [i + run, aHigh, j + run, bHigh]);
  }
  return (2 * matched) / length;
}

/**
 * The longest run that both have; of several the first in `a`, then the first in `b`.
 * @param {string[]} a
 * @param {Map<string, number[]>} places
 * @param {number} aLow
 * @param {number} aHigh
 * @param {number} bLow
 * @param {number} bHigh
 */
function longest(a, places, aLow, aHigh, bLow, bHigh) {
  let [bestI, bestJ, best] = [aLow, bLow, 0];
  /** @type {Map<number, number>} */
  let runs = new Map();
  for (let i = aLow; i < aHigh; i += 1) {
    /** @type {Map<number, number>} */
    const next = new Map();
    for (const j of places.get(a[i]) ?? []) {
      if (j < bLow) continue;
      if (j >= bHigh) break;
      const run = (runs.get(j - 1) ?? 0) + 1;
      next.set(j, run);
      if (run > best) [bestI, bestJ, best] = [i - run + 1, j - run + 1, run];
    }
    runs = next;
  }
  return [bestI, bestJ, best];
}

/**
 * What is wrong with something given, in both languages, and the error that carries it.
 * In: message codes, places and words. Out: problems as plain data. Called by `intake`, `level`, `jsontext` and `index`.
 */

import { MESSAGES } from "./messages.js";
import { compareTexts } from "./text.js";

/** @typedef {import("../index.d.ts").Problem} Problem */
/** @typedef {Record<string, unknown>} Words */

/** Something given is wrong; `problems` says what, where, and what to do about it, in Chinese and English. */
export class InputError extends Error {
  /** @param {Problem[]} problems */
  constructor(problems) {
    super(problems.map((one) => `${one.code} ${one.place}: ${one.en}`).join("\n"));
    this.name = "InputError";
    this.problems = problems;
  }
}

/** One reading's problems; the same problem at the same place is kept once. */
export class Report {
  constructor() {
    /** @type {Map<string, Problem>} */
    this.found = new Map();
    this.count = 0;
    this.suggestions = 0;
  }

  /**
   * Record a problem.
   * @param {string} code
   * @param {string} place
   * @param {Words} [words]
   * @param {string | null} [suggestion]
   */
  add(code, place, words = {}, suggestion = null) {
    this.count += 1;
    const key = JSON.stringify([
      code,
      place,
      Object.entries(words).map(([name, value]) => [name, String(value)]),
      suggestion,
    ]);
    if (!this.found.has(key)) this.found.set(key, problem(code, place, words, suggestion));
  }

  get failed() {
    return this.found.size > 0;
  }

  /** The problems in the order of their places. */
  get problems() {
    return [...this.found.values()].sort((a, b) => compareTexts(a.place, b.place) || compareTexts(a.code, b.code));
  }

  /** Throw all that was recorded, if anything was. */
  throwProblems() {
    if (this.failed) throw new InputError(this.problems);
  }
}

/**
 * @param {string} code
 * @param {string} place
 * @param {Words} words
 * @param {string | null} suggestion
 * @returns {Problem}
 */
function problem(code, place, words, suggestion) {
  const [zh, en, helpZh, helpEn] = MESSAGES[code].map((sentence, at) =>
    filled(sentence, words, at % 2 === 0 ? "、" : ", "),
  );
  const help =
    suggestion === null
      ? { zh: helpZh, en: helpEn }
      : { zh: `是否想写“${suggestion}”？`, en: `did you mean "${suggestion}"?` };
  return { code, severity: "error", place, zh, en, help };
}

/**
 * A sentence with its words; braces that are meant stand twice in it.
 * @param {string} sentence
 * @param {Words} words
 * @param {string} joint what stands between several words
 */
function filled(sentence, words, joint) {
  return sentence.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name) =>
    name === undefined ? found[0] : [words[name]].flat().join(joint),
  );
}

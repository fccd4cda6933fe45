/**
 * Facts by month or year: what is given of them, `{"2019-05": …}` or `{"each": …}`, and their values as of a day.
 * In: a manifest once, then plain data and days. Out: possible values by column. Called by `level`; names for `missing`.
 */

import { isoOf } from "./days.js";
import { EACH, MONTH, UNKNOWN as UNKNOWN_WORDS, YEAR } from "./notation.js";
import { slotOf } from "./partial.js";
import { Unreadable, fault } from "./scalars.js";
import { isBlank, isMapping, shown, strip } from "./text.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Fact} Fact */
/** @typedef {import("./manifest.js").Input} Input */
/** @typedef {import("./manifest.js").Series} Series */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {Map<number | null, Value>} Given by the number of the month or year; by null what holds for each */
/**
 * A series that may be given: its value of this month or year, how its values are read, and by how long ago they are the
 * columns that they fill.
 * @typedef {{fact: Fact, series: Series, read: (raw: unknown) => Value, inputs: [ago: number, column: number][]}} SeriesSlot
 */

const EXAMPLES = { month: "2019-05", year: "2019" };
const PATTERNS = { month: new RegExp(`^(?:${MONTH})$`, "u"), year: new RegExp(`^(?:${YEAR})$`, "u") };

/**
 * The series of a level.
 * @param {Manifest} manifest
 * @param {string} level
 * @param {Input[]} inputs
 * @returns {SeriesSlot[]}
 */
export function seriesOf(manifest, level, inputs) {
  const columns = new Map(inputs.map((one, index) => [one.name, index]));
  return manifest.facts.flatMap((fact) => {
    const { series } = fact;
    if (fact.level !== level || series === null || fact.ago > 0) return [];
    const found = manifest.facts.filter((one) => one.series?.name === series.name && columns.has(one.name));
    const slot = slotOf(fact, inputs, manifest.code_lists);
    return [
      {
        fact,
        series,
        read: /** @type {(raw: unknown) => Value} */ (slot.read),
        inputs: found.map((one) => [one.ago, /** @type {number} */ (columns.get(one.name))]),
      },
    ];
  });
}

/**
 * The values by month or year. Throws Unreadable with all that is wrong.
 * @param {SeriesSlot} slot
 * @param {unknown} raw
 * @returns {Given}
 */
export function readSeries({ series, read }, raw) {
  /** @type {Given} */
  const found = new Map();
  if (typeof raw === "string" && UNKNOWN_WORDS.includes(strip(raw))) return found;
  const words = { name: series.label, period: EXAMPLES[series.each] };
  if (!isMapping(raw)) throw new Unreadable([fault("H090", { ...words, given: shown(raw) })]);
  /** @type {import("./scalars.js").Fault[]} */
  const faults = [];
  for (const [key, value] of Object.entries(raw)) {
    const below = `.${shown(key)}`;
    const period = periodOfKey(key, series.each);
    if (period === undefined) faults.push(fault("H091", { ...words, given: shown(key) }, below));
    else if (value === null || value === undefined || (typeof value === "string" && isBlank(value))) continue;
    else {
      if (found.has(period)) faults.push(fault("H092", { ...words, given: shown(key) }, below));
      try {
        found.set(period, read(value));
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        faults.push(...error.faults.map((one) => ({ ...one, below: below + one.below })));
      }
    }
  }
  if (faults.length > 0) throw new Unreadable(faults);
  return found;
}

/**
 * The number of the month or year that a key names, null for the word for each, undefined if it is neither.
 * @param {string} key
 * @param {"month" | "year"} each
 */
function periodOfKey(key, each) {
  const text = strip(key);
  if (EACH.includes(text)) return null;
  const found = PATTERNS[each].exec(text);
  if (found === null) return undefined;
  if (each === "year") return Number(found[1]);
  const month = Number(found[2]);
  return month >= 1 && month <= 12 ? 12 * Number(found[1]) + month - 1 : undefined;
}

/**
 * Put the values of the months and years up to a day into their columns.
 * @param {SeriesSlot} slot
 * @param {Given | undefined} given
 * @param {Value[]} facts
 * @param {number} asOf
 */
export function fillWindow({ series, inputs }, given, facts, asOf) {
  const now = periodOf(series.each, asOf);
  for (const [ago, column] of inputs) {
    facts[column] = given?.get(now - ago) ?? given?.get(null) ?? facts[column];
  }
}

/**
 * What a fact is called on a day: `wage 2019-05`.
 * @param {Fact} fact
 * @param {number} day
 */
export function namedOn({ name, label, series, ago }, day) {
  if (series === null) return { fact: name, label };
  const period = periodOf(series.each, day) - ago;
  const month = `-${String((period % 12) + 1).padStart(2, "0")}`;
  const year = String(series.each === "year" ? period : Math.floor(period / 12)).padStart(4, "0");
  const text = series.each === "year" ? year : year + month;
  return { fact: `${series.name} ${text}`, label: `${series.label} ${text}` };
}

/**
 * The number of the month or year in which a day lies; months are counted from the year 0.
 * @param {"month" | "year"} each
 * @param {number} day
 */
function periodOf(each, day) {
  const [year, month] = isoOf(day).split("-").map(Number);
  return each === "year" ? year : 12 * year + month - 1;
}

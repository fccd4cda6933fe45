/**
 * The keys that one place of a household takes (its own, its village's, a member's, an item's of a list), and their values in
 * their columns. In: a level of a manifest once, then plain data. Out: possible values by column. Called by `intake`, `lists`.
 */

import { isoOf } from "./days.js";
import { nearest } from "./nearest.js";
import { LIMITS, MISPLACED, RESERVED } from "./notation.js";
import { readExactly, slotOf, valuesOf } from "./partial.js";
import { fillWindow, readSeries, seriesOf } from "./periods.js";
import { UNKNOWN, same, whole } from "./possible.js";
import { Unreadable } from "./scalars.js";
import { isBlank, shown } from "./text.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Fact} Fact */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("./partial.js").Slot} Slot */
/** @typedef {import("./periods.js").SeriesSlot} SeriesSlot */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {Map<string, [key: string, raw: unknown]>} Kept by reserved key: the key as written, and what stands there */
/** @typedef {Record<string, unknown>} Given */

/** Stands in the column of a value that was refused, so that a second one is noticed. */
export const FAILED = /** @type {Value} */ ([-Infinity, -Infinity]);

/** The keys that are accepted in one place of a household, and what they mean. */
export class Level {
  /**
   * @param {Manifest} manifest
   * @param {string} level
   * @param {import("./manifest.js").Input[]} inputs
   * @param {Map<string, Fact>} every
   */
  constructor(manifest, level, inputs, every) {
    this.every = every;
    this.terms = manifest.terms;
    this.lists = new Map(manifest.lists.map((one) => [one.name, one.label]));
    this.unknown = inputs.map((one) => whole(one.type));
    const slots = manifest.facts.filter((fact) => fact.level === level && fact.series === null);
    this.slots = slots.map((fact) => slotOf(fact, inputs, manifest.code_lists));
    this.series = seriesOf(manifest, level, inputs);
    this.required = this.slots.filter((slot) => slot.fact.required);
    this.taken = this.slots.filter(({ fact }) => fact.absent !== null || fact.previous !== null);
    /** @type {Map<string | null, Fact>} by the fact beside it the date that may be none */
    this.dates = new Map(slots.flatMap((fact) => (fact.given === null ? [] : [[fact.given, fact]])));
    /** @type {Map<string, Slot | SeriesSlot | string>} */
    this.entries = new Map(this.slots.flatMap((slot) => keysOf(slot.fact).map((key) => [key, slot])));
    for (const one of this.series) for (const key of keysOf(one.fact)) this.entries.set(key, one);
    const reserved = new Map(Object.entries(RESERVED[level] ?? {}));
    for (const { name, label, of } of manifest.lists) {
      if (of === level) for (const key of [name, label.zh]) reserved.set(key, name);
    }
    const header = level === "village" ? undefined : manifest.identifiers[level];
    if (header !== undefined && !reserved.has(header)) reserved.set(header, "id");
    for (const [key, meaning] of reserved) this.entries.set(key, meaning);
    /** @type {[column: number, earliest: number, name: string][]} */
    this.past = inputs.flatMap(({ name, past, type }, index) => {
      const dated = past && type.type === "date" && level !== "village";
      return dated ? [/** @type {[number, number, string]} */ ([index, type.low, name])] : [];
    });
  }

  /**
   * Put every value given into its column, and what stands under reserved keys into `kept`.
   * @param {Given} data
   * @param {Value[]} facts
   * @param {Kept} kept
   * @param {string} path
   * @param {Report} report
   */
  fill(data, facts, kept, path, report) {
    for (const key of Object.keys(data)) {
      const raw = data[key];
      const target = this.entries.get(key);
      if (target === undefined) this.reportUnknown(key, path, report);
      else if (raw === null || raw === undefined) continue;
      else if (typeof target === "string") keep(target, key, raw, kept, path, report);
      else if (!isGiven(raw)) continue;
      else if ("series" in target) this.keepSeries(target, key, raw, data, kept, path, report);
      else this.fillFact(target, key, raw, data, facts, kept, path, report);
    }
  }

  /**
   * @param {SeriesSlot} slot
   * @param {string} key
   * @param {unknown} raw
   * @param {Given} data
   * @param {Kept} kept
   * @param {string} path
   * @param {Report} report
   */
  keepSeries(slot, key, raw, data, kept, path, report) {
    if (kept.has(slot.fact.name)) this.reportTwice(key, data, path, report);
    const read = attempt(() => readSeries(slot, raw), path + key, report);
    if (read !== null) kept.set(slot.fact.name, [key, read]);
  }

  /**
   * Put the values of facts by month or year up to a day into their columns.
   * @param {Kept} kept
   * @param {Value[]} facts
   * @param {number} asOf
   */
  fillWindows(kept, facts, asOf) {
    for (const one of this.series) {
      const read = /** @type {import("./periods.js").Given | undefined} */ (kept.get(one.fact.name)?.[1]);
      fillWindow(one, read, facts, asOf);
    }
  }

  /**
   * What is given of facts by month or year.
   * @param {Kept} kept
   * @returns {import("./intake.js").Period[]}
   */
  given(kept) {
    return this.series.map((slot) => ({
      slot,
      given: /** @type {import("./periods.js").Given | undefined} */ (kept.get(slot.fact.name)?.[1]),
    }));
  }

  /**
   * @param {Slot} slot
   * @param {string} key
   * @param {unknown} raw
   * @param {Given} data
   * @param {Value[]} facts
   * @param {Kept} kept
   * @param {string} path
   * @param {Report} report
   */
  fillFact(slot, key, raw, data, facts, kept, path, report) {
    const { fact, columns } = slot;
    const shared = this.isShared(fact);
    const known = columns.some((column) => !same(facts[column], this.unknown[column]));
    if (columns.length > 0 && !shared ? known : kept.has(fact.name)) this.reportTwice(key, data, path, report);
    const value = readOr(slot, raw, path + key, report);
    if (columns.length === 0 || shared) kept.set(fact.name, [key, raw]);
    const values = value === null ? columns.map(() => FAILED) : valuesOf(slot, value);
    if (value !== null && shared) {
      const last = values.length - 1;
      values[last] = meet(facts[columns[last]], values[last], path + key, fact, report);
    }
    columns.forEach((column, index) => (facts[column] = values[index]));
  }

  /**
   * Whether two facts say of one day whether there is one: the date that may be none, and the truth beside it.
   * @param {Fact} fact
   */
  isShared(fact) {
    return fact.given !== null || this.dates.has(fact.name);
  }

  /**
   * Put what was before, or else is declared if `assume` is true, for facts that are not given into their columns;
   * whether anything became another value.
   * @param {Given} data
   * @param {Value[]} facts
   * @param {boolean} assume
   * @param {(slot: Slot) => Value[] | null} before
   */
  complete(data, facts, assume, before) {
    let any = false;
    for (const slot of this.taken) {
      const { fact } = slot;
      const beside = [this.dates.get(fact.name), this.every.get(fact.given ?? "")];
      const keys = [fact, ...beside].flatMap((one) => (one === undefined ? [] : keysOf(one)));
      if (keys.some((key) => isGiven(own(data, key)))) continue;
      const declared = assume && fact.absent !== null ? valuesOf(slot, fact.absent.value) : null;
      const values = (fact.previous === null ? null : before(slot)) ?? declared;
      if (values === null) continue;
      slot.columns.forEach((column, index) => {
        any ||= !same(facts[column], values[index]);
        facts[column] = values[index];
      });
    }
    return any;
  }

  /**
   * Bring facts of the past down to `asOf`, and ask for what is required.
   * @param {Given} data
   * @param {Value[]} facts
   * @param {number} asOf
   * @param {string} path
   * @param {Report} report
   */
  settle(data, facts, asOf, path, report) {
    for (const [column, earliest, name] of this.past) {
      const [low, high] = /** @type {[number, number]} */ (facts[column]);
      if (high <= asOf) continue;
      if (low <= asOf) facts[column] = [low, asOf];
      else if (earliest <= asOf || !same(facts[column], this.unknown[column])) {
        this.reportLate(name, data, path, low, asOf, report);
      }
    }
    this.demand(data, path, report);
  }

  /**
   * Report every required fact that is not given.
   * @param {Given} data
   * @param {string} path
   * @param {Report} report
   */
  demand(data, path, report) {
    for (const { fact } of this.required) {
      if (!keysOf(fact).some((key) => isGiven(own(data, key)))) {
        report.add("H016", path + fact.label, { name: fact.label });
      }
    }
  }

  /**
   * @param {string} name
   * @param {Given} data
   * @param {string} path
   * @param {number} low
   * @param {number} asOf
   * @param {Report} report
   */
  reportLate(name, data, path, low, asOf, report) {
    const fact = /** @type {Fact} */ (this.every.get(name));
    const key = keysOf(fact).find((one) => Object.hasOwn(data, one)) ?? fact.label;
    const place = (fact.level === "village" ? "village." : path) + key;
    report.add("H028", place, { given: isoOf(low), as_of: isoOf(asOf) });
  }

  /**
   * @param {string} key
   * @param {Given} data
   * @param {string} path
   * @param {Report} report
   */
  reportTwice(key, data, path, report) {
    const keys = keysOf(/** @type {Fact} */ (this.every.get(key)));
    const first = Object.keys(data).find((other) => keys.includes(other) && isGiven(data[other])) ?? key;
    report.add("H015", path + key, { name: shown(key), other: shown(first) });
  }

  /**
   * @param {string} key
   * @param {string} path
   * @param {Report} report
   */
  reportUnknown(key, path, report) {
    const name = shown(key);
    const elsewhere = this.every.get(key);
    const listed = this.lists.get(elsewhere?.level ?? "");
    if (listed !== undefined) {
      report.add("H099", path + name, { name, list: listed.zh, list_en: listed.en });
      return;
    }
    if (elsewhere !== undefined) {
      report.add(MISPLACED[elsewhere.level], path + name, { name });
      return;
    }
    if (Object.hasOwn(this.terms, key)) {
      report.add("N131", path + name, { name, facts: this.terms[key].length > 0 ? this.terms[key] : "-" });
      return;
    }
    report.suggestions += 1;
    const near = report.suggestions <= LIMITS.suggestions ? nearest(key, this.entries.keys()) : null;
    report.add("H011", path + name, { name }, near);
  }
}

/**
 * Everything that a fact is called: by its English name, its Chinese label, its aliases. What has a value for each month or
 * year is given by the name that these have in common.
 * @param {Fact} fact
 */
export function keysOf({ name, label, aliases, series, ago }) {
  if (series === null) return [name, label, ...aliases];
  return ago > 0 ? [] : [series.name, series.label, ...series.aliases];
}

/**
 * @param {Given} data
 * @param {string} key
 */
function own(data, key) {
  return Object.hasOwn(data, key) ? data[key] : null;
}

/** @param {unknown} raw */
export function isGiven(raw) {
  return raw !== null && raw !== undefined && !(typeof raw === "string" && isBlank(raw));
}

/**
 * @param {string} target
 * @param {string} key
 * @param {unknown} raw
 * @param {Kept} kept
 * @param {string} path
 * @param {Report} report
 */
function keep(target, key, raw, kept, path, report) {
  const before = kept.get(target);
  if (before === undefined) kept.set(target, [key, raw]);
  else report.add("H015", path + key, { name: shown(key), other: shown(before[0]) });
}

/**
 * Whether there is a day, of which two facts tell.
 * @param {Value} known
 * @param {Value} said
 * @param {string} place
 * @param {Fact} fact
 * @param {Report} report
 */
function meet(known, said, place, fact, report) {
  if (known === UNKNOWN || known === FAILED) return said;
  if (said !== known && said !== UNKNOWN) report.add("H038", place, { name: fact.label });
  return known;
}

/**
 * A value as its slot reads it; null with what is wrong reported.
 * @param {Slot} slot
 * @param {unknown} raw
 * @param {string} place
 * @param {Report} report
 */
function readOr(slot, raw, place, report) {
  const { fact } = slot;
  const value = attempt(() => slot.read(raw), place, report);
  if (value === null || !fact.required || readExactly(slot, value)) return value;
  report.add("H037", place, { name: fact.label });
  return null;
}

/**
 * What a reader gives; null with what is wrong reported.
 * @template T
 * @param {() => T} read
 * @param {string} place
 * @param {Report} report
 */
function attempt(read, place, report) {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    for (const one of error.faults) report.add(one.code, place + one.below, one.words, one.suggestion);
    return null;
  }
}

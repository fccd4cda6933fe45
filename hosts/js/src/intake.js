/**
 * A household as given, read into possible values; every problem is reported with its place.
 * In: a manifest once, then plain data and days. Out: `Household`. Called by `index`.
 */

import { isoOf } from "./days.js";
import { nearest } from "./nearest.js";
import { LIMITS, MISPLACED, RESERVED } from "./notation.js";
import { readExactly, slotOf, valuesOf } from "./partial.js";
import { UNKNOWN, same, whole } from "./possible.js";
import { Unreadable, readId, readIsoDate } from "./scalars.js";
import { isBlank, isMapping, shown } from "./text.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Fact} Fact */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("./partial.js").Slot} Slot */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {{id: string, facts: Value[]}} Person */
/**
 * `given` is the same without what was assumed of facts that were not given; null where nothing was.
 * @typedef {{id: string, facts: Value[], members: Person[], given: Household | null}} Household
 */
/** @typedef {Map<string, [key: string, raw: unknown]>} Kept by reserved key: the key as written, and what stands there */
/** @typedef {Record<string, unknown>} Given */

/** Stands in the column of a value that was refused, so that a second one is noticed. */
const FAILED = /** @type {Value} */ ([-Infinity, -Infinity]);

/** Reads households for one artifact. */
export class Intake {
  /** @param {Manifest} manifest */
  constructor(manifest) {
    this.manifest = manifest;
    this.every = new Map(manifest.facts.flatMap((fact) => keysOf(fact).map((key) => [key, fact])));
    this.household = new Level(manifest, "household", manifest.householdInputs, this.every);
    this.village = new Level(manifest, "village", manifest.householdInputs, this.every);
    this.member = new Level(manifest, "member", manifest.memberInputs, this.every);
    this.assumes = manifest.facts.some((fact) => fact.absent !== null);
  }

  /**
   * The household; null if something was reported. Facts of the past reach up to the day `asOf`. What is not given is
   * unknown, or what its fact declares for that case if `assume` is true.
   * @param {unknown} data
   * @param {number} asOf
   * @param {Report} report
   * @param {boolean} assume
   * @returns {Household | null}
   */
  read(data, asOf, report, assume) {
    const before = report.count;
    if (!isMapping(data)) {
      report.add("H001", "household");
      return null;
    }
    const facts = [...this.household.unknown];
    /** @type {Kept} */
    const kept = new Map();
    this.household.fill(data, facts, kept, "", report);
    this.readVillage(kept, facts, report);
    this.household.settle(data, facts, asOf, "", report);
    const id = ownId(kept, "id", "H002", report);
    const members = this.readMembers(kept, asOf, report);
    if (report.count > before) return null;
    const household = { id, facts, members, given: null };
    return assume && this.assumes ? this.assumed(household, data, kept) : household;
  }

  /**
   * The household with what its facts declare where nothing is given.
   * @param {Household} household
   * @param {Given} data
   * @param {Kept} kept
   * @returns {Household}
   */
  assumed(household, data, kept) {
    const village = /** @type {Given} */ (kept.get("village")?.[1] || {});
    const listed = /** @type {Given[]} */ (kept.get("members")?.[1] || []);
    const facts = [...household.facts];
    const own = this.household.assume(data, facts);
    const others = this.village.assume(village, facts);
    let any = own || others;
    const members = household.members.map(({ id, facts: known }, at) => {
      const person = { id, facts: [...known] };
      any = this.member.assume(listed[at], person.facts) || any;
      return person;
    });
    return any ? { id: household.id, facts, members, given: household } : household;
  }

  /**
   * @param {Kept} kept
   * @param {Value[]} facts
   * @param {Report} report
   */
  readVillage(kept, facts, report) {
    const [key, raw] = kept.get("village") ?? ["village", null];
    const given = raw === null || raw === "" ? {} : raw;
    if (!isMapping(given)) {
      report.add("H010", key, { given: shown(given) });
      return;
    }
    this.village.fill(given, facts, new Map(), `${key}.`, report);
    this.village.demand(given, `${key}.`, report);
  }

  /**
   * @param {Kept} kept
   * @param {number} asOf
   * @param {Report} report
   */
  readMembers(kept, asOf, report) {
    const { min_members: low, max_members: high } = this.manifest;
    const [key, raw] = kept.get("members") ?? ["members", null];
    const listed = raw === null || raw === "" ? [] : raw;
    if (!Array.isArray(listed)) {
      report.add("H005", key, { given: shown(listed) });
      return [];
    }
    if (listed.length === 0 && low > 0) report.add("H004", key);
    else if (listed.length < low || listed.length > high) report.add("H006", key, { count: listed.length, low, high });
    /** @type {Map<string, string>} */
    const seen = new Map();
    /** @type {Person[]} */
    const persons = [];
    for (const [index, given] of listed.slice(0, high).entries()) {
      const place = `${key}[${index}]`;
      const person = this.readMember(given, place, asOf, report);
      if (person === null) continue;
      const first = seen.get(person.id);
      if (first !== undefined) report.add("H009", place, { id: shown(person.id), first });
      else if (person.id !== "") seen.set(person.id, place);
      persons.push(person);
    }
    return persons;
  }

  /**
   * @param {unknown} given
   * @param {string} place
   * @param {number} asOf
   * @param {Report} report
   * @returns {Person | null}
   */
  readMember(given, place, asOf, report) {
    if (!isMapping(given)) {
      report.add("H007", place, { given: shown(given) });
      return null;
    }
    const facts = [...this.member.unknown];
    /** @type {Kept} */
    const kept = new Map();
    this.member.fill(given, facts, kept, `${place}.`, report);
    this.member.settle(given, facts, asOf, `${place}.`, report);
    return { id: ownId(kept, `${place}.id`, "H008", report), facts };
  }
}

/** The keys that are accepted in one place of a household, and what they mean. */
class Level {
  /**
   * @param {Manifest} manifest
   * @param {string} level
   * @param {import("./manifest.js").Input[]} inputs
   * @param {Map<string, Fact>} every
   */
  constructor(manifest, level, inputs, every) {
    this.every = every;
    this.terms = manifest.terms;
    this.unknown = inputs.map((one) => whole(one.type));
    const slots = manifest.facts.filter((fact) => fact.level === level);
    this.slots = slots.map((fact) => slotOf(fact, inputs, manifest.code_lists));
    this.required = this.slots.filter((slot) => slot.fact.required);
    this.assumptions = this.slots.filter((slot) => slot.fact.absent !== null);
    /** @type {Map<string | null, Fact>} by the fact beside it the date that may be none */
    this.dates = new Map(slots.flatMap((fact) => (fact.given === null ? [] : [[fact.given, fact]])));
    /** @type {Map<string, Slot | string>} */
    this.entries = new Map(this.slots.flatMap((slot) => keysOf(slot.fact).map((key) => [key, slot])));
    const reserved = new Map(Object.entries(RESERVED[level]));
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
      else if (isGiven(raw)) this.fillFact(target, key, raw, data, facts, kept, path, report);
    }
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
   * Put what is declared for facts that are not given into their columns; whether anything became another value.
   * @param {Given} data
   * @param {Value[]} facts
   */
  assume(data, facts) {
    let any = false;
    for (const slot of this.assumptions) {
      const { absent } = slot.fact;
      const date = this.dates.get(slot.fact.name);
      const keys = [...keysOf(slot.fact), ...(date === undefined ? [] : keysOf(date))];
      if (absent === null || keys.some((key) => isGiven(own(data, key)))) continue;
      const values = valuesOf(slot, absent.value);
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
 * Everything that a fact is called: by its English name, its Chinese label, its aliases.
 * @param {Fact} fact
 */
function keysOf(fact) {
  return [fact.name, fact.label, ...fact.aliases];
}

/**
 * @param {Given} data
 * @param {string} key
 */
function own(data, key) {
  return Object.hasOwn(data, key) ? data[key] : null;
}

/** @param {unknown} raw */
function isGiven(raw) {
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
  try {
    const value = slot.read(raw);
    if (!fact.required || readExactly(slot, value)) return value;
    report.add("H037", place, { name: fact.label });
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    for (const one of error.faults) report.add(one.code, place + one.below, one.words, one.suggestion);
  }
  return null;
}

/**
 * @param {Kept} kept
 * @param {string} place
 * @param {string} absent
 * @param {Report} report
 */
function ownId(kept, place, absent, report) {
  const found = kept.get("id")?.[1] ?? null;
  if (!isGiven(found)) {
    report.add(absent, place);
    return "";
  }
  try {
    return readId(found);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    for (const one of error.faults) report.add(one.code, place + one.below, one.words);
    return "";
  }
}

/**
 * The day asked about; null if it was reported: not a date, or not one that the ruleset covers.
 * @param {unknown} asOf
 * @param {Manifest} manifest
 * @param {Report} report
 */
export function readAsOf(asOf, manifest, report) {
  const day = readIsoDate(asOf);
  const [first, end] = manifest.covers;
  if (day === null) report.add("H040", "as_of", { given: shown(asOf) });
  else if (day < first || day >= end) {
    report.add("H041", "as_of", { given: isoOf(day), first: isoOf(first), last: isoOf(end - 1) });
  } else return day;
  return null;
}

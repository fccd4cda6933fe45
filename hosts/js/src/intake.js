/**
 * A household as given, read into possible values; every problem is reported with its place.
 * In: a manifest once, then plain data and days. Out: `Household`. Called by `index`.
 */

import { isoOf } from "./days.js";
import { NumberFacts } from "./identity.js";
import { Level, isGiven, keysOf } from "./level.js";
import { ListReader } from "./lists.js";
import { readPrevious } from "./previous.js";
import { Unreadable, readId, readIsoDate } from "./scalars.js";
import { isMapping, shown } from "./text.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {import("./lists.js").ItemList} ItemList */
/** @typedef {{slot: import("./periods.js").SeriesSlot, given: import("./periods.js").Given | undefined}} Period what is given by month or year */
/** @typedef {{id: string, facts: Value[], lists: ItemList[], periods: Period[]}} Person `lists`: those that members have, in order */
/**
 * `given` is the same without what was assumed of facts that were not given; null where nothing was. Of those that an
 * earlier result tells it was taken from that of the day `previous`, where there is one. `derived`: the facts of which a
 * number of identity tells more than is given, with the member's place or null. `lists` are the household's own, in order.
 * @typedef {{id: string, facts: Value[], members: Person[], lists: ItemList[], given: Household | null, previous: number | null,
 *   derived: [at: number | null, fact: string][], periods: Period[]}} Household
 */
/** @typedef {import("./level.js").Kept} Kept */
/** @typedef {import("./level.js").Given} Given */

/** Reads households for one artifact. */
export class Intake {
  /** @param {Manifest} manifest */
  constructor(manifest) {
    this.manifest = manifest;
    this.every = new Map(manifest.facts.flatMap((fact) => keysOf(fact).map((key) => [key, fact])));
    this.household = new Level(manifest, "household", manifest.householdInputs, this.every);
    this.village = new Level(manifest, "village", manifest.householdInputs, this.every);
    this.member = new Level(manifest, "member", manifest.memberInputs, this.every);
    this.numbers = new NumberFacts(manifest, "household", manifest.householdInputs);
    this.memberNumbers = new NumberFacts(manifest, "member", manifest.memberInputs);
    /** @type {(owner: string) => ListReader[]} */
    const readers = (owner) =>
      manifest.lists.filter((one) => one.of === owner).map((one) => new ListReader(manifest, one, this.every));
    this.lists = readers("household");
    this.memberLists = readers("member");
    this.assumes = [...manifest.facts, ...manifest.lists].some((one) => one.absent !== null);
  }

  /**
   * The household; null if something was reported. Facts of the past reach up to the day `asOf`. What is not given is
   * unknown, or what its fact declares for that case if `assume` is true.
   * @param {unknown} data
   * @param {number} asOf
   * @param {Report} report
   * @param {boolean} assume
   * @param {unknown} [previous] an earlier result of the household, which tells facts that name a policy
   * @returns {Household | null}
   */
  read(data, asOf, report, assume, previous = null) {
    if (isMapping(data)) return this.readGiven(data, asOf, report, assume, previous);
    report.add("H001", "household");
    return null;
  }

  /**
   * @param {Given} raw
   * @param {number} asOf
   * @param {Report} report
   * @param {boolean} assume
   * @param {unknown} previous
   */
  readGiven(raw, asOf, report, assume, previous) {
    const before = report.count;
    const filled = this.numbers.fill(raw, asOf);
    const data = /** @type {Given} */ (filled.data);
    const facts = [...this.household.unknown];
    /** @type {Kept} */
    const kept = new Map();
    this.household.fill(data, facts, kept, "", report);
    this.readVillage(kept, facts, report);
    this.household.fillWindows(kept, facts, asOf);
    this.village.fillWindows(kept, facts, asOf);
    this.household.settle(data, facts, asOf, "", report);
    const id = ownId(kept, "id", "H002", report);
    const ofMembers = this.memberNumbers.members(kept, asOf);
    const members = this.readMembers(kept, asOf, report);
    const lists = this.lists.map((one) => one.read(kept, "", asOf, report));
    if (report.count > before) return null;
    /** @type {Household["derived"]} */
    const derived = [...filled.derived.map((name) => /** @type {[null, string]} */ ([null, name])), ...ofMembers];
    const periods = [...this.household.given(kept), ...this.village.given(kept)];
    const household = { id, facts, members, lists, given: null, previous: null, derived, periods };
    const earlier = previous === null ? null : readPrevious(previous, this.manifest, asOf, id, report);
    if (earlier !== null || (assume && this.assumes))
      return this.completed(household, data, kept, assume, earlier, report);
    return report.count > before ? null : household;
  }

  /**
   * The household with what an earlier result says, or its facts declare, where nothing is given.
   * @param {Household} household
   * @param {Given} data
   * @param {Kept} kept
   * @param {boolean} assume
   * @param {import("./previous.js").PreviousResult | null} earlier
   * @param {Report} report
   * @returns {Household | null}
   */
  completed(household, data, kept, assume, earlier, report) {
    const village = /** @type {Given} */ (kept.get("village")?.[1] || {});
    const listed = /** @type {Given[]} */ (kept.get("members")?.[1] || []);
    const facts = [...household.facts];
    const count = report.count;
    /** @type {(member: string | null) => (slot: import("./partial.js").Slot) => Value[] | null} */
    const before = (member) => (slot) => earlier?.values(slot, member, report) ?? null;
    const own = this.household.complete(data, facts, assume, before(null));
    const others = this.village.complete(village, facts, assume, before(null));
    let any = own || others;
    /** @type {(readers: ListReader[], given: Given, known: ItemList[]) => ItemList[]} */
    const listsOf = (readers, given, known) =>
      known.map((list, at) => {
        const found = readers[at].completed(given, list, assume);
        any ||= found !== list;
        return found;
      });
    const lists = listsOf(this.lists, data, household.lists);
    const members = household.members.map(({ id, facts: known, lists: inner, periods }, at) => {
      const person = { id, facts: [...known], lists: listsOf(this.memberLists, listed[at], inner), periods };
      any = this.member.complete(listed[at], person.facts, assume, before(id)) || any;
      return person;
    });
    if (report.count > count) return null;
    return any ? { ...household, facts, members, lists, given: household, previous: earlier?.day ?? null } : household;
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
    this.village.fill(given, facts, kept, `${key}.`, report);
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
    this.member.fillWindows(kept, facts, asOf);
    this.member.settle(given, facts, asOf, `${place}.`, report);
    const lists = this.memberLists.map((one) => one.read(kept, `${place}.`, asOf, report));
    return { id: ownId(kept, `${place}.id`, "H008", report), facts, lists, periods: this.member.given(kept) };
  }
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

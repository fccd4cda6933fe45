/**
 * When the decisions for a household change, and what is due month by month: `fupin_policy/analysis/timeline.py` and
 * `timeline_data.py`. Python looks for the days by what looks at the date; here every day is decided, which is as exact.
 * In: a household read on the last day, and how one is decided on a day. Out: plain data. Called by `index`.
 */

import { isoOf } from "./days.js";
import { duesOf } from "./dues.js";
import { fillWindow } from "./periods.js";
import { UNKNOWN, whole } from "./possible.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Input} Input */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("./decide.js").Told} Told */
/** @typedef {import("../index.d.ts").Decision} Decision */
/** @typedef {import("../index.d.ts").Figure} Figure */
/** @typedef {import("../index.d.ts").Timeline} TimelineData */
/** @typedef {[member: number | null, at: number, value: Value]} Change of a household's input, or of a member's */
/** @typedef {{since: number, member: number | null, at: number, earliest: number}} Late from which day on a date is known */
/** @typedef {{first: number, last: number, told: Told}} Stretch */

/**
 * The stretches, what changes on which day, what is due month by month, and the sum.
 * @param {import("./rules.js").Rules} rules
 * @param {Manifest} manifest
 * @param {Household} household
 * @param {number} first
 * @param {number} last
 * @param {(household: Household, day: number) => Told} decide
 * @returns {TimelineData}
 */
export function timelineOf(rules, manifest, household, first, last, decide) {
  const read = new DatedHousehold(manifest, household, first, last);
  const answering = manifest.policies.map(({ beside }) => beside.some(({ role }) => role === "lead"));
  /** @type {Stretch[]} */
  const stretches = [];
  for (let day = first; day <= last; day += 1) {
    const told = decide(read.on(day), day);
    const before = stretches.at(-1);
    if (before !== undefined && alike(before.told, told, answering)) before.last = day;
    else stretches.push({ first: day, last: day, told });
  }
  const dated = stretches.map((one) => ({ ...one, decisions: one.told.decisions }));
  const { rows, total } = duesOf(dated, rules.policies, (number) => manifest.policies[number].level === "member");
  return {
    household: household.id,
    ...(manifest.trial && { trial: manifest.trial }),
    known_from: read.late.map(({ since, member, at }) => ({
      fact: inputsOf(manifest, member)[at].name,
      member: member === null ? null : household.members[member].id,
      from: isoOf(since),
    })),
    stretches: stretches.map((one) => ({ from: isoOf(one.first), to: isoOf(one.last), ...one.told })),
    ...changesOf(stretches, answering),
    dues: rows.map(({ month, policy, due: [low, high], provisional }) => ({
      ...{ month, policy },
      ...{ min: integer(low), max: integer(high), provisional },
    })),
    total: { min: integer(total[0]), max: integer(total[1]), unit: manifest.currency, decimals: manifest.decimals },
  };
}

/**
 * Each day on which a decision, or a figure, is not as on the day before, with what it was and becomes.
 * @param {Stretch[]} stretches
 * @param {boolean[]} answering
 */
function changesOf(stretches, answering) {
  /** @type {TimelineData["changes"][number][]} */
  const changes = [];
  /** @type {TimelineData["figure_changes"][number][]} */
  const figures = [];
  for (const [at, { first, told }] of stretches.slice(1).entries()) {
    const on = isoOf(first);
    const earlier = stretches[at].told;
    earlier.decisions.forEach((before, number) => {
      const after = told.decisions[number];
      if (!sameDecision(before, after, answering[number])) changes.push({ on, policy: after.policy, before, after });
    });
    earlier.figures.forEach((before, number) => {
      const after = told.figures[number];
      if (valuesIn(before) !== valuesIn(after)) figures.push({ on, figure: after.figure, before, after });
    });
  }
  return { changes, figure_changes: figures };
}

/** A household as far as it is known on each of some days. */
class DatedHousehold {
  /**
   * @param {Manifest} manifest
   * @param {Household} household as it was read on the last day
   * @param {number} first
   * @param {number} last
   */
  constructor(manifest, household, first, last) {
    this.manifest = manifest;
    this.last = last;
    /** @type {Change[]} */
    const cut = [];
    /** @type {Late[]} */
    this.late = [];
    for (const [member, at, earliest, low, high] of pastDates(manifest, household)) {
      // what nobody knows is taken to lie no later than the first day
      if (low <= first && first < high) cut.push([member, at, [low, first]]);
      if (first < low) this.late.push({ since: low, member, at, earliest: Math.min(earliest, low - 1) });
    }
    this.household = changed(household, cut);
  }

  /** @param {number} day */
  on(day) {
    const periods = day === this.last ? [] : this.periodsOn(day);
    const unknown = this.late.flatMap(({ since, member, at, earliest }) => {
      if (day >= since) return [];
      const inputs = inputsOf(this.manifest, member);
      // whether there was such a day then is not known either, of one that may be none
      const given = this.manifest.facts.find(({ name }) => name === inputs[at].name)?.given ?? null;
      const beside = given === null ? -1 : inputs.findIndex(({ name }) => name === given);
      /** @type {Change[]} */
      const found = [[member, at, [earliest, since - 1]]];
      return beside < 0 ? found : [...found, /** @type {Change} */ ([member, beside, UNKNOWN])];
    });
    return changed(this.household, [...periods, ...unknown]);
  }

  /**
   * The values of the months and years up to a day; what is not given is unknown.
   * @param {number} day
   * @returns {Change[]}
   */
  periodsOn(day) {
    /** @type {(member: number | null, some: Household["periods"]) => Change[]} */
    const filled = (member, some) =>
      some.flatMap(({ slot, given }) => {
        /** @type {Value[]} */
        const facts = [];
        for (const [, at] of slot.inputs) facts[at] = whole(inputsOf(this.manifest, member)[at].type);
        fillWindow(slot, given, facts, day);
        return slot.inputs.map(([, at]) => /** @type {Change} */ ([member, at, facts[at]]));
      });
    const { periods, members } = this.household;
    return [...filled(null, periods), ...members.flatMap((one, at) => filled(at, one.periods))];
  }
}

/**
 * @param {Manifest} manifest
 * @param {number | null} member
 */
function inputsOf({ householdInputs, memberInputs }, member) {
  return member === null ? householdInputs : memberInputs;
}

/**
 * The dates of the past: whose, which input, the earliest it may be, and what is known of it.
 * @param {Manifest} manifest
 * @param {Household} household
 * @returns {[member: number | null, at: number, earliest: number, low: number, high: number][]}
 */
function pastDates(manifest, household) {
  /** @type {(member: number | null, facts: Value[]) => [number | null, number, number, number, number][]} */
  const among = (member, facts) =>
    inputsOf(manifest, member).flatMap(({ past, type }, at) => {
      if (!past || type.type !== "date") return [];
      const [low, high] = /** @type {[number, number]} */ (facts[at]).map(Number);
      return [/** @type {[number | null, number, number, number, number]} */ ([member, at, type.low, low, high])];
    });
  return [...among(null, household.facts), ...household.members.flatMap(({ facts }, at) => among(at, facts))];
}

/**
 * The household with other values; what is changed counts as given.
 * @param {Household} household
 * @param {Change[]} changes
 * @returns {Household}
 */
function changed(household, changes) {
  if (changes.length === 0) return household;
  const facts = [...household.facts];
  const inner = household.members.map((one) => [...one.facts]);
  for (const [member, at, value] of changes) (member === null ? facts : inner[member])[at] = value;
  const members = household.members.map((one, at) => ({ ...one, facts: inner[at] }));
  return { ...household, facts, members, given: household.given && changed(household.given, changes) };
}

/**
 * Whether every decision and every figure is the same, and rests on the same that was assumed.
 * @param {Told} one
 * @param {Told} other
 * @param {boolean[]} answering
 */
function alike(one, other, answering) {
  return (
    one.decisions.every((was, at) => {
      const now = other.decisions[at];
      return was === now || (sameDecision(was, now, answering[at]) && sameData(was.assumed, now.assumed));
    }) &&
    one.figures.every((was, at) => {
      const now = other.figures[at];
      return valuesIn(was) === valuesIn(now) && sameData(was.assumed, now.assumed);
    })
  );
}

/**
 * Whether nothing of a decision has changed, nor who answers for it where that is by condition.
 * @param {Decision} was
 * @param {Decision} now
 * @param {boolean} answering
 */
function sameDecision(was, now, answering) {
  if (was === now) return true;
  return sameData(outcomeOf(was), outcomeOf(now)) && (!answering || sameData(bodiesOf(was), bodiesOf(now)));
}

/**
 * What of a decision counts as a change: status, amount, who receives, for each member; whether it is shown.
 * @param {Decision} decision
 */
function outcomeOf({ status, amount, beneficiaries, possible_beneficiaries, members, audience }) {
  const each = members.map((one) => [one.member, one.status, one.amount]);
  return [status, amount, beneficiaries, possible_beneficiaries, each, audience?.own];
}

/**
 * Who answers for a decision, and for each member; nobody need for what is refused.
 * @param {Decision} decision
 */
function bodiesOf({ status, departments, members }) {
  if (status === "ineligible") return [];
  return [{ ...departments, missing: undefined }, ...members.map((one) => one.departments)];
}

/** @param {Figure} figure */
function valuesIn({ value, min, max, one_of, members }) {
  return JSON.stringify([value, min, max, one_of, members]);
}

/**
 * @param {unknown} one
 * @param {unknown} other
 */
function sameData(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * An exact number: beyond 2^53 a bigint.
 * @param {bigint} value
 */
function integer(value) {
  const found = Number(value);
  return Number.isSafeInteger(found) ? found : value;
}

/**
 * Since when policies have applied, where the rules ask for it the next time.
 * In: decisions on a household of which is known what was decided last. Out: decisions. Called by `decide`.
 */

import { isoOf, toDay } from "./days.js";
import { FALSE, TRUE } from "./possible.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Frame} Frame */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("../index.d.ts").Decision} Decision */

/** By policy where among its level's inputs the first day of the last time stands, and whether there was one. */
export class FirstDays {
  /** @param {Manifest} manifest */
  constructor({ facts, householdInputs, memberInputs }) {
    /** @type {Map<string, [day: number, given: number]>} */
    this.columns = new Map();
    for (const fact of facts) {
      const names = (fact.level === "member" ? memberInputs : householdInputs).map((one) => one.name);
      const at = [fact.name, fact.given ?? ""].map((name) => names.indexOf(name));
      if (fact.previous !== null && fact.kind === "date" && !at.includes(-1)) {
        this.columns.set(fact.previous, /** @type {[number, number]} */ (at));
      }
    }
  }

  /**
   * A decision with its first day, or those of its members, where it does not refuse.
   * @param {Decision} decision
   * @param {import("./manifest.js").Policy} policy
   * @param {Frame} frame
   * @param {import("./intake.js").Household} household
   * @param {number} day
   * @returns {Decision}
   */
  told(decision, { level }, { starts }, household, day) {
    const columns = this.columns.get(decision.policy);
    if (columns === undefined || decision.status === "ineligible") return decision;
    const assessed = assessedOn(starts, day);
    /** @type {(facts: Value[]) => {min: string, max: string}} */
    const since = (facts) => {
      const [known, applied] = [/** @type {[number, number]} */ (facts[columns[0]]), facts[columns[1]]];
      const days =
        applied === TRUE
          ? known
          : applied === FALSE
            ? [assessed, assessed]
            : [Math.min(known[0], assessed), Math.max(known[1], assessed)];
      return { min: isoOf(days[0]), max: isoOf(days[1]) };
    };
    if (level !== "member") return { ...decision, first_day: since(household.facts) };
    const people = new Map(household.members.map((one) => [one.id, one.facts]));
    const members = decision.members.map((one) => ({
      ...one,
      first_day: since(/** @type {Value[]} */ (people.get(one.member))),
    }));
    return { ...decision, members };
  }
}

/**
 * The day whose circumstances make a policy apply from now on.
 * @param {Frame["starts"]} starts
 * @param {number} day
 */
function assessedOn(starts, day) {
  if (starts === undefined) return day;
  const date = new Date(day * 86_400_000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  if (starts === "next_month") return /** @type {number} */ (toDay(year, month, 1)) - 1;
  const next = month === 12 ? toDay(year + 1, 1, 1) : toDay(year, month + 1, 1);
  return /** @type {number} */ (next) - 1;
}

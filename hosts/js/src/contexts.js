/**
 * The policies as they stand on a day at a household's place, each with the decision that grants nothing; kept by place.
 * In: a manifest once, then households and days. Out: contexts. Called by `decide`.
 */

import { frozen } from "./manifest.js";
import { STATUSES } from "./notation.js";
import { FALSE, exact } from "./possible.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Frame} Frame */
/** @typedef {import("./manifest.js").Policy} Policy */
/** @typedef {import("./manifest.js").Words} Words */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("../index.d.ts").Decision} Decision */
/** @typedef {{frame: Frame, policy: Policy, refused: Decision, offices: Map<string, Words>}} RuleContext a policy on a day at a place, with the decision that grants nothing */

/** For how many places, known and partly known, the contexts are kept; a county has some dozens. */
const MOST_PLACES = 1000;

/**
 * What holds on a day.
 * @template T
 * @param {[day: number, value: T][]} steps from which day on what holds; the first begins where the ruleset does
 * @param {number} day
 * @returns {T}
 */
export function onDay(steps, day) {
  return /** @type {[number, T]} */ (steps.findLast(([from]) => from <= day))[1];
}

/** The contexts of one artifact. */
export class Contexts {
  /**
   * @param {Manifest} manifest
   * @param {import("./departments.js").Departments} departments
   */
  constructor(manifest, departments) {
    this.manifest = manifest;
    this.departments = departments;
    this.places = Object.keys(manifest.places).map((name) => ({
      name,
      column: manifest.householdInputs.findIndex((input) => input.name === name),
    }));
    /** @type {Map<string, RuleContext[]>} */
    this.made = new Map();
  }

  /**
   * The policies as they stand at the household's place on a day.
   * @param {Household} household
   * @param {number} day
   */
  of(household, day) {
    const stretch = this.manifest.breakpoints.findLast((from) => from <= day);
    if (stretch === undefined) throw new RangeError(`the ruleset does not cover day ${day}`);
    const masks = this.places.map(({ column }) => /** @type {bigint} */ (household.facts[column]));
    const key = [stretch, ...masks].join(" ");
    const known = this.made.get(key);
    if (known !== undefined) return known;
    /** @type {Map<string, Words>} */
    const offices = new Map();
    this.places.forEach(({ name }, at) => {
      const office = exact(masks[at]) ? this.manifest.places[name][masks[at].toString(2).length - 1] : null;
      if (office) offices.set(name, office);
    });
    const made = this.manifest.stretches.map((steps, policy) =>
      this.context(this.manifest.frames[onDay(steps, day)], this.manifest.policies[policy], offices),
    );
    if (this.made.size < MOST_PLACES) this.made.set(key, made);
    return made;
  }

  /**
   * @param {Frame} frame
   * @param {Policy} policy
   * @param {Map<string, Words>} offices by the input that names the place
   * @returns {RuleContext}
   */
  context(frame, policy, offices) {
    /** @type {(numbers: number[]) => Words[]} */
    const named = (numbers) => this.departments.named(numbers, offices);
    const { obtain } = frame;
    const refused = frozen({
      policy: policy.policy,
      title: policy.title,
      status: STATUSES[FALSE],
      force: frame.force,
      ...(policy.audience && { audience: { ...policy.audience, own: null } }),
      ...(policy.section && { section: policy.section }),
      amount: null,
      beneficiaries: [],
      possible_beneficiaries: [],
      departments: { lead: named(frame.lead), cooperating: named(frame.cooperating) },
      obtain: obtain && {
        ...obtain,
        where: obtain.where === null ? null : named([obtain.where])[0],
        documents: obtain.documents.map(({ zh, en, when }) => ({ zh, en, ...(when && { when }) })),
      },
      basis: frame.basis,
      missing: [],
      assumed: [],
      provisional: frame.provisional_refusal,
      members: [],
    });
    return { frame, policy, refused, offices };
  }
}

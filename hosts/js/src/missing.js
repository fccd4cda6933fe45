/**
 * Facts that keep something open, as the artifact marks them.
 * In: a household, marks by question. Out: facts with their labels, each once. Called by `decide`.
 */

import { namedOn } from "./periods.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("../index.d.ts").Missing} Missing */

/** What may be missing of the households of one artifact. */
export class Needs {
  /** @param {Manifest} manifest */
  constructor(manifest) {
    this.manifest = manifest;
    this.named = { day: NaN, ...needsOf(manifest, 0) };
    this.dated = manifest.facts.some((fact) => fact.series !== null);
    this.stride = manifest.needs.stride;
  }

  /**
   * What may be missing, as it is called on a day.
   * @param {number} day
   */
  namedOn(day) {
    if (this.dated && this.named.day !== day) this.named = { day, ...needsOf(this.manifest, day) };
    return this.named;
  }

  /**
   * The household's facts first, then parameters, then member by member.
   * @param {Household} household
   * @param {Uint8Array} needed
   * @param {number[]} questions
   * @param {number} day on which facts by month are called as they are
   * @returns {Missing[]}
   */
  missing(household, needed, questions, day) {
    const { own, inner } = this.namedOn(day);
    const { stride } = this;
    /** @type {(at: number) => boolean} */
    const wanted = (at) => questions.some((question) => needed[question * stride + at] !== 0);
    /** @type {Missing[]} */
    const found = [...factsNeeded(own, wanted, 0)];
    let start = own.length;
    for (const { id } of household.members) {
      for (const { fact, label } of factsNeeded(inner, wanted, start)) found.push({ fact, label, member: id });
      start += inner.length;
    }
    return found;
  }
}

/**
 * What may be missing, in the artifact's order: the household's, then each member's.
 * @param {Manifest} manifest
 * @param {number} day
 */
function needsOf({ facts, parameters, needs }, day) {
  /** @type {Map<string, Missing>} */
  const known = new Map(facts.map((fact) => [fact.name, Object.freeze(namedOn(fact, day))]));
  for (const one of parameters) {
    const fact = `parameter.${one.name}`;
    // a reading's label says that it is one
    known.set(fact, Object.freeze({ fact, label: one.reading ? one.label : `参数.${one.label}` }));
  }
  /** @type {(name: string) => Missing} */
  const named = (name) => /** @type {Missing} */ (known.get(name) ?? known.get(name.slice(0, name.lastIndexOf("."))));
  return { own: needs.household.map(named), inner: needs.member.map(named) };
}

/**
 * The facts that are needed. Inputs of one fact, as `health.ill` of `health`, stand side by side, and name it once.
 * @param {Missing[]} needs
 * @param {(at: number) => boolean} wanted
 * @param {number} start
 */
function* factsNeeded(needs, wanted, start) {
  let last = "";
  for (let at = 0; at < needs.length; at += 1) {
    if (!wanted(start + at) || needs[at].fact === last) continue;
    last = needs[at].fact;
    yield needs[at];
  }
}

/**
 * Facts that keep something open, as the artifact marks them.
 * In: a household, marks by question. Out: facts with their labels, each once. Called by `decide`.
 */

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("../index.d.ts").Missing} Missing */

/** What may be missing of the households of one artifact. */
export class Needs {
  /** @param {Manifest} manifest */
  constructor(manifest) {
    const { own, inner } = needsOf(manifest);
    this.own = own;
    this.inner = inner;
    this.stride = manifest.needs.stride;
  }

  /**
   * The household's facts first, then parameters, then member by member.
   * @param {Household} household
   * @param {Uint8Array} needed
   * @param {number[]} questions
   * @returns {Missing[]}
   */
  missing(household, needed, questions) {
    const { own, inner, stride } = this;
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
 */
function needsOf({ facts, parameters, needs }) {
  const labels = new Map(facts.map((fact) => [fact.name, fact.label]));
  // a reading's label says that it is one
  for (const one of parameters) labels.set(`parameter.${one.name}`, one.reading ? one.label : `参数.${one.label}`);
  /** @type {(name: string) => Missing} */
  const named = (name) => {
    const fact = labels.has(name) ? name : name.split(".", 1)[0];
    return Object.freeze({ fact, label: labels.get(fact) ?? fact });
  };
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

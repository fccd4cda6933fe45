/**
 * Facts that keep something open, as the artifact marks them.
 * In: a household, marks by question. Out: facts with their labels, each once. Called by `decide`.
 */

import { namedOn } from "./periods.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("../index.d.ts").Missing} Missing */
/**
 * Of a list: `which` items it has and where that is `at` among the owner's needs; where the items' needs `start`, by name.
 * @typedef {{which: Missing, at: number, label: string, most: number, start: number, names: Missing[]}} ListNeeds
 */

/** What may be missing of the households of one artifact. */
export class Needs {
  /** @param {Manifest} manifest */
  constructor(manifest) {
    this.manifest = manifest;
    this.named = { day: NaN, ...needsOf(manifest, 0) };
    this.dated = manifest.facts.some((fact) => fact.series !== null);
    this.stride = manifest.needs.stride;
    this.ownNeeds = manifest.needs.household.length;
    this.memberNeeds = manifest.needs.member.length;
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
   * The household's facts first, then parameters and its lists, then member by member.
   * @param {Household} household
   * @param {Uint8Array} needed
   * @param {number[]} questions
   * @param {number} day on which facts by month are called as they are
   * @returns {Missing[]}
   */
  missing(household, needed, questions, day) {
    const { own, inner, lists } = this.namedOn(day);
    const { stride } = this;
    /** @type {(at: number) => boolean} */
    const wanted = (at) => questions.some((question) => needed[question * stride + at] !== 0);
    /** @type {Missing[]} */
    const found = [...factsNeeded(own, wanted, 0), ...itemsNeeded(lists.household, household.lists, wanted, 0, 0)];
    let start = this.ownNeeds;
    for (const [at, { id, lists: given }] of household.members.entries()) {
      for (const { fact, label } of factsNeeded(inner, wanted, start)) found.push({ fact, label, member: id });
      for (const { fact, label } of itemsNeeded(lists.member, given, wanted, start, at)) {
        found.push({ fact, label, member: id });
      }
      start += this.memberNeeds;
    }
    return found;
  }
}

/**
 * What may be missing, in the artifact's order: the household's, then each member's; and of the lists of each.
 * @param {Manifest} manifest
 * @param {number} day
 */
function needsOf({ facts, parameters, needs, lists }, day) {
  /** @type {Map<string, Missing>} */
  const known = new Map(facts.map((fact) => [fact.name, Object.freeze(namedOn(fact, day))]));
  for (const one of parameters) {
    const fact = `parameter.${one.name}`;
    // a reading's label says that it is one
    known.set(fact, Object.freeze({ fact, label: one.reading ? one.label : `参数.${one.label}` }));
  }
  /** @type {(name: string) => Missing} */
  const named = (name) => /** @type {Missing} */ (known.get(name) ?? known.get(name.slice(0, name.lastIndexOf("."))));
  // which items there are stands among the needs of the owner, but is told with those of the items
  const listed = new Set(lists.map((one) => one.name));
  /** @type {(names: string[]) => Missing[]} */
  const told = (names) => names.filter((name) => !listed.has(name)).map(named);
  /** @type {(owner: string, names: string[]) => ListNeeds[]} */
  const listsOf = (owner, names) =>
    lists.flatMap(({ name, label, of, most }) => {
      if (of !== owner) return [];
      const which = Object.freeze({ fact: name, label: `${label.zh}（共有哪些）` });
      const items = /** @type {import("./manifest.js").ItemNeeds} */ (needs.items.find((one) => one.list === name));
      return [
        { which, at: names.indexOf(name), label: label.zh, most, start: items.start, names: items.names.map(named) },
      ];
    });
  return {
    own: told(needs.household),
    inner: told(needs.member),
    lists: { household: listsOf("household", needs.household), member: listsOf("member", needs.member) },
  };
}

/**
 * Which items of its lists an owner has, and their facts, as far as they are needed: fact by fact, item by item.
 * @param {ListNeeds[]} lists
 * @param {import("./lists.js").ItemList[]} given
 * @param {(at: number) => boolean} wanted
 * @param {number} start where the owner's own needs begin
 * @param {number} owner
 * @returns {Iterable<Missing>}
 */
function itemsNeeded(lists, given, wanted, start, owner) {
  if (lists.length === 0) return [];
  /** @type {Map<string, Missing>} */
  const found = new Map();
  lists.forEach(({ which, at, label, most, start: first, names }, list) => {
    if (wanted(start + at)) found.set(which.fact, which);
    for (const [name, missing] of names.entries()) {
      for (let item = 0; item < given[list].items.length; item += 1) {
        if (!wanted(first + (owner * most + item) * names.length + name)) continue;
        const fact = itemFact(which.fact, item, missing.fact);
        found.set(fact, { fact, label: `${label}第${item + 1}项的${missing.label}` });
      }
    }
  });
  return found.values();
}

/**
 * How the fact of an item is named: `supporters[2].monthly`, of the item at 1.
 * @param {string} list
 * @param {number} item
 * @param {string} fact
 */
export function itemFact(list, item, fact) {
  return `${list}[${item + 1}].${fact}`;
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

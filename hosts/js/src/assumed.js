/**
 * What was assumed of a household, or taken from an earlier result, where nothing was given.
 * In: a household beside what was given of it. Out: by name of a fact or list what was taken, in words. Called by `decide`.
 */

import { itemFact } from "./missing.js";
import { same } from "./possible.js";
import { takenWords } from "./previous.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Fact} Fact */
/** @typedef {import("./manifest.js").Input} Input */
/** @typedef {import("./manifest.js").Words} Words */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {{facts: Value[], lists: import("./lists.js").ItemList[]}} Owner */

/**
 * By name the facts, and the lists, of which something was assumed, with what: the household's, then each member's.
 * @param {Manifest} manifest
 * @param {Household} household
 */
export function assumedOf({ facts, lists, householdInputs, memberInputs }, household) {
  const given = household.given ?? household;
  const declared = new Map(facts.map((fact) => [fact.name, fact]));
  /** @type {(inputs: Input[], shown: Value[], known: Value[]) => [fact: Fact, value: Value][]} */
  const differing = (inputs, shown, known) =>
    inputs.flatMap(({ name }, at) => {
      const fact = declared.get(name) ?? declared.get(name.slice(0, name.lastIndexOf(".")));
      return fact === undefined || same(shown[at], known[at]) ? [] : [[fact, shown[at]]];
    });
  /** @type {(level: string, inputs: Input[], shown: Owner, known: Owner) => Map<string, Words>} */
  const taken = (level, inputs, shown, known) => {
    /** @type {Map<string, Words>} */
    const found = new Map();
    /** @type {(name: string, words: Words | null) => void} */
    const put = (name, words) => {
      if (words !== null) found.set(name, { zh: words.zh, en: words.en });
    };
    for (const [fact, value] of differing(inputs, shown.facts, known.facts)) {
      const before = fact.previous !== null && household.previous !== null;
      put(fact.name, before ? takenWords(fact, value) : fact.absent);
    }
    const own = lists.filter((one) => one.of === level);
    for (const [at, list] of own.entries()) {
      const [one, other] = [shown.lists[at], known.lists[at]];
      if (one.more !== other.more) put(list.name, list.absent);
      for (const [item, values] of one.items.entries()) {
        for (const [fact] of differing(list.inputs, values, other.items[item])) {
          put(itemFact(list.name, item, fact.name), fact.absent);
        }
      }
    }
    return found;
  };
  return [
    taken("household", householdInputs, household, given),
    ...household.members.map((one, at) => taken("member", memberInputs, one, given.members[at])),
  ];
}

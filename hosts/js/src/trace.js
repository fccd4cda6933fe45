/**
 * The meaning of the rules, node by node: `fupin_policy/evaluators/traversal.py` and `interpreter.py`, to the letter.
 * In: rules, a household, a day. Out: for each definition its traces: a node with its value and those of its parts.
 * Called by `explain`.
 */

import * as operations from "./operations.js";
import { FALSE, TRUE, UNKNOWN, join } from "./possible.js";
import { wholeOf } from "./rules.js";

/** @typedef {import("./rules.js").Node} Node */
/** @typedef {import("./rules.js").Known} Known */
/** @typedef {import("./operations.js").Ends} Ends */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("./manifest.js").Manifest} Manifest */
/**
 * @typedef {{list: string, slot: number, owner: number | null, number: number | null, outer: Whose, key: string}} Item an
 *   item of a list by its slot, the member whose it is, its place among its owner's (null of what stands for further ones),
 *   and the item that it is compared with
 */
/** @typedef {number | Item | null} Whose a member by position, an item, or the household */
/** @typedef {{node: Node, value: any, parts: Trace[], member: string | null, item: Item | null}} Trace */
/** @typedef {{slots: number[][], more: number[], items: number, ofMembers: boolean}} ListSlots of each owner the slots */

/**
 * @param {string} list
 * @param {number} slot
 * @param {number | null} owner
 * @param {number | null} number
 * @param {Whose} outer
 * @returns {Item}
 */
function itemOf(list, slot, owner, number, outer = null) {
  return { list, slot, owner, number, outer, key: `${list} ${slot} ${owner} ${number} ${keyOf(outer)}` };
}

/** @param {Whose} whose */
function keyOf(whose) {
  return whose === null || typeof whose === "number" ? String(whose) : whose.key;
}

/**
 * @param {Whose} whose
 * @returns {whose is Item}
 */
function isItem(whose) {
  return whose !== null && typeof whose === "object";
}

/**
 * Where a definition's or a fact's value stands: an item's at its slot, a member's at the position.
 * @param {string} level
 * @param {Whose} subject
 * @returns {number}
 */
function position(level, subject) {
  let whose = subject;
  if (isItem(whose)) {
    if (level === whose.list) return whose.slot;
    whose = whose.list === "member" ? whose.slot : whose.owner;
  }
  return level === "member" ? /** @type {number} */ (whose) : 0;
}

/**
 * Whose value a reference means: that of the item for which an aggregate is asked, or of the one looked at.
 * @param {Node} node
 * @param {Whose} subject
 */
export function meant(node, subject) {
  return node.o && isItem(subject) ? subject.outer : subject;
}

/**
 * For whom an aggregate has a value of its own.
 * @param {Node} node
 * @param {Whose} subject
 * @returns {Whose}
 */
function askedOf(node, subject) {
  if (!node.p) return node.w === /** @type {any} */ ("member") ? position("member", subject) : null;
  if (!isItem(subject)) return subject;
  return subject.list === "member" ? subject.slot : itemOf(subject.list, subject.slot, subject.owner, subject.number);
}

/**
 * Of whom the definition is that a traced reference names.
 * @param {Trace} trace
 * @param {number} subject
 */
export function subjectOf(trace, subject) {
  const level = /** @type {string} */ (trace.node.l);
  if (trace.item !== null) return position(level, meant(trace.node, trace.item));
  return level === "member" ? subject : 0;
}

/** Traces the definitions of one household on one day. */
export class Tracer {
  /**
   * @param {import("./rules.js").Rules} rules
   * @param {Manifest} manifest
   * @param {Household} household
   * @param {number} day
   */
  constructor(rules, manifest, household, day) {
    this.rules = rules;
    this.household = household;
    this.day = BigInt(day);
    this.members = household.members.map((_, at) => at);
    /** @type {Map<string, ListSlots>} */
    this.lists = new Map();
    /** @type {Map<string, import("./possible.js").Value[][]>} */
    this.facts = new Map([
      ["household", [household.facts]],
      ["member", household.members.map(({ facts }) => facts)],
    ]);
    this.readLists(manifest);
    /** @type {Map<string, Trace>[]} */
    this.traced = [];
    /** @type {Trace[]} of the parts of the node that is being evaluated, in the order in which it asked for them */
    this.asked = [];
    /** @type {Known[][]} */
    this.defined = [];
  }

  /** @param {Manifest} manifest */
  readLists({ lists }) {
    const own = this.household.lists.values();
    let inner = 0;
    for (const { name, of, inputs } of lists) {
      const ofMembers = of === "member";
      const given = ofMembers ? this.household.members.map((one) => one.lists[inner]) : [own.next().value];
      inner += ofMembers ? 1 : 0;
      let items = 0;
      /** @type {ListSlots} */
      const found = { slots: [], more: [], items: 0, ofMembers };
      const known = [];
      for (const one of /** @type {import("./lists.js").ItemList[]} */ (given)) {
        found.slots.push(one.items.map(() => items++));
        found.more.push(one.more);
        known.push(...one.items);
      }
      found.items = items;
      const further = inputs.map(({ type }) => /** @type {any} */ (wholeOf(/** @type {any} */ (type))));
      this.lists.set(name, found);
      this.facts.set(name, [...known, ...found.slots.map(() => further)]);
    }
  }

  /** Every definition's traces, in order of dependency. */
  traces() {
    return this.rules.on(Number(this.day)).map(({ level, root }, number) => {
      const found = this.everybody(level).map((one) => this.trace(root, one));
      this.defined[number] = found.map(({ value }) => value);
      return found;
    });
  }

  /**
   * @param {string} level
   * @returns {Whose[]}
   */
  everybody(level) {
    const list = this.lists.get(level);
    if (list === undefined) return level === "member" ? this.members : [null];
    const owners = list.slots.map((_, at) => (list.ofMembers ? at : null));
    const items = list.slots.flatMap((slots, at) =>
      slots.map((slot, number) => itemOf(level, slot, owners[at], number)),
    );
    return [...items, ...owners.map((owner, at) => itemOf(level, list.items + at, owner, null))];
  }

  /**
   * A node's value, noted down as a part of what it was asked for.
   * @param {Node} node
   * @param {Whose} subject
   * @returns {any}
   */
  value(node, subject) {
    const trace = this.trace(node, subject);
    this.asked.push(trace);
    return trace.value;
  }

  /**
   * @param {Node} node
   * @param {Whose} subject
   * @returns {Trace}
   */
  trace(node, subject) {
    const whose = node.k === "Items" ? askedOf(node, subject) : subject;
    const known = (this.traced[node.at] ??= new Map());
    const key = keyOf(whose);
    const before = known.get(key);
    if (before !== undefined) return before;
    const outer = this.asked;
    this.asked = [];
    const value = this.step(node, whose);
    const at = isItem(whose) ? (whose.list === "member" ? whose.slot : whose.owner) : whose;
    const member = at === null ? null : this.household.members[at].id;
    const trace = { node, value, parts: this.asked, member, item: isItem(whose) ? whose : null };
    this.asked = outer;
    known.set(key, trace);
    return trace;
  }

  /**
   * What an input is worth.
   * @param {Node} node
   * @param {Whose} subject
   * @returns {Known}
   */
  fact(node, subject) {
    const [level, at] = node.i;
    const found = /** @type {import("./possible.js").Value[][]} */ (this.facts.get(level));
    const value = found[position(/** @type {string} */ (node.l), subject)][at];
    return Array.isArray(value) ? [BigInt(value[0]), BigInt(value[1])] : value;
  }

  /**
   * What a node is worth by what `value` says of its operands.
   * @param {Node} node
   * @param {Whose} subject
   * @returns {Known}
   */
  step(node, subject) {
    const { parts } = node;
    /** @type {(some: Node[]) => any[]} */
    const all = (some) => some.map((one) => this.value(one, subject));
    switch (node.k) {
      case "Ref":
        return this.defined[node.d][position(/** @type {string} */ (node.l), meant(node, subject))];
      case "Const":
        return node.v;
      case "Fact":
        return this.fact(node, meant(node, subject));
      case "And":
        return all(parts).reduce((one, other) => one & other, TRUE);
      case "Or":
        return all(parts).reduce((one, other) => one | other, FALSE);
      case "Not":
        return operations.negate(this.value(parts[0], subject));
      case "Compare": {
        const [left, right] = all(parts);
        if (parts[0].type.type === "code") return operations.sameCode(left, right);
        return operations.compare(node.c, left, right);
      }
      case "OneOf":
        return operations.oneOf(this.value(parts[0], subject), node.m);
      case "Cases":
        return this.cases(node, subject).reduce((one, other) => /** @type {any} */ (join(one, other)));
      case "Min":
      case "Max":
        return operations.extreme(all(parts), node.k === "Max");
      case "Add":
        return operations.add(all(parts));
      case "Multiply": {
        const [left, right] = all(parts);
        return operations.times(left, right);
      }
      case "Scale":
        return operations.scaled(this.value(parts[0], subject), node.f);
      case "Divide": {
        const [left, right] = all(parts);
        return operations.over(left, right, node.r);
      }
      case "Items":
        return this.items(node, subject);
      case "Gather":
        return this.gather(node, subject);
      case "Clamp":
        return operations.clamp(this.value(parts[0], subject), node.e);
      case "DateDiff": {
        const [start, end] = all(parts);
        return operations.dateDiff(/** @type {any} */ (node.p), start, end);
      }
      case "Shift": {
        const [day, amount] = all(parts);
        return operations.shift(day, amount, /** @type {any} */ (node.p));
      }
      case "Calendar":
        return operations.calendar(/** @type {any} */ (node.p), this.value(parts[0], subject));
      case "AsOf":
        return [this.day, this.day];
      case "Unknown":
        return wholeOf(node.type);
      case "Never":
        return node.type.type === "truth" ? 1 : node.type.type === "code" ? 0n : operations.NO_NUMBER;
      default:
        throw new Error(`a node of a kind that this package does not know: ${node.k}`);
    }
  }

  /**
   * The values that take part in a choice: of no branch refuted, and of none behind one that is proven.
   * @param {Node} node
   * @param {Whose} subject
   */
  cases({ parts }, subject) {
    /** @type {Known[]} */
    const values = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const tested = this.value(parts[at], subject);
      if (tested === FALSE) continue;
      values.push(this.value(parts[at + 1], subject));
      if (tested === TRUE) return values;
    }
    values.push(this.value(parts[parts.length - 1], subject));
    return values;
  }

  /**
   * What is made of rows. One that surely fails has no say, nor has the default where one surely holds.
   * @param {Node} node
   * @param {Whose} subject
   */
  gather({ parts, g: aggregate }, subject) {
    /** @type {number[]} */
    const where = [];
    /** @type {Ends[]} */
    const values = [];
    for (let at = 0; at + 1 < parts.length; at += 2) {
      const tested = this.value(parts[at], subject);
      if (tested === FALSE) continue;
      where.push(tested);
      values.push(this.value(parts[at + 1], subject));
    }
    const sure = where.indexOf(TRUE);
    const otherwise = sure < 0 ? this.value(parts[parts.length - 1], subject) : values[sure];
    return aggregate === "sum"
      ? operations.total(where, values, otherwise)
      : operations.extremeOf(where, values, otherwise, true);
  }

  /**
   * What is asked about the items of a list; `more` of them are alike, and each may be there or not.
   * @param {Node} node
   * @param {Whose} subject
   * @returns {Known}
   */
  items(node, subject) {
    const [where, value, otherwise] = node.parts;
    const aggregate = node.g;
    const asked = askedOf(node, subject);
    const { inside, further, more } = this.inside(node, asked);
    /** @type {number[]} */
    const tests = inside.map((one) => this.value(where, one));
    // least and greatest are the same however often, and whether there is any
    const often = more > 0 && aggregate !== "count" && aggregate !== "sum" ? 1 : more;
    if (often > 0) {
      const there = UNKNOWN & this.value(where, further);
      for (let at = 0; at < often; at += 1) tests.push(there);
    }
    if (aggregate === "any") return tests.reduce((one, other) => one | other, FALSE);
    if (aggregate === "count") return operations.count(tests);
    /** @type {Ends[]} */
    const values = inside.map((one) => this.value(value, one));
    if (often > 0) {
      const one = this.value(value, further);
      for (let at = 0; at < often; at += 1) values.push(one);
    }
    if (aggregate === "sum") return operations.total(tests, values);
    return operations.extremeOf(tests, values, this.value(otherwise, asked), aggregate === "max");
  }

  /**
   * The items that an aggregate looks at, the one that stands for further ones, and how many these may be.
   * @param {Node} node
   * @param {Whose} asked
   * @returns {{inside: Whose[], further: Whose, more: number}}
   */
  inside(node, asked) {
    const outer = node.p ? asked : null;
    const name = /** @type {string} */ (node.l);
    if (name === "member") {
      const inside = node.p ? this.members.map((one) => itemOf("member", one, null, one, outer)) : this.members;
      return { inside, further: null, more: 0 };
    }
    const { slots, more, items, ofMembers } = /** @type {ListSlots} */ (this.lists.get(name));
    const owner = ofMembers ? position("member", asked) : null;
    const at = owner ?? 0;
    const inside = slots[at].map((slot, number) => itemOf(name, slot, owner, number, outer));
    return { inside, further: itemOf(name, items + at, owner, null, outer), more: more[at] };
  }
}

/**
 * Of a traced aggregate the tests, the values where it has some, and the default. Where there may be further items, what
 * stands for these comes last of each.
 * @param {Trace} trace
 */
export function testsAndValues({ node, parts }) {
  if (node.parts.length === 1) return { tests: parts, values: [], otherwise: null };
  const otherwise = node.parts.length === 2 ? null : parts[parts.length - 1];
  const count = (parts.length - (otherwise === null ? 0 : 1)) / 2;
  return { tests: parts.slice(0, count), values: parts.slice(count, 2 * count), otherwise };
}

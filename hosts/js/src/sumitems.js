/**
 * What members, or items of a list, come to in a line of figures: the second half of `explanation/sum_working.py`.
 * In: a traced aggregate. Out: a working. Called by `sumworking`.
 */

import * as operations from "./operations.js";
import { FALSE } from "./possible.js";
import { joined, words } from "./sentences.js";
import { isSure, shownAs, typeOf } from "./sumparts.js";
import { operation } from "./sumwords.js";
import { testsAndValues } from "./trace.js";

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./sumwords.js").Working} Working */
/** @typedef {import("./sumwords.js").Operand} Operand */
/** @typedef {import("./sumworking.js").WorkingOut} WorkingOut */

const FEW_MEMBERS = 6;

/**
 * Each member that counts with its own value, where they are few; of how many others what they come to.
 * @param {WorkingOut} work
 * @param {Trace} trace
 * @returns {Working}
 */
export function ofMembers(work, trace) {
  const { node } = trace;
  const { tests, values, otherwise } = testsAndValues(trace);
  const chosen = tests.flatMap(({ value }, at) => (value === FALSE ? [] : [at]));
  const open = chosen.filter((at) => !isSure(tests[at]));
  if (node.g === "count") return counted(work, trace, chosen, open);
  if (node.l !== "member" && !node.p) work.why.push(...work.numbers.leftOut(trace));
  const nobody = work.sentences.say("no_such_member");
  if (chosen.length === 0) {
    work.why.push(node.l === "member" ? nobody : work.sentences.say("no_such_item"));
    return otherwise === null ? work.numbers.operand(typeOf(node), [0n, 0n]) : work.of(otherwise);
  }
  const parts = each(work, trace, chosen, tests, values);
  if (node.g === "sum") return operation("add", parts);
  if (open.length === 0)
    return parts.length === 1 ? parts[0] : operation(node.g === "min" ? "least" : "greatest", parts);
  const sure = tests.some(isSure) || otherwise === null;
  return operation("either", sure || otherwise === null ? parts : [...parts, work.part(otherwise, nobody)]);
}

/**
 * What a member or an item is called: the member's id, or which item it is.
 * @param {WorkingOut} work
 * @param {Trace} test
 * @param {number} at
 */
function called(work, test, at) {
  const item = work.numbers.item(test.item);
  if (item === null) return words(work.numbers.members[at]);
  return item.number === null ? work.sentences.say("further_items") : work.numbers.alone(item);
}

/**
 * How many members there are, or fulfil something, and who.
 * @param {WorkingOut} work
 * @param {Trace} trace
 * @param {number[]} chosen
 * @param {number[]} open
 * @returns {Operand}
 */
function counted(work, trace, chosen, open) {
  const own = work.number(trace);
  const found = trace.node.l === "member" ? work.numbers.persons(own) : own;
  if (trace.node.parts[0].k === "Const") return found;
  const sure = chosen.filter((at) => !open.includes(at)).map((at) => called(work, trace.parts[at], at));
  const doubt = open.map((at) => called(work, trace.parts[at], at));
  const told = sure.length > 0 ? [ids(work, sure)] : [];
  if (doubt.length > 0) told.push(work.sentences.say("persons_to_be_checked", { persons: ids(work, doubt) }));
  return { ...found, remarks: told };
}

/**
 * @param {WorkingOut} work
 * @param {Words[]} persons */
function ids(work, persons) {
  const more = persons.length > FEW_MEMBERS ? "…" : "";
  const told = joined(persons.slice(0, FEW_MEMBERS), work.sentences.say("comma"));
  return words(told.zh + more, told.en + more);
}

/**
 * The values of the members that count.
 * @param {WorkingOut} work
 * @param {Trace} trace
 * @param {number[]} chosen
 * @param {Trace[]} tests
 * @param {Trace[]} values
 * @returns {Operand[]}
 */
function each(work, trace, chosen, tests, values) {
  const { node } = trace;
  const sums = node.g === "sum";
  const name = work.sentences.text(node.y);
  const [subject, outer] = [work.subject, work.item];
  const few = chosen.length <= FEW_MEMBERS ? chosen : chosen.slice(0, FEW_MEMBERS - 1);
  /** @type {Operand[]} */
  const told = [];
  for (const at of few) {
    const [sure, item] = [isSure(tests[at]), work.numbers.item(tests[at].item)];
    let found;
    if (item === null) {
      work.subject = at;
      found = work.part(values[at], name, work.numbers.members[at], sure);
    } else {
      work.item = item;
      found = { ...work.part(values[at], name, null, sure), item };
    }
    if (sums && item !== null && item.number === null) {
      const said = found.name ?? name;
      const further = work.sentences.say("named", { name: work.sentences.say("further_items"), value: said });
      const rest = remaining(work, trace, tests.slice(0, at), values.slice(0, at));
      told.push(shownAs({ ...found, name: further, item: null }, rest));
    } else told.push(sure || !sums ? found : work.perhaps(found, values[at]));
  }
  [work.subject, work.item] = [subject, outer];
  if (few.length < chosen.length) told.push(others(work, trace, few, chosen.slice(few.length)));
  return told;
}

/**
 * What a sum comes to without some members or items that are told one by one.
 * @param {WorkingOut} work
 * @param {Trace} trace
 * @param {Trace[]} tests
 * @param {Trace[]} values
 */
function remaining(work, trace, tests, values) {
  const [low, high] = operations.total(
    tests.map(({ value }) => value),
    values.map(({ value }) => value),
  );
  return work.numbers.operand(typeOf(trace.node), [trace.value[0] - low, trace.value[1] - high]);
}

/**
 * What members or items that are not told one by one come to in all.
 * @param {WorkingOut} work
 * @param {Trace} trace
 * @param {number[]} few
 * @param {number[]} others
 */
function others(work, trace, few, others) {
  const { tests, values } = testsAndValues(trace);
  const { node } = trace;
  /** @type {(some: Trace[]) => Trace[]} */
  const told = (some) => few.map((at) => some[at]);
  const whole = () => others.map((at) => values[at].value);
  const found =
    node.g === "sum"
      ? remaining(work, trace, told(tests), told(values))
      : work.numbers.operand(typeOf(values[0].node), operations.extreme(whole(), node.g === "max"));
  const last = work.numbers.item(tests[others[others.length - 1]].item);
  const open = last !== null && last.number === null;
  const name = open
    ? work.sentences.say("further_items")
    : work.numbers.others(others.length, /** @type {string} */ (node.l));
  return { ...found, name };
}

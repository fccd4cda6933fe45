/**
 * What the workings of sums have in common.
 * In: traces, workings. Out: parts of them. Called by `sumworking` and `sumitems`.
 */

import { Fraction } from "./fractions.js";
import { FALSE, TRUE } from "./possible.js";
import { factorOf, isOperand, operation } from "./sumwords.js";

/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./sumwords.js").Working} Working */
/** @typedef {import("./sumwords.js").Operand} Operand */
/** @typedef {import("./sumwords.js").NumberType} NumberType */

/**
 * @param {import("./rules.js").Node} node
 * @returns {NumberType}
 */
export function typeOf({ type }) {
  return /** @type {NumberType} */ (type);
}

/**
 * Whether somebody surely counts; of a further item it is not known whether there is one.
 * @param {Trace} test
 */
export function isSure({ value, item }) {
  return value === TRUE && (item === null || item.number !== null);
}

/**
 * A figure with another value.
 * @param {Operand} found
 * @param {Operand} shown
 */
export function shownAs(found, { low, high, digits, text, unit }) {
  return { ...found, low, high, digits, text, unit };
}

/**
 * A sum of numbers, of which some may be sums.
 * @param {Working[]} parts
 */
export function added(parts) {
  return operation(
    "add",
    parts.flatMap((part) => (!isOperand(part) && part.op === "add" ? part.parts : [part])),
  );
}

/**
 * An operand of a division without its alignment, and by what that was multiplied.
 * @param {Trace} trace
 * @returns {[Trace, Fraction]}
 */
export function stripped(trace) {
  let [found, factor] = [trace, new Fraction(1n)];
  while (found.node.k === "Scale" && found.node.f > 0n) {
    factor = factor.times(factorOf(found.node));
    [found] = found.parts;
  }
  return [found, factor];
}

/**
 * Of a traced choice the values that it may have, each with its test; that of `otherwise`, the last, has none.
 * @param {Trace} choice
 * @returns {{test: Trace | null, value: Trace}[]}
 */
export function tracedCases({ node, parts }) {
  const left = [...parts];
  /** @type {{test: Trace | null, value: Trace}[]} */
  const found = [];
  for (let at = 0; at + 1 < node.parts.length; at += 2) {
    const test = /** @type {Trace} */ (left.shift());
    if (test.value !== FALSE) found.push({ test, value: /** @type {Trace} */ (left.shift()) });
    if (test.value === TRUE) return found;
  }
  return [...found, ...left.map((value) => ({ test: null, value }))];
}

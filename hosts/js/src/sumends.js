/**
 * What figures of a line come to between two ends, slices of a number, and caps:
 * `fupin_policy/explanation/sum_ends.py`, `sum_slices.py`, `sum_caps.py`.
 * In: workings, traces. Out: workings. Called by `sumworking` and `sumfinder`.
 */

import { Fraction, farthest, power } from "./fractions.js";
import { quotient } from "./operations.js";
import { factorOf, isOperand, operation, scaleOf } from "./sumwords.js";

/** @typedef {import("./sumwords.js").Working} Working */
/** @typedef {import("./sumwords.js").Operand} Operand */
/** @typedef {import("./sumwords.js").Operation} Operation */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("../index.d.ts").Words} Words */

const ZERO = new Fraction(0n);

/**
 * A working that comes to no more than a traced number does: where its figures allow more, it says so.
 * @param {import("./sumwords.js").NumberWords} words
 * @param {Working} working
 * @param {Trace} trace
 * @param {"condition" | "together"} by
 * @returns {Working}
 */
export function keptWithin(words, working, trace, by) {
  const [low, high] = endsOf(working);
  const type = /** @type {import("./sumwords.js").NumberType} */ (trace.node.type);
  const [least, most] = trace.value.map((/** @type {bigint} */ end) => words.operand(type, [end, end]));
  const [above, below] = [low.compared(least.low) < 0, most.high.compared(high) < 0];
  if (!above && !below) return working;
  // the narrower ends are those that act
  if (!isOperand(working) && working.op === "within") return keptWithin(words, working.parts[0], trace, by);
  return { op: "within", parts: [working], ...(above && { least }), ...(below && { most }), by };
}

/**
 * The least and the greatest number that a working comes to by the figures that stand in it.
 * @param {Working} working
 * @returns {[Fraction, Fraction]}
 */
export function endsOf(working) {
  if (isOperand(working)) return [working.low, working.high];
  const parts = working.parts.map(endsOf);
  const [lows, highs] = [parts.map(([low]) => low), parts.map(([, high]) => high)];
  /** @type {(made: (one: Fraction, other: Fraction) => Fraction) => [Fraction, Fraction]} */
  const corners = (made) => hull(parts[0].flatMap((one) => parts[1].map((other) => made(one, other))));
  switch (working.op) {
    case "add":
      return [lows.reduce((one, other) => one.plus(other), ZERO), highs.reduce((one, other) => one.plus(other), ZERO)];
    case "negate":
      return [highs[0].negated(), lows[0].negated()];
    case "multiply":
      return corners((one, other) => one.times(other));
    case "divide":
      return corners((one, other) => one.over(other));
    case "round":
      return hull(parts[0].map((end) => rounded(end, working)));
    case "within":
      return [kept(lows[0], working), kept(highs[0], working)];
    case "least":
      return [farthest(lows, false), farthest(highs, false)];
    case "greatest":
      return [farthest(lows, true), farthest(highs, true)];
    default:
      return [farthest(lows, false), farthest(highs, true)];
  }
}

/**
 * @param {Fraction[]} found
 * @returns {[Fraction, Fraction]}
 */
function hull(found) {
  return [farthest(found, false), farthest(found, true)];
}

/**
 * @param {Fraction} number
 * @param {Operation} working
 */
function rounded(number, { rounding, step }) {
  const size = /** @type {Operand} */ (step).low;
  const steps = number.over(size);
  const how = /** @type {import("./operations.js").Rounding} */ (rounding);
  return new Fraction(quotient(steps.above, steps.below, how)).times(size);
}

/**
 * @param {Fraction} number
 * @param {Operation} working
 */
function kept(number, { least, most }) {
  const found = least === undefined ? number : farthest([number, least.low], true);
  return most === undefined ? found : farthest([found, most.low], false);
}

/**
 * What a policy states, up to what is `left` of its group's most, which is never below `nothing`.
 * @param {import("./sentences.js").Sentences} sentences
 * @param {Working} stated
 * @param {Working} left
 * @param {Working} nothing
 */
export function capped(sentences, stated, left, nothing) {
  const most = sentences.say("at_most_in_all");
  const alone = !isOperand(left) && left.op === "add" && left.parts.length === 1 ? left.parts[0] : left;
  let rest = alone;
  if (isOperand(alone)) {
    rest = orCalled(alone, most);
    if (alone.low.compared(ZERO) >= 0) return operation("least", [stated, rest]);
  } else if (alone.op === "add" && isOperand(alone.parts[0]))
    rest = { ...alone, parts: [orCalled(alone.parts[0], most), ...alone.parts.slice(1)] };
  const floor = isOperand(nothing) ? orCalled(nothing, sentences.say("not_below_zero")) : nothing;
  return operation("least", [stated, operation("greatest", [rest, floor])]);
}

/**
 * A number by its name, or by this one where it has none.
 * @param {Operand} found
 * @param {Words} name
 */
function orCalled(found, name) {
  return found.name === null ? { ...found, name } : found;
}

/**
 * A slice of a table of slices, which is `greater(least(x, high) − low, 0) × rate`: what is cut, and between which ends.
 * @param {Trace} trace
 * @returns {{of: Trace, low: bigint, high: bigint | null} | null}
 */
export function sliceOf({ node, parts }) {
  const inside = node.parts[0];
  if (node.k !== "Multiply" || inside.k !== "Max" || inside.parts.length !== 2) return null;
  if (inside.parts[1].k !== "Const" || inside.parts[1].v[0] !== 0n) return null;
  let part = aligned(parts[0].parts[0]);
  let [low, high] = [ZERO, /** @type {Fraction | null} */ (null)];
  if (part.node.k === "Add" && part.node.parts.length === 2) {
    const end = constantOf(part.node.parts[1]);
    if (end !== null && end.compared(ZERO) < 0) [low, part] = [end.negated(), aligned(part.parts[0])];
  }
  if (part.node.k === "Min" && part.node.parts.length === 2) {
    const end = constantOf(part.node.parts[1]);
    if (end !== null) [high, part] = [end, aligned(part.parts[0])];
  }
  const size = power(scaleOf(inside));
  /** @type {(end: Fraction) => bigint} */
  const whole = (end) => end.times(size).above / end.times(size).below;
  return { of: part, low: whole(low), high: high === null ? null : whole(high) };
}

/**
 * The number of a constant, aligned or taken away; null of anything else.
 * @param {import("./rules.js").Node} node
 * @returns {Fraction | null}
 */
function constantOf(node) {
  if (node.k === "Const") return new Fraction(node.v[0]).times(power(-scaleOf(node)));
  if (node.k !== "Scale") return null;
  const inner = constantOf(node.parts[0]);
  return inner === null ? null : inner.times(factorOf(node));
}

/**
 * A trace without the alignments around it.
 * @param {Trace} trace
 */
export function aligned(trace) {
  let found = trace;
  while (found.node.k === "Scale" && factorOf(found.node).is(1n)) [found] = found.parts;
  return found;
}

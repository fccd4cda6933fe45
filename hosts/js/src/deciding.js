/**
 * Which parts of a condition decided its value, and the inputs behind them: `fupin_policy/explanation/deciding_parts.py`.
 * In: traces. Out: traces of parts, needs. Called by `tracewords`, `reasons` and `keptrows`.
 */

import { FALSE, TRUE } from "./possible.js";
import { meant, subjectOf, testsAndValues } from "./trace.js";

/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {{fact: string, member: string | null, item: number | null}} Need an input, whose it is, of which item */
/** @typedef {Map<string, Need>} Needs by what tells them apart */

/** Follows what decided from parts to the inputs below; what definitions have in common is followed once. */
export class DecidingParts {
  /**
   * @param {Trace[][]} traces by definition
   */
  constructor(traces) {
    this.traces = traces;
    /** @type {Map<Trace, Map<string, Needs>>} */
    this.bases = new Map();
  }

  /**
   * The inputs that what decided rests on; each part is visited once, from a list, as names may nest deep.
   * @param {Trace} trace
   * @param {number} subject
   * @param {boolean} negated
   * @returns {Needs}
   */
  basis(trace, subject, negated) {
    /** @typedef {[part: Trace, whose: number, contrary: boolean]} Step */
    /** @type {Step[]} */
    const waiting = [[trace, subject, negated]];
    /** @type {(step: Step) => Needs | undefined} */
    const known = ([part, whose, contrary]) => this.bases.get(part)?.get(`${whose} ${contrary}`);
    while (waiting.length > 0) {
      const step = waiting[waiting.length - 1];
      const below = this.below(...step);
      const missing = below.filter((one) => known(one) === undefined);
      if (missing.length > 0) {
        waiting.push(...missing);
        continue;
      }
      const [part, whose, contrary] = step;
      const found = new Map(inputOf(part));
      for (const one of below) for (const [key, need] of /** @type {Needs} */ (known(one))) found.set(key, need);
      if (!this.bases.has(part)) this.bases.set(part, new Map());
      this.bases.get(part)?.set(`${whose} ${contrary}`, found);
      waiting.pop();
    }
    return /** @type {Needs} */ (known([trace, subject, negated]));
  }

  /**
   * What decided a part: each with the member looked at and whether its contrary is meant.
   * @param {Trace} trace
   * @param {number} subject
   * @param {boolean} negated
   * @returns {[Trace, number, boolean][]}
   */
  below(trace, subject, negated) {
    switch (trace.node.k) {
      case "Ref":
        return [[this.target(trace, subject), subject, negated]];
      case "Not":
        return [[trace.parts[0], subject, !negated]];
      case "And":
      case "Or":
        return decidingParts(trace, negated).map((part) => [part, subject, negated]);
      case "Items": {
        const parts = this.ofItems(trace, subject);
        const any = trace.node.g === "any";
        const alike = any ? parts.filter(([, part]) => part.value === trace.value) : parts;
        const kept = any && trace.value === TRUE ? alike.slice(0, 1) : alike;
        return kept.map(([at, part]) => [part, at, false]);
      }
      default:
        return trace.parts.map((part) => [part, subject, false]);
    }
  }

  /**
   * The parts of an aggregate, each with the member looked at; tests, then values, then what else it is.
   * @param {Trace} trace
   * @param {number} subject
   * @returns {[number, Trace][]}
   */
  ofItems(trace, subject) {
    const { tests, values, otherwise } = testsAndValues(trace);
    const ofMembers = trace.node.l === "member";
    /** @type {(some: Trace[]) => [number, Trace][]} */
    const placed = (some) => some.map((part, at) => [ofMembers ? at : subject, part]);
    const rest = otherwise === null ? [] : [/** @type {[number, Trace]} */ ([subject, otherwise])];
    return [...placed(tests), ...placed(values), ...rest];
  }

  /**
   * The trace of the definition that a traced reference names.
   * @param {Trace} trace
   * @param {number} subject
   */
  target(trace, subject) {
    return this.traces[trace.node.d][subjectOf(trace, subject)];
  }
}

/**
 * Of an AND or OR the parts that settle it, or that keep it open; one where one is enough.
 * @param {Trace} trace
 * @param {boolean} negated
 */
export function decidingParts(trace, negated) {
  const alike = trace.parts.filter((one) => one.value === trace.value);
  const settled = trace.value === (negated ? FALSE : TRUE);
  return settled && !allMustHold(trace, negated) ? alike.slice(0, 1) : alike;
}

/**
 * Whether all parts of an AND or OR must hold, or fail where it is `negated`.
 * @param {Trace} trace
 * @param {boolean} negated
 */
export function allMustHold(trace, negated) {
  return (trace.node.k === "And") !== negated;
}

/**
 * @param {Trace} trace
 * @returns {[string, Need][]}
 */
function inputOf({ node, item, member }) {
  if (node.k !== "Fact") return [];
  const whose = item === null ? null : meant(node, item);
  if (whose !== null && typeof whose === "object" && whose.list === node.l && node.l !== "member") {
    // of further items nothing is known: the list is named
    const fact = whose.number === null ? whose.list : node.i[2];
    return [needOf(fact, member, whose.number)];
  }
  return [needOf(node.i[2], node.l === "member" ? member : null, null)];
}

/**
 * @param {string} fact
 * @param {string | null} member
 * @param {number | null} item
 * @returns {[string, Need]}
 */
export function needOf(fact, member, item) {
  return [JSON.stringify([fact, member, item]), { fact, member, item }];
}

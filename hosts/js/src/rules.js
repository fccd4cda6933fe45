/**
 * What an artifact explains by: the rules of every day as nodes with their words.
 * In: the text of the section `fupin.explanations`, a manifest. Out: `Rules`. Called by `explain`.
 */

import { onDay } from "./contexts.js";
import { isoOf } from "./days.js";
import { frozen } from "./manifest.js";

const VERSION = 3;
/** Before a letter and three digits: the month or year so long before the day asked about. */
const PERIOD = /\ue000([my])(\d{3})/g;

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("./operations.js").Ends} Ends */
/** @typedef {number | bigint | Ends} Known a truth, a code's mask, or the ends of a number or a day */
/**
 * @typedef {{type: "truth"} | {type: "number", low: bigint, high: bigint, scale: number, least: number, exact: number,
 *   kind: "plain" | "money" | "other", units: string[]}
 *   | {type: "date", low: bigint, high: bigint} | {type: "code", code_list: string, size: number}} Type `units`: after a
 *   number, Chinese and English; then those of one alone
 */
/**
 * @typedef {object} Node
 * @property {number} at its number
 * @property {string} k its kind: that of `fupin_policy/core/expressions.py`
 * @property {Type} type
 * @property {Node[]} parts
 * @property {any} v
 * @property {any} [i] of a fact the level, the place among its inputs, its name
 * @property {string} [l]
 * @property {any} [d]
 * @property {1} [o]
 * @property {any} [c]
 * @property {1} [w]
 * @property {any} [r]
 * @property {bigint} m
 * @property {bigint} f
 * @property {any} [g]
 * @property {1} [p]
 * @property {any} e
 * @property {number} [x] the use as which a line of figures names it
 * @property {number} [y] a text: what the value of an aggregate is called
 * @property {number[]} [u] parameters of which it is the value
 * @property {[asked: number, contrary: number]} [q] texts: what is asked
 * @property {number} [s] where it is written
 * @property {number} [n] a text: what it is called
 */
/**
 * @typedef {{part: string, id: string, level: string, title?: number, whole: string, steps: [number, number][],
 *   bounded?: [number, number][], name?: number}} Definition `bounded`: the steps of what is written, where that is another
 */
/** @typedef {{days: [month: number, day: number][]} | {parameters: string[], opens: [number, number | null][]}} Window the first day and that after the last of each year, or those that parameters have, and from which day on which opened last */
/**
 * @typedef {{starts: "same_day" | "next_month" | "same_month", per: string | null, pays: boolean, way: number, pay?: number[],
 *   window?: Window, rests: number[], amount: Type | null}} RuleVersion `way`: 1 for what a household is given, -1 for what it
 *   pays, 0 for what is neither; `pay`: the months in which it is paid, where there are any
 */
/**
 * @typedef {{condition: string, outcome: string, stated: string, beneficiary?: string, answering?: string, payable?: string,
 *   in_force: number, clauses: Words[], steps: [number, RuleVersion | null][]}} Policy
 */
/** @typedef {{use: any, called: string[], beside: string[], english: string, under: string[][]}} Use */
/** @typedef {{id: string, keep: string, title: number, policies: string[], said: number[]}} Group */

/** The rules of one artifact. */
export class Rules {
  /** @param {string} text */
  constructor(text) {
    const raw = JSON.parse(text);
    if (raw.version !== VERSION)
      throw new Error(
        `the artifact has version ${raw.version} of what it explains by; this package reads version ${VERSION}`,
      );
    /** @type {Type[]} */
    this.types = raw.types.map(typeOf);
    /** @type {Node[]} */
    this.nodes = [];
    for (const one of raw.nodes) this.nodes.push(this.node(one));
    /** @type {Definition[]} */
    this.definitions = raw.definitions.map((/** @type {any} */ one) => ({ ...one, whole: one.whole ?? one.id }));
    this.numbers = new Map(this.definitions.map(({ id }, number) => [id, number]));
    /** @type {Policy[]} */
    this.policies = raw.policies.map((/** @type {any} */ one) => ({
      ...one,
      steps: one.steps.map((/** @type {any} */ [day, rule]) => [
        day,
        rule && { ...rule, amount: rule.amount === undefined ? null : this.types[rule.amount] },
      ]),
    }));
    /** @type {Group[]} */
    this.groups = raw.groups;
    /** @type {Record<string, [zh: string, en: string][]>} */
    this.codes = raw.codes;
    /** @type {[place: string, text: string][]} */
    this.spans = raw.spans;
    /** @type {Use[]} */
    this.uses = frozen(raw.uses);
    /** @type {[zh: string, en: string][]} */
    this.texts = raw.texts;
    /** @type {Record<string, [zh: string, en: string]>} */
    this.sentences = raw.sentences;
    /** @type {number[]} by turns where signs that take two columns begin, and where they have ended */
    this.wide = [];
    for (const step of raw.wide) this.wide.push((this.wide.at(-1) ?? 0) + step);
    /** @type {Record<string, string>} what facts, and series of facts, are called in English */
    this.english = raw.english;
    /** @type {Record<string, string[]>} what parameters are called where they are open, and by themselves */
    this.parameters = raw.parameters;
    /** @type {Record<string, string[]>} how sources are cited */
    this.sources = raw.sources;
  }

  /**
   * @param {any} raw
   * @returns {Node}
   */
  node(raw) {
    const { a = [], t, ...own } = raw;
    const type = this.types[t];
    const parts = a.map((/** @type {number} */ at) => this.nodes[at]);
    const found = { at: this.nodes.length, ...own, type, parts };
    if (own.k === "Const")
      found.v = type.type === "truth" ? own.v : type.type === "code" ? BigInt(own.v) : [BigInt(own.v), BigInt(own.v)];
    if (own.k === "OneOf") found.m = BigInt(own.m);
    if (own.k === "Scale") found.f = BigInt(own.f);
    if (own.k === "Clamp") found.e = own.e.map(BigInt);
    return found;
  }

  /**
   * The definitions as they stand on a day, each with its number, in order of dependency.
   * @param {number} day
   */
  on(day) {
    return this.definitions.map(({ level, steps }) => ({ level, root: this.nodes[onDay(steps, day)] }));
  }

  /**
   * A text by its number, with months and years as they are called on a day.
   * @param {number} number
   * @param {number} day
   * @returns {Words}
   */
  text(number, day) {
    const [zh, en] = this.texts[number].map((one) => (one.includes("\ue000") ? withPeriods(one, day) : one));
    return { zh, en };
  }
}

/**
 * @param {string} text
 * @param {number} day
 */
function withPeriods(text, day) {
  const [year, month] = isoOf(day).split("-").map(Number);
  return text.replace(PERIOD, (_, each, back) => {
    if (each === "y") return String(year - Number(back)).padStart(4, "0");
    const months = year * 12 + month - 1 - Number(back);
    return `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}`;
  });
}

/**
 * @param {any[]} raw
 * @returns {Type}
 */
function typeOf([type, ...own]) {
  switch (type) {
    case "number": {
      const [low, high, scale, least, exact, kind, ...units] = own;
      return { type, low: BigInt(low), high: BigInt(high), scale, least, exact, kind, units };
    }
    case "date":
      return { type, low: BigInt(own[0]), high: BigInt(own[1]) };
    case "code":
      return { type, code_list: own[0], size: own[1] };
    default:
      return { type };
  }
}

/**
 * Everything that a value of a type may be.
 * @param {Type} type
 * @returns {Known}
 */
export function wholeOf(type) {
  switch (type.type) {
    case "truth":
      return 2;
    case "code":
      return (1n << BigInt(type.size)) - 1n;
    default:
      return [type.low, type.high];
  }
}

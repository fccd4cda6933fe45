/**
 * Numbers, names and conditions of sums in words, and what a line of figures is made of:
 * `fupin_policy/explanation/sum_words.py` and `sums.py`.
 * In: traces. Out: operands and texts; their JSON. Called by `sumworking` and `sumfinder`.
 */

import { Fraction, power } from "./fractions.js";
import { FALSE, TRUE, UNKNOWN } from "./possible.js";
import { NO_TEXT, decimal, words } from "./sentences.js";
import { size } from "./text.js";
import { testsAndValues } from "./trace.js";

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./operations.js").Ends} Ends */
/** @typedef {import("./rules.js").Type} Type */
/** @typedef {Extract<Type, {type: "number"}>} NumberType */
/** @typedef {{list: string, words: Words, number: number | null}} SumItem */
/**
 * @typedef {{op: null, low: Fraction, high: Fraction, digits: string, text: Words, unit: Words, name: Words | null,
 *   member: string | null, remarks: Words[], parameter: object | null,
 *   under: string[][] | null, item: SumItem | null}} Operand
 */
/**
 * @typedef {{op: string, parts: Working[], rounding?: string, step?: Operand, least?: Operand, most?: Operand, by?: string}} Operation
 */
/** @typedef {Operand | Operation} Working */
/**
 * @typedef {{name: Words, member: string | null, working: Working, result: Operand, why: Words[], definition: string | null,
 *   item: SumItem | null}} SumLine
 */

/** How long a row's condition may be, in Chinese, to be told. */
const MOST_WORDS = 60;
/** Of how many items that do not count it is told why not. */
const FEW_LEFT_OUT = 3;

/**
 * @param {string} op
 * @param {Working[]} parts
 * @returns {Operation}
 */
export function operation(op, parts) {
  return { op, parts };
}

/**
 * @param {Working} working
 * @returns {working is Operand}
 */
export function isOperand(working) {
  return working.op === null;
}

/** Puts numbers and names in words. */
export class NumberWords {
  /**
   * @param {import("./reasons.js").ReasonFinder} finder
   * @param {number} decimals of the currency
   */
  constructor(finder, decimals) {
    this.words = finder.words;
    this.sentences = finder.sentences;
    this.rules = finder.rules;
    this.members = finder.members;
    this.decimals = decimals;
    this.otherwise = this.sentences.say("otherwise");
  }

  /**
   * A number of a type; money has as many decimals as its currency, or more.
   * @param {NumberType} type
   * @param {Ends} value
   * @param {Words | null} [name]
   * @param {string | null} [member]
   * @returns {Operand}
   */
  operand(type, value, name = null, member = null) {
    const more = type.kind === "money" ? Math.max(0, this.decimals - type.exact) : 0;
    const shown = /** @type {Ends} */ (value.map((end) => end * 10n ** BigInt(more)));
    const exact = type.exact + more;
    const [low, high] = shown.map((end) => new Fraction(end, 10n ** BigInt(exact)));
    const scale = type.scale + more;
    const least = type.kind === "plain" ? 0 : Math.min(scale, this.decimals);
    const text = this.sentences.ends({ ...type, scale, least }, shown);
    const bare = {
      op: /** @type {null} */ (null),
      low,
      high,
      name,
      member,
      remarks: [],
      parameter: null,
      under: null,
      item: null,
    };
    if (type.kind === "plain") return { ...bare, digits: text.zh, text, unit: NO_TEXT };
    const digits = [...new Set(shown.map((end) => decimal(end, exact, Math.min(exact, this.decimals))))].join("–");
    /** @type {(said: string) => string} */
    const rest = (said) => (said.startsWith(digits) ? said.slice(digits.length) : said).trim();
    return { ...bare, digits, text, unit: words(rest(text.zh), rest(text.en)) };
  }

  /**
   * The step of a rounding, which is never shown as a share of a hundred.
   * @param {NumberType} type
   * @param {bigint} size
   */
  step(type, size) {
    const own = type.kind === "plain" ? { ...type, scale: type.exact, units: ["", "", "", ""] } : type;
    return this.operand(own, [size, size]);
  }

  /**
   * A number that was written so, or is what several make together.
   * @param {Fraction} value
   * @returns {Operand}
   */
  written(value) {
    const { text } = value;
    const bare = { name: null, member: null, remarks: [], parameter: null, under: null, item: null };
    return { op: null, low: value, high: value, digits: text, text: words(text), unit: NO_TEXT, ...bare };
  }

  /**
   * What members, or items of a list, are called that are not told one by one.
   * @param {number} count
   * @param {string} [of]
   */
  others(count, of = "member") {
    const name = of !== "member" ? "more_items" : count === 1 ? "more_person" : "more_persons";
    return this.sentences.say(name, { count });
  }

  /**
   * What an item of a list is called; null for a member.
   * @param {import("./trace.js").Item | null} item
   * @returns {SumItem | null}
   */
  item(item) {
    if (item === null || item.list === "member") return null;
    const called = /** @type {Words} */ (this.words.lists.get(item.list));
    return { list: item.list, words: called, number: item.number === null ? null : item.number + 1 };
  }

  /**
   * Which item it is, where it is clear of which list.
   * @param {SumItem} item
   */
  alone({ number }) {
    return number === null ? this.sentences.say("a_further_item") : this.sentences.say("item", { number });
  }

  /**
   * A number of persons, which rules write without a unit.
   * @param {Operand} found
   * @returns {Operand}
   */
  persons(found) {
    const unit = this.sentences.say(found.digits === "1" ? "person_unit" : "persons_unit");
    return { ...found, text: words(`${found.digits} ${unit.zh}`, `${found.digits} ${unit.en}`), unit };
  }

  /**
   * An expression as it was written.
   * @param {import("./rules.js").Node} node
   */
  said(node) {
    return this.sentences.text(node.n);
  }

  /**
   * Of an aggregate over a list that some of its items do not count, and why not.
   * @param {Trace} aggregate
   */
  leftOut(aggregate) {
    const { tests: all } = testsAndValues(aggregate);
    const tests = all.filter(({ item }) => item !== null && item.list !== "member" && item.number !== null);
    const left = tests.filter(({ value }) => value === FALSE);
    if (left.length === 0 || left.length === tests.length) return [];
    const name = /** @type {Words} */ (this.words.lists.get(/** @type {string} */ (aggregate.node.l)));
    const chosen = [TRUE, UNKNOWN].map((bits) => tests.filter(({ value }) => value === bits).length);
    const told = [this.words.counted(name, tests.length, false, chosen, this.sentences.say("count"))];
    for (const test of left.slice(0, FEW_LEFT_OUT)) {
      const which = this.alone(/** @type {SumItem} */ (this.item(test.item)));
      const why = this.words.worded(test, true, null, true);
      if (size(why.zh) <= MOST_WORDS) told.push(this.sentences.say("does_not_count", { which, why }));
    }
    return told;
  }

  /**
   * What a definition is called.
   * @param {number} definition
   */
  named(definition) {
    return this.sentences.text(this.rules.definitions[definition].name);
  }

  /**
   * A parameter's value; of a number that was written as one, the number.
   * @param {Trace} trace
   */
  parameter({ node, value }) {
    const found = this.operand(/** @type {NumberType} */ (node.type), value);
    return node.x === undefined ? found : this.ofParameter(found, node.x);
  }

  /**
   * @param {Operand} found
   * @param {number} number of a use
   * @returns {Operand}
   */
  ofParameter(found, number) {
    const { use, called, english, under } = this.rules.uses[number];
    return { ...found, name: words(called[0], english), parameter: { ...use, value: found.text }, under };
  }

  /**
   * A row's condition, or what decided in it where that is shorter.
   * @param {Trace | null} test
   * @param {boolean} [negated]
   */
  asked(test, negated = false) {
    if (test === null) return this.otherwise;
    const found = [false, true].map((deciding) => this.words.worded(test, negated, null, deciding));
    return found.find(({ zh }) => size(zh) <= MOST_WORDS) ?? this.sentences.say("this_row");
  }
}

/**
 * How many decimals a number's integer stands for.
 * @param {import("./rules.js").Node} node
 */
export function scaleOf({ type }) {
  return type.type === "number" ? type.exact : 0;
}

/**
 * By what the number, not its integer, is multiplied.
 * @param {import("./rules.js").Node} node
 */
export function factorOf(node) {
  return new Fraction(node.f).times(power(scaleOf(node.parts[0]) - scaleOf(node)));
}

/**
 * A working as plain data.
 * @param {Working} working
 * @returns {object}
 */
export function workingData(working) {
  if (isOperand(working)) {
    const { low, high, unit, name, member, remarks, parameter, item } = working;
    const own = item === null ? {} : { item: { list: item.list, number: item.number } };
    return { min: low.text, max: high.text, unit, name, member, remarks, parameter, ...own };
  }
  const { op, parts, rounding, step, least, most, by } = working;
  return {
    op,
    parts: parts.map(workingData),
    ...(rounding !== undefined && { rounding }),
    ...(step !== undefined && { step: step.low.text }),
    ...(least !== undefined && { min: least.low.text }),
    ...(most !== undefined && { max: most.low.text }),
    ...(by !== undefined && { by }),
  };
}

/**
 * A line as plain data.
 * @param {SumLine} line
 */
export function lineData({ name, member, definition, working, result, why, item }) {
  const own = item === null ? {} : { item: { list: item.list, number: item.number } };
  return { name, member, definition, working: workingData(working), result: workingData(result), why, ...own };
}

/**
 * Whether two numbers lie between the same ends.
 * @param {Operand} one
 * @param {Operand} other
 */
export function endsSame(one, other) {
  return one.low.compared(other.low) === 0 && one.high.compared(other.high) === 0;
}

/**
 * One traced expression as a line of figures: what is named in it, what is done, and which rows of tables apply:
 * `fupin_policy/explanation/sum_working.py`.
 * In: traces as they are written. Out: a working, lines for its parts, and what else has to be opened. Called by `sumfinder`.
 */

import { Fraction, power } from "./fractions.js";
import { keptRows, tracedRows } from "./keptrows.js";
import { TRUE, same } from "./possible.js";
import { NO_TEXT, distinct, keyOf } from "./sentences.js";
import { ofMembers } from "./sumitems.js";
import { added, shownAs, stripped, tracedCases, typeOf } from "./sumparts.js";
import { aligned, capped, keptWithin, sliceOf } from "./sumends.js";
import { factorOf, isOperand, operation, scaleOf } from "./sumwords.js";
import { subjectOf } from "./trace.js";

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./sumwords.js").Working} Working */
/** @typedef {import("./sumwords.js").Operand} Operand */
/** @typedef {import("./sumwords.js").SumItem} SumItem */
/** @typedef {import("./sumwords.js").SumLine} SumLine */
/** @typedef {[definition: number, subject: number]} Opened */

const FEW_NAMED = 4;

/** Works out one definition of one subject. On the way it notes lines for parts, which rows apply, and what is named. */
export class WorkingOut {
  /**
   * @param {import("./sumwords.js").NumberWords} numbers
   * @param {(definition: number) => Trace[]} traces
   * @param {number} subject
   * @param {number | null} inline what is not named there, but worked out at once
   * @param {SumItem | null} item the item whose the definition is, or that is looked at
   */
  constructor(numbers, traces, subject, inline, item) {
    this.numbers = numbers;
    this.sentences = numbers.sentences;
    this.traces = traces;
    this.subject = subject;
    this.inline = inline;
    this.item = item;
    /** @type {SumLine[]} */
    this.lines = [];
    /** @type {Words[]} */
    this.why = [];
    /** @type {Map<string, Opened>} */
    this.opened = new Map();
  }

  /**
   * How a number is worked out.
   * @param {Trace} trace
   * @returns {Working}
   */
  of(trace) {
    const { node, parts } = trace;
    /** @type {() => Working[]} */
    const all = () => parts.map((part) => this.of(part));
    switch (node.k) {
      case "Const":
      case "Unknown":
        return this.numbers.parameter(trace);
      case "Ref": {
        const subject = subjectOf(trace, this.subject);
        if (node.d === this.inline) return this.of(this.traces(node.d)[subject]);
        this.opened.set(`${node.d} ${subject}`, [node.d, subject]);
        const found = this.number(trace);
        return node.u === undefined ? found : this.numbers.ofParameter(found, node.u[0]);
      }
      case "Clamp":
        return this.keptWithin(trace);
      case "Add":
        return this.slices(trace) ?? added(all());
      case "Multiply":
        return operation("multiply", all());
      case "Min":
        if (this.isCapped(node)) {
          const [stated, left, nothing] = [parts[0], ...parts[1].parts].map((part) => this.of(part));
          return capped(this.sentences, stated, left, nothing);
        }
        return operation("least", all());
      case "Max":
        return operation("greatest", all());
      case "Scale": {
        const [inner] = node.parts;
        if (inner.k === "Divide" && node.f > 1n && scaleOf(inner) === scaleOf(node))
          return this.rounded(parts[0], node.f);
        return this.scaled(parts[0], factorOf(node));
      }
      case "Divide":
        return this.rounded(trace, 1n);
      case "Cases":
        return this.chosen(trace);
      case "Gather":
        return this.kept(trace);
      case "Items":
        return ofMembers(this, trace);
      default:
        return { ...this.number(trace), remarks: this.behind(trace) };
    }
  }

  /** @param {import("./rules.js").Node} node */
  isCapped({ parts }) {
    if (parts.length !== 2 || parts[0].k !== "Ref" || parts[1].k !== "Max" || parts[1].parts.length !== 2) return false;
    const { k, v } = parts[1].parts[1];
    return this.numbers.rules.definitions[parts[0].d].part === "stated" && k === "Const" && v[0] === 0n;
  }

  /**
   * A number by its name.
   * @param {Trace} trace
   */
  number({ node, value, member }) {
    const own = node.k === "Fact" || node.k === "Ref" ? node.l === "member" : true;
    return this.numbers.operand(typeOf(node), value, this.numbers.said(node), own ? member : null);
  }

  /**
   * The dates that a number comes of, each with its name.
   * @param {Trace} trace
   */
  behind({ node, parts }) {
    if (node.k === "Fact") return [];
    const waiting = [...parts];
    /** @type {Words[]} */
    const found = [];
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      if (part.node.k !== "Fact" && part.node.k !== "Ref") waiting.push(...part.parts);
      else {
        const value = this.sentences.value(part.node.type, part.value);
        found.push(this.sentences.say("named", { name: this.numbers.said(part.node), value }));
      }
    }
    return distinct(found).slice(0, FEW_NAMED);
  }

  /**
   * A part that is called something: one figure, or the result of a line of its own. `name` stands for it in place of what it
   * is, or beside it. What may not count at all says so.
   * @param {Trace} trace
   * @param {Words} name
   * @param {string | null} [member]
   * @param {boolean} [sure]
   * @returns {Operand}
   */
  part(trace, name, member = null, sure = true) {
    const outer = this.why;
    this.why = [];
    const found = this.of(trace);
    const why = distinct(this.why);
    this.why = outer;
    const doubt = sure ? [] : [this.sentences.say("to_be_checked")];
    if (isOperand(found) && why.length === 0) {
      const own = found.name ?? name;
      const beside = keyOf(own) === keyOf(name) ? [] : [name];
      const whose = found.member !== null && found.member !== "" ? found.member : member;
      return { ...found, name: own, member: whose, remarks: [...found.remarks, ...beside, ...doubt] };
    }
    const result = this.numbers.operand(typeOf(trace.node), trace.value);
    const working = keptWithin(this.numbers, found, trace, "together");
    this.lines.push({ name, member, working, result, why, definition: null, item: this.item });
    return { ...result, name, member, remarks: doubt };
  }

  /**
   * An alignment of scales is not seen; a minus is one; anything else is a product.
   * @param {Trace} trace
   * @param {Fraction} factor
   */
  scaled(trace, factor) {
    if (factor.is(1n)) return this.of(trace);
    if (factor.is(-1n)) return operation("negate", [this.of(trace)]);
    return operation("multiply", [this.numbers.written(factor), this.of(trace)]);
  }

  /**
   * A quotient in steps of `size`. The integers are aligned for the division; what is said is the true ratio.
   * @param {Trace} trace
   * @param {bigint} size
   * @returns {Working}
   */
  rounded({ node, parts }, size) {
    const [[top, above], [bottom, below]] = parts.map(stripped);
    const [left, right] = node.parts;
    const exponent = scaleOf(left) - scaleOf(right) - scaleOf(node);
    const ratio = above.times(new Fraction(size)).over(below).times(power(exponent));
    const step = this.numbers.step(typeOf(node), size);
    return { op: "round", parts: [this.quotient(top, bottom, ratio)], rounding: node.r, step };
  }

  /**
   * @param {Trace} top
   * @param {Trace} bottom
   * @param {Fraction} ratio
   */
  quotient(top, bottom, ratio) {
    if (bottom.node.k === "Const" && bottom.node.x === undefined) {
      const divisor = new Fraction(bottom.node.v[0]).times(power(-scaleOf(bottom.node))).over(ratio);
      if (divisor.is(1n)) return this.of(top);
      return operation("divide", [this.of(top), this.numbers.written(divisor)]);
    }
    const whole = this.of(top);
    const times = ratio.is(1n) ? whole : operation("multiply", [whole, this.numbers.written(ratio)]);
    return operation("divide", [times, this.of(bottom)]);
  }

  /**
   * A number as its condition narrows it, which is told where that makes a difference.
   * @param {Trace} trace
   */
  keptWithin(trace) {
    const [inner] = trace.parts;
    const found = this.of(inner);
    return same(inner.value, trace.value) ? found : keptWithin(this.numbers, found, trace, "condition");
  }

  /**
   * The value that applies, and why; each of them where it is open which does.
   * @param {Trace} trace
   * @returns {Working}
   */
  chosen(trace) {
    const rows = tracedCases(trace).filter(({ value }) => value.node.k !== "Never");
    if (rows.length > 1) {
      const named = rows.map(({ test, value }) => ({ name: this.conditional(this.condition(trace, test)), value }));
      return operation(
        "either",
        named.map(({ name, value }) => this.part(value, name, trace.member)),
      );
    }
    const [{ test, value }] = rows;
    // that a policy applies is told elsewhere
    if (test === null || !this.isOutcome(test)) this.why.push(this.condition(trace, test));
    return this.of(value);
  }

  /**
   * A condition as the name of what there is where it holds.
   * @param {Words} condition
   */
  conditional(condition) {
    const alone = keyOf(condition) === keyOf(this.numbers.otherwise);
    return alone ? condition : this.sentences.say("if", { condition });
  }

  /** @param {Trace} test */
  isOutcome({ node }) {
    return node.k === "Ref" && this.numbers.rules.definitions[node.d].part === "outcome";
  }

  /**
   * When a value of a choice applies; without a test that is in all other cases.
   * @param {Trace} choice
   * @param {Trace | null} test
   */
  condition(choice, test) {
    const [first] = choice.parts;
    const alone = choice.node.parts.length === 3;
    if (alone && this.isOutcome(first)) return this.sentences.say(test === null ? "is_not_eligible" : "is_eligible");
    return alone && test === null ? this.numbers.asked(first, true) : this.numbers.asked(test);
  }

  /**
   * The rows that fit: their sum, or the highest of them.
   * @param {Trace} trace
   * @returns {Working}
   */
  kept(trace) {
    const { rows, otherwise } = tracedRows(trace);
    const maybe = rows.flatMap(({ test, value }) => (value === null ? [] : [{ test, value }]));
    const rest = otherwise === null || otherwise.node.k === "Never" ? null : otherwise;
    if (maybe.length === 0 && rest !== null) {
      this.why.push(this.sentences.say("no_row_fits"));
      return this.of(rest);
    }
    const sums = trace.node.g === "sum";
    const sure = maybe.every(({ test }) => test.value === TRUE);
    const parts = maybe.map(({ test, value }) => this.row(test, value, sums));
    if (sums) {
      if (rest === null || same(rest.value, [0n, 0n])) return added(parts);
      return operation("either", [added(parts), this.part(rest, this.numbers.otherwise)]);
    }
    if (!sure)
      return operation("either", [...parts, ...(rest === null ? [] : [this.part(rest, this.numbers.otherwise)])]);
    const [kept] = keptRows(trace, rows);
    if (kept !== undefined && parts.length > 1)
      this.why.push(this.sentences.say("highest_row", { asked: this.numbers.asked(rows[kept].test) }));
    return parts.length > 1 ? operation("greatest", parts) : parts[0];
  }

  /**
   * @param {Trace} test
   * @param {Trace} value
   * @param {boolean} sums
   */
  row(test, value, sums) {
    const sure = test.value === TRUE;
    const found = this.part(value, this.numbers.asked(test), value.member, sure);
    return sure || !sums ? found : this.perhaps(found, value);
  }

  /**
   * What is added only perhaps is added between nothing and what it is.
   * @param {Operand} found
   * @param {Trace} trace
   */
  perhaps(found, { node, value: [low, high] }) {
    return shownAs(found, this.numbers.operand(typeOf(node), [low < 0n ? low : 0n, high > 0n ? high : 0n]));
  }

  /**
   * A sum of slices, each of which has a line; null where it is no such sum. Slices in which nothing lies go.
   * @param {Trace} trace
   * @returns {Working | null}
   */
  slices(trace) {
    const found = trace.parts.flatMap((one) => {
      const part = aligned(one);
      const cut = sliceOf(part);
      return cut === null ? [] : [{ part, cut }];
    });
    if (found.length < Math.max(2, trace.parts.length)) return null;
    if (new Set(found.map(({ cut }) => cut.of.node)).size > 1) return null;
    const { of } = found[0].cut;
    const whole = this.part(of, this.numbers.said(of.node));
    const inside = found.filter(({ part }) => !same(part.parts[0].value, [0n, 0n]));
    const reached = inside.length > 0 ? inside : found.slice(0, 1);
    this.why.push(this.sentences.say("in_slices", { name: whole.name ?? NO_TEXT, value: whole.text }));
    return operation(
      "add",
      reached.map(({ part, cut }) => this.oneSlice(part, cut)),
    );
  }

  /**
   * @param {Trace} trace
   * @param {{low: bigint, high: bigint | null}} cut
   */
  oneSlice(trace, { low, high }) {
    const [left, rate] = trace.parts;
    const type = typeOf(left.node);
    const ends = this.numbers.operand(type, [low, high ?? low]).text;
    const name = this.sentences.say(high === null ? "slice_above" : "slice_between", { ends });
    const inside = this.numbers.operand(type, left.value, this.sentences.say("in_this_slice"));
    const result = this.numbers.operand(typeOf(trace.node), trace.value);
    const working = operation("multiply", [inside, this.of(rate)]);
    this.lines.push({ name, member: trace.member, working, result, why: [], definition: null, item: null });
    return { ...result, name };
  }
}

/**
 * How an amount was worked out: terms line by line, down to facts and parameters: `fupin_policy/explanation/sum_finder.py`.
 * In: the traces of a household. Out: sums as plain data. Called by `explain`.
 */

import { onDay } from "./contexts.js";
import * as operations from "./operations.js";
import { FALSE } from "./possible.js";
import { joined, words } from "./sentences.js";
import { keptWithin } from "./sumends.js";
import { NumberWords, isOperand, operation } from "./sumwords.js";
import { WorkingOut } from "./sumworking.js";

/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./sumwords.js").SumLine} SumLine */
/** @typedef {import("./sumwords.js").NumberType} NumberType */
/** @typedef {import("./sumworking.js").Opened} Opened */
/** @typedef {import("./rules.js").Policy} Policy */
/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {{earlier: number, lines: SumLine[]}} Sum `earlier`: how many lines stand before these */
/** @typedef {{id: string, title: Words, level: string, policy: Policy}} Named a policy with what the manifest says of it */

const [MOST_LINES, FEW_PERSONS] = [60, 6];

/** Knows the traces of a household as they are written, and those of the snapshot; each line is made once. */
export class SumFinder {
  /**
   * @param {import("./reasons.js").ReasonFinder} finder
   * @param {import("./manifest.js").Manifest} manifest
   * @param {import("./trace.js").Tracer} written traces definitions as they are written
   * @param {number} day
   */
  constructor(finder, manifest, written, day) {
    this.finder = finder;
    this.rules = finder.rules;
    this.sentences = finder.sentences;
    this.numbers = new NumberWords(finder, manifest.decimals);
    this.day = day;
    /** @type {Named[]} */
    this.policies = manifest.policies.map(({ policy: id, title, level }, at) => ({
      ...{ id, title, level },
      policy: finder.rules.policies[at],
    }));
    this.tracer = written;
    this.tracer.defined = finder.deciding.traces.map((found) => found.map(({ value }) => value));
    /** @type {Map<number, Trace[]>} */
    this.written = new Map();
    /** @type {Map<string, {lines: SumLine[], opened: Opened[]}>} */
    this.made = new Map();
  }

  /**
   * A definition as it is written.
   * @param {number} number
   */
  traces(number) {
    const known = this.written.get(number);
    if (known !== undefined) return known;
    const { level, steps, bounded, whole } = this.rules.definitions[number];
    const own = this.finder.deciding.traces[number];
    const at = onDay(bounded ?? steps, this.day);
    const same = at === onDay(steps, this.day) && !this.rules.numbers.has(`${whole}?open`);
    const root = this.rules.nodes[at];
    const found = same ? own : this.tracer.everybody(level).map((one) => this.tracer.trace(root, one));
    this.written.set(number, found);
    return found;
  }

  /**
   * How a policy's amount comes about; null where it gives none, or there is nothing to be worked out.
   * @param {number} number
   * @returns {Sum | null}
   */
  ofAmount(number) {
    const { policy } = this.policies[number];
    if (policy.payable === undefined || onDay(policy.steps, this.day) === null) return null;
    const payable = /** @type {number} */ (this.rules.numbers.get(policy.payable));
    const outcomes = /** @type {Trace[]} */ (this.finder.traces(policy.outcome));
    const receiving = outcomes.flatMap(({ value }, subject) => (value === FALSE ? [] : [subject]));
    if (receiving.length === 0) return null;
    const lines = this.lines(receiving.slice(0, FEW_PERSONS).map((subject) => [payable, subject]));
    if (receiving.length > 1) lines.push(this.ofPersons(payable, receiving));
    else if (tellsNothing(lines)) return null;
    const told = lines.map((line) =>
      line.definition === policy.payable ? this.own(this.policies[number], line) : line,
    );
    return { earlier: Math.max(0, told.length - MOST_LINES), lines: told.slice(-MOST_LINES) };
  }

  /**
   * The line of a policy's amount; of a group of which the highest is drawn it is said what the others are.
   * @param {Named} policy
   * @param {SumLine} line
   * @returns {SumLine}
   */
  own(policy, line) {
    const subject = line.member === null ? 0 : this.finder.members.indexOf(line.member);
    const others = this.rules.groups.flatMap((group) => this.drawn(group, policy, subject));
    return { ...line, name: this.sentences.say("amount"), why: [...line.why, ...others] };
  }

  /**
   * That the amount is the highest of those of a group that are open to the subject, if there are others. What members get
   * counts together against what the household would. Where amounts come at different intervals it is told how often each does.
   * @param {import("./rules.js").Group} group
   * @param {Named} policy
   * @param {number} subject
   */
  drawn({ id, policies, keep, title }, { id: own, level }, subject) {
    if (keep !== "highest" || !policies.includes(own)) return [];
    const pers = this.policies.flatMap((one) => {
      const rule = policies.includes(one.id) ? onDay(one.policy.steps, this.day) : null;
      return rule === null ? [] : [{ ...one, per: rule.per }];
    });
    const yearly = new Set(pers.map(({ per }) => per)).size > 1;
    const others = pers.filter((one) => one.id !== own && this.isOpen(one, level, subject));
    const told = others
      .filter((one) => level === one.level || level === "member")
      .map((one) => {
        const name = this.sentences.say("title_beside", { title: one.title });
        const stated = /** @type {Trace[]} */ (this.finder.traces(one.policy.stated));
        return this.weighed(name, stated[one.level === level ? subject : 0], yearly ? one.per : null);
      });
    if (others.some((one) => one.level !== level)) {
      const [together] = /** @type {Trace[]} */ (this.finder.traces(`together:${id}`));
      told.push(this.weighed(this.sentences.say("what_members_get"), together, yearly ? "year" : null));
    }
    if (told.length === 0) return [];
    const text = joined(told, words("，", ", "));
    return [this.sentences.say("highest_of", { group: this.sentences.text(title), others: text })];
  }

  /**
   * Whether a policy may apply to a subject; of another level, to the household or any of its members.
   * @param {Named} policy
   * @param {string} level
   * @param {number} subject
   */
  isOpen({ policy, level: own }, level, subject) {
    const tests = /** @type {Trace[]} */ (this.finder.traces(policy.condition));
    return (own === level ? tests.slice(subject, subject + 1) : tests).some(({ value }) => value !== FALSE);
  }

  /**
   * @param {Words} name
   * @param {Trace} amount
   * @param {string | null} per
   */
  weighed(name, { node, value }, per) {
    const shown = this.sentences.value(node.type, value);
    return this.sentences.say(per === null ? "weighed" : `weighed_${per}`, { name, value: shown });
  }

  /**
   * The lines of some definitions and of all that they rest on, each once, parts before wholes.
   * @param {Opened[]} roots
   */
  lines(roots) {
    const waiting = [...roots].reverse();
    /** @type {Set<string>} */
    const seen = new Set();
    /** @type {SumLine[]} */
    const found = [];
    while (waiting.length > 0) {
      const one = waiting[waiting.length - 1];
      const key = one.join(" ");
      const { lines, opened } = this.line(one);
      const missing = opened.filter((other) => !seen.has(other.join(" ")));
      if (seen.has(key) || missing.length === 0) {
        waiting.pop();
        if (!seen.has(key)) found.push(...lines);
        seen.add(key);
      } else waiting.push(...missing.reverse());
    }
    return found;
  }

  /**
   * The line of a definition, after those of its parts; and what it names.
   * @param {Opened} opened
   */
  line([definition, subject]) {
    const key = `${definition} ${subject}`;
    const before = this.made.get(key);
    if (before !== undefined) return before;
    const trace = this.traces(definition)[subject];
    const item = this.numbers.item(trace.item);
    const inline = this.notNamed(definition, trace);
    const work = new WorkingOut(this.numbers, (number) => this.traces(number), subject, inline, item);
    const whole = work.of(trace);
    const own = this.finder.deciding.traces[definition][subject];
    const result = this.numbers.operand(/** @type {NumberType} */ (own.node.type), own.value);
    const working = keptWithin(this.numbers, whole, own, "together");
    const [name, why] = [this.numbers.named(definition), distinctOf(work.why)];
    const { id } = this.rules.definitions[definition];
    const lines = [...work.lines, { name, member: trace.member, working, result, why, definition: id, item }];
    const made = { lines, opened: [...work.opened.values()] };
    this.made.set(key, made);
    return made;
  }

  /**
   * What a policy states, where that is all that it gives: it is worked out in the line of the amount.
   * @param {number} definition
   * @param {Trace} trace
   */
  notNamed(definition, { node }) {
    const { definitions } = this.rules;
    if (node.k !== "Cases" || node.parts.length !== 3 || definitions[definition].part !== "payable") return null;
    const value = node.parts[1].k === "Clamp" ? node.parts[1].parts[0] : node.parts[1];
    return value.k === "Ref" && definitions[value.d].part === "stated" ? value.d : null;
  }

  /**
   * What persons receive in all.
   * @param {number} payable
   * @param {number[]} receiving
   * @returns {SumLine}
   */
  ofPersons(payable, receiving) {
    const found = this.finder.deciding.traces[payable];
    const type = /** @type {NumberType} */ (found[0].node.type);
    const values = receiving.map((subject) => found[subject].value);
    const parts = receiving
      .slice(0, FEW_PERSONS)
      .map((subject, at) => this.numbers.operand(type, values[at], null, this.finder.members[subject]));
    if (receiving.length > FEW_PERSONS) {
      const others = this.numbers.others(receiving.length - FEW_PERSONS);
      parts.push(this.numbers.operand(type, operations.add(values.slice(FEW_PERSONS)), others));
    }
    const result = this.numbers.operand(type, operations.add(values));
    const name = this.sentences.say("amount");
    return { name, member: null, working: operation("add", parts), result, why: [], definition: null, item: null };
  }
}

/**
 * Whether there is only a number that was written so.
 * @param {SumLine[]} lines
 */
function tellsNothing(lines) {
  const { working, why } = lines[lines.length - 1];
  return lines.length === 1 && isOperand(working) && working.name === null && why.length === 0;
}

/** @param {Words[]} why */
function distinctOf(why) {
  return [...new Map(why.map((one) => [`${one.zh}\0${one.en}`, one])).values()];
}

/**
 * What decided: the smallest parts of the rules that settled a decision: `fupin_policy/explanation/reasons.py`.
 * In: traces, a rule, its decision's status. Out: reasons. Called by `explain`.
 */

import { allMustHold, decidingParts } from "./deciding.js";
import { negate } from "./operations.js";
import { FALSE, TRUE } from "./possible.js";
import { NO_TEXT, distinct, joined, keyOf } from "./sentences.js";
import { size } from "./text.js";

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {import("./deciding.js").Needs} Needs */
/** @typedef {import("./rules.js").Policy} Policy */
/**
 * @typedef {{text: Words, value: Words, holds: number, members: string[], span: number | null, facts: Needs,
 *   assumed: Set<string>}} Reason `assumed`: which of the facts
 */

/** How long a definition may be, in Chinese, to be told whole beside its name. */
const MAX_WORDS = 60;

/** Looks in the traces of a household for what decided. */
export class ReasonFinder {
  /**
   * @param {import("./tracewords.js").TraceWords} words
   * @param {string[]} members
   * @param {Needs} assumed the facts of which something was assumed
   */
  constructor(words, members, assumed) {
    this.words = words;
    this.sentences = words.sentences;
    this.rules = words.sentences.rules;
    this.deciding = words.deciding;
    this.members = members;
    this.assumed = assumed;
  }

  /** @param {string | undefined} name of a definition */
  traces(name) {
    const number = name === undefined ? undefined : this.rules.numbers.get(name);
    return number === undefined ? null : this.deciding.traces[number];
  }

  /**
   * For each subject (the household, or its members, those who receive first) what decided.
   * @param {Policy} policy
   * @param {string} id
   * @param {boolean} ofMember
   * @param {string} status
   * @returns {Reason[]}
   */
  reasons(policy, id, ofMember, status) {
    const found = /** @type {Trace[]} */ (this.traces(policy.outcome));
    let order = found.map((_, at) => at).sort((one, other) => found[other].value - found[one].value);
    if (status !== "ineligible") order = order.filter((at) => found[at].value !== FALSE);
    if (order.length === 0) return [plain(this.sentences.say("no_members"))];
    return order.flatMap((subject) =>
      this.ofSubject(policy, id, subject).map((one) => ({ ...one, members: ofMember ? [this.members[subject]] : [] })),
    );
  }

  /**
   * Of a policy that chooses among the members, for each what decided whether it is for this one.
   * @param {Policy} policy
   */
  beneficiaries(policy) {
    return (this.traces(policy.beneficiary) ?? []).flatMap((trace, subject) => {
      const { k, parts } = trace.node;
      if (k !== "And" || parts.length !== 2 || parts[1].k === "Const") return [];
      return this.causes(trace.parts[1], subject, null).map((one) => ({ ...one, members: [this.members[subject]] }));
    });
  }

  /**
   * Of a policy for which it is by condition who answers, what decided that for each to whom it may apply.
   * @param {Policy} policy
   * @param {boolean} ofMember
   */
  answering(policy, ofMember) {
    const outcomes = /** @type {Trace[]} */ (this.traces(policy.outcome));
    return (this.traces(policy.answering) ?? []).flatMap((trace, subject) => {
      if (outcomes[subject].value === FALSE) return [];
      const members = ofMember ? [this.members[subject]] : [];
      return this.choosing(trace, subject).map((one) => ({ ...one, members }));
    });
  }

  /**
   * What decided which value of a choice it is, and of the choice in that.
   * @param {Trace} trace
   * @param {number} subject
   * @returns {Reason[]}
   */
  choosing(trace, subject) {
    return trace.parts.flatMap((part) =>
      part.node.type.type === "truth" ? this.causes(part, subject, null) : this.choosing(part, subject),
    );
  }

  /**
   * @param {Policy} policy
   * @param {string} id
   * @param {number} subject
   */
  ofSubject(policy, id, subject) {
    const outcome = /** @type {Trace[]} */ (this.traces(policy.outcome))[subject];
    const own = this.traces(policy.condition);
    const when = own === null ? outcome : own[subject];
    if (outcome.value === FALSE && when.value !== FALSE) {
      const preceded = this.preceded(policy, id, subject);
      return preceded.length > 0 ? preceded : this.causes(outcome, subject, policy);
    }
    // whoever does not fulfil the policy's own condition is not told of others that would be drawn instead
    return this.causes(when.value === FALSE ? when : outcome, subject, policy);
  }

  /**
   * The policies of the same group that are drawn instead.
   * @param {Policy} policy
   * @param {string} id
   * @param {number} subject
   * @returns {Reason[]}
   */
  preceded(policy, id, subject) {
    const own = /** @type {Trace[]} */ (this.traces(policy.outcome));
    return this.rules.groups.flatMap(({ policies, said }) => {
      if (!policies.includes(id)) return [];
      return policies.flatMap((other, at) => {
        const drawn = (this.traces(`outcome:${other}`) ?? []).map(({ value }) => value === TRUE);
        // a household's policy gives way to what any of its members draw, a member's to the household's
        const same = drawn.length === own.length ? drawn.slice(subject, subject + 1) : drawn;
        if (other === id || !same.includes(true)) return [];
        const facts = this.deciding.basis(own[subject], subject, false);
        return [{ ...plain(this.sentences.text(said[at])), facts }];
      });
    });
  }

  /**
   * The deciding parts of a truth. Under an odd number of NOTs (`negated`) a part is said as its contrary. What must all hold
   * is said part by part; where any of several would do and none does, they are one reason.
   * @param {Trace} trace
   * @param {number} subject
   * @param {Policy | null} policy
   * @param {boolean} [negated]
   * @returns {Reason[]}
   */
  causes(trace, subject, policy, negated = false) {
    const { node } = trace;
    switch (node.k) {
      case "Not": {
        const [inner] = trace.parts;
        const alone = node.s !== undefined && inner.node.k !== "And" && inner.node.k !== "Or";
        const found = this.causes(inner, subject, policy, !negated);
        return alone ? found.map((one) => ({ ...one, span: node.s ?? null })) : found;
      }
      case "And":
      case "Or": {
        const parts = decidingParts(trace, negated);
        if (parts.length === 1 || allMustHold(trace, negated))
          return parts.flatMap((part) => this.causes(part, subject, policy, negated));
        const told = parts.map((part) => this.words.worded(part, negated, "or"));
        const facts = this.words.facts(trace, subject, negated);
        const said = joined(distinct(told), this.sentences.say("or"));
        return [this.reason(trace, subject, negated, said, this.words.listed(facts))];
      }
      case "Cases":
        if (node.e !== undefined) return this.byOptions(trace, subject, policy, negated);
        break;
      case "Ref": {
        const { whole } = this.rules.definitions[node.d];
        return policy !== null && (whole === policy.condition || whole === policy.outcome)
          ? this.causes(this.deciding.target(trace, subject), subject, policy, negated)
          : [this.reference(trace, subject, negated)];
      }
    }
    return [this.reason(trace, subject, negated, this.words.asked(trace, negated), this.words.foundIn(trace, subject))];
  }

  /**
   * What decided under each of the options of open readings, with the option; that alone is no reason.
   * @param {Trace} trace
   * @param {number} subject
   * @param {Policy | null} policy
   * @param {boolean} negated
   */
  byOptions({ node }, subject, policy, negated) {
    /** @type {Reason[]} */
    const told = [];
    for (let at = 0; at + 1 < node.parts.length; at += 2) {
      const [test, value] = [node.parts[at], node.parts[at + 1]];
      if (value.k !== "Ref") continue;
      const found = this.deciding.traces[value.d];
      const supposed = this.sentences.text(test.n);
      const reasons = this.causes(found[Math.min(subject, found.length - 1)], subject, policy, negated);
      const resting = reasons.filter(({ facts }) => facts.size > 0);
      for (const one of resting.length > 0 ? resting : reasons)
        told.push({ ...one, text: this.sentences.say("supposed", { supposed, text: one.text }) });
    }
    return told;
  }

  /**
   * A named condition, what it means, and what in it decided.
   * @param {Trace} trace
   * @param {number} subject
   * @param {boolean} negated
   */
  reference(trace, subject, negated) {
    let said = this.words.asked(trace, negated);
    let facts = this.words.facts(trace, subject, negated);
    if (this.rules.definitions[trace.node.d].part === "term" && !negated) {
      let target = this.deciding.target(trace, subject);
      const [whole, deciding] = [false, true].map((only) => this.words.worded(target, false, null, only));
      const asked = size(whole.zh) <= MAX_WORDS;
      if (asked) said = this.sentences.say("that_is", { said, whole });
      else if (size(deciding.zh) <= MAX_WORDS) said = this.sentences.say("of_which", { said, deciding });
      while ((target.node.k === "And" || target.node.k === "Or") && target.parts.length === 1) [target] = target.parts;
      // the one thing asked about was just named
      if (!["And", "Or", "Not", "Ref", "Items", "Const"].includes(target.node.k))
        facts = [{ subject: null, value: this.words.foundIn(target, subject, asked) }];
    }
    return this.reason(trace, subject, negated, said, this.words.listed(facts));
  }

  /**
   * @param {Trace} trace
   * @param {number} subject
   * @param {boolean} negated
   * @param {Words} text
   * @param {Words} value
   * @returns {Reason}
   */
  reason(trace, subject, negated, text, value) {
    const holds = negated ? negate(trace.value) : trace.value;
    const facts = this.deciding.basis(trace, subject, negated);
    const assumed = new Set([...facts.keys()].filter((key) => this.assumed.has(key)));
    return { text, value, holds, members: [], span: trace.node.s ?? null, facts, assumed };
  }

  /**
   * Whether all facts that a reason rests on were assumed, some of them (false), or none (null).
   * @param {Reason} reason
   */
  taken({ facts, assumed }) {
    return assumed.size === 0 ? null : assumed.size === facts.size;
  }

  /**
   * The same reason of several members becomes one that names them all.
   * @param {Reason[]} reasons
   * @returns {Reason[]}
   */
  merged(reasons) {
    /** @type {Map<string, Reason>} */
    const found = new Map();
    for (const one of reasons) {
      const key = JSON.stringify([keyOf(one.text), keyOf(one.value), one.holds, one.span, this.taken(one)]);
      const before = found.get(key);
      if (before === undefined) found.set(key, { ...one, facts: new Map(one.facts), assumed: new Set(one.assumed) });
      else {
        before.members = [...new Set([...before.members, ...one.members])];
        for (const [name, need] of one.facts) before.facts.set(name, need);
        for (const name of one.assumed) before.assumed.add(name);
      }
    }
    return [...found.values()];
  }
}

/**
 * A reason that is no part of a rule.
 * @param {Words} text
 * @returns {Reason}
 */
function plain(text) {
  return { text, value: NO_TEXT, holds: FALSE, members: [], span: null, facts: new Map(), assumed: new Set() };
}

/**
 * Traced conditions in words: what a part asks, and what was found: `fupin_policy/explanation/trace_words.py`.
 * In: traces. Out: texts in both languages. Called by `reasons` and `keptrows`.
 */

import { allMustHold, decidingParts } from "./deciding.js";
import { STATUSES } from "./notation.js";
import { FALSE, TRUE, UNKNOWN } from "./possible.js";
import { NO_TEXT, distinct, joined, keyOf, words } from "./sentences.js";
import { testsAndValues } from "./trace.js";

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {{subject: Words | null, value: Words}} NamedValue a value, and what it is the value of, where that is one thing */

const [MAX_INNER, FEW_MEMBERS] = [3, 3];
/** Through how many names what was found is followed down to facts. */
const MAX_DEPTH = 8;
const MORE = words("…");

/** Puts traced parts in words. */
export class TraceWords {
  /**
   * @param {import("./sentences.js").Sentences} sentences
   * @param {import("./deciding.js").DecidingParts} deciding
   * @param {string[]} members their ids, in order
   * @param {Map<string, Words>} lists what each list is called
   */
  constructor(sentences, deciding, members, lists) {
    this.sentences = sentences;
    this.deciding = deciding;
    this.members = members;
    this.lists = lists;
    this.semicolon = sentences.say("semicolon");
    this.nothingKnown = keyOf(sentences.say("nothing_known"));
    /** @type {Map<Trace, Map<string, NamedValue[]>>} */
    this.known = new Map();
  }

  /**
   * What was found of all that decided, not much more than can be said. What is asked twice is visited once.
   * @param {Trace} trace
   * @param {number} subject
   * @param {boolean} negated
   * @param {number} [depth]
   * @param {boolean} [said] what is compared both sides have no names of their own
   * @returns {NamedValue[]}
   */
  facts(trace, subject, negated, depth = MAX_DEPTH, said = false) {
    if (!this.known.has(trace)) this.known.set(trace, new Map());
    const known = /** @type {Map<string, NamedValue[]>} */ (this.known.get(trace));
    const key = `${subject} ${negated} ${depth} ${said}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    /** @type {Map<string, NamedValue>} */
    const found = new Map();
    for (const one of this.found(trace, subject, negated, depth, said)) {
      const name = JSON.stringify([one.subject, one.value]);
      if (!found.has(name)) found.set(name, one);
    }
    const kept = [...found.values()].slice(0, MAX_INNER + 1);
    known.set(key, kept);
    return kept;
  }

  /**
   * @param {Trace} trace
   * @param {number} subject
   * @param {boolean} negated
   * @param {number} depth
   * @param {boolean} said
   * @returns {NamedValue[]}
   */
  found(trace, subject, negated, depth, said) {
    const { node } = trace;
    switch (node.k) {
      case "Not":
        return this.facts(trace.parts[0], subject, !negated, depth, said);
      case "And":
      case "Or":
        return decidingParts(trace, negated).flatMap((part) => this.facts(part, subject, negated, depth));
      case "Const":
        return [];
      case "Ref": {
        const { part, title } = this.sentences.rules.definitions[node.d];
        if (part === "outcome")
          return [
            {
              subject: this.sentences.text(title),
              value: this.sentences.say(`explained_${STATUSES[trace.value]}`),
            },
          ];
        const target = this.deciding.target(trace, subject);
        if (depth > 0 && target.node.k !== "Const") return this.facts(target, subject, negated, depth - 1);
      }
    }
    return [{ subject: this.subject(trace), value: this.foundIn(trace, subject, said) }];
  }

  /**
   * What was found, as one text.
   * @param {NamedValue[]} facts
   */
  listed(facts) {
    if (facts.length > 0 && facts.every(({ value }) => keyOf(value) === this.nothingKnown)) return facts[0].value;
    return this.shortList(
      facts.map(({ subject, value }) =>
        subject === null ? value : this.sentences.say("named", { name: subject, value }),
      ),
    );
  }

  /**
   * What a part without joints came to: its operands, or for whom it holds.
   * @param {Trace} trace
   * @param {number} subject
   * @param {boolean} [said]
   * @returns {Words}
   */
  foundIn(trace, subject, said = true) {
    if (trace.node.k === "Items")
      return trace.node.l === "member" ? this.ofMembers(trace, said) : this.ofList(trace, subject, said);
    return trace.node.k === "Const" ? NO_TEXT : this.operands(trace, said);
  }

  /**
   * The one thing that a part asks about, if it is one.
   * @param {Trace} trace
   */
  subject({ node, parts }) {
    if (["Cases", "Gather", "Items", "Const"].includes(node.k)) return null;
    const named = (node.k === "Compare" || node.k === "OneOf" ? parts.map((part) => part.node) : [node]).filter(
      ({ n }) => n !== undefined,
    );
    return named.length === 1 ? this.sentences.text(named[0].n) : null;
  }

  /**
   * Of whether any member fulfils something: who does, or why nobody does.
   * @param {Trace} trace
   * @param {boolean} said
   */
  ofMembers(trace, said) {
    const tests = trace.parts;
    const bits = trace.value;
    let chosen = tests.flatMap((test, at) => (test.value === bits ? [at] : []));
    if (bits === TRUE) chosen = chosen.slice(0, 1);
    if (tests.length === 0) return this.sentences.say("no_members");
    if (bits === FALSE && tests.length > FEW_MEMBERS)
      return this.sentences.say("no_member_fits", { count: tests.length });
    const told = chosen.slice(0, FEW_MEMBERS).map((at) => this.ofMember(tests[at], at, said));
    return this.shortList(chosen.length > FEW_MEMBERS ? [...told, MORE] : told, FEW_MEMBERS + 1);
  }

  /**
   * Of how many items there are how many are chosen, and a few of these: `就医记录 3 项中 2 项符合：…`.
   * @param {Trace} trace
   * @param {number} subject
   * @param {boolean} said
   */
  ofList(trace, subject, said) {
    const { tests } = testsAndValues(trace);
    const known = tests.filter(({ item }) => item !== null && item.number !== null);
    const name = /** @type {Words} */ (this.lists.get(/** @type {string} */ (trace.node.l)));
    const further = known.length < tests.length;
    const bits = known.map(({ value }) => value);
    if (bits.length === 0) return this.sentences.say(further ? "items_not_known" : "no_items", { name });
    const counts = [TRUE, UNKNOWN].map((one) => bits.filter((other) => other === one).length);
    let chosen = known.filter(({ value }) => value !== FALSE);
    let counted = this.counted(name, bits.length, further, counts, this.sentences.say("fit"));
    if (!further && chosen.length === 0) {
      counted = this.sentences.say("no_item_fits", { name, count: bits.length });
      chosen = known.length <= FEW_MEMBERS ? known : [];
    }
    const told = chosen.slice(0, FEW_MEMBERS).map((one) => this.ofItem(one, subject, said));
    const found = this.shortList(chosen.length > FEW_MEMBERS ? [...told, MORE] : told, FEW_MEMBERS + 1);
    return found.zh ? this.sentences.say("named", { name: counted, value: found }) : counted;
  }

  /**
   * Of how many items of a list how many are chosen: surely, and perhaps.
   * @param {Words} name
   * @param {number} count
   * @param {boolean} further
   * @param {number[]} chosen
   * @param {Words} what
   */
  counted(name, count, further, [sure, maybe], what) {
    const told = sure > 0 || maybe === 0 ? [this.sentences.say("chosen", { count: sure, what })] : [];
    if (maybe > 0) told.push(this.sentences.say("perhaps_chosen", { count: maybe }));
    const said = joined(told, words("，", ", "));
    return this.sentences.say(further ? "of_items_at_least" : "of_items", { name, count, chosen: said });
  }

  /**
   * @param {Trace} test
   * @param {number} subject
   * @param {boolean} said
   */
  ofItem(test, subject, said) {
    const found = this.listed(this.facts(test, subject, false, MAX_DEPTH, said));
    const own = this.sentences.say("item", { number: (test.item?.number ?? 0) + 1 });
    return found.zh ? this.sentences.say("with_remark", { text: own, remark: found }) : own;
  }

  /**
   * @param {Trace} test
   * @param {number} subject
   * @param {boolean} said
   */
  ofMember(test, subject, said) {
    const name = this.members[subject];
    const found = this.listed(this.facts(test, subject, false, MAX_DEPTH, said));
    return found.zh ? this.sentences.say("named", { name, value: found }) : words(name);
  }

  /**
   * The value of an operand; of whether there is a date, that there is one or none.
   * @param {Trace} trace
   */
  shown({ node, value }) {
    if (node.k === "Fact" && node.d !== undefined && value !== UNKNOWN)
      return this.sentences.say(value === TRUE ? "there_is" : "there_is_none");
    return this.sentences.value(node.type, value);
  }

  /**
   * What is asked.
   * @param {Trace} trace
   * @param {boolean} negated
   */
  asked({ node }, negated) {
    return this.sentences.text(node.q?.[negated ? 1 : 0]);
  }

  /**
   * A condition in words with its joints, or only its parts that decided; `within` what it is joined to.
   * @param {Trace} trace
   * @param {boolean} negated
   * @param {"and" | "or" | null} within
   * @param {boolean} [deciding]
   * @returns {Words}
   */
  worded(trace, negated, within, deciding = false) {
    switch (trace.node.k) {
      case "Not":
        return this.worded(trace.parts[0], !negated, within, deciding);
      case "And":
      case "Or": {
        const parts = deciding ? decidingParts(trace, negated) : trace.parts;
        if (parts.length === 1) return this.worded(parts[0], negated, within, deciding);
        const own = allMustHold(trace, negated) ? "and" : "or";
        const told = parts.map((part) => this.worded(part, negated, own, deciding));
        const text = joined(distinct(told), this.sentences.say(own));
        return within === null || within === own ? text : this.sentences.say("in_parentheses", { text });
      }
      default:
        return this.asked(trace, negated);
    }
  }

  /**
   * What the operands were: `59 岁` where one was asked about, else each with its name: `年龄：59 岁`.
   * @param {Trace} trace
   * @param {boolean} said
   */
  operands(trace, said) {
    const { node } = trace;
    const whole = ["Compare", "OneOf", "Cases", "Gather"].includes(node.k);
    let known = (whole ? trace.parts : [trace]).filter((part) => part.node.n !== undefined);
    if (node.k === "Cases" || node.k === "Gather") known = known.filter((part) => part.node.type.type === "truth");
    // the day that both ends are reckoned from
    if (node.k === "Compare" && node.w !== undefined) known = [known[0].parts[0]];
    const shown = known.map((part) => ({ name: this.sentences.text(part.node.n), value: this.shown(part) }));
    const turn = said && node.k === "Compare" ? node.r !== undefined : null;
    return { zh: this.operandsIn(shown, turn, "zh"), en: this.operandsIn(shown, turn, "en") };
  }

  /**
   * Of two operands that were just compared, in which order is known, without the names.
   * @param {{name: Words, value: Words}[]} told
   * @param {boolean | null} turn
   * @param {"zh" | "en"} language
   */
  operandsIn(told, turn, language) {
    const shown = new Map(told.map(({ name, value }) => [name[language], value[language]]));
    const values = [...shown.values()];
    if (values.length === 1) return values[0];
    if (turn !== null && values.length === 2) {
      const [first, second] = turn ? values.reverse() : values;
      return this.sentences.say("compared", { first, second })[language];
    }
    const named = [...shown].map(([name, value]) => this.sentences.say("named", { name, value })[language]);
    return named.join(words("，", ", ")[language]);
  }

  /**
   * Several short texts as one, no more than `most`.
   * @param {Words[]} items
   * @param {number} [most]
   */
  shortList(items, most = MAX_INNER) {
    const kept = distinct(items.filter(({ zh }) => zh));
    return joined([...kept.slice(0, most), ...(kept.length > most ? [MORE] : [])], this.semicolon);
  }
}

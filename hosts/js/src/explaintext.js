/**
 * An explanation as lines to be read or read out: `fupin_policy/explanation/explanation.py`.
 * In: an explanation, a language. Out: a text. Called by `index`.
 */

import { isoOf } from "./days.js";
import { SumText } from "./sumtext.js";
import { NO_TEXT, joined, keyOf } from "./sentences.js";

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("../index.d.ts").Decision} Decision */
/** @typedef {import("../index.d.ts").Departments} Departments */
/** @typedef {import("../index.d.ts").Missing} Missing */
/** @typedef {import("./reasons.js").Reason} Reason */
/** @typedef {import("./reasons.js").ReasonFinder} ReasonFinder */
/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./sentences.js").Language} Language */
/** @typedef {import("./explain.js").Told} Told */

/** Puts the explanations of one household in one language. */
export class ExplanationText {
  /**
   * @param {ReasonFinder} finder
   * @param {import("./sumfinder.js").SumFinder} sums
   * @param {Manifest} manifest
   * @param {Language} language
   * @param {number | null} previous the day of an earlier result that was given
   */
  constructor(finder, sums, manifest, language, previous) {
    this.sums = new SumText(sums.numbers, language);
    this.previous = previous;
    this.finder = finder;
    this.sentences = finder.sentences;
    this.rules = finder.rules;
    this.manifest = manifest;
    this.language = language;
    this.colon = this.say("colon");
    this.comma = language === "zh" ? "，" : ", ";
    this.stop = this.say("comma");
    this.nothingKnown = keyOf(this.sentences.say("nothing_known"));
  }

  /**
   * @param {string} name
   * @param {Record<string, Words | string | number>} [parts]
   */
  say(name, parts) {
    return this.sentences.say(name, parts)[this.language];
  }

  /** @param {string} text */
  beside(text) {
    return this.language === "zh" ? `（${text}）` : ` (${text})`;
  }

  /**
   * Several lines.
   * @param {Told} told
   */
  of(told) {
    const { data, reasons, sum, whom, bodies, rule } = told;
    const { decision } = data;
    const [language, colon] = [this.language, this.colon];
    const { status } = decision;
    const head = `${decision.title[language]}${colon}${this.say(`explained_${status}`)}${this.beside(data.as_of)}`;
    const particulars = this.particulars(told).flatMap(([name, text]) => (text ? [`  ${name}${colon}${text}`] : []));
    /** @type {(name: string, some: Reason[]) => string[]} */
    const under = (name, some) =>
      some.length === 0 ? [] : [this.heading(name), ...some.map((one) => `    ${this.reason(one)}`)];
    return [
      head,
      ...(data.trial?.length ? [`  ${this.say("trial")}: ${data.trial.join("; ")}`] : []),
      ...particulars,
      ...under(`heading_${status}`, reasons),
      ...under(rule?.pays ? "whom_pays" : "whom", whom),
      ...under("which_department", bodies),
      ...(sum === null ? [] : [this.heading("calculation"), ...this.sums.lines(sum).map((line) => `    ${line}`)]),
      ...(decision.missing.length > 0 ? [`  ${this.say("missing")}${colon}${this.missing(decision.missing)}`] : []),
      ...this.assumed(decision),
      ...this.derived(told),
      ...data.notes.map((note) => `  ${note[language]}`),
      ...this.remark(told).map((line) => `  ${line}`),
    ].join("\n");
  }

  /** @param {string} name */
  heading(name) {
    return `  ${this.say(name)}${this.colon.trimEnd()}`;
  }

  /**
   * A reason as a line: `满足：m1：年龄不小于 60 岁（实际：60 岁）`.
   * @param {Reason} reason
   */
  reason(reason) {
    const { text, value, holds, members } = reason;
    const taken = this.finder.taken(reason);
    const name = taken === null ? `found_${holds}` : taken ? "assumed_all" : "assumed_some";
    const said = this.say(keyOf(value) === this.nothingKnown ? "not_known_yet" : name, { value });
    const whose = members.length > 0 ? members.join(this.stop) + this.colon : "";
    const found = value[this.language] ? this.beside(said) : "";
    return `${this.say(`holds_${holds}`)}${this.colon}${whose}${text[this.language]}${found}`;
  }

  /**
   * What there is to say of the decision itself, under its heading; empty where there is nothing.
   * @param {Told} told
   * @returns {[name: string, text: string][]}
   */
  particulars({ data: { decision }, rule }) {
    const { language } = this;
    const refused = decision.status === "ineligible";
    const kind = rule?.pays ? "paying" : "benefiting";
    const { audience, section, departments, force } = decision;
    const among =
      audience === undefined || audience.own === null ? "perhaps_among" : audience.own ? "among" : "not_among";
    const open = decision.status === "eligible" && decision.members.length === 0 ? decision.possible_beneficiaries : [];
    const cited = decision.basis.map(({ source, clause }) => {
      const [zh, en] = this.rules.sources[source];
      return `${language === "zh" ? zh : en} ${clause}`.trim();
    });
    return [
      [this.say("for"), audience === undefined ? "" : audience[language] + this.beside(this.say(among))],
      [this.say("section"), section?.[language] ?? ""],
      [this.say("force"), force === "entitlement" ? "" : this.say(`force_${force}`)],
      [this.say("amount"), refused ? "" : this.amount(decision, rule)],
      [this.say(kind), decision.beneficiaries.join(this.stop)],
      [this.say(`perhaps_${kind}`), open.join(this.stop)],
      [this.say("lead"), this.bodies(departments.lead, departments.possible_lead)],
      [this.say("cooperating"), this.bodies(departments.cooperating, departments.possible_cooperating)],
      [this.say("by_member"), this.byMember(decision)],
      [this.say("open_departments"), this.missing(departments.missing ?? [])],
      [this.say("to_obtain"), refused || decision.obtain === null ? "" : this.obtain(decision.obtain)],
      [this.say("basis"), cited.join(this.say("semicolon"))],
    ];
  }

  /**
   * The decision's amount with its period.
   * @param {Decision} decision
   * @param {import("./rules.js").RuleVersion | null} rule
   */
  amount({ amount }, rule) {
    const type = rule?.amount ?? null;
    if (amount === null || type === null || type.type !== "number") return "";
    const ends = /** @type {[bigint, bigint]} */ ([amount.min, amount.max].map((end) => BigInt(end.replace(".", ""))));
    return this.say(`amount_per_${amount.per}`, { amount: this.sentences.ends(type, ends) });
  }

  /**
   * `县民政局、县残联（可能）`: those who answer, and those who may.
   * @param {readonly Words[]} sure
   * @param {readonly Words[]} [may]
   */
  bodies(sure, may = []) {
    const maybe = this.beside(this.say("possibly"));
    return [...sure.map((one) => one[this.language]), ...may.map((one) => one[this.language] + maybe)].join(this.stop);
  }

  /**
   * Who answers for whom; empty where the same do for all.
   * @param {Decision} decision
   */
  byMember({ members }) {
    /** @type {Map<string, {departments: Departments, ids: string[]}>} */
    const found = new Map();
    for (const { member, departments } of members) {
      if (departments === undefined) continue;
      const key = JSON.stringify(departments);
      const known = found.get(key);
      if (known === undefined) found.set(key, { departments, ids: [member] });
      else known.ids.push(member);
    }
    if (found.size < 2) return "";
    const told = [...found.values()].map(({ departments, ids }) => {
      const lead = this.bodies(departments.lead, departments.possible_lead);
      const others = this.bodies(departments.cooperating, departments.possible_cooperating);
      const joining = others ? this.beside(this.say("cooperating_with", { bodies: others })) : "";
      return `${ids.join(this.stop)}${this.colon}${lead}${joining}`;
    });
    return told.join(this.say("semicolon"));
  }

  /**
   * `申请；受理部门：市民政局；材料：户口簿、残疾证；30 天内办结；电话：0536-4221234`.
   * @param {import("../index.d.ts").Obtain} obtain
   */
  obtain({ how, where, documents, days, working_days: working, phone }) {
    const { sentences } = this;
    const found = [sentences.say(`by_${how}`)];
    if (where !== null) found.push(sentences.say("where_to_go", { where }));
    if (documents.length > 0) {
      const named = documents.map(({ zh, en, when }) =>
        when === undefined ? { zh, en } : sentences.say("document_if", { name: { zh, en }, when }),
      );
      found.push(sentences.say("bring", { names: joined(named, sentences.say("comma")) }));
    }
    if (days !== null) found.push(sentences.say(days === 1 ? "settled_in_1" : "settled_in", { days }));
    if (working !== undefined)
      found.push(sentences.say(working === 1 ? "settled_in_1_working" : "settled_in_working", { days: working }));
    if (phone !== null) found.push(sentences.say("telephone", { phone }));
    return joined(found, sentences.say("semicolon"))[this.language];
  }

  /** @param {readonly Missing[]} missing */
  missing(missing) {
    return missing.map((one) => this.wanted(one)).join(this.stop);
  }

  /** @param {Missing} missing */
  wanted({ fact, label, member }) {
    if (fact.startsWith("parameter.")) {
      const name = fact.slice("parameter.".length);
      const [zh, en, own, english] = this.rules.parameters[name];
      const reading = this.manifest.parameters.find((one) => one.name === name)?.reading;
      return reading === undefined
        ? this.say("value_of", { name: { zh: own, en: english } })
        : this.say("which_option", { name: { zh, en } });
    }
    const text = this.sentences.say("quoted", { name: { zh: label, en: this.english(fact) } });
    return member === undefined ? text[this.language] : this.say("of_member", { member, text });
  }

  /**
   * What a fact is called in English, by its name in decisions: `wage 2019-05`, `supporters`, `supporters[2].age`.
   * @param {string} fact
   * @returns {string}
   */
  english(fact) {
    const item = /^(\w+)\[(\d+)\]\.(.+)$/.exec(fact);
    if (item !== null) {
      const list = this.manifest.lists.find(({ name }) => name === item[1]);
      return `${this.english(item[3])} (item ${item[2]} of ${list?.label.en})`;
    }
    const known = this.rules.english[fact];
    if (known !== undefined) return known;
    const list = this.manifest.lists.find(({ name }) => name === fact);
    if (list !== undefined) return `${list.label.en} (which there are)`;
    const [, series, period] = /^(.*) (\S+)$/.exec(fact) ?? ["", fact, ""];
    return `${this.rules.english[series]} ${period}`;
  }

  /**
   * What was not given and was assumed, a line each with the reason.
   * @param {Decision} decision
   */
  assumed({ assumed }) {
    const lines = assumed.map(({ fact, label, member, value }) => {
      const name = this.language === "zh" ? label : this.english(fact);
      const said = `${member === undefined ? "" : `${member}.`}${name}=${value[this.language]}`;
      return `    ${said}${this.beside(this.why(fact)[this.language])}`;
    });
    return lines.length > 0 ? [this.heading("not_given"), ...lines] : [];
  }

  /**
   * Why something is assumed of a fact.
   * @param {string} fact
   */
  why(fact) {
    const { facts, lists } = this.manifest;
    const name = /^\w+\[\d+\]\.(.+)$/.exec(fact)?.[1] ?? fact;
    const declared = facts.find((one) => one.name === name) ?? lists.find((one) => one.name === name);
    const series = facts.find((one) => one.series?.name === name.split(" ")[0]);
    const told = facts.find((one) => one.name === name)?.previous ?? null;
    if (told !== null && this.previous !== null) return this.sentences.say("result_of", { date: isoOf(this.previous) });
    return (declared ?? series)?.absent?.why ?? NO_TEXT;
  }

  /**
   * What numbers of identity tell more than is given, a line for each such number.
   * @param {Told} told
   */
  derived({ derived }) {
    /** @type {Map<string, string[]>} */
    const numbers = new Map();
    for (const { fact, label, member, number } of derived) {
      const declared = this.manifest.facts.find((one) => one.name === number);
      const name = this.language === "zh" ? (declared?.label ?? number) : this.english(number);
      const said = this.language === "zh" ? label : this.english(fact);
      numbers.set(name, [...(numbers.get(name) ?? []), `${member === undefined ? "" : `${member}.`}${said}`]);
    }
    return [...numbers].map(
      ([number, facts]) => `  * ${this.say("from_number", { number, facts: facts.join(this.stop) })}`,
    );
  }

  /**
   * The figures that were used, whether any is not enacted, and where the rules are written.
   * @param {Told} told
   */
  remark({ data, uses, reasons }) {
    const at = this.language === "zh" ? 0 : 1;
    /** @type {string[]} */
    const lines = [];
    if (uses.length > 0 && data.in_force) {
      lines.push(this.say("figures_used"));
      for (const { use, called, beside } of uses)
        lines.push(`  ${called[at]}${this.colon}${use.value[this.language]}${this.beside(beside[at])}`);
    }
    if (data.decision.provisional && data.in_force) lines.push(this.say("provisional"));
    const written = reasons.flatMap(({ span }) => {
      const [place, text] = span === null ? ["", ""] : this.rules.spans[span];
      if (!place || !text) return [];
      const name = place.slice(place.lastIndexOf("/") + 1);
      // the author's words are not translated
      return [at === 0 ? `${name}　${text.trim().split(/\s+/).join(" ")}` : name];
    });
    if (written.length > 0) lines.push(this.say("written_in"), ...[...new Set(written)].map((one) => `  ${one}`));
    return lines;
  }
}

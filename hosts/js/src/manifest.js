/**
 * What a compiled ruleset says about itself, with types as the readers take them.
 * In: the text of the section `fupin.manifest`. Out: `Manifest`. Called by `artifact`.
 */

import { parseJson } from "./jsontext.js";

export const ABI = 5;

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {{type: "truth"}} TruthType */
/** @typedef {{type: "number", scale: number, one: bigint, low: bigint, high: bigint}} NumberType `one` is 10**scale */
/** @typedef {{type: "date", low: number, high: number}} DayType */
/** @typedef {{type: "code", code_list: string, size: number}} CodeType */
/** @typedef {TruthType | NumberType | DayType | CodeType} Type */
/** @typedef {{code: string, name: string, label: string}} CodeDecl */
/** @typedef {"u8" | "u16" | "u32" | "u64" | "i32" | "i64"} Storage */
/** @typedef {{part: "both" | "low" | "high" | "outcome" | "offsets" | "more", storage: Storage, pointer: number}} Column */
/** @typedef {{name: string, level: string, past: boolean, required: boolean, columns: Column[], type: Type}} Input */
/** @typedef {Words & {value: import("./possible.js").Value, why: Words}} Assumption what is taken where nothing is given */
/**
 * @typedef {{name: string, label: string, aliases: string[], level: string, kind: import("../index.d.ts").Fact["kind"], past: boolean,
 *   required: boolean, type: Type | null, absent: Assumption | null, given: string | null, previous: string | null,
 *   series: Series | null, ago: number, number: NumberFormat | null}} Fact `type` is that of values as they are given; null for text. `given`: of a date
 *   that may be none the fact that says whether there is such a day; `previous`: the policy of which it tells what an
 *   earlier result says; `series`: it is its value of `ago` months or years ago
 */
/**
 * @typedef {{name: string, label: Words, of: "household" | "member", most: number, absent: Assumption | null, order: string[], offsets: Column,
 *   more: Column, inputs: Input[]}} List what a household, or each member (`of`), has several of; `absent`: nothing given means
 *   that there are none; `order`: the facts by which items are told apart
 */
/** @typedef {{list: string, start: number, names: string[]}} ItemNeeds of a list where its items' needs begin */
/**
 * @typedef {{kind: string | null, birth?: string, sex?: {fact: string, male: number, female: number}, unique?: boolean}} NumberFormat
 *   a number of identity: the facts that it tells, and the masks of the codes of the sexes
 */
/**
 * @typedef {{name: string, label: string, aliases: string[], each: "month" | "year"}} Series a fact by month or year
 */
/**
 * @typedef {{id: string, role: "outcome" | "amount" | "figure" | "beneficiary" | "lead" | "audience" | "document", level: string, question: number,
 *   columns: Column[]}} Output `question`: where among the needs it stands
 */
/**
 * @typedef {{policy: string, title: Words, level: string, has_amount: boolean, outcome: Output,
 *   amount: Output | null, beneficiary: Output | null, beside: Output[], audience: Named | null,
 *   section: Named | null}} Policy `beneficiary`: for which members it is, where it chooses; `beside`: which of its answers it
 *   is, where that is by condition, whether its audience is the household's, where it names one, and whether documents are
 *   needed
 */
/** @typedef {Words & {name: string}} Named */
/** @typedef {{severity: "warn" | "reject", words: Words}} Check */
/**
 * @typedef {{figure: string, label: Words, level: string, unit_label: Words | null, decimals: number, due: boolean,
 *   check?: Check, type: Type, output: Output}} Figure `check`: it is a check of data
 */
/**
 * @typedef {{how: import("../index.d.ts").Obtain["how"], where: number | null, documents: Document[], days: number | null,
 *   working_days?: number, phone: string | null}} Obtain `where`: the number of a body
 */
/** @typedef {Words & {when?: Words, asked?: number}} Document `asked`: which of the policy's documents by condition it is */
/** @typedef {Words & {place: string | null}} Body `place`: stands for the office of the household's own place */
/** @typedef {{lead: number[], cooperating: number[]}} Answer who answers, by numbers of bodies */
/**
 * @typedef {{lead: number[], cooperating: number[], answers?: Answer[], basis: {source: string, clause: string}[], per: string,
 *   provisional: boolean, provisional_refusal: boolean, force: import("../index.d.ts").Force,
 *   obtain: Obtain | null, starts?: "next_month" | "same_month"}} Frame what of a decision depends only on the date; `starts`: whose
 *   day's circumstances count, where its first day is asked for and it is not that day itself
 */
/**
 * @typedef {object} Manifest
 * @property {string} ruleset
 * @property {string} digest
 * @property {string[]} [trial] values of parameters that are only tried
 * @property {Words} title
 * @property {[number, number]} covers
 * @property {number[]} breakpoints
 * @property {string} currency
 * @property {number} decimals
 * @property {number} min_members
 * @property {number} max_members
 * @property {Record<string, string>} identifiers
 * @property {Record<string, number>} header
 * @property {Record<string, CodeDecl[]>} code_lists
 * @property {Fact[]} facts
 * @property {Input[]} householdInputs
 * @property {Input[]} memberInputs
 * @property {Record<string, string[]>} terms by every word for a term the labels of the facts that it is worked out from
 * @property {{name: string, label: string, reading?: object}[]} parameters readings name their clause
 * @property {List[]} lists
 * @property {{household: string[], member: string[], items: ItemNeeds[], stride: number, questions: number}} needs what may be
 *   missing, by name
 * @property {Output[]} outputs
 * @property {Policy[]} policies
 * @property {Figure[]} figures
 * @property {Body[]} bodies
 * @property {Record<string, (Words | null)[]>} places by the input that names the place, for each of its codes the office there
 * @property {Frame[]} frames
 * @property {[day: number, frame: number][][]} stretches for each policy which frame holds from which day on
 * @property {[day: number, provisional: boolean][][]} provisional for each figure
 */

/**
 * The manifest of a text, frozen as users are given parts of it. Throws an Error for one of another version.
 * @param {string} text
 * @returns {Manifest}
 */
export function manifestOf(text) {
  const raw = /** @type {any} */ (parseJson(text));
  if (raw.abi !== ABI)
    throw new Error(`the artifact has version ${raw.abi} of the interface; this package reads version ${ABI}`);
  /** @type {(some: any[]) => Input[]} */
  const typed = (some) => some.map((one) => ({ ...one, type: /** @type {Type} */ (typeOf(one, 0)) }));
  const inputs = typed(raw.inputs);
  /** @type {(role: Output["role"], id: string) => Output} */
  const output = (role, id) => raw.outputs.find((/** @type {Output} */ one) => one.role === role && one.id === id);
  return frozen({
    ...raw,
    title: words(raw.title),
    facts: raw.facts.map((/** @type {any} */ one) => ({
      ...one,
      type: typeOf(one, one.power),
      absent: one.absent === undefined ? null : assumption(one.kind, one.absent),
      given: one.given ?? null,
      previous: one.previous ?? null,
      series: one.series ?? null,
      ago: one.ago ?? 0,
      number: one.number === undefined ? null : { ...one.number, kind: one.number.kind ?? null },
    })),
    householdInputs: inputs.filter((one) => one.level !== "member"),
    memberInputs: inputs.filter((one) => one.level === "member"),
    lists: (raw.lists ?? []).map((/** @type {any} */ one) => ({
      ...one,
      label: words(one.label),
      absent: one.absent === undefined ? null : assumption("truth", one.absent),
      inputs: typed(one.inputs),
    })),
    needs: { ...raw.needs, items: raw.needs.items ?? [] },
    policies: raw.policies.map((/** @type {any} */ one) => ({
      ...one,
      title: words(one.title),
      outcome: output("outcome", one.policy),
      amount: one.has_amount ? output("amount", one.policy) : null,
      beneficiary: output("beneficiary", one.policy) ?? null,
      beside: [
        output("lead", one.policy),
        output("audience", one.audience?.name),
        ...raw.outputs.filter(
          (/** @type {Output} */ found) => found.role === "document" && found.id.split("/")[0] === one.policy,
        ),
      ].filter((found) => found),
      audience: one.audience === undefined ? null : named(one.audience),
      section: one.section === undefined ? null : named(one.section),
    })),
    figures: raw.figures.map((/** @type {any} */ one) => ({
      ...one,
      label: words(one.label),
      unit_label: one.unit_label && words(one.unit_label),
      ...(one.check && { check: { severity: one.check.severity, words: words(one.check.words) } }),
      type: typeOf(one, 0),
      output: output("figure", one.figure),
    })),
    frames: raw.frames.map((/** @type {any} */ one) => ({
      ...one,
      basis: one.basis.map(clause),
      force: one.force ?? "entitlement",
      obtain: one.obtain === undefined ? null : obtain(one.obtain),
    })),
  });
}

/**
 * A value that cannot be changed, nor anything in it.
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function frozen(value) {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/**
 * The two languages in the order in which evaluations name them; in the section all names stand by the alphabet.
 * @param {Words} raw
 * @returns {Words}
 */
function words({ zh, en }) {
  return { zh, en };
}

/**
 * @param {Named} raw
 * @returns {Named}
 */
function named({ name, zh, en }) {
  return { name, zh, en };
}

/**
 * @param {string} kind
 * @param {any} raw
 * @returns {Assumption}
 */
function assumption(kind, { value, zh, en, why }) {
  const one = BigInt(value);
  const read =
    kind === "truth" ? Number(value) : kind === "number" ? /** @type {[bigint, bigint]} */ ([one, one]) : one;
  return { value: read, zh, en, why: words(why) };
}

/**
 * @param {Document} raw
 * @returns {Document}
 */
function document({ zh, en, when, asked }) {
  return when === undefined ? { zh, en } : { zh, en, when: words(when), asked };
}

/** @param {Obtain} raw */
function obtain({ how, where, documents, days, working_days, phone }) {
  const working = working_days === undefined ? {} : { working_days };
  return { how, where, documents: documents.map(document), days, ...working, phone };
}

/** @param {{source: string, clause: string}} raw */
function clause({ source, clause }) {
  return { source, clause };
}

/**
 * @param {any} raw
 * @param {number} power in the declared unit the same integers have another scale
 * @returns {Type | null}
 */
function typeOf(raw, power) {
  switch (raw.type) {
    case "truth":
      return { type: "truth" };
    case "number": {
      const scale = raw.scale + power;
      return {
        type: "number",
        scale,
        one: 10n ** BigInt(scale),
        low: BigInt(raw.range[0]),
        high: BigInt(raw.range[1]),
      };
    }
    case "date":
      return { type: "date", low: raw.range[0], high: raw.range[1] };
    case "code":
      return { type: "code", code_list: raw.code_list, size: raw.size };
    default:
      return null;
  }
}

/**
 * What an earlier result says of a household: facts that are taken from it where nobody gives them.
 * In: an earlier evaluation. Out: values of the facts that name a policy under `previous`. Called by `intake`.
 */

import { isoOf } from "./days.js";
import { valuesOf } from "./partial.js";
import { FALSE, TRUE, UNKNOWN, whole } from "./possible.js";
import { Unreadable, numberText, readIsoDate } from "./scalars.js";
import { compareTexts, isMapping, shown } from "./text.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Fact} Fact */
/** @typedef {import("./manifest.js").Words} Words */
/** @typedef {import("./partial.js").Slot} Slot */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("./report.js").Report} Report */
/** @typedef {Record<string, any>} Said */

/** @type {Record<string, number>} */
const OUTCOMES = { ineligible: FALSE, unknown: UNKNOWN, eligible: TRUE };
const TRUTHS = new Map([
  [FALSE, { zh: "否", en: "no" }],
  [TRUE, { zh: "是", en: "yes" }],
  [UNKNOWN, { zh: "未知", en: "unknown" }],
]);

/** The decisions of the day `day` on one household: by policy and member (null: its own) what does not refuse. */
export class PreviousResult {
  /**
   * @param {number} day
   * @param {Map<string, Map<string | null, Said>>} said
   */
  constructor(day, said) {
    this.day = day;
    this.said = said;
  }

  /**
   * The values of a fact's columns; null with what the fact cannot be reported.
   * @param {Slot} slot
   * @param {string | null} member
   * @param {Report} report
   * @returns {Value[] | null}
   */
  values(slot, member, report) {
    try {
      return this.read(slot, this.said.get(/** @type {string} */ (slot.fact.previous))?.get(member) ?? {});
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      for (const one of error.faults) {
        report.add(one.code, `previous.${slot.fact.label}${one.below}`, one.words, one.suggestion);
      }
      return null;
    }
  }

  /**
   * @param {Slot} slot
   * @param {Said} found
   * @returns {Value[]}
   */
  read(slot, found) {
    const outcome = OUTCOMES[found.status ?? "ineligible"];
    const type = /** @type {import("./manifest.js").Type} */ (slot.fact.type);
    if (type.type === "number") {
      if (outcome === FALSE) return valuesOf(slot, slot.read(0));
      return valuesOf(slot, found.amount == null ? whole(type) : slot.read(ends(found.amount)));
    }
    if (type.type === "date") {
      if (outcome === FALSE || found.first_day == null) return [whole(type), outcome];
      const [days] = valuesOf(slot, slot.read(ends(found.first_day)));
      return [days, outcome];
    }
    return slot.columns.map(() => outcome);
  }
}

/**
 * An earlier result of these rules on a household; null with what is wrong with it reported.
 * @param {unknown} data
 * @param {Manifest} manifest
 * @param {number} asOf
 * @param {string} household
 * @param {Report} report
 * @returns {PreviousResult | null}
 */
export function readPrevious(data, manifest, asOf, household, report) {
  const before = report.count;
  const wrong = malformed(data).next().value;
  if (wrong !== undefined) {
    report.add("H074", "previous", { problem: wrong });
    return null;
  }
  const result = /** @type {Said} */ (data);
  const day = /** @type {number} */ (readIsoDate(result.as_of));
  /** @type {Map<string, Map<string | null, Said>>} */
  const found = new Map(
    result.decisions.map((/** @type {Said} */ one) => [
      one.policy,
      new Map([[null, one], ...one.members.map((/** @type {Said} */ member) => [member.member, member])]),
    ]),
  );
  if (result.ruleset.id !== manifest.ruleset) {
    report.add("H075", "previous.ruleset", { found: shown(result.ruleset.id), wanted: manifest.ruleset });
  }
  const units = [...found.values()].flatMap((some) => [...some.values()].map((one) => one.amount?.unit ?? null));
  for (const unit of [...new Set(units)]
    .filter((one) => one !== null && one !== manifest.currency)
    .sort(compareTexts)) {
    report.add("H076", "previous", { found: shown(unit), wanted: manifest.currency });
  }
  if (day >= asOf) report.add("H077", "previous.as_of", { found: isoOf(day), as_of: isoOf(asOf) });
  if (result.household !== household) {
    report.add("H079", "previous.household", { found: shown(result.household), wanted: shown(household) });
  }
  const asked = new Map(manifest.facts.map((fact) => /** @type {const} */ ([fact.previous, fact])).reverse());
  for (const { policy, title } of manifest.policies) {
    const fact = asked.get(policy);
    if (fact !== undefined && !found.has(policy)) {
      report.add("H078", "previous", { policy: title.zh, policy_en: title.en, fact: fact.label });
    }
  }
  return report.count > before ? null : new PreviousResult(day, found);
}

/**
 * What was taken of a fact from the result of a day, in words.
 * @param {Fact} fact
 * @param {Value} value
 * @returns {Words}
 */
export function takenWords({ type }, value) {
  if (!Array.isArray(value)) return /** @type {Words} */ (TRUTHS.get(Number(value)));
  const told = value.map((end) =>
    type?.type === "number" ? numberText(/** @type {bigint} */ (end), type.scale) : isoOf(Number(end)),
  );
  const text = [...new Set(told)].join("–");
  return { zh: text, en: text };
}

/**
 * @param {Said} given
 */
function ends({ min, max }) {
  return { min, max };
}

/**
 * Where it is not as evaluations are written.
 * @param {any} data
 * @returns {Generator<string, undefined>}
 */
function* malformed(data) {
  if (!isMapping(data)) {
    yield shown(data);
    return;
  }
  const { household, as_of, ruleset, decisions } = /** @type {Said} */ (data);
  if (typeof household !== "string") yield "household";
  if (typeof as_of !== "string" || readIsoDate(as_of) === null || as_of !== as_of.trim()) yield "as_of";
  if (!isMapping(ruleset) || typeof (/** @type {Said} */ (ruleset).id) !== "string") yield "ruleset.id";
  if (!Array.isArray(decisions)) {
    yield "decisions";
    return;
  }
  for (const [at, one] of decisions.entries()) {
    if (!isMapping(one) || !Array.isArray(one.members) || typeof one.policy !== "string") {
      yield `decisions[${at}]`;
      continue;
    }
    yield* malformedParts(one, `decisions[${at}]`);
    for (const [number, member] of one.members.entries()) {
      const place = `decisions[${at}].members[${number}]`;
      if (!isMapping(member) || typeof member.member !== "string") yield place;
      else yield* malformedParts(member, place);
    }
  }
}

/**
 * @param {Said} one
 * @param {string} place
 */
function* malformedParts(one, place) {
  if (typeof one.status !== "string" || !Object.hasOwn(OUTCOMES, one.status)) yield `${place}.status`;
  for (const [name, keys] of /** @type {[string, string[]][]} */ ([
    ["amount", ["min", "max", "unit"]],
    ["first_day", ["min", "max"]],
  ])) {
    const part = one[name] ?? null;
    if (part !== null && !(isMapping(part) && keys.every((key) => typeof part[key] === "string"))) {
      yield `${place}.${name}`;
    }
  }
}

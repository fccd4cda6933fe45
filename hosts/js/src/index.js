/**
 * Rulesets compiled by `fupin compile`, run wherever JavaScript runs.
 * In: an artifact, then households as plain data. Out: evaluations as plain data. Called by users: this is the whole API.
 */

import { artifactOf } from "./artifact.js";
import { Columns } from "./columns.js";
import { isoOf } from "./days.js";
import { DecisionBuilder } from "./decide.js";
import { derivedFacts } from "./identity.js";
import { Intake, readAsOf } from "./intake.js";
import { explanationsOf } from "./explain.js";
import { ExplanationText } from "./explaintext.js";
import { InputError, Report } from "./report.js";
import { Rules } from "./rules.js";
import { timelineOf } from "./timeline.js";

export { parseJson } from "./jsontext.js";
export { InputError };

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("./decide.js").Findings} Findings */
/** @typedef {import("../index.d.ts").Evaluation} Evaluation */

/** After which no day can be; without a day asked about. */
const LAST_DAY = 2_932_896;

/** How many households, members and items are decided in one call into the artifact; its memory grows to some megabytes. */
const AT_ONCE = 4000;

/**
 * A compiled ruleset, ready to decide.
 * @param {import("../index.d.ts").Source | PromiseLike<import("../index.d.ts").Source>} source
 */
export async function load(source) {
  const { manifest, explanations, exports } = await artifactOf(source);
  return new Ruleset(manifest, new Columns(manifest, exports), explanations);
}

/** A compiled ruleset. Made by `load`. */
export class Ruleset {
  #manifest;
  #columns;
  #intake;
  #builder;
  #explanations;
  /** @type {Rules | null} */
  #rules = null;

  /**
   * @param {Manifest} manifest
   * @param {Columns} columns
   * @param {ArrayBuffer | null} explanations
   */
  constructor(manifest, columns, explanations) {
    this.#explanations = explanations;
    this.#manifest = manifest;
    this.#columns = columns;
    this.#intake = new Intake(manifest);
    this.#builder = new DecisionBuilder(manifest, columns);
  }

  get id() {
    return this.#manifest.ruleset;
  }

  get digest() {
    return this.#manifest.digest;
  }

  get title() {
    return this.#manifest.title;
  }

  /** The first and the last date that may be asked about. */
  get covers() {
    const [start, end] = this.#manifest.covers;
    return { first: isoOf(start), last: isoOf(end - 1) };
  }

  /** The dates on which something in the ruleset changes, the first covered one included. */
  get breakpoints() {
    return this.#manifest.breakpoints.map(isoOf);
  }

  /** Every policy, in the order of decisions. */
  get policies() {
    return this.#manifest.policies.map(({ policy, title, level }) => ({ id: policy, title, level }));
  }

  /** Every fact that a household may be given with. */
  get facts() {
    const given = this.#manifest.facts.filter((fact) => fact.ago === 0);
    return given.map(({ name, label, aliases, level, kind, past, required, type, absent, series }) => ({
      ...{ name, label, aliases, level, kind, past, required },
      ...(series === null ? {} : { ...series }),
      absent: absent === null ? null : { zh: absent.zh, en: absent.en, why: absent.why },
      codes: type?.type === "code" ? this.#manifest.code_lists[type.code_list] : null,
    }));
  }

  /** What a household, or each member, has several of: given as a list of items, each with the facts of that level. */
  get lists() {
    return this.#manifest.lists.map(({ name, label, of, most, absent }) => ({
      ...{ name, label, of, most },
      absent: absent === null ? null : { zh: absent.zh, en: absent.en, why: absent.why },
    }));
  }

  /**
   * Every policy's decision for a household on a date. Throws InputError with every problem found.
   * @param {unknown} household
   * @param {string} asOf
   * @param {{assume?: boolean, previous?: unknown}} [options] whether what the rules declare is taken of facts that are not
   *   given; and an earlier evaluation of the household, of which facts tell
   */
  evaluate(household, asOf, { assume = true, previous = null } = {}) {
    return this.#decided(household, asOf, assume, previous).evaluation;
  }

  /**
   * @param {unknown} household
   * @param {string} asOf
   * @param {boolean} assume
   * @param {unknown} previous
   */
  #decided(household, asOf, assume, previous) {
    const report = new Report();
    const day = readAsOf(asOf, this.#manifest, report);
    // without a day nothing is told to lie after it
    const found = this.#intake.read(household, day ?? LAST_DAY, report, assume, previous);
    report.throwProblems();
    const [read, on] = [/** @type {Household} */ (found), /** @type {number} */ (day)];
    const [{ evaluation, problems }] = this.#decide([read], on);
    if (problems.length) throw new InputError(problems);
    return { evaluation, read, day: on };
  }

  /** Whether it was compiled with what it explains by (`fupin compile --explanations`). */
  get explains() {
    return this.#explanations !== null;
  }

  /**
   * Why each policy's decision for a household on a date came out as it did. Throws InputError with every problem found.
   * @param {unknown} household
   * @param {string} asOf
   * @param {{language?: "zh" | "en", policies?: readonly string[], assume?: boolean, previous?: unknown}} [options] `policies`:
   *   ids of those that are asked about; all where there are none
   */
  explain(household, asOf, { language = "zh", policies, assume = true, previous = null } = {}) {
    const unknown = policies?.find((id) => this.#manifest.policies.every(({ policy }) => policy !== id));
    if (unknown !== undefined) throw new RangeError(`the ruleset has no policy ${unknown}`);
    const rules = this.#explaining();
    const { evaluation, read, day } = this.#decided(household, asOf, assume, previous);
    const { finder, sums, told } = explanationsOf(rules, this.#manifest, read, evaluation, day, policies);
    const text = new ExplanationText(finder, sums, this.#manifest, language, read.previous);
    return told.map((one) => ({ ...one.data, text: text.of(one) }));
  }

  /**
   * When the decisions for a household change from one day to another, both included, and what is due month by month.
   * Throws InputError with every problem found.
   * @param {unknown} household
   * @param {string} from
   * @param {string} to
   * @param {{assume?: boolean}} [options]
   */
  timeline(household, from, to, { assume = true } = {}) {
    const rules = this.#explaining();
    const [first, last] = [from, to].map((date) => {
      const report = new Report();
      const day = readAsOf(date, this.#manifest, report);
      report.throwProblems();
      return /** @type {number} */ (day);
    });
    const report = new Report();
    if (last < first) report.add("H072", "to", { first: from, last: to });
    report.throwProblems();
    // dates of the past up to the last day are known in the end
    const { read } = this.#decided(household, to, assume, null);
    return timelineOf(rules, this.#manifest, read, first, last, (one, day) => {
      const [{ evaluation }] = this.#decide([one], day);
      return { decisions: [...evaluation.decisions], figures: [...evaluation.figures] };
    });
  }

  /** What it explains by. Throws an Error where it was compiled without. */
  #explaining() {
    if (this.#explanations === null)
      throw new Error('the artifact does not explain: it was compiled without "fupin compile --explanations"');
    this.#rules ??= new Rules(new TextDecoder().decode(this.#explanations));
    return this.#rules;
  }

  /**
   * As `evaluate`, for many households. One with problems is rejected and stops no other.
   * Throws InputError for the date.
   * @param {Iterable<unknown>} households
   * @param {string} asOf
   * @param {{assume?: boolean}} [options]
   */
  evaluateMany(households, asOf, { assume = true } = {}) {
    const report = new Report();
    const day = readAsOf(asOf, this.#manifest, report);
    report.throwProblems();
    /** @type {(Evaluation | null)[]} */
    const evaluations = [];
    /** @type {{index: number, problems: import("../index.d.ts").Problem[]}[]} */
    const rejected = [];
    /** @type {{index: number, household: Household}[]} */
    let waiting = [];
    let size = 0;
    const settle = () => {
      const found = this.#decide(
        waiting.map((one) => one.household),
        /** @type {number} */ (day),
      );
      waiting.forEach(({ index }, at) => {
        const { evaluation, problems } = found[at];
        if (problems.length) rejected.push({ index, problems });
        else evaluations[index] = evaluation;
      });
      waiting = [];
      size = 0;
    };
    for (const given of households) {
      const own = new Report();
      const household = this.#intake.read(given, /** @type {number} */ (day), own, assume);
      const index = evaluations.push(null) - 1;
      if (household === null) {
        rejected.push({ index, problems: own.problems });
        continue;
      }
      waiting.push({ index, household });
      size += 1 + household.members.length + itemsIn(household);
      if (size >= AT_ONCE) settle();
    }
    settle();
    rejected.sort((a, b) => a.index - b.index);
    return { evaluations, rejected };
  }

  /**
   * @param {Household[]} households
   * @param {number} day
   * @returns {{evaluation: Evaluation, problems: import("../index.d.ts").Problem[]}[]} `problems`: why it must not be
   *   decided, as its data cannot be right
   */
  #decide(households, day) {
    if (households.length === 0) return [];
    this.#columns.decide(households, day);
    const { ruleset, digest, trial } = this.#manifest;
    const head = { ruleset: { id: ruleset, digest }, ...(trial && { trial }) };
    let member = 0;
    const found = households.map((household, index) => {
      const findings = this.#builder.findings(household, index, member);
      member += household.members.length;
      return { household, findings, bare: findings, told: this.#builder.decide(household, findings, index, day) };
    });
    this.#rest(found, day);
    return found.map(({ household, bare, told }) => {
      const report = new Report();
      this.#builder.violations(bare, report);
      return {
        evaluation: { household: household.id, as_of: isoOf(day), ...head, ...told, ...this.#derived(household) },
        problems: report.problems,
      };
    });
  }

  /**
   * What numbers of identity tell, where they tell something.
   * @param {Household} household
   */
  #derived(household) {
    return household.derived.length > 0 ? { derived: derivedFacts(this.#manifest, household) } : {};
  }

  /**
   * Say what rests on what was assumed: the households of which something was are decided as given, too.
   * @param {{household: Household, findings: Findings, bare: Findings, told: import("./decide.js").Told}[]} found `bare`:
   *   with nothing assumed
   * @param {number} day
   */
  #rest(found, day) {
    const assuming = found.filter(({ household }) => household.given !== null);
    if (assuming.length === 0) return;
    this.#columns.decide(
      assuming.map(({ household }) => /** @type {Household} */ (household.given)),
      day,
    );
    let member = 0;
    for (const [index, one] of assuming.entries()) {
      one.bare = this.#builder.findings(one.household, index, member);
      one.told = this.#builder.resting(one.household, one.told, one.findings, one.bare, index, day);
      member += one.household.members.length;
    }
  }
}

/**
 * How many items there are in all lists of a household.
 * @param {Household} household
 */
function itemsIn({ lists, members }) {
  let count = 0;
  for (const { items } of lists) count += items.length;
  for (const one of members) for (const { items } of one.lists) count += items.length;
  return count;
}

/**
 * From what the artifact found to decisions: amounts, beneficiaries, departments, clauses, missing facts.
 * In: a household and its place among those decided. Out: decisions as plain data. Called by `index`.
 */

import { assumedOf } from "./assumed.js";
import { Contexts, onDay } from "./contexts.js";
import { isoOf } from "./days.js";
import { Departments } from "./departments.js";
import { FirstDays } from "./firstdays.js";
import { Needs } from "./missing.js";
import { STATUSES } from "./notation.js";
import { FALSE, TRUE, UNKNOWN, same } from "./possible.js";
import { numberText } from "./scalars.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Frame} Frame */
/** @typedef {import("./manifest.js").Policy} Policy */
/** @typedef {import("./manifest.js").Words} Words */
/** @typedef {import("./columns.js").Columns} Columns */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("./possible.js").Value} Value */
/** @typedef {import("../index.d.ts").Decision} Decision */
/** @typedef {import("../index.d.ts").Amount} Amount */
/** @typedef {import("../index.d.ts").Figure} Figure */
/** @typedef {import("../index.d.ts").Missing} Missing */
/** @typedef {{outcomes: number[], ends: [low: bigint, high: bigint][] | null, whom: Value[] | null}} Found a policy's, for each of its subjects; `whom`: for each member, where it chooses */
/** @typedef {{policies: (Found | null)[], beside: Value[][][], figures: Value[][]}} Findings `beside`: of each policy's outputs of that name, for each subject */
/** @typedef {{decisions: Decision[], figures: Figure[]}} Told */
/** @typedef {import("./contexts.js").RuleContext} RuleContext */

/**
 * How a check of data came out: of members it is violated where it surely is for any of them.
 * @param {import("./manifest.js").Check} check
 * @param {Value[]} values
 */
function checked({ severity, words }, values) {
  const status = values.includes(FALSE) ? "violated" : values.includes(UNKNOWN) ? "not_checkable" : "holds";
  return { severity, status, words };
}

/** Makes decisions for one artifact. */
export class DecisionBuilder {
  /**
   * @param {Manifest} manifest
   * @param {Columns} columns
   */
  constructor(manifest, columns) {
    this.manifest = manifest;
    this.columns = columns;
    this.needs = new Needs(manifest);
    this.departments = new Departments(manifest.bodies);
    this.contexts = new Contexts(manifest, this.departments);
    this.firstDays = new FirstDays(manifest);
  }

  /**
   * What was found for each policy, null where it applies to nobody; and for each figure.
   * @param {Household} household
   * @param {number} index its place among the households decided
   * @param {number} firstMember its first member's place among all members
   * @returns {Findings}
   */
  findings(household, index, firstMember) {
    /** @type {(level: string) => [start: number, count: number]} */
    const subjects = (level) => (level === "member" ? [firstMember, household.members.length] : [index, 1]);
    const policies = this.manifest.policies.map(({ outcome, amount, beneficiary }) => {
      const [start, count] = subjects(outcome.level);
      const outcomes = this.columns.outcomes(outcome.columns[0], start, count);
      if (outcomes === null) return null;
      const whom = beneficiary && this.columns.values(beneficiary.columns, ...subjects("member"));
      return { outcomes, ends: amount && this.columns.intervals(amount.columns, start, count), whom };
    });
    const beside = this.manifest.policies.map((policy) =>
      policy.beside.map(({ columns, level }) => this.columns.values(columns, ...subjects(level))),
    );
    const figures = this.manifest.figures.map(({ output, level }) =>
      this.columns.values(output.columns, ...subjects(level)),
    );
    return { policies, beside, figures };
  }

  /**
   * A decision for each policy, and each figure.
   * @param {Household} household
   * @param {Findings} findings
   * @param {number} index
   * @param {number} day
   * @returns {Told}
   */
  decide(household, findings, index, day) {
    /** @type {Uint8Array | null} */
    let needed = null;
    /** @type {(open: boolean, questions: number[]) => Missing[]} */
    const missing = (open, questions) =>
      open ? this.needs.missing(household, (needed ??= this.columns.missing(index)), questions, day) : [];
    const decisions = this.contexts.of(household, day).map((context, number) => {
      const found = findings.policies[number];
      const beside = findings.beside[number];
      /** @type {(decision: Decision) => Decision} */
      const placed = (told) => {
        const decision = this.firstDays.told(told, context.policy, context.frame, household, day);
        const { audience } = decision;
        const at = context.policy.beside.findIndex(({ role }) => role === "audience");
        return audience === undefined || at < 0
          ? decision
          : { ...decision, audience: { ...audience, own: truthOf(beside[at][0]) } };
      };
      /** @type {(decision: Decision) => Decision} */
      const answered = (decision) => {
        const at = context.policy.beside.findIndex(({ role }) => role === "lead");
        if (at < 0) return placed(decision);
        const masks = /** @type {bigint[]} */ (beside[at]).map(BigInt);
        const { bodies, open } = this.departments.answering(context, found?.outcomes ?? masks.map(() => FALSE), masks);
        const asked = missing(open && found !== null, [context.policy.beside[at].question]);
        const may = masks.filter((_, subject) => found?.outcomes[subject] !== FALSE);
        const members = decision.members.map((one, member) => ({
          ...one,
          departments: this.departments.answering(context, [TRUE], [may[member]]).bodies,
        }));
        return placed({ ...decision, departments: open ? { ...bodies, missing: asked } : bodies, members });
      };
      if (found === null) return answered(context.refused);
      const { outcomes, ends, whom } = found;
      const unsettled = outcomes.includes(UNKNOWN) || (whom?.includes(UNKNOWN) ?? false);
      const open = unsettled || (ends?.some(([low, high]) => low !== high) ?? false);
      const granted = this.granted(context, household, found, missing(open, questionsOf(context.policy)));
      return answered({ ...granted, obtain: granted.obtain && this.needed(context, outcomes, beside) });
    });
    const figures = this.manifest.figures.map((figure, number) => {
      const told = findings.figures[number].map((value) => valueOf(figure, value, this.manifest));
      const open = told.some((one) => one.value === null);
      const own =
        figure.level === "member"
          ? { members: household.members.map(({ id }, at) => ({ member: id, ...told[at] })) }
          : told[0];
      return /** @type {Figure} */ ({
        figure: figure.figure,
        label: figure.label,
        unit: figure.unit_label,
        ...own,
        missing: missing(open, [figure.output.question]),
        assumed: [],
        provisional: onDay(this.manifest.provisional[number], day),
        ...(figure.check && { check: checked(figure.check, findings.figures[number]) }),
      });
    });
    return { decisions, figures };
  }

  /**
   * Report each check of data that rejects and does not hold, of a household as it was given.
   * @param {Findings} findings
   * @param {import("./report.js").Report} report
   */
  violations(findings, report) {
    this.manifest.figures.forEach(({ label, level, check }, at) => {
      if (check?.severity !== "reject") return;
      const words = { name: label.zh, name_en: label.en, words: check.words.zh, words_en: check.words.en };
      findings.figures[at].forEach((value, subject) => {
        if (value === FALSE)
          report.add("H073", level === "member" ? `members[${subject}].${label.zh}` : label.zh, words);
      });
    });
  }

  /**
   * What was told with what it rests on of all that was assumed, after the household was decided as it was given.
   * @param {Household} household
   * @param {Told} told
   * @param {Findings} findings
   * @param {Findings} bare with nothing assumed
   * @param {number} index
   * @param {number} day
   * @returns {Told}
   */
  resting(household, told, findings, bare, index, day) {
    const assumed = assumedOf(this.manifest, household);
    /** @type {Uint8Array | null} */
    let needed = null;
    /** @type {(questions: number[]) => import("../index.d.ts").Assumed[]} */
    const taken = (questions) =>
      this.needs.missing(household, (needed ??= this.columns.missing(index)), questions, day).flatMap((one) => {
        const whose = household.members.findIndex((person) => person.id === one.member) + 1;
        const value = assumed[whose].get(one.fact);
        return value === undefined ? [] : [{ ...one, value }];
      });
    const { policies, figures } = this.manifest;
    return {
      decisions: told.decisions.map((decision, at) =>
        alike(findings.policies[at], bare.policies[at]) &&
        findings.beside[at].every((values, of) => values.every((value, one) => same(value, bare.beside[at][of][one])))
          ? decision
          : {
              ...decision,
              assumed: taken([...questionsOf(policies[at]), ...policies[at].beside.map(({ question }) => question)]),
            },
      ),
      figures: told.figures.map((figure, at) =>
        findings.figures[at].every((value, one) => same(value, bare.figures[at][one]))
          ? figure
          : { ...figure, assumed: taken([figures[at].output.question]) },
      ),
    };
  }

  /**
   * How a benefit is obtained with the documents that are needed, those of which that is open with where only: needed for
   * one to whom the policy surely applies, or for all to whom it may.
   * @param {RuleContext} context
   * @param {number[]} outcomes
   * @param {Value[][]} beside
   */
  needed({ frame, policy, refused }, outcomes, beside) {
    const columns = beside.filter((_, at) => policy.beside[at].role === "document");
    /** @type {(asked: number) => number} */
    const truth = (asked) => {
      const values = columns[asked];
      const may = values.filter((_, at) => outcomes[at] !== FALSE);
      if (values.some((value, at) => value === TRUE && outcomes[at] === TRUE)) return TRUE;
      if (may.every((value) => value === TRUE)) return TRUE;
      return may.every((value) => value === FALSE) ? FALSE : UNKNOWN;
    };
    const documents = /** @type {import("./manifest.js").Obtain} */ (frame.obtain).documents.flatMap(
      ({ zh, en, when, asked }) => {
        const bits = asked === undefined ? TRUE : truth(asked);
        return bits === FALSE ? [] : [bits === TRUE ? { zh, en } : { zh, en, when }];
      },
    );
    return { .../** @type {import("../index.d.ts").Obtain} */ (refused.obtain), documents };
  }

  /**
   * @param {RuleContext} context
   * @param {Household} household
   * @param {Found} found
   * @param {Missing[]} missing
   * @returns {Decision}
   */
  granted({ frame, policy, refused }, household, { outcomes, ends, whom }, missing) {
    const best = Math.max(...outcomes);
    const ofMembers = policy.level === "member";
    const members = household.members.flatMap(({ id }, at) => {
      if (!ofMembers || outcomes[at] === FALSE) return [];
      return [{ member: id, status: STATUSES[outcomes[at]], amount: ends && this.amount(frame, [ends[at]]) }];
    });
    /** @type {(truth: number) => string[]} */
    const those = (truth) =>
      household.members
        .filter((_, at) => (ofMembers ? outcomes[at] : whom === null ? best : whom[at]) === truth)
        .map((person) => person.id);
    return {
      policy: policy.policy,
      title: policy.title,
      status: STATUSES[best],
      force: frame.force,
      ...(refused.audience && { audience: refused.audience }),
      ...(refused.section && { section: refused.section }),
      amount: ends && this.amount(frame, ends),
      beneficiaries: those(TRUE),
      possible_beneficiaries: those(UNKNOWN),
      departments: refused.departments,
      obtain: refused.obtain,
      basis: frame.basis,
      missing,
      assumed: [],
      provisional: frame.provisional,
      members,
    };
  }

  /**
   * @param {Frame} frame
   * @param {[low: bigint, high: bigint][]} ends
   * @returns {Amount | null}
   */
  amount({ per }, ends) {
    if (per === "") return null;
    const { currency, decimals } = this.manifest;
    const [low, high] = ends.reduce(([least, most], one) => [least + one[0], most + one[1]], [0n, 0n]);
    const [min, max] = [numberText(low, decimals), numberText(high, decimals)];
    return { value: low === high ? min : null, min, max, unit: currency, per: /** @type {Amount["per"]} */ (per) };
  }
}

/**
 * What a figure may be for one subject; `value` is null where it is not settled.
 * @param {import("./manifest.js").Figure} figure
 * @param {import("./possible.js").Value} value
 * @param {Manifest} manifest
 */
function valueOf(figure, value, manifest) {
  const { type, decimals } = figure;
  if (type.type === "truth") return { value: truthOf(value) };
  if (type.type === "code") {
    const mask = /** @type {bigint} */ (value);
    const names = manifest.code_lists[type.code_list].map((code) => code.name);
    const possible = names.filter((_, at) => ((mask >> BigInt(at)) & 1n) === 1n);
    return { value: possible.length === 1 ? possible[0] : null, one_of: possible };
  }
  const [min, max] = /** @type {[bigint, bigint]} */ (value).map((end) =>
    type.type === "date" ? isoOf(Number(end)) : numberText(end, decimals),
  );
  return { value: min === max ? min : null, min, max };
}

/**
 * Null where it is not known.
 * @param {Value} value
 */
function truthOf(value) {
  return value === UNKNOWN ? null : value === TRUE;
}

/**
 * The questions about a policy: whether it applies with what amount, and for whom it is.
 * @param {Policy} policy
 */
function questionsOf({ outcome, beneficiary }) {
  return beneficiary === null ? [outcome.question] : [outcome.question, beneficiary.question];
}

/**
 * Whether the same was found.
 * @param {Found | null} one
 * @param {Found | null} other
 */
function alike(one, other) {
  if (one === null || other === null) return one === other;
  const ends = one.ends?.every(([low, high], at) => other.ends?.[at][0] === low && other.ends[at][1] === high) ?? true;
  const whom = one.whom?.every((bits, at) => bits === other.whom?.[at]) ?? true;
  return ends && whom && one.outcomes.every((bits, at) => bits === other.outcomes[at]);
}

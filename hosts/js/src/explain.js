/**
 * Why decisions came out as they did, as Python's `Ruleset.explain` says it, text for text.
 * In: a household with its decisions. Out: explanations as plain data. Called by `index`.
 */

import { onDay } from "./contexts.js";
import { isoOf } from "./days.js";
import { DecidingParts, needOf } from "./deciding.js";
import { keptInWords } from "./keptrows.js";
import { calendarOf, shiftDay } from "./operations.js";
import { FALSE, TRUE, same } from "./possible.js";
import { ReasonFinder } from "./reasons.js";
import { Sentences } from "./sentences.js";
import { SumFinder } from "./sumfinder.js";
import { lineData } from "./sumwords.js";
import { compareTexts } from "./text.js";
import { Tracer } from "./trace.js";
import { TraceWords } from "./tracewords.js";
import { parameterUses } from "./uses.js";

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./rules.js").Rules} Rules */
/** @typedef {import("./intake.js").Household} Household */
/** @typedef {import("../index.d.ts").Decision} Decision */
/** @typedef {import("./reasons.js").Reason} Reason */
/** @typedef {ReturnType<typeof explanation>} Told */

const MAX_REASONS = 12;

/**
 * Why each decision came out as it did.
 * @param {Rules} rules
 * @param {Manifest} manifest
 * @param {Household} household
 * @param {import("../index.d.ts").Evaluation} evaluation
 * @param {number} day
 * @param {readonly string[]} [policies] ids of those that are asked about
 */
export function explanationsOf(rules, manifest, household, evaluation, day, policies) {
  const members = household.members.map(({ id }) => id);
  const sentences = new Sentences(rules, day);
  const traces = asSaid(rules, new Tracer(rules, manifest, household, day).traces());
  const lists = new Map(manifest.lists.map(({ name, label }) => [name, label]));
  const words = new TraceWords(sentences, new DecidingParts(traces), members, lists);
  const assumed = assumedFacts(manifest, household);
  const finder = new ReasonFinder(words, members, assumed);
  const sums = new SumFinder(finder, manifest, new Tracer(rules, manifest, household, day), day);
  const told = evaluation.decisions.flatMap((decision, number) =>
    policies === undefined || policies.includes(decision.policy)
      ? [explanation(finder, sums, manifest, decision, number, day, evaluation)]
      : [],
  );
  return { sums, finder, told };
}

/**
 * Of what rests on open readings what it says itself, unless options say more.
 * @param {Rules} rules
 * @param {import("./trace.js").Trace[][]} traces
 */
function asSaid(rules, traces) {
  return traces.map((found, number) => {
    const open = rules.numbers.get(`${rules.definitions[number].whole}?open`);
    if (open === undefined) return found;
    return found.map((one, at) => (same(traces[open][at].value, one.value) ? traces[open][at] : one));
  });
}

/**
 * @param {ReasonFinder} finder
 * @param {SumFinder} sums
 * @param {Manifest} manifest
 * @param {Decision} decision
 * @param {number} number
 * @param {number} day
 * @param {import("../index.d.ts").Evaluation} evaluation
 */
function explanation(finder, sums, manifest, decision, number, day, evaluation) {
  const { sentences, rules } = finder;
  const [policy, { level }] = [rules.policies[number], manifest.policies[number]];
  const ofMember = level === "member";
  const rule = onDay(policy.steps, day);
  const granted = rule !== null && decision.status !== "ineligible";
  const reasons =
    rule === null ? [] : finder.merged(finder.reasons(policy, decision.policy, ofMember, decision.status));
  const spans = sentences.text(policy.in_force);
  const notes = rule === null ? [sentences.say("not_in_force", { day: isoOf(day), spans })] : [];
  if (granted) notes.push(...keptInWords(finder, policy));
  if (rule !== null) notes.push(...assessed(sentences, rule.starts, day));
  if (reasons.length > MAX_REASONS) notes.push(sentences.say("more_reasons", { count: reasons.length - MAX_REASONS }));
  const told = reasons.slice(0, MAX_REASONS);
  const whom = granted ? finder.merged(finder.beneficiaries(policy)) : [];
  const bodies = granted ? finder.merged(finder.answering(policy, ofMember)) : [];
  const uses = rule === null ? [] : parameterUses(sentences, finder.deciding.traces, rule.rests);
  const sum = sums.ofAmount(number);
  const derived = derivedOf(evaluation, [...told, ...whom, ...bodies]);
  /** @type {(some: Reason[]) => import("../index.d.ts").Reason[]} */
  const shown = (some) => some.map((one) => reasonData(finder, one));
  const data = {
    decision,
    as_of: isoOf(day),
    ...(evaluation.trial && { trial: evaluation.trial }),
    in_force: rule !== null,
    reasons: shown(told),
    sum: sum && { earlier: sum.earlier, lines: sum.lines.map(lineData) },
    beneficiaries: shown(whom),
    ...(bodies.length > 0 && { departments: shown(bodies) }),
    parameters: uses.map(({ use }) => use),
    notes,
    ...(derived.length > 0 && { derived }),
  };
  return { data, sum, reasons: told, whom, bodies, uses, rule, policy, derived };
}

/**
 * As of which days circumstances counted, where that is not the day asked about.
 * @param {Sentences} sentences
 * @param {"same_day" | "next_month" | "same_month"} starts
 * @param {number} day
 */
function assessed(sentences, starts, day) {
  if (starts === "same_day") return [];
  const first = calendarOf("start_of_month", BigInt(day));
  const before = isoOf(Number(first) - 1);
  const end = isoOf(Number(shiftDay(first, 1n, "months")) - 1);
  return [sentences.say(starts === "next_month" ? "assessed_month_before" : "assessed_same_month", { before, end })];
}

/**
 * @param {ReasonFinder} finder
 * @param {Reason} reason
 */
function reasonData({ rules }, { text, value, holds, members, span, facts, assumed }) {
  const [place, source] = span === null ? [null, null] : rules.spans[span];
  const needs = [...facts]
    .map(([key, { fact, member, item }]) => ({ fact, member, item, ...(assumed.has(key) && { assumed: true }) }))
    .sort(
      (a, b) =>
        compareTexts(a.member ?? "", b.member ?? "") || compareTexts(a.fact, b.fact) || (a.item ?? -1) - (b.item ?? -1),
    );
  return {
    text,
    value,
    holds: holds === TRUE ? true : holds === FALSE ? false : null,
    member: members.length > 0 ? members.join(", ") : null,
    place,
    source_text: source,
    facts: needs.map(({ item, ...own }) => own),
  };
}

/**
 * Of the facts that come from numbers of identity those on which reasons rest.
 * @param {import("../index.d.ts").Evaluation} evaluation
 * @param {Reason[]} reasons
 */
function derivedOf({ derived = [] }, reasons) {
  const rests = new Set(
    reasons.flatMap(({ facts }) => [...facts.values()].map(({ fact, member }) => JSON.stringify([fact, member]))),
  );
  return derived.filter(({ fact, member }) => rests.has(JSON.stringify([fact, member ?? null])));
}

/**
 * The facts of a household of which something was assumed.
 * @param {Manifest} manifest
 * @param {Household} household
 */
function assumedFacts({ householdInputs, memberInputs, lists }, household) {
  const given = household.given ?? household;
  /** @type {import("./deciding.js").Needs} */
  const found = new Map();
  /** @typedef {import("./possible.js").Value} Value */
  /** @type {(inputs: import("./manifest.js").Input[], shown: Value[], known: Value[], member: string | null, item: number | null) => void} */
  const put = (inputs, shown, known, member, item) => {
    inputs.forEach(({ name }, at) => {
      if (!same(shown[at], known[at])) found.set(...needOf(name, member, item));
    });
  };
  /** @type {(level: string, shown: import("./lists.js").ItemList[], known: import("./lists.js").ItemList[], member: string | null) => void} */
  const putLists = (level, shown, known, member) => {
    const own = lists.filter((one) => one.of === level);
    own.forEach(({ name, inputs }, at) => {
      if (shown[at].more !== known[at].more) found.set(...needOf(name, member, null));
      shown[at].items.forEach((values, item) => put(inputs, values, known[at].items[item], member, item));
    });
  };
  put(householdInputs, household.facts, given.facts, null, null);
  putLists("household", household.lists, given.lists, null);
  household.members.forEach(({ id, facts, lists: inner }, at) => {
    put(memberInputs, facts, given.members[at].facts, id, null);
    putLists("member", inner, given.members[at].lists, id);
  });
  return found;
}

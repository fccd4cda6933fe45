/**
 * Which row of a table gave a date behind an amount, where several may fit: `fupin_policy/explanation/kept_rows.py`.
 * In: traces, a policy. Out: a sentence for each such table. Called by `explain`.
 */

import { FALSE, TRUE, exact, same } from "./possible.js";
import { distinct, joined } from "./sentences.js";

/** @typedef {import("../index.d.ts").Words} Words */
/** @typedef {import("./trace.js").Trace} Trace */
/** @typedef {{test: Trace, value: Trace | null}} Row */

/**
 * For each table of dates in an amount as it is written, of each subject that may receive it, the row kept.
 * @param {import("./reasons.js").ReasonFinder} finder
 * @param {import("./rules.js").Policy} policy
 */
export function keptInWords(finder, policy) {
  const outcomes = /** @type {Trace[]} */ (finder.traces(policy.outcome));
  const stated = finder.traces(policy.stated) ?? [];
  /** @type {Words[]} */
  const found = [];
  for (let subject = 0; subject < Math.min(outcomes.length, stated.length); subject += 1) {
    if (outcomes[subject].value !== FALSE)
      for (const table of tables(finder.deciding, stated[subject], subject)) found.push(told(finder.words, table));
  }
  return distinct(found);
}

/**
 * The tables of dates below a trace, through the names in it, each once.
 * @param {import("./deciding.js").DecidingParts} deciding
 * @param {Trace} root
 * @param {number} subject
 */
function tables(deciding, root, subject) {
  /** @type {[Trace, number][]} */
  const waiting = [[root, subject]];
  /** @type {Set<Trace>} */
  const seen = new Set();
  /** @type {Trace[]} */
  const found = [];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const [part, whose] = step;
    if (seen.has(part)) continue;
    seen.add(part);
    if (part.node.k === "Gather" && part.node.type.type === "date") found.push(part);
    /** @type {[Trace, number][]} */
    let below = part.parts.map((one) => [one, whose]);
    if (part.node.k === "Items") below = deciding.ofItems(part, whose).map(([member, one]) => [one, member]);
    if (part.node.k === "Ref") below = [[deciding.target(part, whose), whose]];
    waiting.push(...below.reverse());
  }
  return found;
}

/**
 * What was kept, after the member whose table it is.
 * @param {import("./tracewords.js").TraceWords} words
 * @param {Trace} table
 */
function told(words, table) {
  const said = kept(words, table);
  return table.member === null ? said : words.sentences.say("named", { name: table.member, value: said });
}

/**
 * @param {import("./tracewords.js").TraceWords} words
 * @param {Trace} table
 */
function kept(words, table) {
  const { sentences } = words;
  const { rows, otherwise } = tracedRows(table);
  const maybe = rows.flatMap(({ value }, at) => (value === null ? [] : [at]));
  if (otherwise !== null && maybe.length === 0)
    return sentences.say("no_row", { rows: sentences.value(otherwise.node.type, otherwise.value) });
  const sure = keptRows(table, rows);
  const shown = (sure.length > 0 ? sure : maybe).map((at) => {
    const { test, value } = rows[at];
    const { node, value: found } = /** @type {Trace} */ (value);
    const gives = sentences.value(node.type, found);
    const name = test.value === TRUE ? "row" : "row_to_be_checked";
    return sentences.say(name, { asked: words.worded(test, false, null), gives });
  });
  return sentences.say(sure.length > 0 ? "latest_row" : "open_row", { rows: joined(shown, words.semicolon) });
}

/**
 * Of a traced table the tests, each with the value where it may hold; and the default where none surely does.
 * @param {Trace} table
 * @returns {{rows: Row[], otherwise: Trace | null}}
 */
export function tracedRows({ node, parts }) {
  const left = [...parts];
  /** @type {Row[]} */
  const rows = [];
  for (let at = 0; at + 1 < node.parts.length; at += 2) {
    const test = /** @type {Trace} */ (left.shift());
    rows.push({ test, value: test.value === FALSE ? null : /** @type {Trace} */ (left.shift()) });
  }
  return { rows, otherwise: left[0] ?? null };
}

/**
 * Which rows surely made a table's value: of several that are the highest the first; none where that is open.
 * @param {Trace} table
 * @param {Row[]} rows
 */
export function keptRows({ node, value }, rows) {
  const sure = rows.flatMap(({ test }, at) => (test.value === TRUE ? [at] : []));
  if (node.g !== "max") return sure;
  return sure.filter((at) => exact(value) && same(/** @type {Trace} */ (rows[at].value).value, value)).slice(0, 1);
}

// What the package answers to cases, in Node.js and in a browser alike.
// In: { artifact, cases: [{ text, as_of, previous, assume }] } with the bytes or address of an artifact and households as JSON texts.
// Out: for each case the JSON text of its evaluation or of its problems.

import { InputError, load, parseJson } from "../../../hosts/js/src/index.js";

/** Each case is asked in three ways, which must not differ: alone from its exact text, alone from JSON.parse, in a batch. */
export async function answersOf({ artifact, cases }) {
  const ruleset = await load(artifact);
  const before = ({ previous, assume }) =>
    previous === null ? { assume } : { assume, previous: JSON.parse(previous) };
  const exact = cases.map((one) =>
    answer(() => ruleset.evaluate(parseJson(one.text), one.as_of, before(one))),
  );
  const plain = cases.map((one, at) =>
    one.lossy
      ? exact[at]
      : answer(() =>
          ruleset.evaluate(JSON.parse(one.text), one.as_of, before(one)),
        ),
  );
  const many = inBatches(ruleset, cases, exact);
  return exact.map((text, at) =>
    plain[at] === text && many[at] === text
      ? text
      : JSON.stringify({ exact: text, plain: plain[at], many: many[at] }),
  );
}

function answer(ask) {
  try {
    return JSON.stringify({ evaluation: ask() });
  } catch (error) {
    if (error instanceof InputError)
      return JSON.stringify({ problems: error.problems });
    throw error;
  }
}

/** The same by `evaluateMany`, date by date. Where the date or the text itself is refused there is no batch. */
function inBatches(ruleset, cases, exact) {
  const answers = [...exact];
  const ways = cases.map(({ as_of, assume }) => `${assume} ${as_of}`);
  for (const way of new Set(ways)) {
    const those = cases.flatMap(({ text, previous }, at) =>
      ways[at] === way && previous === null && readable(text) ? [at] : [],
    );
    if (those.length === 0) continue;
    const { as_of: date, assume } = cases[those[0]];
    let found;
    try {
      found = ruleset.evaluateMany(
        those.map((at) => parseJson(cases[at].text)),
        date,
        { assume },
      );
    } catch (error) {
      if (error instanceof InputError) continue;
      throw error;
    }
    const { evaluations, rejected } = found;
    evaluations.forEach(
      (evaluation, index) =>
        (answers[those[index]] = JSON.stringify({ evaluation })),
    );
    for (const { index, problems } of rejected)
      answers[those[index]] = JSON.stringify({ problems });
  }
  return answers;
}

function readable(text) {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

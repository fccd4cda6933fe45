// node explain.mjs JOBS.json ANSWERS.json: jobs as `answersOf` takes them; out comes what `explain` says to each case.

import { readFile, writeFile } from "node:fs/promises";

import {
  InputError,
  load,
  parseJson,
} from "../../../hosts/js/src/index.js";

const [, , jobs, answers] = process.argv;

function told(ruleset, { text, as_of, assume }) {
  try {
    const [zh, en] = ["zh", "en"].map((language) =>
      ruleset.explain(parseJson(text), as_of, { assume, language }),
    );
    return JSON.stringify(
      zh.map((one, at) => ({ ...one, en: en[at].text })),
    );
  } catch (error) {
    if (error instanceof InputError)
      return JSON.stringify({ problems: error.problems });
    throw error;
  }
}

const found = [];
for (const { artifact, cases } of JSON.parse(await readFile(jobs, "utf8"))) {
  const ruleset = await load(artifact);
  found.push(cases.map((one) => told(ruleset, one)));
}
await writeFile(answers, JSON.stringify(found));

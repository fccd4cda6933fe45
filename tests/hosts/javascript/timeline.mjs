// node timeline.mjs JOBS.json ANSWERS.json: jobs as `answersOf` takes them, each case with a last day; out come the timelines.

import { readFile, writeFile } from "node:fs/promises";

import {
  InputError,
  load,
  parseJson,
} from "../../../hosts/js/src/index.js";

const [, , jobs, answers] = process.argv;

function told(ruleset, { text, as_of, last, assume }) {
  try {
    return JSON.stringify(
      ruleset.timeline(parseJson(text), as_of, last, { assume }),
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

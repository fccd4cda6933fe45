// node hosts.mjs ARTIFACT HOUSEHOLDS ANSWERS DATE ROUNDS: seconds for all households, by what was done, as JSON.
// The answers are written to a file before anything is timed.

import { readFile, writeFile } from "node:fs/promises";

import { load } from "../hosts/js/src/index.js";

const [artifact, texts, answers, asOf, rounds] = process.argv.slice(2);
const text = await readFile(texts, "utf8");
const households = JSON.parse(text);
const ruleset = await load(artifact);
await writeFile(answers, JSON.stringify(households.map((one) => ruleset.evaluate(one, asOf))));

function median(run) {
  run();
  const taken = Array.from({ length: Number(rounds) }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1000;
  });
  return taken.sort((a, b) => a - b)[Math.floor(taken.length / 2)];
}

const seconds = {
  alone: median(() => households.forEach((one) => ruleset.evaluate(one, asOf))),
  "alone, from and to text": median(() =>
    JSON.parse(text).forEach((one) => JSON.stringify(ruleset.evaluate(one, asOf))),
  ),
  batch: median(() => ruleset.evaluateMany(households, asOf)),
};
console.log(JSON.stringify(seconds));

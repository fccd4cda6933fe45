// node node.mjs JOBS.json ANSWERS.json: a list of jobs as `answersOf` takes them; `artifact` is the path of a file.

import { readFile, writeFile } from "node:fs/promises";

import { answersOf } from "./answers.js";

const [, , jobs, answers] = process.argv;
const found = [];
for (const job of JSON.parse(await readFile(jobs, "utf8")))
  found.push(await answersOf(job));
await writeFile(answers, JSON.stringify(found));

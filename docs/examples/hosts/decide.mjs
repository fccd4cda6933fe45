import { readFile } from "node:fs/promises";
import { InputError, load, parseJson } from "fupin-policy";

const ruleset = await load("lesson.wasm");
const household = parseJson(await readFile("household.json"));

try {
  for (const one of ruleset.evaluate(household, "2019-06-30").decisions) {
    const amount = one.amount ? `${one.amount.min}–${one.amount.max} ${one.amount.unit} a ${one.amount.per}` : "";
    console.log(one.title.en, one.status, amount, one.beneficiaries);
    for (const { member, label } of one.missing) console.log("  missing", member ?? "", label);
  }
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  for (const problem of error.problems) console.log(problem.place, problem.en, "—", problem.help.en);
}

import { load } from "fupin-policy";

const ruleset = await load("lesson.wasm"); // in Node.js a path; in a browser an address, or load(fetch("lesson.wasm"))
const household = { id: "h1", 享受低保: true, 医疗费用: "8000", members: [{ id: "m1", 出生日期: "1939" }] };
for (const { title, status, amount, missing } of ruleset.evaluate(household, "2019-06-30").decisions) {
  console.log(title.en, status, amount.min, amount.max, amount.unit, missing);
}

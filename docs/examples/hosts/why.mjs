import { load } from "fupin-policy";

const ruleset = await load("lesson.wasm");
const household = { id: "h1", 享受低保: true, 医疗费用: 8000, members: [{ id: "m1", 出生日期: "1930" }] };
for (const { decision, reasons, parameters, text } of ruleset.explain(household, "2019-06-30", { language: "en" })) {
  console.log(decision.policy, reasons.map((one) => one.holds), parameters.length);
  console.log(text);
}

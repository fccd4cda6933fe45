import { load } from "fupin-policy";

const ruleset = await load("lesson.wasm");
const households = [
  { id: 1, 享受低保: true, 医疗费用: 8000, members: [{ id: "a", 出生日期: "1930" }] },
  { id: 2, 享受低保: "也许", 医疗费: 1, members: [{ id: "b" }] },
  { id: 3, 享受低保: false, 医疗费用: 0, members: [{ id: "c", 残疾等级: "三级" }] },
];
const { evaluations, rejected } = ruleset.evaluateMany(households, "2019-06-30");

for (const { household, decisions } of evaluations.filter(Boolean)) {
  console.log(`${household}: ${decisions.map((one) => `${one.title.zh} ${one.status}`).join("，")}`);
}
for (const { index, problems } of rejected) {
  for (const { place, zh, help } of problems) console.log(`households[${index}] ${place}: ${zh}（${help.zh}）`);
}

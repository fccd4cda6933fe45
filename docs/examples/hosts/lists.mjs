import { InputError, load } from "fupin-policy";

const ruleset = await load("bills.wasm");
for (const { name, label, of, most } of ruleset.lists)
  console.log(`${label.zh} (${name}) of each ${of}, ${most} at most`);

const supporters = [{ 月收入: { min: 2000, max: 3500 } }];
const bills = [{ 医疗费用: 600, 就医日期: "2019-03-01" }];
for (const given of [bills, { at_least: bills }, [...bills, ...bills]]) {
  const household = { id: "h1", 赡养人: supporters, members: [{ id: "m1", 就医记录: given }] };
  try {
    const [{ status, amount, missing }] = ruleset.evaluate(household, "2019-06-30").decisions;
    console.log(
      status,
      `${amount.min}–${amount.max}`,
      missing.map((one) => `${one.fact} ${one.label}`),
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const { place, en, help } of error.problems) console.log(place, en, "—", help.en);
  }
}

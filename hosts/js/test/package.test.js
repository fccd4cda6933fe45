// What Python cannot ask: values that only JavaScript has, and artifacts that are none.
// FUPIN_ARTIFACT is the path of docs/examples/lesson, compiled, FUPIN_LISTS that of docs/examples/bills. Run by tests/hosts/test_javascript.py.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

import { sha256 } from "../src/checksum.js";
import { InputError, load, parseJson } from "../src/index.js";

const path = process.env.FUPIN_ARTIFACT;
const bytes = await readFile(path);
const lesson = await load(path);
const DAY = "2019-06-30";

const household = (facts, member = {}) => ({ id: "h1", ...facts, members: [{ id: "m1", ...member }] });
const codes = (given, day = DAY) => {
  try {
    lesson.evaluate(given, day);
    return [];
  } catch (error) {
    assert.ok(error instanceof InputError);
    return error.problems.map((one) => `${one.code} ${one.place} ${one.en.match(/"(.*?)"/)?.[1] ?? ""}`.trim());
  }
};

test("an artifact may be a path, an address, bytes, or a response, also promised", async () => {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const sources = [
    path,
    pathToFileURL(path),
    pathToFileURL(path).href,
    bytes,
    buffer,
    new DataView(buffer),
    new Response(bytes),
  ];
  for (const source of [...sources, Promise.resolve(new Response(bytes))]) {
    assert.equal((await load(source)).digest, lesson.digest);
  }
});

test("what is no artifact is refused in words", async () => {
  await assert.rejects(load(new Uint8Array()), /not a WebAssembly module/);
  await assert.rejects(load(new TextEncoder().encode("<!doctype html>")), /not a WebAssembly module/);
  const bare = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  await assert.rejects(load(bare), /no checksum/);
  const seal = bytes.subarray(bytes.length - 49);
  await assert.rejects(load(sealed(Buffer.concat([bare, seal]))), /not made by "fupin compile"/);
  await assert.rejects(load(new Response("no", { status: 404, statusText: "Not Found" })), /404 Not Found/);
  await assert.rejects(load("/no/such/file.wasm"), /no such file/);
  const text = bytes.toString("latin1").replace('"abi":5', '"abi":9');
  await assert.rejects(load(sealed(Buffer.from(text, "latin1"))), /version 9/);
});

/** An artifact with the checksum that its bytes ask for; the last 32 are the checksum, the 17 before its section's head. */
function sealed(artifact) {
  const digest = createHash("sha256").update(artifact.subarray(0, -49)).digest();
  return Buffer.concat([artifact.subarray(0, -32), digest]);
}

test("the checksum is SHA-256", () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000]) {
    const given = bytes.subarray(3, 3 + length);
    assert.deepEqual(Buffer.from(sha256(given)), createHash("sha256").update(given).digest());
  }
});

test("an artifact that was changed anywhere is refused", async () => {
  assert.equal((await load(sealed(bytes))).digest, lesson.digest);
  for (let at = 0; at < bytes.length; at += 97) {
    const changed = Buffer.from(bytes);
    changed[at] ^= 1;
    await assert.rejects(load(changed), /checksum|not a WebAssembly module/);
  }
  for (const length of [bytes.length - 49, bytes.length - 1, 20])
    await assert.rejects(load(bytes.subarray(0, length)), /no checksum/);
  await assert.rejects(load(Buffer.concat([bytes, bytes.subarray(8)])), /does not agree/);
});

test("a ruleset says what it is", () => {
  assert.equal(lesson.id, "lesson");
  assert.deepEqual(lesson.title, { zh: "教学县", en: "Lesson county" });
  assert.deepEqual(lesson.covers, { first: "2018-01-01", last: "2020-12-31" });
  assert.deepEqual(lesson.breakpoints, ["2018-01-01", "2019-01-01", "2019-02-01"]);
  assert.deepEqual(
    lesson.policies.map((one) => one.id),
    ["elderly.old_age_allowance", "health.medical_aid"],
  );
  assert.deepEqual(
    lesson.facts.find((one) => one.name === "town").codes.map((one) => one.label),
    ["东河镇", "西山镇"],
  );
});

test("undefined is unknown", () => {
  assert.deepEqual(codes(household({ medical_cost: undefined, village: undefined }, { birth_date: undefined })), []);
});

test("a JavaScript number counts by the decimal that it is written as", () => {
  const cost = (value) =>
    lesson.evaluate(household({ 享受低保: true, medical_cost: { min: value, max: value } }), DAY).decisions[1].amount;
  assert.equal(cost(6000.1).value, "650.07");
  assert.equal(cost(6000.1).value, cost("6000.10").value);
  assert.equal(cost(6000n).value, cost(6e3).value);
  assert.deepEqual(codes(household({ medical_cost: 0.1 + 0.2 })), ["H023 medical_cost 0.30000000000000004"]);
  assert.deepEqual(codes(household({ medical_cost: 1e-7 })), ["H023 medical_cost 1e-07"]);
  assert.deepEqual(codes(household({ medical_cost: 1e300 })), ["H024 medical_cost 1e+300"]);
  assert.deepEqual(codes(household({ medical_cost: 123456789012.5 })), ["H024 medical_cost 123456789012.5"]);
  assert.deepEqual(codes(household({ medical_cost: NaN })), ["H022 medical_cost nan"]);
  assert.deepEqual(codes(household({ medical_cost: -Infinity })), ["H022 medical_cost -inf"]);
});

test("an id past 2^53 is refused, not rounded", () => {
  assert.deepEqual(codes({ id: 370784199001011234, members: [{ id: "m1" }] }), ["H003 id 3.7078419900101126e+17"]);
  assert.equal(
    lesson.evaluate(parseJson('{"id": 370784199001011234, "members": [{"id": 1}]}'), DAY).household,
    "370784199001011234",
  );
  assert.equal(lesson.evaluate({ id: 370784199001011234n, members: [{ id: 1 }] }, DAY).household, "370784199001011234");
});

test("what is no plain data is refused", () => {
  assert.deepEqual(codes(household({}, { birth_date: new Date(0) })), ["H025 members[0].birth_date Date"]);
  assert.deepEqual(codes(new Map()), ["H001 household"]);
  assert.deepEqual(codes(undefined), ["H001 household"]);
  assert.deepEqual(codes({ id: Symbol("x"), members: [,] }), ["H003 id Symbol", "H007 members[0] null"]);
  assert.deepEqual(codes(household({}), null), ["H040 as_of null"]);
  assert.deepEqual(codes(household({}), new Date(0)), ["H040 as_of Date"]);
});

test("names that every object has are no facts", () => {
  assert.deepEqual(codes({ ...household({}), ["__proto__"]: 1, constructor: 1 }), [
    "H011 __proto__ __proto__",
    "H011 constructor constructor",
  ]);
});

test("many are decided though some are wrong, in the order given", () => {
  const given = Array.from({ length: 9000 }, (_, index) => ({
    ...household({ 享受低保: index % 3 === 0 }),
    id: index % 7 === 0 ? null : index,
  }));
  const { evaluations, rejected } = lesson.evaluateMany(given.values(), DAY);
  assert.equal(evaluations.length, given.length);
  assert.deepEqual(
    rejected.map((one) => one.index),
    given.flatMap((one, index) => (one.id === null ? [index] : [])),
  );
  evaluations.forEach((evaluation, index) => {
    const alone = given[index].id === null ? null : lesson.evaluate(given[index], DAY);
    assert.deepEqual(evaluation, alone);
  });
  assert.throws(() => lesson.evaluateMany([], "2031-01-01"), InputError);
  assert.deepEqual(lesson.evaluateMany([], DAY), { evaluations: [], rejected: [] });
});

test("what evaluations share cannot be changed", () => {
  const refused = lesson
    .evaluate(household({ 享受低保: false, 医疗费用: 0 }), DAY)
    .decisions.find((one) => one.status === "ineligible");
  assert.throws(() => refused.departments.lead.push({}), TypeError);
});

test("what a ruleset says of itself cannot be changed", () => {
  const titles = [lesson.title, ...lesson.policies.map((one) => one.title)];
  for (const title of titles) assert.throws(() => (title.zh = "x"), TypeError);
  for (const fact of lesson.facts) {
    assert.throws(() => fact.aliases.push("x"), TypeError);
    if (fact.codes) assert.throws(() => (fact.codes[0].label = "x"), TypeError);
  }
  const { decisions } = lesson.evaluate(household({ 享受低保: true, 医疗费用: 7000 }), DAY);
  for (const { title, basis } of decisions) {
    assert.throws(() => (title.en = "x"), TypeError);
    assert.throws(() => basis.push("x"), TypeError);
  }
  // what is made for each call is the caller's own
  lesson.policies.length = 0;
  lesson.facts[0].name = "x";
  lesson.breakpoints.pop();
  assert.deepEqual(codes(household({ x: 1 })), ["H011 x x"]);
  assert.equal(lesson.policies.length, 2);
  assert.equal(lesson.breakpoints.length, 3);
});

test("what is no text is refused as everything else is", () => {
  for (const [given, shown] of [
    [undefined, "null"],
    [null, "null"],
    [5, "5"],
    [{}, "{…}"],
    [["{}"], "[…]"],
  ]) {
    assert.throws(
      () => parseJson(given),
      (error) =>
        error instanceof InputError && error.problems[0].code === "H111" && error.message.includes(`"${shown}"`),
    );
  }
  assert.throws(() => parseJson(), InputError);
});

test("a date of two meanings is refused with both", () => {
  const said = (birth_date) => {
    try {
      lesson.evaluate(household({}, { birth_date }), DAY);
      return null;
    } catch (error) {
      return error.problems.map((one) => `${one.code} ${one.en}`).join();
    }
  };
  assert.equal(said("1959.1"), 'H110 the date "1959.1" can be read in two ways: 1959-01 or 1959-10');
  assert.equal(said(190612), 'H110 the date "190612" can be read in two ways: 1906-12 or 2019-06-12');
  assert.match(said(1959.1), /^H025/);
  for (const clear of ["1959.10", "1959.01", "1959.2", "1959-1", "1959.1.5", "195906", 195906, 1959])
    assert.equal(said(clear), null);
});

const bills = await load(process.env.FUPIN_LISTS);
const withLists = (supporters, own = []) => ({ id: "h1", supporters, members: [{ id: "m1", bills: own }] });

test("lists take what only JavaScript has, or refuse it in words", () => {
  const missing = (given) => bills.evaluate(given, DAY).decisions[0].missing.map((one) => one.fact);
  for (const nothing of [undefined, null, {}, { at_least: undefined }, { at_least: null }])
    assert.deepEqual(missing(withLists(nothing)), ["supporters"]);
  const item = Object.assign(Object.create(null), { monthly_income: undefined });
  assert.deepEqual(missing(withLists(Object.freeze([item]))), ["supporters[1].monthly_income"]);
  const problems = (given) => {
    try {
      return bills.evaluate(given, DAY);
    } catch (error) {
      return error.problems.map((one) => `${one.code} ${one.place}`);
    }
  };
  assert.deepEqual(problems(withLists([, {}])), ["H097 supporters[0]"]);
  for (const odd of [new Set(), new Map(), 5n, NaN, () => [], Symbol("x")])
    assert.deepEqual(problems(withLists(odd)), ["H094 supporters"]);
  assert.deepEqual(problems(withLists([], { __proto__: { at_least: [] } })), bills.evaluate(withLists([], {}), DAY));
});

test("many items are decided together as they are alone", () => {
  const bill = (number) => ({ cost: number, treated: new Date(Date.UTC(2019, 0, number)).toISOString().slice(0, 10) });
  const some = (count) => Array.from({ length: count }, (_, at) => bill(at + 1));
  const households = Array.from({ length: 400 }, (_, at) =>
    withLists([], at % 3 ? some(at % 61) : { at_least: some(at % 31) }),
  );
  const { evaluations, rejected } = bills.evaluateMany(households, DAY);
  assert.deepEqual(rejected, []);
  assert.deepEqual(
    evaluations,
    households.map((one) => bills.evaluate(one, DAY)),
  );
  assert.equal(evaluations[121].decisions[0].amount.value, "915.00"); // half of 1 + 2 + … + 60
});

test("what is told of lists is a copy, or frozen", () => {
  bills.lists[0].name = "x";
  assert.throws(() => (bills.lists[0].label.zh = "x"), TypeError);
  assert.deepEqual(
    bills.lists.map(({ name, of, most, absent }) => [name, of, most, absent]),
    [
      ["bills", "member", 60, null],
      ["supporters", "household", 8, null],
    ],
  );
});

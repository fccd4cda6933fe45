/**
 * Why a decision came out so: the parts that decided, lit up where they stand in the condition, and the values behind it.
 * In: an explanation. Out: elements. Called by `results`.
 */

import { h } from "./dom.js";

const SAID = new Map([
  [true, ["holds", "成立"]],
  [false, ["fails", "不成立"]],
  [null, ["open", "未定"]],
]);
/** The head in the text of an explanation below which the sum stands. */
const SUM_HEAD = "  计算：";
const STANDINGS = { enacted: "文件规定", reported: "已知未核实", example: "示例数值" };

/**
 * What is told of an explanation.
 * @param {any} explanation
 * @returns {Element[]}
 */
export function whyOf(explanation) {
  const { reasons, beneficiaries, departments = [], parameters, notes, decision, as_of: on } = explanation;
  const found = [];
  const part = (title, rows) => {
    if (rows.length) found.push(h("h5", {}, title), h("ul", { class: "reasons" }, ...rows));
  };
  part("理由", reasons.map(reasonOf));
  const sum = sumOf(explanation);
  if (sum) found.push(h("h5", {}, "金额怎样算"), h("pre", { class: "sum", tabindex: "0" }, sum));
  part("由谁受益", beneficiaries.map(reasonOf));
  part("由谁负责", departments.map(reasonOf));
  part("所用数值", parameters.map(parameterOf));
  for (const note of notes) found.push(h("p", { class: "hint" }, note.zh));
  return [...found, ...drawings(decision.policy, on, [...reasons, ...beneficiaries])];
}

/** The sum behind the amount as lines under one another: the part of the whole text that is set in below its head. */
function sumOf({ sum, text }) {
  if (sum === null) return "";
  const lines = text.split("\n");
  const from = lines.findIndex((line) => line === SUM_HEAD) + 1;
  const after = lines.findIndex((line, at) => at >= from && !line.startsWith("    ") && line !== "");
  const own = from ? lines.slice(from, after < 0 ? undefined : after) : [];
  return own.map((line) => line.slice(4)).join("\n");
}

function reasonOf({ text, value, holds, member }) {
  const [kind, said] = /** @type {[string, string]} */ (SAID.get(holds));
  const whose = member ? `${member.replaceAll(", ", "、")}：` : "";
  return h("li", { class: kind }, h("b", {}, said), ` ${whose}${text.zh}（实际：${value.zh}）`);
}

function parameterOf({ label, value, standing, since, reading }) {
  const from = since && since > "0001-01-01" ? `${since} 起，` : "";
  return h("li", {}, `${label}：${value.zh}（${from}${reading ? "采用的读法" : (STANDINGS[standing] ?? "没有数值")}）`);
}

/** A sentence without blanks and brackets, by which two of them are held together. */
function bare(text) {
  return text.replace(/[\s「」]/g, "");
}

/** The drawings of a policy's conditions on a day in which something decided, with that lit up. */
function drawings(policy, on, reasons) {
  const written = new Map();
  for (const { place, source_text: source, holds, text } of reasons) {
    if (place === null) continue;
    const key = `${place.split("/").pop()} ${source}`;
    written.set(key, [...(written.get(key) ?? []), { holds, text: bare(text.zh) }]);
  }
  const templates = [...document.querySelectorAll("template.drawn")].filter(
    ({ dataset }) => dataset.policy === policy && dataset.first <= on && on <= dataset.last,
  );
  return templates.flatMap((template) => {
    const drawn = /** @type {Element} */ (template.content.firstElementChild?.cloneNode(true));
    let lit = 0;
    const boxes = [...drawn.querySelectorAll(".part")];
    const sources = boxes.flatMap(({ dataset }) => Object.values(dataset));
    for (const box of boxes) {
      const said = bare([...box.querySelectorAll("text")].map((line) => line.textContent).join(""));
      // what is written once, as that something is from 6 to 14, may be two parts: these are told apart by their words
      const own = Object.values(box.dataset).flatMap((key) => {
        const shared = sources.filter((one) => one === key).length > 1;
        return (written.get(key) ?? []).filter(({ text }) => !shared || text.includes(said)).map(({ holds }) => holds);
      });
      if (own.length === 0) continue;
      lit += 1;
      box.classList.add(new Set(own).size > 1 ? "mixed" : SAID.get(own[0])[0]);
    }
    const label = `${template.dataset.title}，亮起的是决定结果的部分`;
    drawn.setAttribute("aria-label", label);
    const box = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": label }, drawn);
    return lit ? [h("h5", {}, `${template.dataset.title}（亮起的是决定结果的部分）`), box] : [];
  });
}

/**
 * What a fact is filled in with, by its kind. Blank is unknown.
 * In: a fact. Out: an input that reads and takes a value as a household is given. Called by `field`.
 */

import { fresh, h } from "./dom.js";

/** @typedef {{element: HTMLElement, first: HTMLElement, read: () => any, write: (raw: any) => boolean, onDate?: (on: string) => void}} Input */

/**
 * The input of a fact. `write` says whether it can show a value.
 * @param {any} fact
 * @param {string} id of the element that the label is for
 * @returns {Input}
 */
export function inputOf(fact, id) {
  if (fact.each) return series(fact, id);
  switch (fact.kind) {
    case "truth":
      return chosen(id, [
        ["true", "是"],
        ["false", "否"],
      ]);
    case "code":
      return chosen(
        id,
        fact.codes.map((code) => [code.label, code.label]),
      );
    case "codes":
      return several(fact, id);
    default:
      return fact.maybe ? perhaps(written(fact, id)) : written(fact, id);
  }
}

/**
 * @param {string} id
 * @param {[string, string][]} options
 * @returns {Input}
 */
function chosen(id, options) {
  const select = /** @type {HTMLSelectElement} */ (h("select", { id }, h("option", { value: "" }, "不详")));
  select.append(...options.map(([value, label]) => h("option", { value }, label)));
  const truth = options[0][0] === "true";
  return {
    element: select,
    first: select,
    read: () => (select.value === "" ? undefined : truth ? select.value === "true" : select.value),
    write: (raw) => {
      const value = truth ? { true: "true", 是: "true", false: "false", 否: "false" }[String(raw)] : String(raw);
      if (raw !== undefined && !options.some(([one]) => one === value)) return false;
      select.value = raw === undefined ? "" : /** @type {string} */ (value);
      return true;
    },
  };
}

const HINTS = { date: "年-月-日，可只填年或年-月", number: "", text: "" };
const RANGE = /^(.+?)\s*(?:~|～|至|到)\s*(.+)$/;

/**
 * A number or a date, exactly or from and to; or a text.
 * @param {any} fact
 * @param {string} id
 * @returns {Input}
 */
function written(fact, id) {
  const mode = fact.kind === "number" ? "decimal" : "text";
  const input = /** @type {HTMLInputElement} */ (
    h("input", { id, type: "text", inputmode: mode, autocomplete: "off", placeholder: HINTS[fact.kind] || null })
  );
  return {
    element: input,
    first: input,
    read: () => {
      const text = input.value.trim();
      if (text === "") return undefined;
      const range = fact.kind === "text" ? null : RANGE.exec(text);
      return range ? { min: range[1], max: range[2] } : text;
    },
    write: (raw) => {
      const range = raw !== null && typeof raw === "object" && Object.keys(raw).join() === "min,max";
      if (typeof raw === "object" && raw !== null && !range) return false;
      input.value = raw === undefined || raw === null ? "" : range ? `${raw.min}至${raw.max}` : String(raw);
      return true;
    },
  };
}

/**
 * A date that may be none.
 * @param {Input} date
 * @returns {Input}
 */
function perhaps(date) {
  const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox" }));
  const input = /** @type {HTMLInputElement} */ (date.first);
  box.addEventListener("change", () => (input.disabled = box.checked));
  return {
    element: h("div", { class: "beside" }, date.element, h("label", {}, box, " 没有")),
    first: date.first,
    read: () => (box.checked ? "无" : date.read()),
    write: (raw) => {
      box.checked = raw === "无";
      input.disabled = box.checked;
      return date.write(box.checked ? undefined : raw);
    },
  };
}

/**
 * Several codes, none of them, or it is not known.
 * @param {any} fact
 * @param {string} id
 * @returns {Input}
 */
function several(fact, id) {
  const box = (value) => /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", value }));
  const boxes = fact.codes.map((code) => box(code.label));
  const none = box("无");
  const all = [...boxes, none];
  all.forEach((one) =>
    one.addEventListener("change", () => {
      if (one.checked) for (const other of one === none ? boxes : [none]) other.checked = false;
    }),
  );
  const labels = all.map((one) => h("label", { class: "choice" }, one, ` ${one === none ? "都没有" : one.value}`));
  return {
    element: h("div", { id, class: "choices", role: "group", tabindex: "-1" }, ...labels),
    first: all[0],
    read: () => {
      if (none.checked) return "无";
      const some = boxes.filter((one) => one.checked).map((one) => one.value);
      return some.length ? some : undefined;
    },
    write: (raw) => {
      const some = raw === undefined || raw === "无" ? [] : [raw].flat();
      if (!some.every((one) => boxes.some((other) => other.value === one))) return false;
      for (const one of boxes) one.checked = some.includes(one.value);
      none.checked = raw === "无" || (Array.isArray(raw) && raw.length === 0);
      return true;
    },
  };
}

/**
 * A value for each month or year: one for all, and others where they differ.
 * @param {any} fact
 * @param {string} id
 * @returns {Input}
 */
function series(fact, id) {
  const inner = { ...fact, each: undefined };
  const whole = inputOf(inner, id);
  /** @type {Map<string, {input: Input, row: HTMLElement}>} */
  const known = new Map();
  const rows = h("div", { class: "months" });
  const month = fact.each === "month";
  const folded = h("details", {}, h("summary", {}, month ? "逐月填（与上面不同的）" : "逐年填（与上面不同的）"), rows);
  const rowOf = (period) => {
    const found = known.get(period);
    if (found) return found;
    const own = fresh();
    const input = inputOf(inner, own);
    const made = { input, row: h("div", {}, h("label", { for: own }, period), input.element) };
    known.set(period, made);
    return made;
  };
  return {
    element: h("div", {}, h("span", { class: "unit" }, month ? "每月" : "每年"), whole.element, folded),
    first: whole.first,
    onDate: (on) => rows.replaceChildren(...periods(on, fact.each, fact.back).map((period) => rowOf(period).row)),
    read: () => {
      const each = whole.read();
      const own = [...known]
        .filter(([, { row }]) => row.isConnected)
        .map(([period, { input }]) => [period, input.read()])
        .filter(([, value]) => value !== undefined);
      if (each === undefined && own.length === 0) return undefined;
      return { ...(each === undefined ? {} : { each }), ...Object.fromEntries(own) };
    },
    write: (raw) => {
      if (raw !== undefined && (raw === null || typeof raw !== "object")) return false;
      const { each, ...others } = raw ?? {};
      for (const { input } of known.values()) input.write(undefined);
      const fits = Object.entries(others).map(([period, value]) => rowOf(period).input.write(value));
      return whole.write(each) && fits.every(Boolean);
    },
  };
}

/**
 * The month or year of a date and those before it, the last first.
 * @param {string} on
 * @param {"month" | "year"} each
 * @param {number} back
 */
function periods(on, each, back) {
  const [year, month] = on.split("-").map(Number);
  return Array.from({ length: back + 1 }, (_, ago) => {
    if (each === "year") return String(year - ago);
    const months = year * 12 + month - 1 - ago;
    return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, "0")}`;
  });
}

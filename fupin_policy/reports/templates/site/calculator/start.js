/**
 * The calculator: what is filled in is decided at once, in this page and nowhere else.
 * In: the page, with its data and the compiled rules in it. Out: decisions on the page. The first module of its script.
 */

import { InputError, load, parseJson } from "fupin-policy";
import { goTo, h } from "./dom.js";
import { Form } from "./form.js";
import { Results } from "./results.js";

/** After how many milliseconds without a change it is said why. */
const WHY_AFTER = 150;
const part = (name) => /** @type {HTMLElement} */ (document.getElementById(name));
const about = JSON.parse(/** @type {string} */ (part("about").textContent));
const date = /** @type {HTMLInputElement} */ (part("on"));
const problems = part("problems");

/** The date that is set, or else today; where no policy is in force today, the day of most examples, or the nearest one. */
function asOf() {
  if (/^\d{4}-\d\d-\d\d$/.test(date.value) && date.validity.valid) return date.value;
  const now = new Date();
  const [month, day] = [now.getMonth() + 1, now.getDate()].map((one) => String(one).padStart(2, "0"));
  const today = `${now.getFullYear()}-${month}-${day}`;
  const [first, last] = about.in_force;
  if (first <= today && today <= last) return today;
  return about.day ?? (today < first ? first : last);
}

/** The compiled rules, which stand in the page as text. */
function bytes() {
  const text = atob(/** @type {string} */ (part("rules").textContent).trim());
  const found = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) found[at] = text.charCodeAt(at);
  return found;
}

class Calculator {
  #ruleset;
  #form;
  #results;
  #assume = /** @type {HTMLInputElement} */ (part("assume"));
  #needs = [];
  /** @type {Map<string, any> | null} */
  #explained = null;
  #later = 0;

  constructor(ruleset) {
    this.#ruleset = ruleset;
    this.#form = new Form(about, asOf, () => this.decide());
    this.#results = new Results(
      about,
      (need) => this.#wayTo(need),
      (policy) => this.#why(policy),
    );
    part("form").append(this.#form.element);
    part("results").append(this.#results.element);
    this.#assume.addEventListener("change", () => this.decide());
    document.addEventListener("date", () => {
      this.#form.onDate();
      this.decide();
    });
    part("next").addEventListener("click", () => this.#next()?.());
    part("save").addEventListener("click", () => this.#save());
    part("open").addEventListener("change", (event) => this.#open(event.target));
    part("print").addEventListener("click", () => print());
  }

  /** Decide what is filled in, and show it, or what is wrong. */
  decide() {
    const began = performance.now();
    const household = this.#form.household();
    try {
      const evaluation = this.#ruleset.evaluate(household, asOf(), { assume: this.#assume.checked });
      this.#wrong([]);
      this.#explained = null;
      this.#results.show(evaluation);
      // decisions first: that takes a few milliseconds, to say why many
      clearTimeout(this.#later);
      this.#later = setTimeout(() => this.#results.explain(), WHY_AFTER);
      this.#matters(evaluation.decisions.filter((one) => one.audience?.own !== false));
      part("results").classList.remove("stale");
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.#wrong(error.problems);
      part("results").classList.add("stale");
    }
    performance.measure("decide", { start: began });
  }

  /** Say beside each field, or above all where there is none, what is wrong. */
  #wrong(found) {
    const left = new Map(found.map((one) => [one, `${one.zh}（${one.help.zh}）`]));
    for (const { place, field } of this.#form.places()) {
      const own = [...left.keys()].filter((one) => isWithin(one.place, place));
      field.wrong(own.map((one) => left.get(one)).join("；"));
    }
    const lines = found.map((one) => h("li", {}, `${one.place}：${left.get(one)}`));
    problems.hidden = found.length === 0;
    problems.replaceChildren(h("p", {}, "填写有误，改正后再算："), h("ul", {}, ...lines));
  }

  /** Say of each field how many decisions wait for it, and how many fields there are of which some do. */
  #matters(decisions) {
    const counts = new Map();
    const weights = new Map();
    for (const { missing } of decisions) {
      for (const need of missing) {
        const key = keyOf(need);
        counts.set(key, (counts.get(key) ?? 0) + 1);
        // how much of what the decision lacks it would get
        weights.set(key, (weights.get(key) ?? 0) + 1 / missing.length);
      }
    }
    this.#needs = [...weights].sort((one, other) => other[1] - one[1]).map(([key]) => key);
    let left = 0;
    for (const { member, name, field } of this.#form.places()) {
      const count = counts.get(`${member}/${name}`) ?? 0;
      field.matters(count);
      left += count ? 1 : 0;
    }
    const open = decisions.filter((one) => one.missing.length).length;
    const text = left ? `还有 ${left} 项没填的会影响 ${open} 项政策` : "已填的足以算出结果";
    part("left").textContent = text;
    part("next").toggleAttribute("disabled", left === 0);
  }

  /** Why a decision that is shown came out so. */
  #why(policy) {
    if (this.#explained === null) {
      const told = this.#ruleset.explain(this.#form.household(), asOf(), { assume: this.#assume.checked });
      this.#explained = new Map(told.map((one) => [one.decision.policy, one]));
    }
    return this.#explained.get(policy);
  }

  /** The way to the field that settles most. */
  #next() {
    for (const key of this.#needs) {
      for (const { member, name, field } of this.#form.places()) {
        if (`${member}/${name}` === key) return () => field.focus();
      }
    }
    return null;
  }

  #wayTo(need) {
    const key = keyOf(need);
    if (need.fact.startsWith("parameter.")) return null;
    return () => {
      for (const { member, name, field } of this.#form.places()) {
        if (`${member}/${name}` === key) field.focus();
      }
    };
  }

  #save() {
    const text = JSON.stringify(this.#form.household(), null, 1);
    const address = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/json" }));
    h("a", { href: address, download: "household.json" }).click();
    URL.revokeObjectURL(address);
  }

  async #open(input) {
    const [file] = input.files;
    if (!file) return;
    try {
      const given = parseJson(new Uint8Array(await file.arrayBuffer()));
      if (given === null || typeof given !== "object" || Array.isArray(given))
        throw new TypeError("一个文件里要有一户");
      this.#form.open(JSON.parse(JSON.stringify(given, (_, value) => plain(value))));
      this.decide();
    } catch (error) {
      problems.hidden = false;
      const said = error instanceof InputError ? error.problems.map((one) => one.zh).join("；") : error.message;
      problems.replaceChildren(`读不了 ${file.name}：${said}`);
      goTo(problems);
    }
    input.value = "";
  }
}

/** A value of a file as a form has it: exact numbers as they are written. */
function plain(value) {
  const exact = typeof value === "bigint" || (typeof value === "object" && value?.constructor?.name === "Decimal");
  return exact ? String(value) : value;
}

/** Whether a problem's place is a field's, or of a part of what stands in it. */
function isWithin(place, field) {
  return place === field || (place.startsWith(field) && (place[field.length] === "." || place[field.length] === "["));
}

/** Under which name, and of whom, a fact is missing; of a fact by months without the month. */
function keyOf({ fact, member }) {
  return `${member ?? ""}/${fact.replace(/ \d{4}(?:-\d\d)?$/, "")}`;
}

addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("#form details"))
    folded.open = folded.querySelector(".filled") !== null;
});

load(bytes()).then(
  (ruleset) => {
    const calculator = new Calculator(ruleset);
    calculator.decide();
    part("waiting").hidden = true;
    performance.mark("answered");
  },
  (error) => {
    part("waiting").textContent = `规则没有读进来：${error.message}`;
  },
);

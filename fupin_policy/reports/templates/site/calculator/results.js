/**
 * The decisions about a household, by how they came out; a card is made anew only where it has changed.
 * In: an evaluation. Out: elements. Called by `start`.
 */

import { h } from "./dom.js";
import { whyOf } from "./why.js";

const OBTAINED = { application: "申请", automatic: "不用申请", referral: "由有关部门转办" };
const FORCES = { discretion: "可以给予", encouraged: "鼓励给予" };
const PERIODS = {
  ...{ once: "一次", day: "每天", month: "每月", term: "每学期", year: "每年", quarter: "每季度" },
  half_year: "每半年",
};
const STATUSES = [
  ["eligible", "符合"],
  ["unknown", "待核实"],
  ["ineligible", "不符合"],
];

export class Results {
  #about;
  #find;
  #why;
  #asked = new Set();
  #cards = new Map();
  #parts;
  #counts;

  /**
   * @param {any} about
   * @param {(need: any) => (() => void) | null} find how one goes to the field of what is missing or was assumed
   * @param {(policy: string) => any} why the explanation of the decision that is shown
   */
  constructor(about, find, why) {
    this.#about = about;
    this.#find = find;
    this.#why = why;
    this.#counts = h("p", { class: "counts", role: "status", "aria-live": "polite" });
    this.#parts = new Map(STATUSES.map(([status, label]) => [status, part(status, label)]));
    const others = part("others", "面向其他对象的");
    this.#parts.set("others", others);
    this.element = h("div", {}, this.#counts, ...[...this.#parts.values()].map(({ element }) => element));
  }

  /** @param {any} evaluation */
  show(evaluation) {
    const shown = new Map([...this.#parts.keys()].map((status) => [status, []]));
    for (const decision of evaluation.decisions) {
      const status = decision.audience?.own === false ? "others" : decision.status;
      if (this.#about.policies[decision.policy]) shown.get(status).push(this.#card(decision, evaluation.as_of));
    }
    for (const [status, { element, box, count }] of this.#parts) {
      const cards = shown.get(status);
      const same = cards.length === box.children.length && cards.every((card, at) => box.children[at] === card);
      if (!same) box.replaceChildren(...cards);
      count.textContent = String(cards.length);
      element.hidden = cards.length === 0;
    }
    const told = STATUSES.map(([status, label]) => `${label} ${shown.get(status).length} 项`).join("，");
    const text = `${evaluation.as_of}：${told}`;
    if (this.#counts.textContent !== text) this.#counts.textContent = text;
  }

  /** Tell anew why, of all decisions of which that is asked. */
  explain() {
    for (const policy of this.#asked) this.#told(policy);
  }

  #told(policy) {
    const box = this.#cards.get(policy)?.element.querySelector(".why > div");
    box?.replaceChildren(...whyOf(this.#why(policy)));
  }

  /** What is unfolded where one asks why. */
  #folded(policy) {
    const folded = h("details", { class: "why", open: this.#asked.has(policy) }, h("summary", {}, "为什么"), h("div"));
    folded.addEventListener("toggle", () => {
      if (!folded.open) this.#asked.delete(policy);
      else if (folded.isConnected && !this.#asked.has(policy)) {
        this.#asked.add(policy);
        this.#told(policy);
      }
    });
    return folded;
  }

  #card(decision, on) {
    const key = JSON.stringify(decision) + on;
    const known = this.#cards.get(decision.policy);
    if (known?.key === key) return known.element;
    const element = this.#made(decision, on);
    this.#cards.set(decision.policy, { key, element });
    return element;
  }

  #made(decision, on) {
    const { amount, status } = decision;
    const { address } = this.#about.policies[decision.policy];
    const title = h("h4", {}, h("a", { href: `${address}?on=${on}` }, decision.title.zh), ...marks(decision));
    const card = h("article", { class: `card ${status}` }, title);
    card.dataset.policy = decision.policy;
    const say = (label, ...said) => card.append(h("p", {}, h("span", { class: "label" }, `${label}：`), ...said));
    if (status === "ineligible") {
      this.#needs(say, "没填而当作", decision.assumed);
      card.append(this.#folded(decision.policy));
      return card;
    }
    if (amount) card.append(h("p", { class: "amount" }, amountWords(amount, this.#about.unit)));
    if (decision.beneficiaries.length) say("受益人", decision.beneficiaries.join("、"));
    if (decision.possible_beneficiaries.length) say("可能的受益人", decision.possible_beneficiaries.join("、"));
    const { lead, cooperating, possible_lead: perhaps = [] } = decision.departments;
    if (lead.length) say("牵头", names(lead));
    if (perhaps.length) say("可能牵头", names(perhaps));
    if (cooperating.length) say("配合", names(cooperating));
    if (decision.obtain) say("办理", obtained(decision.obtain));
    this.#needs(say, "还要知道", decision.missing);
    this.#needs(say, "没填而当作", decision.assumed);
    if (decision.basis.length) say("依据", ...this.#clauses(decision.basis, on));
    card.append(this.#folded(decision.policy));
    return card;
  }

  /** What is missing, or was assumed, each with a way to where it is filled in. */
  #needs(say, label, needs) {
    if (!needs.length) return;
    const said = needs.flatMap((need, at) => {
      const value = need.value ? `：${need.value.zh}` : "";
      const text = `${need.member ? `${need.member} ` : ""}${need.label}${value}`;
      const go = this.#find(need);
      return [at ? "、" : "", go ? h("button", { type: "button", class: "link", onclick: go }, text) : text];
    });
    say(label, ...said);
  }

  #clauses(basis, on) {
    return basis.flatMap(({ source, clause }, at) => {
      const found = this.#about.clauses[`${source} ${clause}`];
      const shown = found?.shown ?? `${source} ${clause}`;
      return [at ? "、" : "", found?.address ? h("a", { href: `${found.address}?on=${on}` }, shown) : shown];
    });
  }
}

function part(status, label) {
  const [count, box] = [h("span", { class: "count" }), h("div", { class: "cards" })];
  const folded = status === "ineligible" || status === "others";
  const title = folded ? h("summary", {}, `${label} `, count) : h("h3", {}, `${label} `, count);
  const element = h(folded ? "details" : "section", { class: `part ${status}` }, title, box);
  return { element, box, count };
}

function marks({ force, provisional }) {
  const mark = (text) => [" ", h("span", { class: "mark" }, text)];
  return [...(FORCES[force] ? mark(FORCES[force]) : []), ...(provisional ? mark("暂定") : [])];
}

/**
 * An amount, or its ends, with what it is in and for which period.
 * @param {{min: string, max: string, per: string}} amount
 * @param {string} unit
 */
export function amountWords({ min, max, per }, unit) {
  return `${PERIODS[per]} ${min === max ? min : `${min}–${max}`} ${unit}`;
}

function names(bodies) {
  return bodies.map((one) => one.zh).join("、");
}

function obtained({ how, where, documents, days, working_days: working, phone }) {
  const papers = documents.map((one) => one.zh + (one.when ? `（${one.when.zh}）` : "")).join("、");
  const parts = [OBTAINED[how], where && `到${where.zh}`, papers && `带${papers}`];
  parts.push(days && `${days} 天内办结`, working && `${working} 个工作日内办结`, phone && `电话 ${phone}`);
  return parts.filter(Boolean).join("；");
}

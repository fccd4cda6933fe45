/**
 * The form of a household: its own facts and lists, and its members, who come and go.
 * In: the page's data. Out: a household as the rules take it. Called by `start`.
 */

import { fresh, h } from "./dom.js";
import { Scope } from "./scope.js";

export class Form {
  #about;
  #on;
  #box;
  #add;

  /**
   * @param {any} about
   * @param {() => string} on the date asked about
   * @param {() => void} changed
   */
  constructor(about, on, changed) {
    this.#about = about;
    this.#on = on;
    this.own = new Scope(about, "household", on);
    /** @type {{scope: Scope, element: HTMLElement, name: HTMLInputElement}[]} */
    this.members = [];
    this.#box = h("div", { class: "members" });
    this.#add = h("button", { type: "button", onclick: () => this.#more(changed) }, "添一名成员");
    const own = h("section", { class: "household", "aria-label": "本户" }, h("h3", {}, "本户"), ...this.own.elements);
    this.element = h("form", { class: "form", autocomplete: "off" }, own, this.#box, this.#add);
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.element.addEventListener("input", changed);
    this.element.addEventListener("change", changed);
    this.#another();
  }

  #more(changed) {
    const member = this.#another();
    changed();
    member.name.focus();
  }

  #another() {
    const id = fresh();
    const taken = this.members.map((one) => one.name.value);
    let number = this.members.length + 1;
    while (taken.includes(`成员${number}`)) number += 1;
    const name = /** @type {HTMLInputElement} */ (h("input", { id, type: "text", value: `成员${number}` }));
    const away = h("button", { type: "button" }, "删去");
    const scope = new Scope(this.#about, "member", this.#on);
    const title = h("h3", {}, name.value);
    const called = h("div", { class: "field called" }, h("label", { for: id }, "称呼"), name, away);
    const element = h("section", { class: "member", "aria-label": name.value }, title, called, ...scope.elements);
    const member = { scope, element, name };
    name.addEventListener("input", () => {
      title.textContent = name.value;
      element.setAttribute("aria-label", name.value);
      away.setAttribute("aria-label", `删去${name.value}`);
    });
    away.setAttribute("aria-label", `删去${name.value}`);
    away.addEventListener("click", () => {
      this.members = this.members.filter((one) => one !== member);
      element.remove();
      this.#count();
      this.#add.focus();
      this.element.dispatchEvent(new Event("input"));
    });
    this.members.push(member);
    this.#box.append(element);
    this.#count();
    return member;
  }

  #count() {
    const { least, most } = this.#about.members;
    this.#add.toggleAttribute("disabled", this.members.length >= most);
    for (const { element } of this.members) {
      element.querySelector(".called button")?.toggleAttribute("disabled", this.members.length <= least);
    }
  }

  /** What is filled in, as `fupin eval` takes it. */
  household() {
    const members = this.members.map(({ scope, name }) => ({ id: name.value.trim(), ...scope.read() }));
    return { id: "h1", ...this.own.read(), members };
  }

  /**
   * Fill in a household of a file.
   * @param {any} given
   */
  open(given) {
    const { members = given.成员 ?? [], 成员: _, ...own } = given;
    const kept = Array.isArray(members) ? members : [];
    for (const { element } of this.members) element.remove();
    this.members = [];
    for (const one of kept) {
      const { id = one.编号, 编号: __, ...facts } = one;
      const member = this.#another();
      if (id !== undefined) member.name.value = String(id);
      member.name.dispatchEvent(new Event("input"));
      member.scope.write(facts);
    }
    this.own.write(own);
  }

  onDate() {
    this.own.onDate(this.#on());
    for (const { scope } of this.members) scope.onDate(this.#on());
  }

  /** Every field with its place in the household, and the member and name under which it is missing. */
  *places() {
    for (const one of this.own.places("", "")) yield { ...one, member: "" };
    for (const [at, { scope, name }] of this.members.entries()) {
      for (const one of scope.places(`members[${at}].`, "")) yield { ...one, member: name.value.trim() };
    }
  }
}

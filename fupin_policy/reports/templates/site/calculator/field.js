/**
 * One fact on the form: its name, what it is filled in with, what is said of it, what is wrong with it.
 * In: a fact. Out: a field. Called by `scope`.
 */

import { fresh, goTo, h } from "./dom.js";
import { inputOf } from "./inputs.js";

export class Field {
  #kept;
  #problem;
  #mark;
  #input;
  #left;

  /** @param {any} fact as the page's data have it */
  constructor(fact) {
    this.fact = fact;
    const [id, note, problem] = [fresh(), fresh(), fresh()];
    this.#input = inputOf(fact, id);
    this.#mark = h("span", { class: "matters" });
    this.#problem = h("p", { id: problem, class: "problem", hidden: true });
    this.#left = h("p", { class: "hint", hidden: true });
    const beside = [fact.unit, fact.per].filter(Boolean).join("，");
    const name = [fact.label, beside ? h("span", { class: "unit" }, `（${beside}）`) : null, " ", this.#mark];
    const many = fact.kind === "codes";
    const hint = [fact.note, fact.absent && `不填当作“${fact.absent.zh}”`].filter(Boolean).join("；");
    const label = many ? h("div", { class: "name", id: `${id}-name` }, ...name) : h("label", { for: id }, ...name);
    if (many) this.#input.element.setAttribute("aria-labelledby", `${id}-name`);
    this.#input.first.setAttribute("aria-describedby", hint ? `${note} ${problem}` : problem);
    const said = hint ? h("p", { id: note, class: "hint" }, hint) : null;
    this.element = h("div", { class: "field" }, label, this.#input.element, said, this.#left, this.#problem);
    this.element.dataset.fact = fact.name;
    this.#kept = undefined;
  }

  /** What is filled in, as a household is given; undefined where it is blank. */
  read() {
    const value = this.#kept === undefined ? this.#input.read() : this.#kept;
    this.element.classList.toggle("filled", value !== undefined);
    return value;
  }

  /**
   * Fill in a value. One that the input cannot show is kept as it is until it is taken away.
   * @param {any} raw
   */
  write(raw) {
    this.#kept = undefined;
    this.#left.hidden = true;
    if (this.#input.write(raw)) return;
    this.#input.write(undefined);
    this.#kept = raw;
    const away = h("button", { type: "button", onclick: () => this.#away() }, "改填");
    this.#left.replaceChildren(`文件里写的是 ${JSON.stringify(raw)} `, away);
    this.#left.hidden = false;
  }

  #away() {
    this.write(undefined);
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
    this.focus();
  }

  focus() {
    goTo(this.#input.first);
  }

  /** @param {string} on the date asked about */
  onDate(on) {
    this.#input.onDate?.(on);
  }

  /** @param {number} count how many decisions wait for it */
  matters(count) {
    const text = count ? `影响 ${count} 项` : "";
    if (this.#mark.textContent !== text) this.#mark.textContent = text;
  }

  /** @param {string} text what is wrong with it; empty where nothing is */
  wrong(text) {
    if (this.#problem.textContent !== text) this.#problem.textContent = text;
    this.#problem.hidden = text === "";
    if (text) this.#input.first.setAttribute("aria-invalid", "true");
    else this.#input.first.removeAttribute("aria-invalid");
  }
}

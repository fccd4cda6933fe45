/**
 * The facts of a household, a member or an item, with the lists that it has: what matters most stands first.
 * In: what the page's data say of a level. Out: elements, and what is filled in. Called by `form`.
 */

import { fresh, h } from "./dom.js";
import { Field } from "./field.js";

export class Scope {
  /**
   * @param {any} about
   * @param {string} level
   * @param {() => string} on the date asked about
   */
  constructor(about, level, on) {
    this.fields = about.facts.filter((fact) => fact.level === level).map((fact) => new Field(fact));
    this.lists = about.lists.filter((list) => list.of === level).map((list) => new ListEditor(about, list, on));
    const first = this.fields.filter(({ fact }) => fact.first);
    const rest = this.fields.filter(({ fact }) => !fact.first);
    const folded = h(
      "details",
      { class: "rest" },
      h("summary", {}, `其余 ${rest.length} 项（不填有当作的值，或用得少）`),
    );
    folded.append(h("div", { class: "fields" }, ...rest.map((field) => field.element)));
    this.elements = [
      h("div", { class: "fields" }, ...first.map((field) => field.element)),
      ...this.lists.map((list) => list.element),
      ...(rest.length ? [folded] : []),
    ];
    this.kept = {};
    for (const field of this.fields) field.onDate(on());
  }

  /** What is filled in, by label; with what a file said besides. */
  read() {
    const found = { ...this.kept };
    for (const field of this.fields) {
      const value = field.read();
      if (value !== undefined) found[field.fact.label] = value;
    }
    for (const list of this.lists) {
      const value = list.read();
      if (value !== undefined) found[list.about.label.zh] = value;
    }
    return found;
  }

  /** @param {Record<string, any>} given as `read` gives it, or by other names of the facts */
  write(given) {
    const left = { ...given };
    const take = (keys) => {
      const key = keys.find((one) => one in left);
      const value = key === undefined ? undefined : left[key];
      if (key !== undefined) delete left[key];
      return value === null || value === "" ? undefined : value;
    };
    for (const field of this.fields) field.write(take([field.fact.label, field.fact.name, ...field.fact.aliases]));
    for (const list of this.lists) list.write(take([list.about.label.zh, list.about.name]));
    this.kept = left;
  }

  /** @param {string} on */
  onDate(on) {
    for (const field of this.fields) field.onDate(on);
    for (const list of this.lists) for (const item of list.items) item.scope.onDate(on);
  }

  /**
   * Every field with its place, as problems name it, and the name under which it is missing.
   * @param {string} place of the scope, with a dot
   * @param {string} name
   * @returns {Generator<{place: string, name: string, field: {focus: () => void, matters: (n: number) => void, wrong: (t: string) => void}}>}
   */
  *places(place, name) {
    for (const field of this.fields) yield { place: place + field.fact.label, name: name + field.fact.name, field };
    for (const list of this.lists) {
      yield { place: place + list.about.label.zh, name: list.about.name, field: list };
      for (const [at, item] of list.items.entries()) {
        yield* item.scope.places(`${place}${list.about.label.zh}[${at}].`, `${list.about.name}[${at + 1}].`);
      }
    }
  }
}

const STATES = [
  ["", "不详"],
  ["none", "没有"],
  ["all", "有，全在下面"],
  ["some", "有，可能还有别的"],
];

/** What a household or member has several of: whether there are any, and the items. */
class ListEditor {
  #state;
  #count = 0;
  #mark;
  #problem;
  #add;

  constructor(about, list, on) {
    this.about = list;
    this.items = [];
    const id = fresh();
    this.#state = h("select", { id }, ...STATES.map(([value, label]) => h("option", { value }, label)));
    this.#mark = h("span", { class: "matters" });
    this.#problem = h("p", { class: "problem", hidden: true });
    this.#add = h("button", { type: "button" }, `添一项${list.label.zh}`);
    this.#add.addEventListener("click", () => {
      this.#added(about, on);
      if (!["all", "some"].includes(this.#state.value)) this.#state.value = "all";
      this.#changed();
    });
    this.make = () => this.#added(about, on);
    const hint = list.absent ? h("p", { class: "hint" }, `不填当作“${list.absent.zh}”`) : null;
    const label = h("label", { for: id }, list.label.zh, " ", this.#mark);
    this.box = h("div", { class: "items" });
    const head = h("div", { class: "field" }, label, this.#state, hint, this.#problem);
    this.element = h("section", { class: "list", "aria-label": list.label.zh }, head, this.box, this.#add);
  }

  #added(about, on) {
    const scope = new Scope(about, this.about.name, on);
    const away = h("button", { type: "button" }, "删去");
    this.#count += 1;
    const title = h("h4", {}, `${this.about.label.zh} ${this.#count} `, away);
    const item = { scope, element: h("div", { class: "item" }, title, ...scope.elements) };
    away.setAttribute("aria-label", `删去${this.about.label.zh} ${this.#count}`);
    away.addEventListener("click", () => {
      this.items = this.items.filter((one) => one !== item);
      item.element.remove();
      this.#add.focus();
      this.#changed();
    });
    this.items.push(item);
    this.box.append(item.element);
    return item;
  }

  #changed() {
    this.element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  read() {
    const items = this.items.map((item) => item.scope.read());
    const value = { "": undefined, none: [], all: items, some: { at_least: items } }[this.#state.value];
    this.element.classList.toggle("filled", value !== undefined);
    return value;
  }

  write(raw) {
    this.items = [];
    this.box.replaceChildren();
    const items = Array.isArray(raw) ? raw : (raw?.at_least ?? []);
    for (const one of items) this.make().scope.write(one);
    this.#state.value = raw === undefined ? "" : !Array.isArray(raw) ? "some" : raw.length ? "all" : "none";
  }

  focus() {
    this.#state.focus();
    this.#state.scrollIntoView({ block: "center" });
  }

  matters(count) {
    this.#mark.textContent = count ? `影响 ${count} 项` : "";
  }

  wrong(text) {
    this.#problem.textContent = text;
    this.#problem.hidden = text === "";
  }
}

/**
 * A sum on a terminal: figures in a row with what is done to them, and under each what it is called:
 * `fupin_policy/explanation/sum_text.py`.
 * In: a sum, a language. Out: lines, where Chinese signs take two columns. Called by `explaintext`.
 */

import { endsSame, isOperand } from "./sumwords.js";
import { keyOf } from "./sentences.js";

/** @typedef {import("./sumwords.js").Working} Working */
/** @typedef {import("./sumwords.js").Operand} Operand */
/** @typedef {import("./sumwords.js").Operation} Operation */
/** @typedef {import("./sumwords.js").SumLine} SumLine */
/** @typedef {import("./sumfinder.js").Sum} Sum */
/** @typedef {{before: string, figure: string, under: string[], after: string}} Cell */

const [WIDTH, LEAST_WIDTH] = [76, 20];
const [EITHER, ROUNDED, TOTAL, TERM, FACTOR] = [0, 1, 2, 3, 4];
const [OPENING, CLOSING] = ["「（“", "，：；、）」。)”"];

/** Lays out the sums of one household in one language. */
export class SumText {
  /**
   * @param {import("./sumwords.js").NumberWords} numbers
   * @param {import("./sentences.js").Language} language
   */
  constructor(numbers, language) {
    this.numbers = numbers;
    this.sentences = numbers.sentences;
    this.language = language;
    this.colon = this.say("colon");
    this.wide = numbers.rules.wide;
  }

  /**
   * @param {string} name
   * @param {Record<string, import("../index.d.ts").Words | string | number>} [parts]
   */
  say(name, parts) {
    return this.sentences.say(name, parts)[this.language];
  }

  /**
   * The sum, a few lines of text for each of its lines.
   * @param {Sum} sum
   */
  lines({ earlier, lines }) {
    const told = earlier > 0 ? [this.say("earlier_lines", { count: earlier })] : [];
    return [...told, ...lines.flatMap((line) => this.line(line))];
  }

  /** @param {SumLine} line */
  line({ name, member, working, result, why, item }) {
    let head = member === null ? "" : `${member}${this.colon}`;
    if (item !== null) {
      const parts = { list: item.words, item: this.numbers.alone(item) };
      head += `${this.say("item_of_list", parts)}${this.colon}`;
    }
    head += `${name[this.language]}${this.colon.trim()}`;
    const row = new Row(this, member, result.unit);
    if (isOperand(working) && endsSame(working, result)) row.figure(working, result.text[this.language]);
    else {
      row.write(working, EITHER);
      row.cells.push({ before: "= ", figure: result.text[this.language], under: [], after: "" });
    }
    const beside = why.map((one) => (this.language === "zh" ? `（${one.zh}）` : `(${one.en})`));
    const below = beside.flatMap((one) => this.broken(one, WIDTH - 2).map((text) => `  ${text}`));
    return [...this.laidOut(head, row.cells), ...below];
  }

  /** @param {string} sign */
  isWide(sign) {
    const point = /** @type {number} */ (sign.codePointAt(0));
    let [low, high] = [0, this.wide.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.wide[middle] <= point) low = middle + 1;
      else high = middle;
    }
    return low % 2 === 1;
  }

  /** @param {string} text */
  widthOf(text) {
    return Array.from(text).reduce((width, sign) => width + (this.isWide(sign) ? 2 : 1), 0);
  }

  /**
   * What a line is not broken within: a Chinese sign, or others up to a blank; with it stands what closes it.
   * @param {string} text
   */
  wordsIn(text) {
    const signs = Array.from(text);
    /** @type {string[]} */
    const found = [];
    let word = "";
    signs.forEach((sign, at) => {
      const following = signs[at + 1] ?? " ";
      word += sign;
      const apart =
        (this.isWide(sign) || this.isWide(following)) && !OPENING.includes(sign) && !CLOSING.includes(following);
      if (sign === " " || apart) {
        found.push(word);
        word = "";
      }
    });
    return word ? [...found, word] : found;
  }

  /**
   * A text in lines of a width: English is broken at blanks, Chinese anywhere.
   * @param {string} text
   * @param {number} most
   */
  broken(text, most) {
    const lines = Math.ceil(this.widthOf(text) / most);
    const room = Math.min(most, Math.ceil(this.widthOf(text) / lines) + 2);
    /** @type {string[]} */
    const found = [];
    let line = "";
    for (const word of this.wordsIn(text)) {
      if (line.trim() && this.widthOf(line + word.trimEnd()) > room) {
        found.push(line.trim());
        line = "";
      }
      line += word;
    }
    return line.trim() ? [...found, line.trim()] : found;
  }

  /** @param {Cell} cell */
  width({ before, figure, under, after }) {
    const below = Math.max(0, ...under.map((one) => this.widthOf(one)));
    return this.widthOf(before) + Math.max(this.widthOf(figure + after), below);
  }

  /**
   * What parts a cell from the next.
   * @param {Cell} cell
   */
  gap(cell) {
    const text = cell.before + cell.figure + cell.after;
    return /[：，]$/.test(text) && this.width(cell) === this.widthOf(text) ? "" : " ";
  }

  /** @param {Cell[]} cells */
  rowWidth(cells) {
    return cells.reduce((width, cell) => width + this.width(cell) + 1, 0);
  }

  /**
   * Cells after a heading, or below it where they are too wide, in as many rows as they need.
   * @param {string} head
   * @param {Cell[]} cells
   */
  laidOut(head, cells) {
    if (this.widthOf(head) + this.rowWidth(cells) <= WIDTH)
      return this.filled([{ before: "", figure: head, under: [], after: "" }, ...cells]);
    /** @type {Cell[][]} */
    const rows = [[]];
    for (const cell of cells) {
      const last = rows[rows.length - 1];
      if (last.length > 0 && this.rowWidth([...last, cell]) > WIDTH - 2) rows.push([cell]);
      else last.push(cell);
    }
    return [...this.broken(head, WIDTH), ...rows.flatMap((row) => this.filled(row).map((line) => `  ${line}`))];
  }

  /**
   * Cells side by side: their figures, and what is under these.
   * @param {Cell[]} cells
   */
  filled(cells) {
    const found = [cells.map(({ before, figure, after }) => before + figure + after)];
    const deepest = Math.max(0, ...cells.map(({ under }) => under.length));
    for (let at = 0; at < deepest; at += 1)
      found.push(cells.map(({ before, under }) => " ".repeat(this.widthOf(before)) + (under[at] ?? "")));
    return found.map((row) =>
      row
        .map(
          (text, at) =>
            text + " ".repeat(Math.max(0, this.width(cells[at]) - this.widthOf(text))) + this.gap(cells[at]),
        )
        .join("")
        .trimEnd(),
    );
  }
}

/** Writes a working as cells; `unit` is that of the result, which is not said of each figure. */
class Row {
  /**
   * @param {SumText} text
   * @param {string | null} member
   * @param {import("../index.d.ts").Words} unit
   */
  constructor(text, member, unit) {
    this.text = text;
    this.language = text.language;
    this.member = member;
    this.unit = unit;
    /** @type {Cell[]} */
    this.cells = [];
    this.waiting = "";
  }

  /** @param {string} sign */
  after(sign) {
    this.cells[this.cells.length - 1].after += sign;
  }

  /**
   * A figure with what is under it.
   * @param {Operand} found
   * @param {string} figure
   */
  figure(found, figure) {
    const room = Math.max(LEAST_WIDTH, this.text.widthOf(figure));
    const under = this.under(found).flatMap((said) => this.text.broken(said, room));
    this.cells.push({ before: this.waiting, figure, under, after: "" });
    this.waiting = "";
  }

  /** @param {Operand} found */
  under({ name, member, item, under, remarks }) {
    const whose = member !== null && member !== this.member ? [member] : [];
    if (item !== null) whose.push(this.text.numbers.alone(item)[this.language]);
    if (name !== null && name[this.language]) whose.push(name[this.language]);
    const said = whose.filter((one) => one).join(this.text.colon);
    const beside = under === null ? [] : under[this.language === "zh" ? 0 : 1];
    return [...(said ? [said] : []), ...beside, ...remarks.map((one) => one[this.language])];
  }

  /**
   * A working where it stands at a place.
   * @param {Working} working
   * @param {number} place
   */
  write(working, place) {
    if (isOperand(working)) {
      const { low, high, unit, digits, text } = working;
      const apart = place > TOTAL && (low.above < 0n || low.compared(high) !== 0);
      if (apart) this.waiting += "(";
      this.figure(working, keyOf(unit) === keyOf(this.unit) ? digits : text[this.language]);
      if (apart) this.after(")");
      return;
    }
    const loose = binding(working) < place;
    if (loose) this.waiting += "(";
    this.operation(working);
    if (loose) this.after(")");
  }

  /** @param {Operation} working */
  operation(working) {
    const { op, parts, rounding, step } = working;
    switch (op) {
      case "add":
        this.added(parts);
        break;
      case "negate":
        this.waiting += "−";
        this.write(parts[0], FACTOR);
        break;
      case "multiply":
      case "divide":
        this.write(parts[0], TERM);
        this.waiting += op === "multiply" ? "× " : "÷ ";
        this.write(parts[1], FACTOR);
        break;
      case "round":
        this.write(parts[0], TOTAL);
        this.beside(this.text.say(`rounded_${rounding}`, { step: /** @type {Operand} */ (step).text }));
        break;
      case "within":
        this.write(parts[0], ROUNDED);
        this.beside(this.ends(working));
        break;
      case "least":
      case "greatest":
        this.waiting += this.text.say(`${op}_of`);
        parts.forEach((part, at) => {
          this.write(part, EITHER);
          this.after(at + 1 === parts.length ? ")" : this.language === "zh" ? "，" : ",");
        });
        break;
      default:
        parts.forEach((part, at) => {
          if (at > 0) this.waiting += this.text.say("or_else");
          this.write(part, ROUNDED);
        });
    }
  }

  /** @param {string} figure */
  beside(figure) {
    this.cells.push({ before: "", figure, under: [], after: "" });
  }

  /**
   * Why a number goes no further, and the ends.
   * @param {Operation} working
   */
  ends({ least, most, by }) {
    const told = least === undefined ? [] : [this.text.say("no_less", { end: least.digits })];
    if (most !== undefined) told.push(this.text.say("no_more", { end: most.digits }));
    return this.text.say(`within_${by}`, { ends: told.join(this.text.say("ends_and")) });
  }

  /** @param {Working[]} parts */
  added(parts) {
    parts.forEach((part, at) => {
      const [taken, shown] = takenAway(part);
      if (at > 0 || taken) this.waiting += taken ? "− " : "+ ";
      this.write(shown, TERM);
    });
  }
}

/**
 * Whether a part of a sum is taken away, and what is.
 * @param {Working} part
 * @returns {[boolean, Working]}
 */
function takenAway(part) {
  if (!isOperand(part)) return part.op === "negate" ? [true, part.parts[0]] : [false, part];
  const { low, high, digits, name } = part;
  if (name !== null || low.above >= 0n || low.compared(high) !== 0) return [false, part];
  return [true, { ...part, low: low.negated(), high: high.negated(), digits: digits.replace(/^-/, "") }];
}

/** @param {Operation} working */
function binding({ op, parts }) {
  if (op === "either") return EITHER;
  if (op === "round" || op === "within") return ROUNDED;
  if (op === "add" && parts.length > 1) return TOTAL;
  return op === "multiply" || op === "divide" || op === "negate" ? TERM : FACTOR;
}

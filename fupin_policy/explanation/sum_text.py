"""A sum on a terminal: figures in a row with what is done to them, and under each what it is called.

In: a `Calculation`. Out: lines of at most `WIDTH` columns, where Chinese signs take two. Called by `explanation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import assert_never

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import width_of, words_in
from fupin_policy.explanation.sums import Calculation, Operand, Operation, SumLine, Working
from fupin_policy.prose.sentences import sentence
from fupin_policy.prose.wording import COLON, in_brackets

WIDTH = 76
"""How wide a line may be, so that with the places before it there are eighty columns."""
LEAST_WIDTH = 20
"""How wide what stands under a figure may be, where the figure is narrower."""
EITHER, ROUNDED, TOTAL, TERM, FACTOR = range(5)
"""How tightly each operation binds: one that binds less than its place asks for is put in parentheses."""


def sum_lines(found: Calculation, lang: Lang) -> list[str]:
    """The sum, a few lines of text for each of its lines."""
    told = [pick(sentence("earlier_lines", count=found.earlier), lang)] if found.earlier else []
    for line in found.lines:
        told += _line(line, lang)
    return told


def _line(line: SumLine, lang: Lang) -> list[str]:
    whose = "" if line.member is None else f"{line.member}{COLON[lang]}"
    whose += "" if line.item is None else f"{pick(line.item.said, lang)}{COLON[lang]}"
    row = _Row(lang, line.member, line.result.unit)
    head = f"{whose}{pick(line.name, lang)}{COLON[lang].strip()}"
    working, result = line.working, pick(line.result.text, lang)
    if isinstance(working, Operand) and (working.low, working.high) == (line.result.low, line.result.high):
        row.figure(working, result)
    else:
        row.write(working, EITHER)
        row.cells.append(_Cell("= ", result, ()))
    why = (in_brackets(pick(one, lang), lang).strip() for one in line.why)
    return [*_laid_out(head, row.cells), *(f"  {text}" for one in why for text in _broken(one, WIDTH - 2))]


@dataclass(slots=True)
class _Cell:
    """What stands in a row: a figure, after signs and before others, and what is written under it."""

    before: str
    figure: str
    under: tuple[str, ...]
    after: str = ""

    @property
    def gap(self) -> str:
        """What parts it from the next."""
        text = self.before + self.figure + self.after
        return "" if text[-1:] in ("：", "，") and self.width == width_of(text) else " "

    @property
    def width(self) -> int:
        under = max(map(width_of, self.under), default=0)
        return width_of(self.before) + max(width_of(self.figure + self.after), under)


@dataclass(slots=True)
class _Row:
    """Writes a working as cells; `unit` is that of the result, which is not said of each figure."""

    lang: Lang
    member: str | None
    unit: Bilingual
    cells: list[_Cell] = field(default_factory=list)
    waiting: str = ""
    """Signs that stand before the next figure."""

    def figure(self, found: Operand, text: str) -> None:
        """A figure with what is under it."""
        room = max(LEAST_WIDTH, width_of(text))
        under = [line for said in self._under(found) for line in _broken(said, room)]
        self.cells.append(_Cell(self.waiting, text, tuple(under)))
        self.waiting = ""

    def _under(self, found: Operand) -> Iterator[str]:
        name = "" if found.name is None else pick(found.name, self.lang)
        whose = [found.member] if found.member not in (None, self.member) else []
        whose += [] if found.item is None else [pick(found.item.alone, self.lang)]
        said = COLON[self.lang].join([*(one for one in whose if one), *([name] if name else [])])
        if said:
            yield said
        if found.parameter is not None:
            yield from found.parameter.under(self.lang)
        yield from (pick(one, self.lang) for one in found.remarks)

    def write(self, working: Working, place: int) -> None:
        """A working where it stands at a place."""
        if isinstance(working, Operand):
            apart = place > TOTAL and (working.low < 0 or working.low != working.high)
            if apart:
                self.waiting += "("
            self.figure(working, working.digits if working.unit == self.unit else pick(working.text, self.lang))
            if apart:
                self.cells[-1].after += ")"
            return
        bound = _binding(working)
        if bound < place:
            self.waiting += "("
        self._operation(working)
        if bound < place:
            self.cells[-1].after += ")"

    def _operation(self, working: Operation) -> None:
        parts = working.parts
        match working.operator:
            case "add":
                self._added(parts)
            case "negate":
                self.waiting += "−"
                self.write(parts[0], FACTOR)
            case "multiply" | "divide":
                self.write(parts[0], TERM)
                self.waiting += "× " if working.operator == "multiply" else "÷ "
                self.write(parts[1], FACTOR)
            case "round":
                self.write(parts[0], TOTAL)
                assert working.rounding is not None and working.step is not None
                rounded = sentence(f"rounded_{working.rounding.value}", step=working.step.text)
                self.cells.append(_Cell("", pick(rounded, self.lang), ()))
            case "within":
                self.write(parts[0], ROUNDED)
                self.cells.append(_Cell("", self._ends(working), ()))
            case "least" | "greatest":
                self.waiting += pick(sentence(f"{working.operator}_of"), self.lang)
                for at, part in enumerate(parts):
                    self.write(part, EITHER)
                    self.cells[-1].after += ")" if at + 1 == len(parts) else "，" if self.lang == "zh" else ","
            case "either":
                for at, part in enumerate(parts):
                    self.waiting += pick(sentence("or_else"), self.lang) if at else ""
                    self.write(part, ROUNDED)
            case _:
                assert_never(working.operator)

    def _ends(self, working: Operation) -> str:
        """Why a number goes no further, and the ends."""
        assert working.by is not None
        ends = zip(("no_less", "no_more"), (working.least, working.most), strict=True)
        told = (pick(sentence(name, end=end.digits), self.lang) for name, end in ends if end is not None)
        joined = pick(sentence("ends_and"), self.lang).join(told)
        return pick(sentence(f"within_{working.by}", ends=joined), self.lang)

    def _added(self, parts: tuple[Working, ...]) -> None:
        for at, part in enumerate(parts):
            taken, shown = _taken(part)
            if at or taken:
                self.waiting += "− " if taken else "+ "
            self.write(shown, TERM)


def _taken(part: Working) -> tuple[bool, Working]:
    """Whether a part of a sum is taken away, and what is."""
    match part:
        case Operation("negate", (inner,)):
            return True, inner
        case Operand(low, high, digits, name=None) if low == high < 0:
            return True, replace(part, low=-low, high=-high, digits=digits.removeprefix("-"))
        case _:
            return False, part


def _binding(working: Operation) -> int:
    match working.operator:
        case "either":
            return EITHER
        case "round" | "within":
            return ROUNDED
        case "add" if len(working.parts) > 1:
            return TOTAL
        case "multiply" | "divide" | "negate":
            return TERM
        case _:
            return FACTOR


def _laid_out(head: str, cells: list[_Cell]) -> list[str]:
    """Cells after a heading, or below it where they are too wide, in as many rows as they need."""
    if width_of(head) + _width(cells) <= WIDTH:
        return _filled([_Cell("", head, ()), *cells])
    rows: list[list[_Cell]] = [[]]
    for cell in cells:
        if rows[-1] and _width([*rows[-1], cell]) > WIDTH - 2:
            rows.append([])
        rows[-1].append(cell)
    return [*_broken(head, WIDTH), *(f"  {line}" for row in rows for line in _filled(row))]


def _width(cells: list[_Cell]) -> int:
    return sum(cell.width + 1 for cell in cells)


def _filled(cells: list[_Cell]) -> list[str]:
    """Cells side by side: their figures, and what is under these."""
    found = [[f"{cell.before}{cell.figure}{cell.after}" for cell in cells]]
    for under in zip_longest(*(cell.under for cell in cells), fillvalue=""):
        found.append([" " * width_of(cell.before) + text for cell, text in zip(cells, under, strict=True)])
    return ["".join(map(_placed, row, cells)).rstrip() for row in found]


def _placed(text: str, cell: _Cell) -> str:
    """What stands in a cell, filled up with blanks."""
    return text + " " * (cell.width - width_of(text)) + cell.gap


def _broken(text: str, room: int) -> Iterator[str]:
    """A text in lines of a width: English is broken at blanks, Chinese anywhere."""
    lines = -(-width_of(text) // room)
    room = min(room, -(-width_of(text) // lines) + 2)
    line = ""
    for word in words_in(text):
        if line.strip() and width_of(line + word.rstrip()) > room:
            yield line.strip()
            line = ""
        line += word
    if line.strip():
        yield line.strip()

"""What stands in a cell of a result for people, and back: words for codes, 元 for the smallest units, lists as a text.

In: a column of a result and its kind, or the texts of cells. Out: cells, or a column of that kind. Called by
`people_form` and `people_files`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Context, Decimal, InvalidOperation
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array
from fupin_policy.batch.figure_columns import DIGITS
from fupin_policy.batch.table_files import FORMULA_SIGNS, plain_type
from fupin_policy.core.benefits import PER
from fupin_policy.prose.statuses import FORCES, STATUSES

MONEY, POLICY, TITLE, LIST, ENTRIES = "money", "policy", "title", "list", "entries"
"""Kinds of columns beside those of a type or of a table of words: amounts, ids of policies, their titles, lists. Of
`entries` there mostly are none, and nothing is written then; of a `list` there mostly is none."""

EXACT = Context(prec=15)
"""The digits that a spreadsheet keeps of a number; what has more is written as a text."""

_WORDS: Mapping[str, Mapping[str, str]] = {
    "status": {status.value: words.listed.zh for status, words in STATUSES.items()},
    "per": {per: words.zh for per, words in PER.items()},
    "force": {force: words.said.zh for force, words in FORCES.items()},
}
_TRUTHS = {True: "是", False: "否"}
_DECIMAL = re.compile(r"decimal128\((\d+), (\d+)\)")
_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_BETWEEN = "、"
_NOTHING = {LIST: "无", ENTRIES: ""}
"""What is written of a list without entries."""
_NO_LIST = "—"
_SINGLE = ("", "无", _NO_LIST)
"""Entries that could be taken for something else."""
_PARTS = re.compile(r'(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^、"]*))(?:、|\Z)')
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class CellForm:
    """How texts stand in the cells of a file.

    In a CSV an apostrophe stands before what a spreadsheet would take for a formula. In every file it stands before a
    text of apostrophes only: so an empty text is told from none.
    """

    signs: str

    def written(self, text: str) -> str:
        """A text as it stands in a cell."""
        begins = re.match(f"'*(?:[{self.signs}]|\\Z)", text) if self.signs else re.match(r"'*\Z", text)
        return f"'{text}" if begins and not (self.signs and _NUMBER.fullmatch(text)) else text

    def read(self, cell: str) -> str:
        """The text of a cell."""
        begins = re.match(f"'+(?:[{self.signs}]|\\Z)", cell) if self.signs else re.match(r"'+\Z", cell)
        return cell[1:] if begins else cell


IN_CSV, IN_SHEETS = CellForm(FORMULA_SIGNS), CellForm("")


def kind_of(name: str, type_: pa.DataType) -> str:
    """The kind of a column by what it is called, or by its type."""
    last = name.rpartition(".")[2]
    if name in (POLICY, TITLE):
        return name
    if last in _WORDS and pa.types.is_string(plain_type(type_, lists=True)):
        return last
    if pa.types.is_list(type_):
        return ENTRIES if last in ("missing", "assumed", "departments_missing") else LIST
    return str(plain_type(type_, lists=True))


def cells(column: pa.ChunkedArray, kind: str, names: Mapping[str, str], form: CellForm) -> pa.Array:
    """A column as cells: texts, or numbers as they are. `names` are what policies are called by their ids."""
    if kind in _NOTHING:
        return pa.array([_list_cell(one, kind, form) for one in column.to_pylist()], pa.string())
    plain = column.cast(plain_type(column.type)).combine_chunks()
    if pa.types.is_integer(plain.type) or pa.types.is_decimal(plain.type):
        return plain
    words = names if kind == POLICY else _WORDS.get(kind)

    def told(value: Any) -> str:
        return _TRUTHS[value] if isinstance(value, bool) else form.written(value if words is None else words[value])

    return mapped(plain, told)


def mapped(column: pa.Array, told: Callable[[Any], str | None]) -> pa.Array:
    """A column of texts by what each of its values is called."""
    encoded = column.dictionary_encode()
    texts = pa.array([told(value) for value in encoded.dictionary.to_pylist()], pa.string())
    return texts.take(encoded.indices)


def money_cells(low: pa.ChunkedArray, high: pa.ChunkedArray, ways: Array, decimals: int) -> tuple[pa.Array, pa.Array]:
    """Both ends of amounts as decimals, what people pay below zero; the upper one only where it is another."""
    paid = pa.array(ways < 0)
    least, most = (end.combine_chunks() for end in (low, high))
    ends = pc.if_else(paid, pc.negate(most), least), pc.if_else(paid, pc.negate(least), most)
    same = pc.equal(*ends)
    first, last = (_scaled(end, decimals) for end in ends)
    return first, pc.if_else(same, pa.scalar(None, last.type), last)


def _scaled(column: pa.Array, decimals: int) -> pa.Array:
    """Integers of the smallest units as decimals."""
    values = pc.fill_null(column, 0).to_numpy().astype(np.int64)
    both = np.ascontiguousarray(np.stack([values, values >> 63], axis=1))
    kind = pa.decimal128(DIGITS, decimals)
    found = pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(both)])
    return pc.if_else(pc.is_null(column), pa.scalar(None, kind), found)


def read_cells(given: Sequence[str | None], kind: str, ids: Mapping[str, str], form: CellForm) -> pa.Array:
    """A column of what stands in cells. `ids` are those of policies by their names. Raises CellFault."""
    read, type_ = _reader(kind, ids, form)
    found: dict[str | None, Any] = {None: [] if kind == ENTRIES else None}
    for at, cell in enumerate(given):
        if cell not in found:
            try:
                found[cell] = read(cell or "")
            except (KeyError, ValueError, InvalidOperation):
                raise CellFault(at, cell or "") from None
    return pa.array([found[cell] for cell in given], type_)


def read_money(
    low: Sequence[str | None], high: Sequence[str | None], ways: Sequence[int], decimals: int
) -> tuple[pa.Array, pa.Array]:
    """Both ends of amounts in the smallest units. Raises CellFault."""
    first, last = (read_cells(one, f"{MONEY}.{decimals}", {}, IN_CSV).to_pylist() for one in (low, high))
    ends = [(a, a if b is None else b) for a, b in zip(first, last, strict=True)]
    pairs = [(-b, -a) if way < 0 and a is not None else (a, b) for (a, b), way in zip(ends, ways, strict=True)]
    return pa.array([one for one, _ in pairs], pa.int64()), pa.array([one for _, one in pairs], pa.int64())


class CellFault(ValueError):
    """A cell of which nobody can say what it means: the place in its column, and what stands there."""

    def __init__(self, at: int, cell: str) -> None:
        super().__init__(cell)
        self.at, self.cell = at, cell


def _reader(kind: str, ids: Mapping[str, str], form: CellForm) -> tuple[Callable[[str], Any], pa.DataType]:
    if kind.startswith(f"{MONEY}."):
        decimals = int(kind.partition(".")[2])
        return lambda cell: _whole(Decimal(_plain(cell)).scaleb(decimals)), pa.int64()
    if found := _DECIMAL.fullmatch(kind):
        digits, scale = map(int, found.groups())
        return lambda cell: Decimal(_plain(cell)), pa.decimal128(digits, scale)
    if kind in _WORDS or kind == POLICY:
        words = ids if kind == POLICY else {word: key for key, word in _WORDS[kind].items()}
        return lambda cell: words[form.read(cell)], pa.string()
    match kind:
        case "list" | "entries":
            return lambda cell: _parts(form.read(cell)), pa.list_(pa.string())
        case "bool":
            return lambda cell: {word: truth for truth, word in _TRUTHS.items()}[cell], pa.bool_()
        case "int32" | "int64":
            return lambda cell: _whole(Decimal(_plain(cell))), pa.int32() if kind == "int32" else pa.int64()
        case "date32[day]":
            return _day, pa.date32()
        case "string":
            return form.read, pa.string()
    raise KeyError(kind)


def _plain(cell: str) -> str:
    """A number as spreadsheets show it, without what parts its thousands."""
    return cell.strip().replace(",", "")


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError(value)
    return int(value)


def _day(cell: str) -> date:
    found = _DAY.fullmatch(cell.strip().lstrip("'"))
    if found is None:
        raise ValueError(cell)
    return date(*map(int, found.groups()))


def _list_cell(entries: Sequence[str] | None, kind: str, form: CellForm) -> str | None:
    """`m1、m2`; what could be taken for something else stands in quotation marks."""
    if entries is None:
        return None if kind == LIST else _NO_LIST
    if not entries:
        return _NOTHING[kind] or None
    return form.written(_BETWEEN.join(map(_entry, entries)))


def _entry(text: str) -> str:
    plain = text not in _SINGLE and _BETWEEN not in text and '"' not in text
    return text if plain else '"' + text.replace('"', '""') + '"'


def _parts(text: str) -> list[str] | None:
    if text == _NO_LIST:
        return None
    if text == _NOTHING[LIST]:
        return []
    found: list[str] = []
    at = 0
    while True:
        part = _PARTS.match(text, at)
        if part is None:
            raise ValueError(text)
        quoted = part["quoted"]
        found.append(part["plain"] if quoted is None else quoted.replace('""', '"'))
        if part.end() == len(text) and not part[0].endswith(_BETWEEN):
            return found
        at = part.end()

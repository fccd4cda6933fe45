"""One Arrow column read into possible values: the ends of intervals, or masks, as numpy arrays.

In: an Arrow array and the `Slot` of a fact. Out: `ReadColumn`, with what could not be read. Called by `chunks`.
Typed columns are converted whole; of texts each distinct one is read once, by the same readers as a single household.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fupin_policy.batch.buffers import Array, bits_of, coded, days_or_texts, entries, given_in, offsets_of, raws, scaled
from fupin_policy.batch.cell_values import NOTHING, as_meant
from fupin_policy.core.possible import TRUE, UNKNOWN, Value, is_singleton, top
from fupin_policy.core.types import Code, Day, Number, Truth, Type
from fupin_policy.intake.notation import PARTS, UNKNOWN_WORDS
from fupin_policy.intake.partial import NO_CODE_KNOWN, MaybeDay, ReadValue, Slot
from fupin_policy.intake.scalars import Fault, Unreadable, number_text, shown

MANY = 500
"""From how many distinct texts of numbers on those that are written plainly are converted by Arrow."""

REMEMBERED = 200
"""How many dictionaries' readings are kept for the next chunks, which often share them."""

Reasons = tuple[tuple[str, Fault], ...]
"""Values as shown to people, with what is wrong with each."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Values that cannot be read: `positions` in the column, and for each the number of its reason.

    Of entries of lists, `list` is the column that these stand in, and `entries` are their rows in a table, or else
    their places in their lists.
    """

    positions: Array
    kinds: Array
    reasons: Reasons
    list: str = ""
    entries: Array | None = None


def refused_at(positions: Array, given: str, fault: Fault) -> tuple[Refusals, ...]:
    """The same fault at some positions; none where there are none."""
    return (Refusals(positions, np.zeros(len(positions), np.int64), ((given, fault),)),) if len(positions) else ()


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A value for each subject; where `high` is `low` they are masks, or all known exactly."""

    low: Array
    high: Array
    given: Array | None = None
    """1 where a value stands, 2 where it is said that nobody knows it, else 0; None if a value stands everywhere."""
    refused: tuple[Refusals, ...] = ()
    exact: bool = False
    """Whether every value is surely known exactly."""
    there: Array | None = None
    """Of a date that may be none, whether there is such a day, as truths."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Distinct values read, and after them an unknown one. `kinds`: the number of the reason, or one of those below."""

    low: Array
    high: Array
    kinds: Array
    reasons: Reasons
    exact: bool = False
    there: Array | None = None


_FINE, _BLANK, _UNKNOWN = -1, -2, -3
"""Read; nothing given; said to be unknown."""


class ColumnReader:
    """Reads the columns of one fact. Safe to share between threads."""

    __slots__ = ("_memo", "_perhaps", "_unknown", "several", "slot", "type")

    def __init__(self, slot: Slot) -> None:
        if slot.fact.type is None:
            raise AssertionError("text has no values to read")
        self.slot = slot
        self.several = slot.fact.kind == "codes"
        self._perhaps = slot.fact.given is not None
        self.type: Type = slot.fact.given_type or slot.fact.type
        self._unknown = _ends(0 if self.several else top(self.type))
        self._memo: dict[tuple[int, int], tuple[Any, _Known]] = {}

    def read(self, column: pa.Array) -> ReadColumn:
        """The values of a column; what is null or refused is unknown."""
        if pa.types.is_timestamp(column.type) or pa.types.is_date64(column.type):
            column = days_or_texts(column)
        kind = column.type
        if pa.types.is_struct(kind) and not self.several:
            return self._distinct(column) if self._perhaps else self._partial(column)
        if pa.types.is_list(kind) and self.several:
            return self._joined(column)
        match self.type:
            case Truth() if pa.types.is_boolean(kind):
                return _truths(column)
            case Number(_, scale, low, high) if _numeric(kind):
                values = scaled(column, scale)
                return self._distinct(column) if values is None else self._ranged(column, values, low, high)
            case Day(low, high) if pa.types.is_date32(kind):
                return self._ranged(column, entries(column), low, high)
            case _:
                return self._distinct(column)

    def _ranged(self, column: pa.Array, values: Array, least: int, most: int) -> ReadColumn:
        """Values inside a range; those outside go to the reader of single values, which says why not."""
        given = given_in(column)
        stands = np.where(True if given is None else given == 1, np.uint8(TRUE), np.uint8(UNKNOWN))
        there = np.broadcast_to(stands, len(values)) if self._perhaps else None
        if given is None and len(values) and int(values.min()) >= least and int(values.max()) <= most:
            return ReadColumn(values, values, exact=True, there=there)
        fine = (values >= least) & (values <= most)
        known = fine if given is None else fine & (given == 1)
        bad = np.flatnonzero(~fine if given is None else ~fine & (given == 1))
        refused: tuple[Refusals, ...] = ()
        if len(bad):
            again = self._distinct(column.take(pa.array(bad)))
            refused = tuple(replace(one, positions=bad[one.positions]) for one in again.refused)
        low, high = np.where(known, values, least), np.where(known, values, most)
        return ReadColumn(low, high, given, refused, there=there)

    def _distinct(self, column: pa.Array) -> ReadColumn:
        """Each distinct value is read once; lists and structs where none belong one by one."""
        given = None
        if pa.types.is_nested(column.type):
            known, codes = self._read_each(column), np.arange(len(column))
        else:
            found = coded(column)
            known = self._known(found.dictionary)
            codes, given = entries(found.indices), given_in(found.indices)
            if given is not None:
                codes = np.where(given == 1, codes, len(known.kinds) - 1)
        low = known.low[codes]
        high = low if known.high is known.low else known.high[codes]
        there = None if known.there is None else known.there[codes]
        if known.kinds.max() == _FINE and given is None and known.kinds[:-1].min(initial=_FINE) == _FINE:
            return ReadColumn(low, high, exact=known.exact, there=there)
        kinds = known.kinds[codes]
        bad = np.flatnonzero(kinds >= 0)
        refused = (Refusals(bad, kinds[bad], known.reasons),) if len(bad) else ()
        return ReadColumn(low, high, _given(kinds), refused, there=there)

    def _known(self, dictionary: pa.Array) -> _Known:
        """A dictionary's values; chunks of one table share theirs, which is then read once."""
        if isinstance(dictionary, pa.DictionaryArray):
            dictionary = dictionary.dictionary_decode()
        key = (len(dictionary), dictionary.nbytes)
        kept, known = self._memo.get(key, (None, None))
        if known is None or not dictionary.equals(kept):
            if len(self._memo) >= REMEMBERED:
                self._memo.clear()
            known = self._read_all(dictionary)
            self._memo[key] = (dictionary, known)
        return known

    def _read_all(self, dictionary: pa.Array) -> _Known:
        if isinstance(self.type, Number) and len(dictionary) > MANY and pa.types.is_string(dictionary.type):
            plain = _plain(dictionary, self.type)
            if plain is not None:
                rest = np.flatnonzero(plain.kinds[:-1] != _FINE)
                return plain if not len(rest) else _merged(plain, rest, self._read_each(dictionary.take(rest)))
        return self._read_each(dictionary)

    def _read_each(self, dictionary: pa.Array) -> _Known:
        values: list[Value] = []
        read: list[ReadValue] = []
        there: list[int] = []
        kinds: list[int] = []
        reasons: list[tuple[str, Fault]] = []
        unknown = self._unknown
        for raw in raws(dictionary):
            kind, value = _FINE, None
            if raw is None or (isinstance(raw, str) and not raw.strip()):
                kind = _BLANK
            else:
                try:
                    value = self._one(raw)
                    if value is None:
                        kind = _BLANK
                    elif (raw == {} or str(raw).strip() in UNKNOWN_WORDS) and self._is_unknown(value):
                        kind, value = _UNKNOWN, None
                except Unreadable as error:
                    kind = len(reasons)
                    reasons.append((shown(raw), error.faults[0]))
            values.append(unknown if value is None else _ends(value))
            there.append(value.given if isinstance(value, MaybeDay) else UNKNOWN)
            kinds.append(kind)
            if value is not None:
                read.append(value)
        table = np.array([*values, unknown], dtype=self._dtype())
        low = np.ascontiguousarray(table[:, 0])
        high = low if not isinstance(self.type, Number | Day) else np.ascontiguousarray(table[:, 1])
        single = _UNKNOWN not in kinds and all(self.slot.exact(value) for value in read)
        told = np.array([*there, UNKNOWN], np.uint8) if self._perhaps else None
        return _Known(low, high, np.array([*kinds, _BLANK], dtype=np.int64), tuple(reasons), single, told)

    def _one(self, raw: object) -> ReadValue | None:
        """One value, also as sheets write it; None where a sheet says that there is none. Raises Unreadable."""
        try:
            # a decimal column writes every value with all its places
            return self.slot.read(raw.normalize() if isinstance(raw, Decimal) else raw)
        except Unreadable:
            meant = as_meant(raw, self.slot.fact) if isinstance(raw, str) else None
            if meant is None:
                raise
            if meant == NOTHING:
                return None
            try:
                return self.slot.read(meant)
            except Unreadable:
                pass
            raise

    def _is_unknown(self, value: ReadValue) -> bool:
        """Whether a value read says nothing; a code may be called by such a word."""
        if isinstance(value, MaybeDay):
            return value.given == UNKNOWN
        whole = top(self.type)
        return value == NO_CODE_KNOWN if self.several else value == whole and not is_singleton(self.type, whole)

    def _dtype(self) -> type[np.generic]:
        return np.uint64 if isinstance(self.type, Code) else np.int64

    def _partial(self, column: pa.Array) -> ReadColumn:
        """A struct that says what is known: `min` and `max` of a number or date, or `one_of`."""
        names = [column.type.field(i).name for i in range(column.type.num_fields)]
        parts = dict(zip(names, column.flatten(), strict=True))
        foreign = [name for name in names if name not in PARTS]
        if foreign or ("one_of" not in parts and not isinstance(self.type, Number | Day)):
            return self._distinct(column)
        if "one_of" in parts:
            if pc.any(pc.greater(_count_given(column, parts, ("min", "max")), 0)).as_py():
                return self._distinct(column)
            return _said(self._joined(parts["one_of"]), column)
        return _said(self._between(parts, len(column)), column)

    def _between(self, parts: dict[str, pa.Array], count: int) -> ReadColumn:
        (least, most), nothing = self._unknown, np.zeros(count, np.uint8)
        empty = ReadColumn(np.full(count, least), np.full(count, most), nothing)
        low, high = (self.read(parts[end]) if end in parts else empty for end in ("min", "max"))
        given = _either(low.given, high.given)
        crossed = np.flatnonzero(low.low > high.high)
        words = (*self._words_in(low, {"min": "unknown"}), *self._words_in(high, {"max": "unknown"}))
        refused = (*low.refused, *high.refused, *words)
        if len(crossed):
            pairs = [(int(low.low[at]), int(high.high[at])) for at in crossed]
            distinct = list(dict.fromkeys(pairs))
            reasons = tuple(_crossed(pair, self.type) for pair in distinct)
            refused += (Refusals(crossed, np.array([distinct.index(pair) for pair in pairs]), reasons),)
        fine = low.low <= high.high
        return ReadColumn(np.where(fine, low.low, least), np.where(fine, high.high, most), given, refused)

    def _joined(self, column: pa.Array) -> ReadColumn:
        """A list of the values that are possible; for a fact that holds several codes, of those that hold."""
        offsets = offsets_of(column)
        values = self.read(column.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0])))
        offsets = offsets - offsets[0]
        given, lengths = given_in(column), np.diff(offsets)
        stands = np.ones(len(column), bool) if given is None else given == 1
        owners = np.repeat(np.arange(len(column)), lengths)
        found = (*values.refused, *self._words_in(values, ["unknown"] if self.several else {"one_of": ["unknown"]}))
        refused = tuple(replace(one, positions=owners[one.positions]) for one in found)
        gaps = np.flatnonzero(values.given == 0) if values.given is not None else np.empty(0, np.int64)
        if len(gaps):
            refused += refused_at(owners[gaps], "null", self._fault([None] if self.several else None))
        if not self.several:
            refused += refused_at(np.flatnonzero(stands & (lengths == 0)), "[]", Fault("H034"))
        low, high = self._reduce(values, offsets, stands & (lengths > 0))
        return ReadColumn(low, high, stands.view(np.uint8), refused)

    def _words_in(self, read: ReadColumn, raw: object) -> tuple[Refusals, ...]:
        """Where a part of a value is a word for what is not known; `raw` is such a value, which is refused."""
        at = np.empty(0, np.int64) if read.given is None else np.flatnonzero(read.given == 2)
        return refused_at(at, "unknown", self._fault(raw)) if len(at) else ()

    def _fault(self, raw: object) -> Fault:
        """What is wrong with a value that cannot be read."""
        try:
            self.slot.read(raw)
        except Unreadable as error:
            return error.faults[0]
        raise AssertionError("nothing was read as something")

    def _reduce(self, values: ReadColumn, offsets: Array, full: Array) -> tuple[Array, Array]:
        starts = offsets[:-1][full]

        def spread(operation: Any, source: Array, otherwise: int) -> Array:
            found = np.full(len(full), otherwise, dtype=source.dtype)
            if len(starts):
                found[full] = operation.reduceat(source, starts)
            return found

        least, most = self._unknown
        match self.type:
            case Number() | Day():
                return spread(np.minimum, values.low, least), spread(np.maximum, values.high, most)
            case Truth() if not self.several:
                either = spread(np.bitwise_or, values.low, UNKNOWN) & 2
                both = spread(np.bitwise_and, values.low, UNKNOWN) & 1
                return either | both, either | both
            case _:
                mask = spread(np.bitwise_or, values.low, least)
                return mask, mask


def _given(kinds: Array) -> Array:
    """By the kinds of values: 1 where one stands, 2 where it is said to be unknown, 0 where none does."""
    found: Array = np.where(kinds == _BLANK, 0, np.where(kinds == _UNKNOWN, 2, 1)).astype(np.uint8)
    return found


def _said(read: ReadColumn, column: pa.Array) -> ReadColumn:
    """A struct of which no part is given says that nothing is known; one that is null says nothing."""
    if read.given is None:
        return read
    stands = given_in(column)
    said = np.uint8(2) if stands is None else 2 * stands
    return replace(read, given=np.where(read.given == 0, said, np.uint8(1)))


def _ends(value: ReadValue) -> tuple[int, int]:
    value = value.days if isinstance(value, MaybeDay) else value
    return value if isinstance(value, tuple) else (value, value)


def _numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_decimal(kind) or pa.types.is_floating(kind))


def _truths(column: pa.Array) -> ReadColumn:
    given, bits = given_in(column), bits_of(column)
    if given is not None:
        bits = bits & given
    masks = bits * np.uint8(TRUE)
    if given is not None:
        masks += (given ^ 1) * np.uint8(UNKNOWN)
    return ReadColumn(masks, masks, given, exact=given is None)


def _either(a: Array | None, b: Array | None) -> Array | None:
    return None if a is None or b is None else a | b


def _count_given(column: pa.Array, parts: dict[str, pa.Array], names: tuple[str, ...]) -> pa.Array:
    total = pa.array(np.zeros(len(column), np.int32))
    for name in names:
        if name in parts:
            total = pc.add(total, pc.cast(pc.is_valid(parts[name]), pa.int32()))
    return total


def _crossed(pair: tuple[int, int], type_: Type) -> tuple[str, Fault]:
    if isinstance(type_, Number):
        low, high = (number_text(end, type_.scale) for end in pair)
    else:
        low, high = (np.datetime64(end, "D").astype(str) for end in pair)
    return f"{low}..{high}", Fault("H033", (("low", low), ("high", high)))


def _plain(dictionary: pa.Array, type_: Number) -> _Known | None:
    """The numbers that are written as digits with no more decimals than the type has; the rest is left over."""
    decimals = rf"(\.[0-9]{{1,{type_.scale}}})?" if type_.scale > 0 else ""
    fits = pc.fill_null(pc.match_substring_regex(dictionary, rf"^-?[0-9]{{1,12}}{decimals}$"), False)
    fine = fits.to_numpy(zero_copy_only=False)
    if not fine.any():
        return None
    cast = pc.cast(pc.if_else(fits, dictionary, "0"), pa.decimal128(30, max(type_.scale, 0)))
    values = scaled(cast, type_.scale)
    if values is None:
        return None
    fine = fine & (values >= type_.low) & (values <= type_.high)
    low = np.append(np.where(fine, values, type_.low), type_.low)
    high = np.append(np.where(fine, values, type_.high), type_.high)
    return _Known(low, high, np.append(np.where(fine, _FINE, _BLANK), _BLANK), ())


def _merged(plain: _Known, rest: Array, read: _Known) -> _Known:
    low, high, kinds = plain.low.copy(), plain.high.copy(), plain.kinds.copy()
    low[rest], high[rest], kinds[rest] = read.low[:-1], read.high[:-1], read.kinds[:-1]
    return _Known(low, high, kinds, read.reasons)

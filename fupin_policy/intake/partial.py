"""Readers of one fact's value, exact or partly known: `{"min", "max"}`, `{"one_of"}`, lists of codes.

In: a fact's declaration. Out: a `Slot`: where its value goes, how it is read, and what was read before.
Called by `household_reader` once per fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from operator import or_
from typing import Any, TypeVar, cast

from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import CodeList, FactDecl, Input
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.possible import FALSE, TRUE, UNKNOWN, Interval, Value, bottom, is_singleton, join, top
from fupin_policy.core.types import Code, Day, Number, Type
from fupin_policy.intake.notation import LIMITS, NONE_WORDS, PARTS, SEPARATORS, UNKNOWN_WORDS
from fupin_policy.intake.scalars import (
    SHOWN,
    Fault,
    Unreadable,
    code_masks,
    number_text,
    read_code,
    read_days,
    read_number,
    read_truth,
    refuse,
    shown,
)

T = TypeVar("T")

NO_CODE_KNOWN = -1
"""Read for `codes` of which it is said that nobody knows them; else what is read is the mask of those that hold."""


@dataclass(frozen=True, slots=True)
class MaybeDay:
    """Read of a date that may be none: whether there is such a day (a truth), and which it may be."""

    given: int
    days: Interval


ReadValue = Value | MaybeDay
Caches = dict[type, dict[Any, ReadValue]]
Read = Callable[[Any], Value]


@dataclass(frozen=True, slots=True)
class Slot:
    """A fact that may be given: `columns` are the inputs that it fills (none for text, several for `codes`, of a date
    that may be none that day and whether there is one).

    `bits` are the codes' bits beside the columns of `codes`;
    `caches` has, by class of the raw value, the values already read; `read` raises Unreadable.
    """

    fact: FactDecl
    columns: tuple[int, ...]
    caches: Caches
    read: Callable[[Any], ReadValue]
    bits: tuple[int, ...] = ()

    def values(self, value: ReadValue) -> tuple[Value, ...]:
        """A value as read, for each of the columns."""
        if isinstance(value, MaybeDay):
            return (value.days, value.given)
        if self.fact.kind != "codes" or not isinstance(value, int):
            return (value,) * len(self.columns)
        return tuple(UNKNOWN if value == NO_CODE_KNOWN else TRUE if value & bit else FALSE for bit in self.bits)

    def exact(self, value: ReadValue) -> bool:
        """Whether a value as read leaves nothing open."""
        if isinstance(value, MaybeDay):
            return value.given == FALSE or (value.given == TRUE and value.days[0] == value.days[1])
        if self.fact.kind == "codes":
            return value != NO_CODE_KNOWN
        return self.fact.type is None or is_singleton(self.fact.type, value)

    def remember(self, raw: object, value: ReadValue) -> None:
        """Keep a value so that the same raw value is not read again."""
        cache = self.caches.get(raw.__class__)
        if cache is None or (isinstance(raw, str) and len(raw) > SHOWN):
            return
        if len(cache) >= LIMITS["remembered"]:
            cache.clear()
        cache[raw] = value


def slot(fact: FactDecl, inputs: tuple[Input, ...], code_lists: Mapping[str, CodeList]) -> Slot:
    """The slot of a fact among the inputs of its level."""
    columns = {one.id: index for index, one in enumerate(inputs)}
    if fact.kind == "text" or fact.type is None:
        return Slot(fact, (), {}, _text)
    if fact.kind == "codes":
        assert isinstance(fact.type, Code)
        code_list = code_lists[fact.type.code_list]
        names = {InputId(fact.name, code.name): 1 << index for index, code in enumerate(code_list.codes)}
        given = {columns[name]: bit for name, bit in names.items() if name in columns}
        read = partial(_codes, masks=code_masks(code_list), known=_known(code_list))
        return Slot(fact, tuple(given), {str: {}, int: {}}, read, tuple(given.values()))
    own = (InputId(fact.name), *(() if fact.given is None else (InputId(fact.given),)))
    filled = tuple(columns[one] for one in own if one in columns)
    type_ = fact.given_type or fact.type
    exact, classes = _exact(type_, code_lists)
    caches: Caches = {kind: {} for kind in classes}
    if fact.given is not None and isinstance(type_, Day):
        return Slot(fact, filled, caches, partial(_perhaps_day, type_=type_, exact=exact))
    return Slot(fact, filled, caches, partial(_value, type_=type_, exact=exact))


def _exact(type_: Type, code_lists: Mapping[str, CodeList]) -> tuple[Read, tuple[type, ...]]:
    """The reader of a scalar of a type, and the classes of raw values worth remembering."""
    match type_:
        case Number():
            return partial(_point, type_=type_), (str, int)
        case Day():
            return partial(read_days, type_=type_), (str, int, date)
        case Code(name):
            code_list = code_lists[name]
            return partial(read_code, masks=code_masks(code_list), known=_known(code_list)), (str, int)
        case _:
            return read_truth, (str, bool)


def _point(raw: object, type_: Number) -> Interval:
    value = read_number(raw, type_)
    return (value, value)


def _known(code_list: CodeList) -> tuple[str, ...]:
    most = LIMITS["codes_named"]
    labels = (code.label for code in code_list.codes[:most])
    return (*labels, "……") if len(code_list.codes) > most else tuple(labels)


def _or_unknown(raw: object, exact: Read, unknown: Value) -> Value:
    """What a reader reads; else, of the words for it, what is not known. A code may have such a word for its own."""
    try:
        return exact(raw)
    except Unreadable:
        if isinstance(raw, str) and raw.strip() in UNKNOWN_WORDS:
            return unknown
        raise


def says_none(raw: object) -> bool:
    """Whether it is said that there is no such day."""
    return isinstance(raw, str) and raw.strip() in NONE_WORDS


def _perhaps_day(raw: object, type_: Day, exact: Read) -> MaybeDay:
    """The day of a date that may be none. What is possible besides none is kept apart from it."""
    if says_none(raw):
        return MaybeDay(FALSE, (type_.low, type_.high))
    some_none = False

    def listed(one: object) -> Value:
        nonlocal some_none
        some_none = some_none or says_none(one)
        return bottom(type_) if says_none(one) else exact(one)

    days = cast(Interval, _value(raw, type_, exact, listed))
    said = any(part is not None and part != "" for part in raw.values()) if isinstance(raw, Mapping) else True
    if not said or (isinstance(raw, str) and raw.strip() in UNKNOWN_WORDS):
        return MaybeDay(UNKNOWN, days)
    if days == bottom(type_):
        return MaybeDay(FALSE, (type_.low, type_.high))
    return MaybeDay(UNKNOWN if some_none else TRUE, days)


def _value(raw: object, type_: Type, exact: Read, listed: Read | None = None) -> Value:
    """What is possible; `listed` reads the entries of `one_of` where they may be more."""
    if not isinstance(raw, Mapping):
        return _or_unknown(raw, exact, top(type_))
    faults = [Fault("H032", (("name", shown(key)),), below=f".{shown(key)}") for key in raw if key not in PARTS]
    given = {key: part for key, part in raw.items() if part is not None and part != ""}
    if "one_of" in given and len(given) > 1 and not faults:
        faults.append(Fault("H036"))
    if faults:
        raise Unreadable(*faults)
    if "one_of" in given:
        return _one_of(given["one_of"], type_, listed or exact)
    if isinstance(type_, Number | Day):
        return _bounds(given, type_, exact)
    if given:
        raise refuse("H035")
    return top(type_)


def _one_of(listed: object, type_: Type, exact: Read) -> Value:
    if not isinstance(listed, list | tuple) or not listed:
        raise Unreadable(Fault("H034", below=".one_of"))
    values, faults = _each(listed, exact, ".one_of")
    if faults:
        raise Unreadable(*faults)
    return reduce(partial(join, type_), values)


def _each(listed: list[Any] | tuple[Any, ...], exact: Callable[[Any], T], below: str) -> tuple[list[T], list[Fault]]:
    values: list[T] = []
    faults: list[Fault] = []
    for index, raw in enumerate(listed):
        try:
            values.append(exact(raw))
        except Unreadable as error:
            faults.extend(Fault(f.code, f.args, f.suggestion, f"{below}[{index}]{f.below}") for f in error.faults)
    return values, faults


def _bounds(given: Mapping[str, object], type_: Number | Day, exact: Read) -> Interval:
    ends: dict[str, Interval] = {"min": (type_.low, type_.low), "max": (type_.high, type_.high)}
    faults: list[Fault] = []
    for end, raw in given.items():
        try:
            ends[end] = cast(Interval, exact(raw))
        except Unreadable as error:
            faults.extend(Fault(f.code, f.args, f.suggestion, f".{end}{f.below}") for f in error.faults)
    low, high = ends["min"][0], ends["max"][1]
    if low > high:
        faults.append(Fault("H033", (("low", _end(low, type_)), ("high", _end(high, type_)))))
    if faults:
        raise Unreadable(*faults)
    return (low, high)


def _end(value: int, type_: Number | Day) -> str:
    return number_text(value, type_.scale) if isinstance(type_, Number) else to_date(value).isoformat()


def _codes(raw: object, masks: Mapping[str, int], known: tuple[str, ...]) -> int:
    """The mask of the codes that hold, of a list or of a text that names them; `NO_CODE_KNOWN` if nobody knows.

    Nobody does either where a mapping of what is known is empty.
    """
    exact = partial(read_code, masks=masks, known=known)
    if isinstance(raw, str) and raw.strip() not in masks:
        if raw.strip() in UNKNOWN_WORDS:
            return NO_CODE_KNOWN
        raw = [word.strip() for word in SEPARATORS.split(raw) if word.strip()]
    if isinstance(raw, list | tuple):
        values, faults = _each(raw, exact, "")
        if faults:
            raise Unreadable(*faults)
        return reduce(or_, values, 0)
    if isinstance(raw, Mapping):
        if not raw:
            return NO_CODE_KNOWN
        raise refuse("H030", given=shown(raw), known=known)
    return exact(raw)


def _text(raw: object) -> Value:
    if isinstance(raw, Mapping | list | tuple | set):
        raise refuse("H031", given=shown(raw))
    return TRUE


def missing(inputs: tuple[Input, ...]) -> tuple[Value, ...]:
    """The values of facts that nobody gave."""
    return tuple(top(column.type) for column in inputs)

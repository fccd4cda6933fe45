"""What numbers of identity tell of a household, met with what is given: they fill a day of birth and a sex.

In: a mapping as given. Out: the same with what its numbers tell. Called by `household_reader` before facts are read, so
that this counts as given: `required` is met by it, nothing is taken from an earlier result or assumed in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import FactDecl, IdentityFormat
from fupin_policy.core.expressions import Level
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day
from fupin_policy.intake.household_level import Kept
from fupin_policy.intake.identity_numbers import NumberReading, read_identity
from fupin_policy.intake.notation import RESERVED
from fupin_policy.intake.partial import Slot, slot
from fupin_policy.intake.scalars import Unreadable

_Given = Mapping[Any, Any]


class FilledByNumbers(NamedTuple):
    """What is given, with what numbers tell: `derived` names the facts that they say more of than is given.

    `persons` has by fact who is named, where that can be compared.
    """

    data: _Given
    derived: tuple[str, ...] = ()
    persons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Number:
    """A fact that is a number of identity, and the facts that it fills."""

    fact: FactDecl
    format: IdentityFormat
    birth: Slot | None
    sex: Slot | None
    codes: tuple[str, ...]
    """The words of the codes of the sexes."""


class NumberFacts:
    """The numbers of identity of one level. Safe to share between threads."""

    __slots__ = ("_facts", "numbers")

    def __init__(self, program: Program, level: Level) -> None:
        inputs = program.inputs_of(level)
        self._facts = {fact.name: fact for fact in program.facts}

        def filled(name: str | None) -> Slot | None:
            return None if name is None else slot(self._facts[name], inputs, program.code_lists)

        def made(fact: FactDecl, number: IdentityFormat) -> _Number:
            sex = None if number.sex is None else filled(number.sex.name)
            type_ = None if sex is None else sex.fact.type
            codes = program.code_lists[type_.code_list].codes if isinstance(type_, Code) else ()
            return _Number(fact, number, filled(number.birth), sex, tuple(code.code for code in codes))

        declared = ((fact, fact.number) for fact in program.facts if fact.level == level)
        self.numbers = tuple(made(fact, number) for fact, number in declared if number is not None)

    def fill(self, data: object, as_of: int) -> FilledByNumbers:
        """What is given with what its numbers tell; a day of birth lies in the fact's range and not after `as_of`."""
        if not isinstance(data, Mapping):
            return FilledByNumbers({})
        found: dict[Any, Any] | None = None
        derived: list[str] = []
        persons: list[tuple[str, str]] = []
        for number in self.numbers:
            raw = _first(data, number.fact)
            if raw is None or isinstance(raw, Mapping | list | tuple | set):
                continue
            read = read_identity(number.format.kind, raw)
            if read is None:
                continue
            found = dict(data) if found is None else found
            if read.person is not None and number.format.unique:
                persons.append((number.fact.name, read.person))
            if number.format.kind is not None:
                told = dict(self._tells(number, read, data, as_of, derived, found))
                for part, holds in told.items():
                    self._note(found, f"{number.fact.name}.{part}", holds)
        return FilledByNumbers(data if found is None else found, tuple(derived), tuple(persons))

    def members(self, kept: Kept, as_of: int) -> tuple[tuple[int, str], ...]:
        """Fill the members that were kept as they are given. Out: what is derived of which.

        Where two of a household have the same number each is told so; of other households nothing is known here.
        """
        key, listed = kept.get("members", ("members", None))
        if not self.numbers or not isinstance(listed, list | tuple):
            return ()
        filled = [self.fill(one, as_of) for one in listed]
        counted = Counter(person for one in filled for person in one.persons)
        told: list[object] = []
        for raw, one in zip(listed, filled, strict=True):
            again = [name for name, person in one.persons if counted[name, person] > 1]
            data = dict(one.data)
            for name in again:
                self._note(data, f"{name}.unique", False)
            told.append(data if isinstance(raw, Mapping) else raw)
        kept["members"] = (key, told)
        return tuple((at, name) for at, one in enumerate(filled) for name in one.derived)

    def bare(self, data: Any) -> Any:
        """What is given without the numbers themselves."""
        keys = {key for number in self.numbers for key in number.fact.keys}
        return {key: raw for key, raw in data.items() if key not in keys} if isinstance(data, Mapping) else data

    def _note(self, data: dict[Any, Any], name: str, holds: bool) -> None:
        """Say of a number whether it holds; beside what somebody says of that himself it is told twice, and refused."""
        fact = self._facts[name]
        data[fact.label if fact.name in data else fact.name] = holds

    def _tells(
        self,
        number: _Number,
        read: NumberReading,
        data: _Given,
        as_of: int,
        derived: list[str],
        found: dict[Any, Any],
    ) -> Iterator[tuple[str, bool]]:
        """What holds of a number; what it tells goes to `found`, with the names of the facts in `derived`."""
        yield "legible", read.legible
        if read.valid is None:
            return
        valid = read.valid and (number.birth is None or _possible(number.birth.fact, read.birth, as_of))
        yield "valid", valid
        if not valid or read.birth is None:
            return
        if number.birth is not None:
            day = to_date(read.birth)
            yield from self._met("birth", number.birth, (read.birth, read.birth), day, data, derived, found)
        if number.sex is not None and number.format.sex is not None:
            mask = number.format.sex.male if read.male else number.format.sex.female
            yield from self._met("sex", number.sex, mask, number.codes[mask.bit_length() - 1], data, derived, found)

    def _met(
        self,
        part: str,
        target: Slot,
        told: Any,
        raw: object,
        data: _Given,
        derived: list[str],
        found: dict[Any, Any],
    ) -> Iterator[tuple[str, bool]]:
        """Whether what is told agrees with what is given of a fact; where it does, it takes its place."""
        fact = target.fact
        keys = [key for key in fact.keys if _said(data.get(key))]
        try:
            given = [target.read(data[key]) for key in keys]
        except Unreadable:
            return  # reported where the fact is read
        agrees = all(_meets(fact, told, one) for one in given)
        yield part, agrees
        if agrees and any(one != told for one in given or (None,)):
            derived.append(fact.name)
            for key in keys or (fact.label,):
                found[key] = raw


def without_numbers(program: Program, data: Mapping[str, Any], as_of: int) -> Any:
    """A household as given with what its numbers of identity tell in their place: for what is kept of it."""
    reserved = {key for key, meaning in RESERVED["household"].items() if meaning == "members"}
    own, inner = NumberFacts(program, "household"), NumberFacts(program, "member")
    kept: Kept = {"members": next(((key, data[key]) for key in data if key in reserved), ("", None))}
    inner.members(kept, as_of)
    members = {key: [inner.bare(one) for one in listed] for key, listed in kept.values() if isinstance(listed, list)}
    return own.bare({**own.fill(data, as_of).data, **members})


def _first(data: _Given, fact: FactDecl) -> object:
    """What is given of a fact, under the first of its names."""
    return next((data[key] for key in fact.keys if _said(data.get(key))), None)


def _said(raw: object) -> bool:
    return raw is not None and not (isinstance(raw, str) and not raw.strip())


def _meets(fact: FactDecl, told: Any, given: Any) -> bool:
    """Whether what a number tells is among what is given."""
    if isinstance(fact.type, Code):
        return bool(told & given)
    return bool(given[0] <= told[0] <= given[1])


def _possible(fact: FactDecl, day: int | None, as_of: int) -> bool:
    """Whether somebody whom a fact is about can be born on a day."""
    type_ = fact.type
    late = fact.past and day is not None and day > as_of
    return day is not None and isinstance(type_, Day) and type_.low <= day <= type_.high and not late

"""Facts by what a result calls them that must be asked: `m1.残疾等级`, `工资 2019-05`, `就医记录第2项的医疗费用`.

In: a text of a result, and the program. Out: `NamedFact`, and who reads its values. Called by `filled_workbooks`,
`answers`, `answered_rows` and the worklists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from fupin_policy.batch.column_readers import ColumnReader
from fupin_policy.batch.mapping import facts_of
from fupin_policy.batch.sql import Use
from fupin_policy.core.declarations import PARAMETER, READING, FactDecl, ListDecl
from fupin_policy.core.expressions import Level
from fupin_policy.core.item_facts import words_in_list
from fupin_policy.core.program import Program
from fupin_policy.intake.partial import slot
from fupin_policy.intake.period_headers import fact_of_header
from fupin_policy.intake.scalars import Fault

PERCENT = -2
"""The power of ten of a fact in %."""

_ITEM = re.compile(r"第([1-9][0-9]{0,5})项的(.+)")


@dataclass(frozen=True, slots=True)
class NamedFact:
    """A fact of a household or member; of an item of a list by its place from 0. One by month is named with it."""

    member: str | None
    fact: FactDecl
    listed: ListDecl | None = None
    item: int | None = None

    @property
    def label(self) -> str:
        """What it is called, but for whose it is."""
        if self.listed is None or self.item is None:
            return self.fact.label
        return words_in_list(self.listed.words, self.item, self.fact.words).zh


def asked_fact(text: str, program: Program) -> NamedFact | None:
    """The fact that a text names; None where that is none of a household, such as a parameter or a whole list."""
    if text.partition(".")[0] in (PARAMETER.zh, READING.zh):
        return None
    return next((one for whose in _whose(text) if (one := named_fact(*whose, program)) is not None), None)


def _whose(text: str) -> Iterator[tuple[str | None, str]]:
    """The ways in which a text parts into a member and a fact: an id may hold points."""
    yield None, text
    for at in (at for at, sign in enumerate(text) if sign == "."):
        yield text[:at], text[at + 1 :]


def named_fact(member: str | None, name: str, program: Program) -> NamedFact | None:
    """The fact of a household or member that is called so; None where none is, or it cannot be answered as such."""
    level: Level = "household" if member is None else "member"
    fact = fact_of_header(facts_of(program, level), name)
    if fact is not None:
        return None if _base(fact, program) is None else NamedFact(member, fact)
    for listed in program.lists:
        found = _ITEM.fullmatch(name.removeprefix(listed.label)) if name.startswith(listed.label) else None
        if found is not None and (listed.of == "member") == (member is not None):
            fact = facts_of(program, listed.name).get(found[2])
            if fact is not None:
                return NamedFact(member, fact, listed, int(found[1]) - 1)
    return None


def _base(fact: FactDecl, program: Program) -> FactDecl | None:
    """The fact as it is declared; of one by month its value of this month. None where a period is not named."""
    name = fact.name
    if fact.series is not None:
        if name == fact.series.name:
            return None
        name = fact.series.input(0)
    return next((one for one in program.facts if one.name == name), None)


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """What a text says of a fact: what is wrong with it, or its value, which is None where it says nothing."""

    fault: Fault | None
    value: tuple[int, int, int] | None = None


def read_answer(asked: NamedFact, text: str, program: Program) -> AnswerRead:
    """A text read as the value of a fact, just as a run reads it."""
    fact = _base(asked.fact, program)
    if fact is None or fact.type is None or fact.number is not None or fact.tells_of is not None:
        return AnswerRead(Fault("B221", (("name", asked.label),)))
    level = fact.level if asked.listed is None else asked.listed.name
    read = ColumnReader(slot(fact, program.inputs_of(level), program.code_lists)).read(pa.array([text], pa.string()))
    if read.refused:
        return AnswerRead(read.refused[0].reasons[0][1])
    if read.given is not None and read.given[0] == 0:
        return AnswerRead(None)
    there = 0 if read.there is None else int(read.there[0])
    return AnswerRead(None, (int(read.low[0]), int(read.high[0]), there))


def use_of(fact: FactDecl) -> Use:
    """What cells are used for that hold values of a fact."""
    match fact.kind:
        case "date":
            return "day"
        case "number":
            return "percent" if fact.power == PERCENT else "number"
        case "text":
            return "text"
        case _:
            return "other"

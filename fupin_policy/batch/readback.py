"""Worklists that were filled in, read back together: facts for the next run, what was ticked, what cannot be taken.

In: paths of workbooks, a program. Out: `ReadBack`, and its three files. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from fupin_policy.batch.answers import WRITTEN, written
from fupin_policy.batch.excluded_households import REJECTS
from fupin_policy.batch.filled_workbooks import FilledAnswer, FilledRefusal, FilledTick, FilledWorkbook, read_filled
from fupin_policy.batch.reject_files import people_rejects
from fupin_policy.batch.rejects import sentences
from fupin_policy.batch.row_seals import OpenedSeals
from fupin_policy.batch.table_files import BOM, file_form
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.files.atomic import Own, atomic_file, bears, check_file
from fupin_policy.intake.scalars import Fault, shown

_TICKS = pa.schema([(name, pa.string()) for name in ("工作表", "户编号", "事项", "打勾", "日期、签名", "出处")])


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was filled in in lists of a day: each fact once, what was ticked or signed for, what is refused."""

    as_of: date
    answers: tuple[FilledAnswer, ...]
    ticks: tuple[FilledTick, ...]
    refused: tuple[FilledRefusal, ...]


@dataclass(frozen=True, slots=True)
class ReadBackFiles:
    """Where what was read back goes: a CSV of facts, and beside it what was ticked, and what was refused."""

    facts: Path

    @property
    def ticks(self) -> Path:
        """The file of what was ticked."""
        return self.facts.parent / f"{self.facts.stem}.ticks.csv"

    @property
    def rejects(self) -> Path:
        """The file of what was refused."""
        return self.facts.parent / f"{self.facts.stem}.rejects.csv"

    def check(self) -> None:
        """Raises InputError where something else stands there, or for another form than CSV; OSError."""
        if self.facts.suffix.lower() != ".csv":
            raise InputError.of("B108", self.facts.name, file=self.facts.name)
        for path, own in self._own().items():
            check_file(path, own)

    def write(self, found: ReadBack) -> None:
        """Write all three; what is refused first, so that facts never stand without it."""
        tables = {self.rejects: people_rejects(_refused(found.refused)), self.ticks: _ticks(found.ticks)}
        tables[self.facts] = written(found.answers)
        for path, own in self._own().items():
            with atomic_file(path, own) as aside:
                file_form(path).write(aside, tables[path].schema, [tables[path]])

    def _own(self) -> dict[Path, Own]:
        return {
            self.rejects: file_form(self.rejects).own,
            self.ticks: _headed(_TICKS),
            self.facts: _headed(WRITTEN),
        }


def _headed(schema: pa.Schema) -> Own:
    first = ",".join(f'"{name}"' for name in schema.names[:3])
    return bears(at_start=BOM + first.encode())


def read_back(paths: Sequence[Path], program: Program, result: Path | None = None) -> ReadBack:
    """What was filled in in some workbooks. Raises InputError where one cannot be read with the others; OSError.

    A fact that is filled in in several places is read once, or refused if these say otherwise. Rows whose ids are
    masked are read with the `result` of which the lists were written.
    """
    reporter = Reporter()
    seals = None if result is None else OpenedSeals.of(result)
    found = [(path, one) for path in paths if (one := read_filled(path, program, reporter, seals)) is not None]
    for path, one in found[1:]:
        if one.origin.as_of != found[0][1].origin.as_of:
            days = {"day": one.origin.as_of.isoformat(), "other": found[0][1].origin.as_of.isoformat()}
            reporter.report("B236", path.name, suggestion=None, file=path.name, first=found[0][0].name, **days)
    reporter.raise_errors(InputError)
    return _together([one for _, one in found])


def _together(found: Sequence[FilledWorkbook]) -> ReadBack:
    places: dict[tuple[object, ...], list[FilledAnswer]] = {}
    for one in (one for each in found for one in each.answers):
        listed = None if one.asked.listed is None else one.asked.listed.name
        key = (one.household, one.asked.member, listed, one.asked.item, one.asked.fact.name)
        places.setdefault(key, []).append(one)
    answers, refused = [], [one for each in found for one in each.refused]
    for several in places.values():
        if len({one.value for one in several}) == 1:
            answers.append(several[0])
            continue
        for one in several:
            other = next(two for two in several if two.value != one.value)
            words = (("name", one.asked.label), ("other", other.place.text), ("text", shown(other.text)))
            refused.append(FilledRefusal(one.place, one.household, one.text, Fault("B229", words)))
    ticks = {
        (one.place.sheet, one.household, one.subject, one.ticked, one.signed): one
        for each in found
        for one in each.ticks
    }
    return ReadBack(found[0].origin.as_of, tuple(answers), tuple(ticks.values()), tuple(refused))


def _refused(found: Iterable[FilledRefusal]) -> pa.Table:
    rows = []
    for one in found:
        zh, en = sentences(one.fault)
        place = one.place
        where = {"file": f"{place.file}:{place.sheet}", "row": place.row or None}
        column = " ".join(text for text in (place.column, place.heading) if text)
        told = {"household": one.household or None, "column": column, "value": one.given}
        rows.append({**where, **told, "code": one.fault.code, "zh": zh, "en": en})
    return pa.Table.from_pylist(rows, schema=REJECTS)


def _ticks(found: Iterable[FilledTick]) -> pa.Table:
    cells = (
        (one.place.sheet, one.household, one.subject, "是" if one.ticked else "", one.signed, one.place.text)
        for one in found
    )
    return pa.Table.from_pylist([dict(zip(_TICKS.names, row, strict=True)) for row in cells], schema=_TICKS)

"""What an office is told: its policies, and the rows of a result with which it has to do, asked for by SQL.

In: a result, a department and a place. Out: rows. Called by `office_book` and the lists in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from fupin_policy.batch.assumed_columns import ASSUMED
from fupin_policy.batch.audience_columns import OWN
from fupin_policy.batch.beneficiary_columns import MOST
from fupin_policy.batch.figure_columns import name_of
from fupin_policy.batch.output_layouts import FORCE
from fupin_policy.batch.results import NEEDED, RunResult, leads_in
from fupin_policy.batch.row_codes import RowKey
from fupin_policy.batch.row_seals import RowSeal
from fupin_policy.batch.sql import identifier
from fupin_policy.core.benefits import sign
from fupin_policy.core.outputs import DataCheck, FigureDecl
from fupin_policy.core.policies import Force
from fupin_policy.core.program import Program
from fupin_policy.prose.amounts import money_unit
from fupin_policy.prose.wording import trial_lines
from fupin_policy.reports.masking import mask
from fupin_policy.reports.paper_widths import PaperColumn

EXTRA = {
    "beneficiaries": "受益人",
    "possible_beneficiaries": "可能的受益人",
    "lead": "牵头部门",
    "possible_lead": "可能的牵头部门",
    "cooperating": "配合部门",
    "possible_cooperating": "可能的配合部门",
    "departments_missing": "确定部门须核实",
    "assumed": "没有给出而当作",
}
"""Lists in results, each with its heading."""
_SHOWN = {"audience": "面向", "section": "栏目"}
"""Further columns of results that have a heading of their own."""


_OWN = frozenset((*NEEDED, MOST, "missing", *EXTRA, FORCE.name, OWN.name))
_ENDS = (("min", "（最早、最少）"), ("max", "（最晚、最多）"), ("assumed", "（没有给出而当作）"))


@dataclass(frozen=True, slots=True)
class OfficePolicy:
    """A policy on a worklist. `way` is that in which its money goes."""

    title: str
    clauses: str
    cooperating: str
    force: Force
    obtain: str
    way: int
    registers: bool = False
    """It only moves the registry, and gives nothing."""
    section: str = ""
    leads: tuple[str, ...] = ()
    """Where it depends on facts who leads, the texts of `leads_in` of the rows in which the office does or may."""


@dataclass(frozen=True, slots=True)
class Office:
    """A department in a place, with the policies that it leads there by their ids."""

    department: str
    place: str | None
    policies: Mapping[str, OfficePolicy]
    whole: bool = False
    """It stands for all departments of the place."""


@dataclass(frozen=True, slots=True)
class ResultColumns:
    """What stands after a result's own columns, with its headings; figures that fall due; what was tried; checks.

    Amounts have so many `decimals`; numbers of persons are masked where ids have a `seal`. `of_members` are the
    policies that have a row for each member.
    """

    kept: tuple[str, ...]
    headings: tuple[str, ...]
    due: tuple[FigureDecl, ...]
    trial: str
    of_members: frozenset[str]
    shown: str
    """Which rows of the result are shown, as SQL."""
    checks: tuple[tuple[FigureDecl, DataCheck], ...]
    decimals: int
    unit: str
    """What an amount is in."""
    seal: RowSeal | None
    people: PeopleColumns
    program: Program
    ways: Mapping[str, int]
    """By policy the way in which its money goes."""

    @classmethod
    def of(cls, result: RunResult, program: Program, shown: str, seal: RowSeal | None) -> ResultColumns:
        """Those of a result of the rules; `shown` says as SQL which of its rows are."""
        kept = tuple(name for name in result.columns if name not in _OWN)
        labels = {name_of(figure): figure.words.zh for figure in program.figures}
        ends = {f"{name}.{end}": f"{said}{word}" for name, said in labels.items() for end, word in _ENDS}
        headings = {**_SHOWN, **labels, **ends}
        due = tuple(one for one in program.figures if one.due and f"{name_of(one)}.min" in kept)
        trial = "".join(trial_lines(program.trial, "zh"))
        of_members = frozenset(policy.id for policy in program.policies if policy.level == "member")
        checks = {name_of(figure): (figure, check) for figure, check in program.checks if name_of(figure) in kept}
        kept = tuple(name for name in kept if name.removesuffix(f".{ASSUMED.name}") not in checks)
        people = PeopleColumns.of(program, result)
        headed, asked = tuple(headings.get(name, name) for name in kept), tuple(checks.values())
        money = program.decimals, money_unit(program)
        ways = {policy.id: sign(policy.versions[-1].benefit.kind) for policy in program.policies}
        return cls(kept, headed, due, trial, of_members, shown, asked, *money, seal, people, program, ways)


@dataclass(frozen=True, slots=True)
class PeopleColumns:
    """Where among a result's columns villages, names and telephones of households, and names of members stand."""

    village: str | None
    name: str | None
    phone: str | None
    member: str | None

    @classmethod
    def of(cls, program: Program, result: RunResult) -> PeopleColumns:
        """Those of a result, known by what the facts in it are called; None for what is not in it."""
        texts = [fact for fact in program.facts if fact.kind in ("text", "code") and fact.label != result.place]
        kept = [fact for fact in texts if fact.label in result.columns]

        def named(level: str, *words: str) -> str | None:
            found = (fact.label for fact in kept if fact.level == level)
            return next((label for label in found if any(word in label for word in words)), None)

        village = named("household", "行政村", "村名") or named("household", "村", "社区")
        name, phone = named("household", "姓名", "户主"), named("household", "电话", "手机")
        return cls(village, name, phone, named("member", "姓名"))

    @property
    def headed(self) -> list[tuple[str, PaperColumn]]:
        """What of a household is in the result: where it stands there, and in which column of a list."""
        asked = ((self.village, "村", 7), (self.name, "姓名", 9), (self.phone, "电话", 13))
        return [
            (name, PaperColumn(heading, width, flowing=heading == "村"))
            for name, heading, width in asked
            if name is not None
        ]


@dataclass(frozen=True, slots=True)
class OfficeRows:
    """The rows of a result with which an office has to do."""

    office: Office
    result: RunResult
    columns: ResultColumns
    connection: duckdb.DuckDBPyConnection

    def found(
        self, columns: Iterable[str], policies: Iterable[str], where: str, given: list[Any], order: str
    ) -> Iterator[tuple[Any, ...]]:
        """The rows of some policies with which the office has to do, asked for by SQL; none may be asked for before
        these are taken."""
        tests, values = ["false"], list[str | None]()
        for policy in policies:
            leads = self.office.policies[policy].leads
            marks = ", ".join("?" for _ in leads)
            tests.append(f"policy = ? AND {leads_in(self.result)} IN ({marks})" if leads else "policy = ?")
            values += [policy, *leads]
        where = f"{where} AND {self.columns.shown} AND ({' OR '.join(tests)})"
        if self.result.place is not None:
            where += f" AND {identifier(self.result.place)} IS NOT DISTINCT FROM ?"
            values.append(self.office.place)
        query = f"SELECT {', '.join(columns)} FROM {self.result.relation} WHERE {where} ORDER BY {order}"
        return _each(self.connection.execute(query, [*given, *values]))

    def once(self, figure: FigureDecl, columns: Sequence[str], where: str, *given: Any) -> list[tuple[Any, ...]]:
        """What is told of the households and members that the office has to do with, once for all their decisions."""
        whose = "member" if figure.level == "member" else "NULL"
        told = [*self.of_people(), "household", whose, *columns]
        told[0] = f"DISTINCT {told[0]}"
        where = f"status != 'ineligible' AND {where}"
        return list(self.found(told, self.office.policies, where, [*given], "ALL"))

    def of_people(self) -> list[str]:
        """What of a household stands first in lists, as SQL."""
        return [f"CAST({identifier(column)} AS VARCHAR)" for column, _ in self.columns.people.headed]

    def people_columns(self) -> list[PaperColumn]:
        """The columns in which that stands."""
        return [column for _, column in self.columns.people.headed]

    def key(self, household: str, subject: str = "", member: str | None = None) -> RowKey:
        """Of what a row is, so that what is filled in can be read back; numbers of persons are not to be in it."""
        seal, who = self.columns.seal, member or ""
        if seal is None or all(mask(text) == text for text in (household, who)):
            return RowKey(household, subject, who)
        return RowKey(seal.household(household), subject, seal.member(household, who) if who else "", sealed=True)

    def village_of(self, people: Sequence[str | None]) -> str:
        """The village among what stands first; "" where the result has none."""
        return "" if self.columns.people.village is None else str(people[0])

    def by_village(self) -> str:
        """By village and household, as SQL."""
        village = self.columns.people.village
        return "household" if village is None else f"{identifier(village)} NULLS LAST, household"

    def names(self) -> dict[str, str]:
        """The names of members by their ids, where the result has them."""
        column = self.columns.people.member
        if column is None:
            return {}
        asked = ["DISTINCT member", f"CAST({identifier(column)} AS VARCHAR)"]
        where = f"member IS NOT NULL AND {identifier(column)} IS NOT NULL"
        return dict(self.found(asked, self.office.policies, where, [], "ALL"))


def _each(found: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := found.fetchmany(10_000):
        yield from batch

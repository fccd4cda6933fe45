"""The list 上门核实: a row for each fact that is to be asked, with the choices to fill in and what it would open.

In: an office's rows. Out: what stands on a sheet. Called by `office_book`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from fupin_policy.batch.asked_facts import NamedFact, asked_fact
from fupin_policy.batch.row_codes import ANSWER, SIGNED, TICK, VISIT
from fupin_policy.batch.sql import identifier
from fupin_policy.core.declarations import PARAMETER, READING, FactKind
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code
from fupin_policy.prose.amounts import declared_unit
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.office_rows import OfficeRows
from fupin_policy.reports.paper_sheet import PaperRow
from fupin_policy.reports.paper_widths import PaperColumn

_FILLED: Mapping[FactKind, str] = {
    "truth": "选是或否",
    "code": "选一项",
    "codes": "可写几项，用、隔开",
    "number": "写数",
    "date": "写日期，如 2019-06-30",
    "text": "写明",
}
"""How a fact of each kind is filled in."""


def visit_list(rows: OfficeRows, details: str) -> tuple[str, list[str], list[PaperColumn], list[PaperRow]]:
    """Title, notes, columns and rows."""
    asked = [name for name in ("missing", "departments_missing") if name in rows.result.columns]
    columns = [
        *rows.people_columns(),
        PaperColumn("户编号", 12, known=True),
        PaperColumn("成员", 11, known=True, flowing=True),
        PaperColumn("要问的事项", 34, known=True, flowing=True),
    ]
    answer = len(columns)
    columns += [
        PaperColumn(ANSWER, 15),
        PaperColumn("怎样填", 16, flowing=True),
        PaperColumn("问清后可定", 50, flowing=True),
    ]
    columns += [PaperColumn(TICK, 2), PaperColumn(SIGNED, 13)]
    if "missing" not in asked:
        return VISIT, ["结果中没有待核实的事项；用 fupin run --missing 重算可得", details], columns, []
    listed, lacking, names, sealed = [], set[str](), rows.names(), False
    for people, opened in _households(rows, asked):
        for text, titles in opened.items():
            if text.partition(".")[0] in (PARAMETER.zh, READING.zh):
                lacking.add(text)
                continue
            asked_of = asked_fact(text, rows.columns.program)
            member, label = _whole_list(text, rows) if asked_of is None else (asked_of.member, asked_of.label)
            whose = None if member is None else names.get(member, member)
            cells = [*people, whose, label, None, _filled(rows, asked_of), "、".join(titles), TICK, None]
            many = asked_of is not None and asked_of.fact.kind == "codes"
            choices = () if asked_of is None else _choices(asked_of, rows.columns.program)
            key = rows.key(str(people[-1]), text.removeprefix(f"{member or ''}."), member)
            sealed |= key.sealed
            listed.append(PaperRow(cells, rows.village_of(people), choices, many, answer, key))
    none = f"规则里没有值、问不来的不在本表：{'、'.join(sorted(lacking))}" if lacking else ""
    back = "编号已遮盖，读回时加 --result 和写名单的结果" if sealed else ""
    return VISIT, ["问到的填在“答”一栏", back, none, details], columns, listed


def _households(rows: OfficeRows, asked: Sequence[str]) -> Iterator[tuple[list[str | None], dict[str, list[str]]]]:
    """What stands first of each household, and the facts to be asked, each with the policies that it would settle."""
    people = [*rows.of_people(), "household"]
    columns = [*people, "policy", *map(identifier, asked)]
    order = f"{rows.by_village()}, policy, member"
    found = rows.found(columns, rows.office.policies, "status != ?", ["ineligible"], order)
    for _, some in groupby(found, key=lambda row: row[len(people) - 1]):
        own, opened = list(some), dict[str, list[str]]()
        for policy, *lists in (row[len(people) :] for row in own):
            listed = rows.office.policies[policy]
            title = listed.title
            title += "" if listed.force == "entitlement" else f"（{FORCES[listed.force].sheet}）"
            for text in (text for texts in lists for text in texts or ()):
                titles = opened.setdefault(text, [])
                titles += [] if title in titles else [title]
        if opened:
            yield list(own[0][: len(people)]), opened


def _whole_list(text: str, rows: OfficeRows) -> tuple[str | None, str]:
    """Whose list a text names of which it is to be known what is in it, and how it is called."""
    lists = (one.label for one in rows.columns.program.lists_of("member"))
    label = next((label for label in lists if f".{label}（" in text), None)
    if label is None:
        return None, text
    at = text.rindex(f".{label}（")
    return text[:at], text[at + 1 :]


def _filled(rows: OfficeRows, asked: NamedFact | None) -> str:
    """How an answer is written; what can only be put into the register is said to be."""
    if asked is None:
        return "补进登记册的明细表"
    told = _FILLED[asked.fact.kind]
    unit = declared_unit(asked.fact, rows.columns.program)
    return f"{told}（{unit}）" if unit else told


def _choices(asked: NamedFact, program: Program) -> tuple[str, ...]:
    fact = asked.fact
    if fact.kind == "truth":
        return ("是", "否")
    listed = program.code_lists[fact.type.code_list].codes if isinstance(fact.type, Code) else ()
    return tuple(code.label for code in listed)

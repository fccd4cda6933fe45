"""The list 上门核实: a row for each fact that is to be asked, with the choices to fill in and what it would open.

In: an office's rows. Out: what stands on a sheet. Called by `office_book`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from fupin_policy.batch.sql import identifier
from fupin_policy.core.declarations import PARAMETER, READING, FactDecl, FactKind
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.office_rows import OfficeRows
from fupin_policy.reports.paper_sheet import TICK, PaperColumn, PaperRow

TITLE = "上门核实"
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
        PaperColumn("户编号", 12),
        PaperColumn("成员", 16),
        PaperColumn("要问的事项", 34),
    ]
    answer = len(columns)
    columns += [PaperColumn("答", 16), PaperColumn("怎样填", 16), PaperColumn("问清后可定", 50)]
    columns += [PaperColumn(TICK, 3), PaperColumn("日期、签名", 16)]
    if "missing" not in asked:
        return TITLE, ["结果中没有待核实的事项；用 fupin run --missing 重算可得", details], columns, []
    listed, lacking, names = [], set[str](), rows.names()
    for people, opened in _households(rows, asked):
        for text, titles in opened.items():
            if text.partition(".")[0] in (PARAMETER.zh, READING.zh):
                lacking.add(text)
                continue
            member, label, fact, choices = _named(text, rows.columns.asked)
            whose = "" if member is None else names.get(member, member)
            filled = "写明" if fact is None else _FILLED[fact.kind]
            cells = [*people, whose or None, label, None, filled, "、".join(titles), TICK, None]
            many = fact is not None and fact.kind == "codes"
            listed.append(PaperRow(cells, rows.village_of(people), choices, many, answer))
    none = f"规则里没有值、问不来的不在本表：{'、'.join(sorted(lacking))}" if lacking else ""
    return TITLE, ["问到的填在“答”一栏", none, details], columns, listed


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


def _named(
    text: str, facts: Mapping[str, tuple[FactDecl, tuple[str, ...]]]
) -> tuple[str | None, str, FactDecl | None, tuple[str, ...]]:
    """Whose fact a text such as `m1.残疾等级` names, what it is called, and its choices.

    What no fact is called, such as one of an item or of a month, is told as it stands.
    """
    if text in facts:
        return None, text, *facts[text]
    for at in (at for at, sign in enumerate(text) if sign == "."):
        found = facts.get(text[at + 1 :])
        if found is not None and found[0].level == "member":
            return text[:at], text[at + 1 :], *found
    return None, text, None, ()

"""The list 应享待办: a row for each household, with all that it is to be given, and the sums of that.

In: an office's rows. Out: what stands on a sheet. Called by `office_book`.
What is no entitlement stands in columns of its own and in no sum; nor does what is lent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from string import ascii_uppercase
from typing import Any

from fupin_policy.batch.row_codes import SIGNED, TICK
from fupin_policy.batch.sql import identifier
from fupin_policy.core.benefits import PER, signed
from fupin_policy.core.decision import Status
from fupin_policy.prose.statuses import FORCES
from fupin_policy.reports.office_rows import OfficePolicy, OfficeRows
from fupin_policy.reports.paper_sheet import PaperRow, money_form
from fupin_policy.reports.paper_widths import PaperColumn

TITLE = "应享待办"
_MONEY, _SERVICES, _LENT = "给钱物的", "服务和其他", "可以借的"
_TEXTS = (_MONEY, _SERVICES, _LENT, *(FORCES[force].sheet for force in ("discretion", "encouraged")), "为谁")
"""Columns of what a household gets, in their order, and of the members whom their numbers mean."""
_MARKS = {
    _LENT: "〔借〕",
    **{FORCES[one].sheet: f"〔{FORCES[one].sheet[:1]}〕" for one in ("discretion", "encouraged")},
    "为谁": "",
}
"""How what is no entitlement, or is lent, is marked in a long list."""
_ALL = "应享受的"
"""The one column of a long list in which all of these stand."""
LEGEND = "简写："
"""Begins the note that says what letters stand for."""
_LONG, _EACH, _COMMON = 60, 4, 20
"""Of a list of so many households with so many benefits each on average, what one in so many has is a letter."""
_NUMBERS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_PERIODS = ("month", "quarter", "half_year", "term", "year", "day", "once")
_TOLD = ("policy", "member", "amount_min", "amount_max", "per", "provisional")

_Ends = tuple[int, int]


@dataclass(slots=True)
class _Benefit:
    """A policy as one household has it: for whom, how much in all, signed where that is paid by the household."""

    listed: OfficePolicy
    per: str | None
    members: list[str] = field(default_factory=list)
    ends: _Ends | None = None
    provisional: bool = False

    @property
    def column(self) -> str:
        """In which column it is told."""
        if self.listed.force != "entitlement":
            return FORCES[self.listed.force].sheet
        if self.ends is None:
            return _SERVICES
        return _MONEY if self.listed.way else _LENT

    @property
    def is_plain(self) -> bool:
        """Whether nothing is told of it but that it is given, and to whom."""
        return self.ends is None and not self.provisional


@dataclass(frozen=True, slots=True)
class _Household:
    """A household with what stands first, and its benefits."""

    people: Sequence[str | None]
    benefits: Sequence[_Benefit]

    def sums(self) -> dict[str, _Ends]:
        """By period what it is entitled to, less what it pays."""
        found: dict[str, _Ends] = {}
        for one in self.benefits:
            if one.column == _MONEY and one.per is not None and one.ends is not None:
                low, high = found.get(one.per, (0, 0))
                found[one.per] = low + one.ends[0], high + one.ends[1]
        return found

    def texts(self, decimals: int, names: Mapping[str, str], short: Mapping[str, str]) -> dict[str, str]:
        """What stands in each column of texts: the benefits, and whom the numbers behind them mean."""
        members = sorted({member for one in self.benefits for member in one.members}, key=lambda one: (len(one), one))
        marks = {one: _NUMBERS[at] if at < len(_NUMBERS) else f"({at + 1})" for at, one in enumerate(members)}
        found: dict[str, list[str]] = {}
        for one in self.benefits:
            if not one.is_plain or one.listed.title not in short:
                found.setdefault(one.column, []).append(_said(one, decimals, marks, short))
        for column, letters in self._plain(marks, short).items():
            found.setdefault(column, []).extend(letters)
        whom = "".join(f"{mark}{names.get(member, member)}" for member, mark in marks.items())
        return {**{name: "；".join(texts) for name, texts in found.items()}, **({"为谁": whom} if whom else {})}

    def _plain(self, marks: Mapping[str, str], short: Mapping[str, str]) -> dict[str, list[str]]:
        """By column the letters of what has no amount, those for the same members together: `ADJ；E①`."""
        found: dict[str, dict[str, str]] = {}
        for one in self.benefits:
            if one.is_plain and one.listed.title in short:
                letters, whose = found.setdefault(one.column, {}), _whose(one, marks)
                letters[whose] = letters.get(whose, "") + short[one.listed.title]
        return {name: [f"{some}{whose}" for whose, some in letters.items()] for name, letters in found.items()}


def _whose(one: _Benefit, marks: Mapping[str, str]) -> str:
    return "".join(mark for member, mark in marks.items() if member in one.members)


def household_list(rows: OfficeRows, details: str) -> tuple[str, list[str], list[PaperColumn], Iterator[PaperRow]]:
    """Title, notes, columns and rows."""
    found, names, numbers = list(_households(rows)), rows.names(), money_form(rows.columns.decimals)
    short = _letters(found)
    sums, told = [each.sums() for each in found], [each.texts(rows.columns.decimals, names, short) for each in found]
    periods = {per: any(low != high for one in sums for low, high in [one.get(per, (0, 0))]) for per in _PERIODS}
    periods = {per: ranges for per, ranges in periods.items() if any(per in one for one in sums)}
    rare = _rare(sums) if len(found) >= _LONG else set()
    periods = {per: ranges and per not in rare for per, ranges in periods.items()}
    if len(found) >= _LONG:
        told = [_once_named(each, one) for each, one in zip(found, told, strict=True)]
    told = [_together(one) for one in told] if short else told
    columns = [*rows.people_columns(), PaperColumn("户编号", 12, known=True)]
    for per, ranges in periods.items():
        heading = f"{PER[per].zh}（{rows.columns.unit}）"
        columns += [PaperColumn(heading, 10, numbers, True)]
        columns += [PaperColumn(f"{heading}至", 10, numbers, True)] if ranges else []
    texts = [name for name in (*_TEXTS, _ALL) if any(name in one for one in told)]
    columns += [PaperColumn(name, 20, flowing=True) for name in texts]
    columns += [] if short else [PaperColumn("暂定", 2.4)]
    columns += [PaperColumn(TICK, 2), PaperColumn(SIGNED, 9)]
    moves = sum(one.registers for one in rows.office.policies.values())
    notes = [
        "金额栏是应享受的合计，自付的记为负数，借款不计"
        + ("；〔可〕可享受，〔鼓〕鼓励享受，〔借〕可以借的，都不计入" if short else "；可享受、鼓励享受的另列，不计入"),
        "*暂定" if short else "＊暂定",
        "没写周期的金额按年" if short else "",
        "数额未定的户，金额栏是最少的，写明“至”" if rare else "",
        f"在册状态的变动（{moves} 项政策）不在本表" if moves else "",
        "没有内容的表不显示",
        details,
        LEGEND + "，".join(f"{letter} {title}" for title, letter in short.items()) if short else "",
    ]
    listed = (_row(each, one, periods, texts, rows) for each, one in zip(found, told, strict=True))
    return TITLE, notes, columns, listed


def _once_named(each: _Household, told: dict[str, str]) -> dict[str, str]:
    """For whom is not said again where that is one member, whose name stands before."""
    if told.get("为谁", "").removeprefix(_NUMBERS[0]) in each.people:
        return {name: text for name, text in told.items() if name != "为谁"}
    return told


def _together(told: Mapping[str, str]) -> dict[str, str]:
    """All texts of a household as one; what is no entitlement, or is lent, is said to be."""
    plain = (_MONEY, _SERVICES)
    parts = [told[name] if name in plain else f"{_MARKS[name]}{told[name]}" for name in _TEXTS if name in told]
    return {_ALL: "；".join(parts)} if parts else {}


def _rare(sums: Sequence[Mapping[str, _Ends]]) -> set[str]:
    """Periods of which few households have an amount that is not settled: no column of its own in a long list, as the
    amount itself says both ends."""
    counts = Counter(per for one in sums for per, (low, high) in one.items() if low != high)
    return {per for per, count in counts.items() if count * _COMMON < len(sums)}


def _letters(found: Sequence[_Household]) -> dict[str, str]:
    """Letters for what many households of a long list have, by their policies' titles; what most have comes first."""
    if len(found) < _LONG or sum(len(each.benefits) for each in found) < _EACH * len(found):
        return {}
    counts = Counter(one.listed.title for each in found for one in each.benefits)
    common = [title for title, count in counts.most_common() if count * _COMMON >= len(found)]
    return dict(zip(common, ascii_uppercase, strict=False))


def _households(rows: OfficeRows) -> Iterator[_Household]:
    policies = [id_ for id_, one in rows.office.policies.items() if not one.registers]
    people = [*rows.of_people(), "household"]
    lists = "beneficiaries" if "beneficiaries" in rows.result.columns else "NULL"
    columns = [*people, *map(identifier, _TOLD), lists]
    order = f"{rows.by_village()}, policy, member"
    found = rows.found(columns, policies, "status = ?", [Status.ELIGIBLE.value], order)
    for whose, some in groupby(found, key=lambda row: row[len(people) - 1]):
        own = list(some)
        yield _Household([*own[0][: len(people) - 1], whose], _benefits(rows, (row[len(people) :] for row in own)))


def _benefits(rows: OfficeRows, decided: Iterable[tuple[Any, ...]]) -> list[_Benefit]:
    found: dict[str, _Benefit] = {}
    for policy, member, low, high, per, provisional, chosen in decided:
        listed = rows.office.policies[policy]
        one = found.setdefault(policy, _Benefit(listed, per))
        one.members += [member] if member is not None else chosen or []
        one.provisional |= bool(provisional)
        if low is not None:
            ends = signed((low, high), -1) if listed.way < 0 else (low, high)
            before = one.ends or (0, 0)
            one.ends = before[0] + ends[0], before[1] + ends[1]
    return list(found.values())


def _row(
    each: _Household, told: Mapping[str, str], periods: Mapping[str, bool], texts: Sequence[str], rows: OfficeRows
) -> PaperRow:
    sums = each.sums()
    cells: list[Any] = list(each.people)
    for per, ranges in periods.items():
        ends = sums.get(per)
        both = [None, None] if ends is None else [Decimal(end).scaleb(-rows.columns.decimals) for end in ends]
        cells += both if ranges else both[:1]
    cells += [told.get(name) for name in texts]
    if _ALL not in texts:
        cells.append("是" if any(one.provisional for one in each.benefits) else None)
    key = rows.key(str(each.people[-1]))
    return PaperRow([*cells, TICK, None], rows.village_of(each.people), key=key)


def _said(one: _Benefit, decimals: int, marks: Mapping[str, str], short: Mapping[str, str]) -> str:
    """`高龄津贴①② 160.00/月`; what rests on unsourced figures is marked."""
    text = short.get(one.listed.title, one.listed.title) + _whose(one, marks)
    if one.ends is not None:
        low, high = (f"{Decimal(end).scaleb(-decimals):,f}" for end in one.ends)
        if short and decimals:
            low, high = (end.removesuffix("." + "0" * decimals) for end in (low, high))
        period = PER[one.per].zh.removeprefix("每") if one.per else ""
        text += f" {low if low == high else f'{low}至{high}'}" + (
            f"/{period}" if not short or one.per != "year" else ""
        )
    return text + (("*" if short else "＊") if one.provisional else "")

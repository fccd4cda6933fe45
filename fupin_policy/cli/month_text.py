"""What a county's month comes to, in a few lines: households, decisions, what has changed, what is in doubt, the files.

In: the report of a run and its totals. Out: lines of text in one language. Called by `cli.month`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from fupin_policy.core.benefits import PER
from fupin_policy.core.bilingual import pick
from fupin_policy.core.decision import Status
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import in_columns
from fupin_policy.prose.amounts import money_unit
from fupin_policy.prose.statuses import STATUSES
from fupin_policy.prose.wording import trial_lines

if TYPE_CHECKING:
    from fupin_policy.batch.month_totals import MonthTotals
    from fupin_policy.batch.run import Report

DOUBTS, TABLES = 3, 2
"""How many checks of data, and how many further tables, are told one by one."""


class MonthBefore(Protocol):
    """The month before."""

    @property
    def folder(self) -> Path:
        """Where it stands."""

    @property
    def as_of(self) -> date:
        """Its date."""

    @property
    def digest(self) -> str:
        """The digest of its rules."""


@dataclass(frozen=True, slots=True)
class MonthText:
    """A month told in one language, in at most 30 lines with those of its files."""

    program: Program
    as_of: date
    report: Report
    totals: MonthTotals
    previous: MonthBefore | None
    reused: bool
    """Whether the tables were read by the mapping of the month before."""
    lang: Lang

    @property
    def statuses(self) -> Mapping[str, int]:
        """Decisions by status; those that do not apply stand in no result."""
        return {one.value: self.totals.statuses.get(one.value, 0) for one in (Status.ELIGIBLE, Status.UNKNOWN)}

    def lines(self) -> list[str]:
        """From top to bottom."""
        title = pick(self.program.title, self.lang)
        day = self.as_of.isoformat()
        found = [
            self._said(f"{day} 月度：{title}（{self.program.id}）", f"Month of {day}: {title} ({self.program.id})")
        ]
        found += trial_lines(self.program.trial, self.lang)
        body = [*self._rows(), *self._decisions(), *self._changes(), *self._doubts()]
        return [*found, *(f"  {line}" for line in body)]

    def _said(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def _rows(self) -> Iterator[str]:
        """Rows read, decided on and sent back, of each table."""
        counts = self.report.counts
        rows = [
            (self._said("户", "households"), counts.households, counts.households_rejected),
            (self._said("成员", "members"), counts.members, counts.members_rejected),
            *((name, counts.rows[name], counts.rows_rejected.get(name, 0)) for name in sorted(counts.rows)[:TABLES]),
        ]
        words = ("读入", "已决定", "退回") if self.lang == "zh" else ("read", "decided", "sent back")
        told = [(f"{words[0]} {read}", f"= {words[1]} {read - bad}", f"+ {words[2]} {bad}") for _, read, bad in rows]
        yield from in_columns([(name, *counted) for (name, _, _), counted in zip(rows, told, strict=True)])

    def _decisions(self) -> Iterator[str]:
        apart = self._said("，", ", ")
        told = (f"{pick(STATUSES[Status(name)].listed, self.lang)} {count}" for name, count in self.statuses.items())
        decided = self.report.counts.decisions
        yield self._said(f"决定 {decided} 项：", f"{decided} decisions: ") + apart.join(told)
        money = self._money(self.totals.settled) or self._said("没有", "none")
        ranges = self.totals.ranges
        rest = self._said(f"；另有 {ranges} 项数额未定", f"; {ranges} more amounts are not settled") if ranges else ""
        yield self._said(f"已定的钱：{money}{rest}", f"settled money: {money}{rest}")

    def _changes(self) -> Iterator[str]:
        from fupin_policy.batch.changes import CHANGES

        if self.previous is None:
            yield self._said("没有上期：这是第一期，不列变动", "no month before: this is the first")
            return
        when, where = self.previous.as_of, self.previous.folder.name
        beside = self._said("；", "; ").join(["", *self._beside(self.previous)])
        yield self._said(f"与上期（{where}，{when}）相比{beside}", f"since the month before ({where}, {when}){beside}")
        rows = []
        for kind, words in CHANGES.items():
            one = self.totals.changes[kind]
            rows.append([" ", pick(words, self.lang), f"{one.count}", self._money(one.difference, "+")])
        total: dict[str, int] = {}
        for one in self.totals.changes.values():
            for per, value in one.difference.items():
                total[per] = total.get(per, 0) + value
        count = sum(one.count for one in self.totals.changes.values())
        none = self._said("已定的钱没有变", "settled money is as before")
        rows.append([" ", self._said("合计", "together"), f"{count}", self._money(total, "+") or none])
        yield from in_columns(rows)

    def _beside(self, previous: MonthBefore) -> Iterator[str]:
        """What else is not as usual: months between, other rules, a mapping that nobody named."""
        if (gap := _months(self.as_of) - _months(previous.as_of)) > 1:
            yield self._said(f"中间隔了 {gap - 1} 个月", f"{gap - 1} months between")
        if previous.digest != self.program.digest:
            yield self._said("规则改过", "the rules have changed")
        if self.reused:
            yield self._said("对照沿用上期的", "with its mapping")

    def _doubts(self) -> Iterator[str]:
        found = sorted(self.report.counts.violated.items(), key=lambda one: (-one[1], one[0]))
        if not found:
            yield self._said("数据疑点：没有", "checks of data: all hold")
        else:
            yield self._said(f"数据疑点：{len(found)} 种", f"checks of data that do not hold: {len(found)}")
        for name, count in found[:DOUBTS]:
            yield self._said(f"  {name}：{count} 户", f"  {name}: {count} households")
        if len(found) > DOUBTS:
            yield self._said(f"  另外 {len(found) - DOUBTS} 种见名单", f"  {len(found) - DOUBTS} more are in the lists")
        rejected = self.report.counts.households_rejected
        if rejected:
            yield self._said(
                f"户表退回 {rejected} 行（表尾的合计也算），每行的原因和改法见 结果.rejects.csv",
                f"{rejected} rows of households sent back, totals below included; why: 结果.rejects.csv",
            )

    def _money(self, sums: Mapping[str, int], sign: str = "") -> str:
        """`每月 1,234.50 元，每年 -20.00 元`; with a sign before what is above zero, where one is asked for."""
        decimals, apart = self.program.decimals, self._said("，", ", ")
        told = []
        for per in PER:
            if value := sums.get(per, 0):
                amount = format(Decimal(value).scaleb(-decimals), f"{sign},.{decimals}f")
                zh = f"{PER[per].zh} {amount} {money_unit(self.program)}"
                told.append(self._said(zh, f"{amount} {self.program.currency} {PER[per].en}"))
        return apart.join(told)


def file_lines(folder: Path, files: Iterable[str], lang: Lang) -> list[str]:
    """What stands in a month's folder."""
    there = {name.split("/")[0] for name in files}
    told = {
        "名单": ("各部门、各镇街的工作簿，打印、上门用", "workbooks for each department and town"),
        "汇总.html": ("户数、人数、金额，用浏览器打开", "households, persons and money, for a browser"),
        "结果.changes": ("新增、停发和变动，全部的和各部门各镇街的", "what is new, ended and changed, by office"),
        "结果.rejects.csv": ("退回的行、原因和改法", "rows sent back, and why"),
        "结果.parquet": ("全部决定，下个月接着算要用", "all decisions, for the next month"),
        "说明.txt": ("以上这些话", "the lines above"),
        "记录.json": ("规则、资料和结果的摘要，用 fupin audit verify 核对", "digests of rules, data and result"),
    }
    rows = [[" ", name, told[name][0] if lang == "zh" else told[name][1]] for name in told]
    shown = [row for row in rows if row[1] != "结果.changes" or row[1] in there]
    return [f"写下了 {folder}" if lang == "zh" else f"written: {folder}", *in_columns(shown)]


def _months(day: date) -> int:
    """Months counted, to tell how far two are apart."""
    return day.year * 12 + day.month

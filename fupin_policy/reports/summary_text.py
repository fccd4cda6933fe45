"""A summary as text for a terminal.

In: a `Summary`. Out: text. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

from fupin_policy.core.program import Program
from fupin_policy.prose.ratios import ends_text, figure
from fupin_policy.prose.wording import PER, in_brackets, trial_lines
from fupin_policy.reports.summary import PeriodTotals, Summary, SummaryGroup

_TITLES = (
    ("policies", "按政策 / by policy"),
    ("departments", "按牵头部门 / by leading department"),
    ("places", "按乡镇 / by town"),
    ("months", "按月份 / by month"),
    ("forces", "按效力 / by force"),
)


def money_text(program: Program, money: PeriodTotals) -> str:
    """`1,234.50 每年`, or a range where amounts are open; what is given and paid where people pay; and the force."""
    force = in_brackets(money.force, "zh") if money.force else ""
    per, paid = f"{PER[money.per].zh}{force}", (money.paid_low, money.paid_high)
    if paid == (0, 0):
        return f"{ends_text(money.given, program.decimals)} {per}"
    if money.given == (0, 0):
        return f"自付 paid {ends_text(paid, program.decimals)} {per}"
    told = f"给付 given {ends_text(money.given, program.decimals)}，自付 paid {ends_text(paid, program.decimals)}"
    return f"净额 net {ends_text((money.low, money.high), program.decimals)} {per}（{told}）"


def as_text(summary: Summary, program: Program) -> str:
    """The summary as lines of text."""
    lines = [_heading(summary, program), _text_line(summary.total, program)]
    for title, groups in _tables(summary):
        lines += ["", title]
        lines += [_text_line(line, program) for line in groups]
    if told := [*_assumed(summary), *_violated(summary)]:
        lines += ["", *told]
    return "\n".join(lines)


def _tables(summary: Summary) -> Iterator[tuple[str, tuple[SummaryGroup, ...]]]:
    """Each table with its title; the one by force only where there are several."""
    for name, title in _TITLES:
        groups = getattr(summary, name)
        if groups or name != "forces":
            yield title, groups


def _violated(summary: Summary) -> list[str]:
    told = "户（只计结果中有决定的户） / households, of those with a decision, for which a check of data does not hold"
    return [f"数据疑点 {name}：{count} {told}" for name, count in summary.violated]


def _assumed(summary: Summary) -> list[str]:
    rest = "项决定 / decisions that rest on this assumption"
    return [f"没有给出而当作 {name}：{count} {rest}" for name, count in summary.assumed]


def _heading(summary: Summary, program: Program) -> str:
    head = f"{program.title.zh} / {program.title.en}  {'、'.join(summary.days)}（{program.currency}）"
    return "".join([head, *trial_lines(program.trial, "zh")])


def _text_line(line: SummaryGroup, program: Program) -> str:
    head = f"  {line.name}: {line.households} 户 households，{_persons(line)} 人 persons，待核实 open {line.open}"
    sums = [
        f"      {money_text(program, money)}（其中暂定 provisional {figure(program.decimals, money.provisional)}）"
        for money in line.money
    ]
    return "\n".join([head, *sums])


def _persons(line: SummaryGroup) -> str:
    """`1234`, or `1234–1240` where it is open of some whether they benefit."""
    return "–".join(dict.fromkeys(str(count) for count in (line.persons, line.persons_max)))

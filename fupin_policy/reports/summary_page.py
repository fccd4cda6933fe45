"""A summary as one HTML file that needs nothing else, or as text for a terminal.

In: a `Summary`. Out: HTML, text. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from fupin_policy.batch.table_files import PAGE_SIGN
from fupin_policy.core.benefits import times
from fupin_policy.core.program import Program
from fupin_policy.prose.ratios import ends_text, figure
from fupin_policy.prose.wording import PER, in_brackets, trial_lines
from fupin_policy.reports.summary import PeriodTotals, Summary, SummaryGroup

BAR = 260
"""Width of the longest bar, in pixels."""

STYLE = """
body{font:15px/1.5 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#222}
body{max-width:70em;margin:2em auto;padding:0 1em}
table{border-collapse:collapse;margin:.5em 0 2em}th,td{padding:.2em .7em;border-bottom:1px solid #ddd;text-align:right}
th:first-child,td:first-child{text-align:left}td.bar{text-align:left}th{background:#f4f4f4}
.sure{fill:#2b6cb0}.unsure{fill:#f6ad55}.paid{fill:#9b2c2c}small{color:#666}
"""
_TITLES = (
    ("policies", "按政策 / by policy"),
    ("departments", "按牵头部门 / by leading department"),
    ("places", "按乡镇 / by town"),
    ("months", "按月份 / by month"),
    ("forces", "按效力 / by force"),
)
_HEAD = ("户 / households", "人 / persons", "待核实 / open", "金额 / money", "其中暂定 / of which provisional")


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


def as_html(summary: Summary, program: Program) -> str:
    """The summary as a page with tables and bars."""
    parts = [f"<h2>{escape(title)}</h2>{_table(groups, program)}" for title, groups in _tables(summary)]
    told = [f"<p>{escape(line)}</p>" for line in (*_assumed(summary), *_violated(summary))]
    note = (
        "浅色为暂定数额：文件没有写明，用的是其他来源或举例的数值。合计为净额，已减去个人自付；贷款不计入合计。 / "
        "The light part rests on figures that the document does not state. Totals are net of what people pay "
        "themselves; loans are in no total but the policies' own."
    )
    return page(_heading(summary, program), _table((summary.total,), program), note, [*parts, *told])


def page(heading: str, total: str, note: str, parts: Iterable[str]) -> str:
    """A page that needs nothing else: a heading, the table of totals, what must be known of it, further tables."""
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8">{PAGE_SIGN}'
        f"<title>{escape(heading)}</title><style>{STYLE}</style>"
        f"<h1>{escape(heading)}</h1>{total}<p><small>{escape(note)}</small></p>{''.join(parts)}</html>\n"
    )


def table(head: Sequence[str], rows: Iterable[str]) -> str:
    """A table of rows that begin with a name and end with a bar."""
    cells = "".join(f"<th>{escape(name)}</th>" for name in ("", *head, ""))
    return f"<table><tr>{cells}</tr>{''.join(rows)}</table>"


def _table(lines: Sequence[SummaryGroup], program: Program) -> str:
    most = max([abs(_weight(line)) for line in lines], default=0)
    return table(_HEAD, (_row(line, program, most) for line in lines))


def _row(line: SummaryGroup, program: Program, most: int) -> str:
    money = "<br>".join(escape(money_text(program, one)) for one in line.money)
    unsure = "<br>".join(figure(program.decimals, one.provisional) for one in line.money)
    cells = [line.name, f"{line.households:,}", _persons(line, ","), f"{line.open:,}"]
    plain = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr>{plain}<td>{money}</td><td>{unsure}</td><td class="bar">{_bar(line, most)}</td></tr>'


def _persons(line: SummaryGroup, parted: str = "") -> str:
    """`1234`, or `1234–1240` where it is open of some whether they benefit; with thousands `parted` by a comma."""
    return "–".join(dict.fromkeys(f"{count:{parted}}" for count in (line.persons, line.persons_max)))


def _weight(line: SummaryGroup) -> int:
    """For the length of bars only: what a year would bring."""
    return sum(one.high * times(one.per) for one in line.money)


def _bar(line: SummaryGroup, most: int) -> str:
    whole = _weight(line)
    if not whole or not most:
        return ""
    long = max(1, BAR * abs(whole) // most)
    if whole < 0:
        return f'<svg width="{BAR}" height="12" role="img"><rect class="paid" width="{long}" height="12"/></svg>'
    unsure = sum(one.provisional * times(one.per) for one in line.money)
    light = long * min(max(unsure, 0), whole) // whole
    return (
        f'<svg width="{BAR}" height="12" role="img"><rect class="sure" width="{long - light}" height="12"/>'
        f'<rect class="unsure" x="{long - light}" width="{light}" height="12"/></svg>'
    )

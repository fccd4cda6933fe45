"""A comparison as text for a terminal, and as one HTML page with bars to the left for less and to the right for more.

In: a `Comparison`. Out: text, HTML. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fupin_policy.core.benefits import times
from fupin_policy.prose.ratios import figure
from fupin_policy.prose.wording import PER, trial_lines
from fupin_policy.reports.comparison import Comparison, GroupChange
from fupin_policy.reports.summary_page import page, table

HALF = 130
"""Width of the longest bar on either side, in pixels."""

_TITLES = (
    ("policies", "按政策 / by policy"),
    ("departments", "按牵头部门 / by leading department"),
    ("places", "按乡镇 / by town"),
)
_HEAD = (
    "新增户 / gain",
    "减少户 / lose",
    "净得增加 / more",
    "净得减少 / less",
    "变为待核实 / opened",
    "不再待核实 / settled",
    "金额 / money",
)


_NOTE = (
    "新增户：新得待遇，或不再缴费；减少户：不再得，或须缴费。不同周期的金额先折成一年再比。金额为净额，已减去自付。 / "
    "Gain: a benefit begins or a contribution ends; lose: the reverse. Amounts for different periods are brought to a "
    "year first. Money is net of what people pay."
)


def as_text(found: Comparison) -> str:
    """The comparison as lines of text."""
    lines = [f"{found.as_of}（{found.currency}）", *trial_lines(found.trial, "zh"), *_text(found.total, found.decimals)]
    lines += [f"  {line}" for line in _refused(found)]
    for name, title in _TITLES:
        lines += ["", title]
        for change in getattr(found, name):
            lines += _text(change, found.decimals)
    return "\n".join([*lines, "", _NOTE])


def as_html(found: Comparison) -> str:
    """The comparison as a page that needs nothing else."""
    heading = f"政策改动的影响 / what the change does  {found.as_of}（{found.currency}）"
    heading += "".join(trial_lines(found.trial, "zh"))
    parts = [f"<h2>{escape(title)}</h2>{_table(getattr(found, name), found.decimals)}" for name, title in _TITLES]
    refused = "".join(f"<p>{escape(line)}</p>" for line in _refused(found))
    return page(heading, _table((found.total,), found.decimals) + refused, _NOTE, parts)


def _refused(found: Comparison) -> list[str]:
    """The households that one of the rulesets refuses, counted apart."""
    said = (
        (found.refused_before, "只有改动前的规则集不能读的户 / refused before only"),
        (found.refused_after, "只有改动后的规则集不能读的户 / refused after only"),
    )
    aside = "不计入其他各数 / in no other figure"
    return [f"{words}: {count}（{aside}）" for count, words in said if count]


def _text(change: GroupChange, decimals: int) -> list[str]:
    said = "，".join(f"{name} {number}" for name, number in zip(_HEAD, change.counts, strict=False) if number)
    return [
        f"  {change.name}: {said or '没有户变动 / no household'}",
        *(f"      {line}" for line in _money(change, decimals)),
    ]


def _money(change: GroupChange, decimals: int) -> list[str]:
    """`每月 1,200.00 → 1,000.00（-200.00）`."""
    return [
        f"{PER[per].zh} {figure(decimals, before)} → {figure(decimals, after)}（{_signed(decimals, after - before)}）"
        for per, before, after in change.money
        if before != after
    ]


def _signed(decimals: int, smallest: int) -> str:
    return ("+" if smallest > 0 else "") + figure(decimals, smallest)


def _table(changes: Sequence[GroupChange], decimals: int) -> str:
    most = max((abs(_yearly(change)) for change in changes), default=0)
    return table(_HEAD, (_row(change, decimals, most) for change in changes))


def _row(change: GroupChange, decimals: int, most: int) -> str:
    plain = "".join(f"<td>{escape(cell)}</td>" for cell in (change.name, *(f"{count:,}" for count in change.counts)))
    money = "<br>".join(map(escape, _money(change, decimals)))
    return f'<tr>{plain}<td>{money}</td><td class="bar">{_bar(_yearly(change), most)}</td></tr>'


def _yearly(change: GroupChange) -> int:
    """For the length of bars only: what a year brings more."""
    return sum((after - before) * times(per) for per, before, after in change.money)


def _bar(size: int, most: int) -> str:
    if not size or not most:
        return ""
    long = max(1, HALF * abs(size) // most)
    start, kind = (HALF, "sure") if size > 0 else (HALF - long, "unsure")
    return (
        f'<svg width="{2 * HALF}" height="12" role="img"><rect class="{kind}" x="{start}" width="{long}" height="12"/>'
        f'<rect x="{HALF}" width="1" height="12"/></svg>'
    )

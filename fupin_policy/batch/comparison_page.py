"""A comparison as text for a terminal, and as one HTML page with bars to the left for less and to the right for more.

In: a `Comparison`. Out: text, HTML. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fupin_policy.batch.comparison import Change, Comparison
from fupin_policy.batch.summary_page import A_YEAR, STYLE, figure
from fupin_policy.core.program import Program
from fupin_policy.rendering import PER

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
    "金额提高 / more",
    "金额降低 / less",
    "变为待核实 / opened",
    "不再待核实 / settled",
    "金额 / money",
)


def as_text(found: Comparison, program: Program) -> str:
    """The comparison as lines of text."""
    lines = [f"{found.as_of}（{program.currency}）", *_text(found.total, program)]
    for name, title in _TITLES:
        lines += ["", title]
        for change in getattr(found, name):
            lines += _text(change, program)
    return "\n".join(lines)


def as_html(found: Comparison, program: Program) -> str:
    """The comparison as a page that needs nothing else."""
    heading = escape(f"政策改动的影响 / what the change does  {found.as_of}（{program.currency}）")
    parts = [f"<h2>{escape(title)}</h2>{_table(getattr(found, name), program)}" for name, title in _TITLES]
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{heading}</title><style>{STYLE}</style>'
        f"<h1>{heading}</h1>{_table((found.total,), program)}{''.join(parts)}</html>\n"
    )


def _text(change: Change, program: Program) -> list[str]:
    numbers = (change.gain, change.lose, change.more, change.less, change.opened, change.settled)
    said = "，".join(f"{name} {number}" for name, number in zip(_HEAD, numbers, strict=False) if number)
    return [
        f"  {change.name}: {said or '没有户变动 / no household'}",
        *(f"      {line}" for line in _money(change, program)),
    ]


def _money(change: Change, program: Program) -> list[str]:
    """`每月 1,200.00 → 1,000.00（-200.00）`."""
    return [
        f"{PER[per].zh} {figure(program, before)} → {figure(program, after)}（{_signed(program, after - before)}）"
        for per, before, after in change.money
        if before != after
    ]


def _signed(program: Program, smallest: int) -> str:
    return ("+" if smallest > 0 else "") + figure(program, smallest)


def _table(changes: Sequence[Change], program: Program) -> str:
    most = max((abs(_yearly(change)) for change in changes), default=0)
    head = "".join(f"<th>{escape(name)}</th>" for name in ("", *_HEAD, ""))
    return f"<table><tr>{head}</tr>{''.join(_row(change, program, most) for change in changes)}</table>"


def _row(change: Change, program: Program, most: int) -> str:
    numbers = (change.gain, change.lose, change.more, change.less, change.opened, change.settled)
    plain = "".join(f"<td>{escape(cell)}</td>" for cell in (change.name, *(f"{number:,}" for number in numbers)))
    money = "<br>".join(map(escape, _money(change, program)))
    return f'<tr>{plain}<td>{money}</td><td class="bar">{_bar(_yearly(change), most)}</td></tr>'


def _yearly(change: Change) -> int:
    """For the length of bars only: what a year brings more."""
    return sum((after - before) * A_YEAR[per] for per, before, after in change.money)


def _bar(size: int, most: int) -> str:
    if not size or not most:
        return ""
    long = max(1, HALF * abs(size) // most)
    start, kind = (HALF, "sure") if size > 0 else (HALF - long, "unsure")
    return (
        f'<svg width="{2 * HALF}" height="12" role="img"><rect class="{kind}" x="{start}" width="{long}" height="12"/>'
        f'<rect x="{HALF}" width="1" height="12"/></svg>'
    )

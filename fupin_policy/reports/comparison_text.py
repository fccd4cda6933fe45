"""A comparison as text for a terminal.

In: a `Comparison`. Out: text. Called by the command line.
"""

from __future__ import annotations

from fupin_policy.prose.ratios import figure
from fupin_policy.prose.wording import PER, trial_lines
from fupin_policy.reports.comparison import Comparison, GroupChange

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

"""A decision table drawn: bands along a number or a date, cells for the codes of a list, or one step after another;
and slices with their rates.

In: a program, a choice between values or an amount by slices, its name. Out: an SVG of the width of a telephone. Called
by `choice_tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from html import escape
from itertools import groupby
from typing import NamedTuple

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.days import Validity
from fupin_policy.core.expressions import And, Cases, Compare, Const, Expr, Never, Not, OneOf, Or
from fupin_policy.core.program import Program
from fupin_policy.core.types import Code, Day, Number
from fupin_policy.prose.expressions import say, show_value
from fupin_policy.reports.site.ladder import wrapped_lines
from fupin_policy.reports.site.sliced_amounts import SlicedAmount, rate_value, rate_words, slice_words

_WIDTH, _LINE, _PAD, _GAP, _AXIS = 320, 18, 8, 6, 14
_MIDDLE, _ARROW = 164, 16
"""Where the left boxes end, and how long the way to the right ones is."""
_COLUMNS = 18
"""How many columns of text a box takes; a Chinese sign takes two."""
_LEFT, _RIGHT, _EDGE, _INK, _DIM = "#eef4fb", "#eef8ee", "#5a7ea8", "#1c2733", "#7d8a97"
_STEP = "#c3e3c6"
"""What fills a box as far as its rate goes."""


class _Row(NamedTuple):
    """Where, and what then; `share` is how much of its box a rate fills."""

    where: str
    then: str
    share: Fraction = Fraction(0)


class _Picture(NamedTuple):
    """What is asked about, if it is one thing; whether that runs along an axis; and the rows from the top on."""

    head: str
    axis: bool
    rows: tuple[_Row, ...]


def table_drawing(program: Program, cases: Cases, name: Bilingual) -> str:
    """The drawing; its words are read aloud where it is not seen."""
    picture = _bands(program, cases) or _cells(program, cases) or _steps(program, cases)
    told = "；".join(f"{where} → {then}" for where, then, _ in picture.rows)
    return _svg(picture, f"{name.zh}：{picture.head and f'按{picture.head}：'}{told}")


def slices_drawing(program: Program, amount: SlicedAmount, name: Bilingual, validity: Validity) -> str:
    """The slices of an amount along its axis, each with its rate, of which the highest fills its box."""
    values = [rate_value(program, one.rate, validity) for one in amount.slices]
    rates = [Fraction(value, 10**type_.scale) for value, type_ in (one for one in values if one is not None)]
    known = len(rates) == len(values) and min(rates) >= 0 < max(rates)
    shares = [rate / max(rates) for rate in rates] if known else [Fraction(0)] * len(values)
    rows = tuple(
        _Row(slice_words(program, one).zh, rate_words(program, one, validity).zh, share)
        for one, share in zip(amount.slices, shares, strict=True)
    )
    head = f"{say(amount.of, program, 'zh')}分段"
    told = "；".join(f"{where} → {then}" for where, then, _ in rows)
    return _svg(_Picture(head, True, rows), f"{name.zh}：按{head}：{told}")


def _bands(program: Program, cases: Cases) -> _Picture | None:
    """Where all conditions compare one number or date with constants: its bands, from low to high."""
    asked = {one for test, _ in cases.branches for one in _compared(test)}
    if len(asked) != 1 or None in asked:
        return None
    (key,) = (one for one in asked if one is not None)
    if not isinstance(key.type, Number | Day):
        return None
    ends = sorted({end for test, _ in cases.branches for end in _ends(test) if key.type.low < end <= key.type.high})
    firsts = [key.type.low, *ends]
    outcomes = [_outcome(cases, first) for first in firsts]
    rows, at = list[_Row](), 0
    for value, band in groupby(outcomes):
        count = len(list(band))
        low = None if at == 0 else firsts[at]
        at += count
        high = None if at == len(firsts) else firsts[at] - 1
        if not isinstance(value, Never):
            rows.append(_Row(_between(program, key, low, high), say(value, program, "zh")))
    return _Picture(say(key, program, "zh"), True, tuple(rows))


def _compared(test: Expr) -> Iterator[Expr | None]:
    """What a condition compares with constants; None for whatever else it asks."""
    match test:
        case And(args) | Or(args):
            for arg in args:
                yield from _compared(arg)
        case Not(arg):
            yield from _compared(arg)
        case Compare(_, Const(), Const()):
            yield None
        case Compare(_, Const(), key) | Compare(_, key, Const()):
            yield key
        case _:
            yield None


def _ends(test: Expr) -> Iterator[int]:
    """The values from which on a condition may come out otherwise."""
    match test:
        case And(args) | Or(args):
            for arg in args:
                yield from _ends(arg)
        case Not(arg):
            yield from _ends(arg)
        case Compare(_, Const(value), _) | Compare(_, _, Const(value)):
            yield from (value, value + 1)


def _outcome(cases: Cases, given: int) -> Expr:
    """The value for a number, or for the code of a place in its list."""
    return next((value for test, value in cases.branches if _holds(test, given)), cases.otherwise)


def _holds(test: Expr, given: int) -> bool:
    match test:
        case And(args):
            return all(_holds(arg, given) for arg in args)
        case Or(args):
            return any(_holds(arg, given) for arg in args)
        case Not(arg):
            return not _holds(arg, given)
        case OneOf(_, mask):
            return bool(mask >> given & 1)
        case Compare(op, left, right):
            low = left.value if isinstance(left, Const) else given
            high = right.value if isinstance(right, Const) else given
            return low < high if op == "<" else low <= high if op == "<=" else low == high
        case _:
            raise AssertionError(f"no comparison of one thing: {test}")


def _between(program: Program, key: Expr, low: int | None, high: int | None) -> str:
    """A band in words, both ends of it included."""
    if low is None and high is None:
        return "任何值"
    if low is None or high is None or low == high:
        (end,) = {one for one in (low, high) if one is not None}
        after = "" if low == high else "及以下" if low is None else "及以上"
        return f"{show_value(key.type, (end, end), program, 'zh')}{after}"
    return show_value(key.type, (low, high), program, "zh")


def _cells(program: Program, cases: Cases) -> _Picture | None:
    """Where all conditions ask for the code of one thing: its codes, those of one outcome together."""
    asked = {one for test, _ in cases.branches for one in _coded(test)}
    if len(asked) != 1 or None in asked:
        return None
    (key,) = (one for one in asked if one is not None)
    if not isinstance(key.type, Code):
        return None
    codes = program.code_lists[key.type.code_list].codes
    together: dict[Expr, list[str]] = {}
    for at, code in enumerate(codes):
        together.setdefault(_outcome(cases, at), []).append(code.label)
    rows = (
        _Row("、".join(labels), say(value, program, "zh"))
        for value, labels in together.items()
        if not isinstance(value, Never)
    )
    return _Picture(say(key, program, "zh"), False, tuple(rows))


def _coded(test: Expr) -> Iterator[Expr | None]:
    """That of which a condition asks the code; None for whatever else it asks."""
    match test:
        case And(args) | Or(args):
            for arg in args:
                yield from _coded(arg)
        case Not(arg):
            yield from _coded(arg)
        case OneOf(key):
            yield key
        case _:
            yield None


def _steps(program: Program, cases: Cases) -> _Picture:
    """Conditions one after another, as they stand; the first that holds decides."""
    rows = [_Row(say(test, program, "zh"), say(value, program, "zh")) for test, value in cases.branches]
    if not isinstance(cases.otherwise, Never):
        rows.append(_Row("其余", say(cases.otherwise, program, "zh")))
    return _Picture("", False, tuple(rows))


def _svg(picture: _Picture, label: str) -> str:
    left = _AXIS + 12 if picture.axis else 1
    right = _MIDDLE + _ARROW
    drawn, y = list[str](), 2.0
    if picture.head:
        heads = wrapped_lines(f"按 {picture.head}", 2 * _COLUMNS)
        drawn += _text(heads, 1, y, _DIM)
        y += len(heads) * _LINE + _GAP
    top = y
    for row in picture.rows:
        where, then = wrapped_lines(row.where, _COLUMNS - (3 if picture.axis else 0)), wrapped_lines(row.then, _COLUMNS)
        height = max(len(where), len(then)) * _LINE + _PAD
        drawn += _box(where, left, y, _MIDDLE - left, height, _LEFT)
        drawn += _box(then, right, y, _WIDTH - 1 - right, height, _RIGHT, float(row.share))
        middle = y + height / 2
        drawn.append(f'<path d="M{_MIDDLE} {middle:.0f}h{_ARROW}m-5 -4l5 4l-5 4" fill="none" stroke="{_DIM}"/>')
        y += height + (0 if picture.axis else _GAP)
        if picture.axis:
            drawn.append(f'<path d="M{_AXIS - 5} {y:.0f}h10" stroke="{_DIM}"/>')
    if picture.axis:
        line = f"M{_AXIS} {top:.0f}V{y + 8:.0f}m-4 -6l4 6l4 -6"
        drawn.append(f'<path d="{line}" fill="none" stroke="{_DIM}" stroke-width="1.5"/>')
    bottom = y + (10 if picture.axis else 2)
    size = f'viewBox="0 0 {_WIDTH} {bottom:.0f}" width="{_WIDTH}" height="{bottom:.0f}"'
    told = escape(label, quote=True)
    start = f'<svg xmlns="http://www.w3.org/2000/svg" class="table" {size} role="img" aria-label="{told}">'
    return "\n".join([start, *drawn, "</svg>"])


def _box(
    lines: Sequence[str], x: float, y: float, width: float, height: float, fill: str, share: float = 0
) -> list[str]:
    rect = f'x="{x}" y="{y:.0f}" width="{width}" height="{height:.0f}" rx="3"'
    inner = f'x="{x + 1}" y="{y + 1:.0f}" width="{(width - 2) * share:.0f}" height="{height - 2:.0f}"'
    start = y + (height - len(lines) * _LINE) / 2
    steps = [f'<rect {inner} fill="{_STEP}"/>'] if share else []
    return [f'<rect {rect} fill="{fill}" stroke="{_EDGE}"/>', *steps, *_text(lines, x + 6, start, _INK)]


def _text(lines: Sequence[str], x: float, y: float, fill: str) -> list[str]:
    style = f'font-size="13" font-family="sans-serif" fill="{fill}"'
    return [
        f'<text x="{x}" y="{y + _LINE * at + 13:.0f}" {style}>{escape(line)}</text>' for at, line in enumerate(lines)
    ]

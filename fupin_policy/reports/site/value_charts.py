"""The values of a parameter over the time that a ruleset covers, drawn as steps.

In: a program, a parameter. Out: an SVG, with the days at its sides for a page's mark. Called by `html_pages`.
"""

from __future__ import annotations

from html import escape

from fupin_policy.core.days import to_date
from fupin_policy.core.declarations import DatedValue, ParameterDecl
from fupin_policy.core.program import Program
from fupin_policy.core.types import Number
from fupin_policy.reports.site.parameter_values import said

MOST_LINES = 6
"""More lines than these in one drawing cannot be told apart."""
_WIDTH, _HEIGHT, _SIDE, _TOP, _LEGEND = 460, 110, 8, 24, 18


def chart(program: Program, parameter: ParameterDecl) -> str:
    """The drawing; nothing for what is no number, never changes, or has too many rows."""
    keys = list(dict.fromkeys(key for value in parameter.values for key in value.values))
    changes = len({value.validity for value in parameter.values}) > 1
    if not isinstance(parameter.type, Number) or not changes or not 0 < len(keys) <= MOST_LINES:
        return ""
    numbers = [number for value in parameter.values for number in value.values.values()]
    low, high = min(numbers), max(numbers)
    frame = _Frame(program, low - (high - low) // 8, high)
    height = _HEIGHT + (_LEGEND * len(keys) if len(keys) > 1 else 0)
    days = f'data-first="{to_date(frame.first).isoformat()}" data-last="{to_date(frame.last).isoformat()}"'
    box = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    label = escape(f"{parameter.label}：随时间的数值", quote=True)
    drawn = [f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" {box} {days} role="img" aria-label="{label}">']
    drawn.append(f'<path class="axis" d="M{_SIDE} {_HEIGHT - 20}H{_WIDTH - _SIDE}"/>')
    for at, key in enumerate(keys):
        drawn += _line(frame, parameter, key, at)
        if len(keys) > 1:
            y = _HEIGHT + _LEGEND * at + 8
            name = escape(parameter.rows[key].zh if parameter.rows and key is not None else str(key))
            drawn.append(f'<path class="line line-{at}" d="M{_SIDE} {y - 4}h18"/>')
            drawn.append(f'<text x="{_SIDE + 24}" y="{y}" font-size="12">{name}</text>')
    for day, anchor, x in ((frame.first, "start", _SIDE), (frame.last, "end", _WIDTH - _SIDE)):
        when = to_date(day).isoformat()
        drawn.append(f'<text x="{x}" y="{_HEIGHT - 5}" font-size="11" text-anchor="{anchor}">{when}</text>')
    return "\n".join([*drawn, f'<path class="mark" d="M0 {_TOP - 8}V{_HEIGHT - 20}" visibility="hidden"/>', "</svg>"])


class _Frame:
    """Where days and numbers stand in a drawing."""

    def __init__(self, program: Program, low: int, high: int) -> None:
        self.program = program
        self.first, self.last = program.covers.start, program.covers.end - 1
        self._low, self._high = (low, high) if low < high else (low - 1, high + 1)

    def x(self, day: int) -> float:
        inside = min(max(day, self.first), self.last)
        return _SIDE + (_WIDTH - 2 * _SIDE) * (inside - self.first) / max(1, self.last - self.first)

    def y(self, number: int) -> float:
        above = _HEIGHT - 24 - _TOP
        return _TOP + above - above * (number - self._low) / (self._high - self._low)


def _line(frame: _Frame, parameter: ParameterDecl, key: int | None, at: int) -> list[str]:
    """The steps of one row, each with its value above where it begins, if there is but one row."""
    found, path, text_end = list[str](), "", float("-inf")
    for value in parameter.values:
        if key not in value.values or not _seen(frame, value):
            continue
        number = value.values[key]
        left, right, y = frame.x(value.validity.start), frame.x(value.validity.end - 1), frame.y(number)
        path += f"M{left:.1f} {y:.1f}H{right:.1f}"
        if at == 0 and len(value.values) == 1 and left >= text_end:
            said_ = said(frame.program, parameter, key, number)
            found.append(f'<text x="{left:.1f}" y="{y - 5:.1f}" font-size="12">{escape(said_)}</text>')
            text_end = left + 8 * len(said_)
    return [f'<path class="line line-{at}" d="{path}"/>', *found]


def _seen(frame: _Frame, value: DatedValue) -> bool:
    return value.validity.start <= frame.last and value.validity.end > frame.first

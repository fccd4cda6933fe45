"""A condition drawn as a ladder: what must hold stands one below another, alternatives side by side between two rails.

In: a truth. Out: an SVG, whose parts have the classes and places that a page lights up. Called by `rules`.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import NamedTuple

from fupin_policy.core.expressions import And, Expr, Not, Or
from fupin_policy.core.program import Program
from fupin_policy.diagnostics.positions import locate
from fupin_policy.diagnostics.showing import width_of
from fupin_policy.prose.expressions import say

_COLUMNS = 24
"""How many columns of text a box takes; a Chinese sign takes two."""
_CHAR, _LINE, _PAD, _GAP, _BETWEEN = 7.0, 19, 10, 16, 14
_CLOSING = "，、；：）)”。]."
"""Signs with which no line begins."""
_BREAKS = "，、；：）)” "


@dataclass(frozen=True, slots=True)
class _Box:
    """A part that is a sentence; `place` says where in the condition it is, as `0.2`, `sources` where it is written."""

    lines: tuple[str, ...]
    place: str
    sources: tuple[str, ...]

    @property
    def width(self) -> float:
        return max(width_of(line) for line in self.lines) * _CHAR + 2 * _PAD

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE + _PAD


@dataclass(frozen=True, slots=True)
class _Series:
    """Parts that must all hold."""

    parts: tuple[_Part, ...]

    @property
    def width(self) -> float:
        return max(part.width for part in self.parts)

    @property
    def height(self) -> float:
        return sum(part.height for part in self.parts) + _GAP * (len(self.parts) - 1)


@dataclass(frozen=True, slots=True)
class _Parallel:
    """Parts of which one must hold."""

    parts: tuple[_Part, ...]

    @property
    def width(self) -> float:
        return sum(part.width for part in self.parts) + _BETWEEN * (len(self.parts) - 1)

    @property
    def height(self) -> float:
        return max(part.height for part in self.parts) + 2 * _GAP


_Part = _Box | _Series | _Parallel


class _Place(NamedTuple):
    middle: float
    top: float


def ladder(expr: Expr, program: Program, title: str) -> str:
    """The drawing of a condition."""
    part = _part(expr, program, "0", True)
    width, height = part.width + 4, part.height + 2 * _GAP + 2
    place = _Place(width / 2, _GAP + 1)
    drawn = _drawn(part, place)
    ends = [_wire(width / 2, 1, width / 2, _GAP + 1), _wire(width / 2, _GAP + 1 + part.height, width / 2, height - 1)]
    size = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    label = escape(f"{title}：{say(expr, program, 'zh')}", quote=True)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" class="ladder" {size} role="img" aria-label="{label}">']
    return "\n".join([*lines, *ends, *drawn, "</svg>"])


def is_ladder(expr: Expr) -> bool:
    """Whether an expression is made of several conditions; one alone is said, and not drawn."""
    match expr:
        case Not(arg):
            return is_ladder(arg)
        case And(args) | Or(args):
            return len(args) > 1 or is_ladder(args[0])
        case _:
            return False


def _part(expr: Expr, program: Program, place: str, wanted: bool) -> _Part:
    """What is drawn of an expression, or of its contrary. The contrary of a choice is all contraries together."""
    match expr:
        case Not(And() | Or() | Not() as arg):
            return _part(arg, program, f"{place}.0", not wanted)
        case And(args) | Or(args):
            parts = tuple(_part(arg, program, f"{place}.{at}", wanted) for at, arg in enumerate(args))
            if len(parts) == 1:
                return parts[0]
            return _Series(parts) if isinstance(expr, And) == wanted else _Parallel(parts)
        case _:
            return _Box(wrapped_lines(say(expr if wanted else Not(expr), program, "zh")), place, _sources(expr))


def _sources(expr: Expr) -> tuple[str, ...]:
    """The file, line and words of a condition, as reasons name them; of a contrary those of what it denies, too."""
    spans = [expr.span, *([expr.arg.span] if isinstance(expr, Not) else [])]
    found = (one for one in spans if one is not None)
    return tuple(f"{Path(one.source.path).name}:{locate(one.source, one.start).line} {one.text}" for one in found)


def wrapped_lines(text: str, columns: int = _COLUMNS) -> tuple[str, ...]:
    """A sentence in lines that fit a box of so many columns, ended after a sign of punctuation where one is near."""
    lines, line = list[str](), ""
    for sign in text:
        if width_of(line + sign) > columns and sign not in _CLOSING:
            cut = max((line.rfind(one) + 1 for one in _BREAKS), default=0)
            cut = cut if width_of(line[:cut]) > columns * 2 // 3 else len(line)
            lines.append(line[:cut].rstrip())
            line = line[cut:].lstrip()
        line += sign
    return (*lines, line)


def _drawn(part: _Part, at: _Place) -> list[str]:
    match part:
        case _Box():
            return _box(part, at)
        case _Series(parts):
            return _series(parts, at)
        case _Parallel():
            return _parallel(part, at)


def _box(box: _Box, at: _Place) -> list[str]:
    left, width = at.middle - box.width / 2, box.width
    rect = f'x="{left:.1f}" y="{at.top:.1f}" width="{width:.1f}" height="{box.height:.1f}" rx="5"'
    sources = "".join(f' data-source-{at}="{escape(one)}"' for at, one in enumerate(box.sources))
    lines = [f'<g class="part" data-part="{box.place}"{sources}><rect {rect}/>']
    for number, line in enumerate(box.lines):
        y = at.top + _PAD / 2 + _LINE * number + 14
        lines.append(f'<text x="{at.middle:.1f}" y="{y:.1f}" text-anchor="middle" font-size="14">{escape(line)}</text>')
    return [*lines, "</g>"]


def _series(parts: tuple[_Part, ...], at: _Place) -> list[str]:
    lines, top = list[str](), at.top
    for number, part in enumerate(parts):
        if number:
            lines.append(_wire(at.middle, top - _GAP, at.middle, top))
        lines += _drawn(part, _Place(at.middle, top))
        top += part.height + _GAP
    return lines


def _parallel(parallel: _Parallel, at: _Place) -> list[str]:
    """Branches between two rails; one that is shorter than the highest has a longer wire below it."""
    lines, left, middles = list[str](), at.middle - parallel.width / 2, list[float]()
    bottom = at.top + parallel.height
    for part in parallel.parts:
        middle = left + part.width / 2
        middles.append(middle)
        lines.append(_wire(middle, at.top, middle, at.top + _GAP))
        lines += _drawn(part, _Place(middle, at.top + _GAP))
        lines.append(_wire(middle, at.top + _GAP + part.height, middle, bottom))
        left += part.width + _BETWEEN
    low, high = min(at.middle, middles[0]), max(at.middle, middles[-1])
    return [_wire(low, at.top, high, at.top), _wire(low, bottom, high, bottom), *lines]


def _wire(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<path class="wire" d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}"/>'

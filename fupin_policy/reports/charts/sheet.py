"""The sheet that is drawn on: the Chinese font, colours, a title, panels of given heights, notes below; saving it.

In: heights and texts. Out: a figure, then a file. Called by `curves`, `bars` and `reports.charts`.
The font comes with a package, so that Chinese is drawn where no font is installed; SVG has it as outlines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from matplotlib import font_manager, rc_context
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fupin_policy.diagnostics.showing import shown, shown_lines, width_of, words_in

INK, FAINT, RED, BAND = "#1f2933", "#8a949e", "#c0392b", "#b8c4d6"
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7a6c00", "#6a3d9a")
"""Told apart by people who do not see all colours."""

SIGN = "fupin-policy"
"""In every drawing, by which it is known."""

WIDTH = 10.0
LINE = 0.22
"""The height of a line of notes, in inches."""
WIDEST = 150
"""How many half-width characters fit on a line of notes."""

_PACKAGE, _FILE, _FAMILY = "zhplot", "fonts/NotoSansSC-Regular.ttf", "Noto Sans SC"


@contextmanager
def styled() -> Iterator[None]:
    """Within it everything is drawn in the packaged font, and alike each time. Raises ModuleNotFoundError."""
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {_PACKAGE!r}", name=_PACKAGE)
    if _FAMILY not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(Path(spec.origin).parent / _FILE)
    style: dict[Any, Any] = {
        "font.family": _FAMILY,
        "font.size": 9,
        "svg.fonttype": "path",
        "svg.hashsalt": "fupin",
        "axes.unicode_minus": False,
        # titles and ids are no formulas, whatever signs they hold
        "text.parse_math": False,
        "axes.edgecolor": FAINT,
        "axes.labelcolor": INK,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "hatch.linewidth": 0.6,
    }
    with rc_context(style):
        yield


@dataclass(frozen=True, slots=True)
class PanelSpace:
    """How much a panel needs, in inches: itself, what stands above it and below, and the names to its left."""

    height: float
    above: float
    below: float
    left: float = 0.85


def sheet(title: str, subtitle: str, places: Sequence[PanelSpace], notes: Sequence[str]) -> tuple[Figure, list[Axes]]:
    """A figure with a panel for each place under the title, and the notes at the bottom."""
    lines = [line for note in notes for line in wrapped(shown_lines(note))]
    top, bottom = 0.85, 0.35 + LINE * len(lines)
    height = top + sum(place.above + place.height + place.below for place in places) + bottom
    figure = Figure(figsize=(WIDTH, height), dpi=150, facecolor="white")
    figure.text(0.03, 1 - 0.36 / height, shown(title), fontsize=14, va="center")
    figure.text(0.03, 1 - 0.64 / height, shown(subtitle), fontsize=9, color=FAINT, va="center")
    panels, edge = [], height - top
    for place in places:
        edge -= place.above + place.height
        width = WIDTH - place.left - 0.35
        panels.append(figure.add_axes((place.left / WIDTH, edge / height, width / WIDTH, place.height / height)))
        edge -= place.below
    for number, line in enumerate(lines):
        figure.text(0.03, (bottom - 0.1 - LINE * number) / height, line, fontsize=8.5, va="top")
    return figure, panels


def label_at(panel: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **style: Any) -> None:
    """A text at some points' distance from a place of the panel."""
    panel.annotate(text, at, xytext=offset, textcoords="offset points", **{"fontsize": 8, **style})


def legend(panel: Axes, below: float, handles: Sequence[Artist], names: Sequence[str]) -> None:
    """Names of what is drawn, in rows under the panel; `below` is how far, in inches."""
    height = panel.get_position().height * cast(Figure, panel.figure).get_figheight()
    panel.legend(
        handles,
        [shown(name) for name in names],
        loc="upper left",
        bbox_to_anchor=(0, -below / height),
        ncols=_columns(names),
        frameon=False,
        fontsize=8.5,
        borderaxespad=0,
    )


def legend_height(names: Sequence[str]) -> float:
    """The height of a legend, in inches."""
    return 0.2 * -(-len(names) // _columns(names))


def _columns(names: Sequence[str]) -> int:
    """How many names fit in a row."""
    return max(1, min(4, WIDEST // (max(width_of(name) for name in names) + 12)))


def save(figure: Figure, path: Path, form: str) -> None:
    """Write the figure as `svg` or `png`; nothing in the file says when it was made, but whose it is."""
    figure.savefig(path, format=form, metadata={"Date": None, "Creator": SIGN} if form == "svg" else {"Software": SIGN})


def wrapped(text: str) -> list[str]:
    """A note in lines that fit, later ones indented; a Chinese character is as wide as two letters."""
    lines, line, used = [], "", 0
    for word in words_in(text):
        size = width_of(word)
        if used + size > WIDEST and line.strip():
            lines.append(line.rstrip())
            line, used = "      ", 6
        line, used = line + word, used + size
    return [*lines, line.rstrip()]


def figure_text(value: float, _: int | None = None) -> str:
    """A figure of an axis, with commas."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.10g}"

"""Amounts along a number or a date, thresholds and cliffs marked; statuses of policies without amounts as strips.

In: a report with segments, a panel. Out: the panel drawn. Called by `reports.charts`.
Floats are for places on the sheet only; every figure written is exact text.
"""

from __future__ import annotations

from datetime import date

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter

from fupin_policy.analysis.sensitivity.cliffs import Cliff
from fupin_policy.analysis.sensitivity.segments import Sensitivity
from fupin_policy.core.benefits import TotalPeriod
from fupin_policy.core.bilingual import pick
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.decision import Status
from fupin_policy.core.possible import Interval
from fupin_policy.core.types import Day
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import shown
from fupin_policy.reports.charts.sheet import BAND, COLOURS, FAINT, INK, RED, figure_text, label_at, legend
from fupin_policy.reports.decisions_text import status_text
from fupin_policy.reports.sweep_text import SPAN, SweepReport

STATUS_FILL = {Status.ELIGIBLE: "#7fbf9b", Status.UNKNOWN: "#f3d98b", Status.INELIGIBLE: "#eceff2"}
BELOW = 0.55
"""Room under a panel for its axis, in inches."""

DASHES = ("-", "--", "-.", ":")
_ON_TOP = ("data", "axes fraction")
"""Coordinates in which a height of 1 is the upper edge of the panel."""


def place(found: Sensitivity, value: int) -> float:
    """Where a value stands on the axis: in the unit in which it is given; a day as it is."""
    return float(value / 10**found.varied.fact.given_scale)


def amounts(panel: Axes, report: SweepReport, span: TotalPeriod) -> None:
    """The total of a span, and each of the policies that change it."""
    found, money, smallest = report.found, report.money, 10**report.program.decimals
    drawn = report.counted(span)
    ends = [(one, value) for one in found.segments for value in ((one.begins, one.first), (one.ends, one.last))]
    xs = [place(found, x) for _, (_, x) in ends]
    total = [money.total(evaluation, span) for _, (evaluation, _) in ends]
    lines = [_curve(panel, xs, total, smallest, INK, "-", 2.2)]
    for number, index in enumerate(drawn):
        values = [money.part(evaluation, index, span) for _, (evaluation, _) in ends]
        colour, dash = COLOURS[number % len(COLOURS)], DASHES[number // len(COLOURS) % len(DASHES)]
        lines.append(_curve(panel, xs, values, smallest, colour, dash, 1.3))
    for one in found.segments:
        if not one.shape.settled:
            left, right = place(found, one.first), place(found, one.last)
            panel.axvspan(left, right, facecolor="none", edgecolor=FAINT, hatch="///", linewidth=0)
    for cliff in money.cliffs():
        if cliff.span == span:
            _cliff(panel, report, cliff)
    parts = [money.part(one, index, span) for index in drawn for one in found.evaluations]
    bottom = min(0, *(low for low, _ in [*total, *parts]))
    most = max(high for _, high in [*total, *parts])
    room = max(most - bottom, 1) / smallest
    panel.set_ylim(bottom / smallest - 0.03 * room, most / smallest + 0.14 * room)
    panel.yaxis.set_major_formatter(FuncFormatter(figure_text))
    legend(panel, BELOW, lines, names(report, span))


def names(report: SweepReport, span: TotalPeriod) -> list[str]:
    """What the curves are called: the total, then the policies, provisional ones marked."""
    name = pick(SPAN[span], report.lang)
    if any(low != high for low, high in (report.money.total(one, span) for one in report.found.evaluations)):
        name += report.said("（最少至最多）", " (least to most)")
    return [name, *(title(report, index) for index in report.counted(span))]


def title(report: SweepReport, index: int) -> str:
    """A policy's title, marked where its figures are provisional."""
    every = [one.decisions[index] for one in report.found.evaluations]
    return pick(every[0].title, report.lang) + ("*" if any(one.provisional for one in every) else "")


def _curve(
    panel: Axes, xs: list[float], values: list[Interval], smallest: int, colour: str, dash: str, width: float
) -> Line2D:
    lows, highs = [low / smallest for low, _ in values], [high / smallest for _, high in values]
    (line,) = panel.plot(xs, lows, color=colour, linestyle=dash, linewidth=width, solid_capstyle="butt")
    if lows != highs:
        panel.plot(xs, highs, color=colour, linestyle=dash, linewidth=width, solid_capstyle="butt")
        panel.fill_between(xs, lows, highs, color=BAND if colour == INK else colour, alpha=0.35, linewidth=0)
    return line


def _cliff(panel: Axes, report: SweepReport, cliff: Cliff) -> None:
    """A red mark where the total falls, with what the step loses."""
    later = next(segment for segment in report.found.segments if segment.first == cliff.at)
    x, smallest = place(report.found, cliff.at), 10**report.program.decimals
    high = report.money.total(later.begins, cliff.span)[1] / smallest
    panel.plot([x], [high], marker="v", color=RED, markersize=7, linestyle="none", zorder=5)
    if cliff.low > 0:
        words = f"−{report.amount(cliff.low, cliff.high)}"
    else:
        words = f"{report.said('至多少', 'up to −')}{report.amount(cliff.high)}"
    label_at(panel, words, (x, high), (6, 7), color=RED, fontsize=8.5)


def horizontal(panel: Axes, report: SweepReport, first: bool) -> None:
    """The axis of the fact and the household's own value; `first` names it."""
    found = report.found
    left, right = place(found, found.segments[0].first), place(found, found.segments[-1].last)
    panel.set_xlim(left, right if right > left else left + 1)
    panel.set_xlabel(shown(report.label))
    if isinstance(found.varied.fact.type, Day):
        panel.xaxis.set_major_locator(_years(found))
        panel.xaxis.set_major_formatter(FuncFormatter(lambda day, _: to_date(int(day)).isoformat()))
    else:
        panel.xaxis.set_major_formatter(FuncFormatter(figure_text))
    if found.own is None or not found.segments[0].first <= found.own <= found.segments[-1].last:
        return
    x = place(found, found.own)
    panel.axvline(x, color=COLOURS[0], linewidth=0.9, linestyle=(0, (1, 2)), zorder=1)
    if first:
        words = f"{report.said('本户', 'as given')} {report.own}"
        late = (x - left) > 0.85 * (right - left)
        side = {"offset": (-3, -3), "ha": "right"} if late else {"offset": (3, -3), "ha": "left"}
        label_at(panel, words, (x, 1), xycoords=_ON_TOP, color=COLOURS[0], va="top", **side)


def _years(found: Sensitivity) -> FixedLocator:
    """Some eight days on the axis, the first of years; of months or any days where there are too few years."""
    first, last = to_date(found.segments[0].first), to_date(found.segments[-1].last)
    years = last.year - first.year
    if years < 3:
        step = max(1, (last - first).days // 6)
        return FixedLocator(list(range(found.segments[0].first, found.segments[-1].last + 1, step)))
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if years <= 9 * size)
    starts = (date(year, 1, 1) for year in range(max(1, first.year // step * step), last.year + 1, step))
    return FixedLocator([to_day(start) for start in starts if start >= first])


def rows_of_marks(report: SweepReport) -> list[int]:
    """In which row above the panel each threshold's number stands: higher where it would be too close to another."""
    found = report.found
    low, high = place(found, found.segments[0].first), place(found, found.segments[-1].last)
    edges: list[float] = []
    rows = []
    for one in report.money.thresholds():
        where = (place(found, one.at) - low) / ((high - low) or 1)
        row = next((row for row, edge in enumerate(edges) if where - edge > 0.022), len(edges))
        edges[row : row + 1] = [where]
        rows.append(row)
    return rows


def marks(panel: Axes, report: SweepReport, numbered: bool) -> None:
    """A line at each threshold, with its number above."""
    for number, (one, row) in enumerate(zip(report.money.thresholds(), rows_of_marks(report), strict=True), 1):
        x = place(report.found, one.at)
        panel.axvline(x, color=FAINT, linewidth=0.7, linestyle="--", zorder=0)
        if numbered:
            label_at(panel, str(number), (x, 1), (0, 3 + 11 * row), xycoords=_ON_TOP, ha="center", color=INK)


def statuses(lang: Lang) -> list[str]:
    """What the colours of strips are called."""
    return [status_text(one, lang) for one in Status]


def strips(panel: Axes, report: SweepReport, drawn: list[int]) -> None:
    """For each policy, a strip that shows where it applies."""
    found = report.found
    for row, index in enumerate(drawn):
        for one in found.segments:
            status = one.begins.decisions[index].status
            left, right = place(found, one.first), place(found, one.last)
            step = place(found, one.last + 1) - right
            hatch = "////" if status is Status.UNKNOWN else None
            box = Rectangle((left, row - 0.36), right - left + step, 0.72, facecolor=STATUS_FILL[status], hatch=hatch)
            box.set_edgecolor("white" if hatch else "none")
            box.set_linewidth(0)
            panel.add_patch(box)
    panel.set_yticks(range(len(drawn)), [""] * len(drawn))
    panel.tick_params(axis="y", length=0)
    for row, name in enumerate(title(report, index) for index in drawn):
        label_at(panel, name, (0, row), (5, 0), xycoords=("axes fraction", "data"), va="center", fontsize=8.5)
    panel.set_ylim(len(drawn) - 0.4, -0.6)
    boxes = [Rectangle((0, 0), 1, 1, facecolor=STATUS_FILL[one]) for one in Status]
    legend(panel, BELOW, boxes, statuses(report.lang))

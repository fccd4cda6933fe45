"""Amounts for each code of a fact, as stacked bars of policies.

In: a report with cases, a panel. Out: the panel drawn. Called by `reports.charts`.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from fupin_policy.core.benefits import TotalPeriod
from fupin_policy.diagnostics.showing import shown
from fupin_policy.reports.charts.curves import title
from fupin_policy.reports.charts.sheet import BAND, COLOURS, INK, figure_text, label_at, legend
from fupin_policy.reports.sweep_text import SweepReport

THICK = 0.62
BELOW = 0.55
"""Room under the panel for its axis, in inches."""

HATCHES = ("", "xx", "..", "\\\\")


def bars(panel: Axes, report: SweepReport, span: TotalPeriod) -> None:
    """A bar for each code: what is sure by policy, then, hatched, what it may be more; the exact net total at its end.

    What is given goes to the right of zero, what is paid to the left.
    """
    smallest, money = 10**report.program.decimals, report.money
    evaluations = [case.evaluation for case in report.found.cases]
    rows = range(len(evaluations))
    totals = [money.total(one, span) for one in evaluations]
    parts = {index: [money.part(one, index, span)[0] for one in evaluations] for index in report.counted(span)}
    rest = [low - sum(part[row] for part in parts.values()) for row, (low, _) in enumerate(totals)]
    others = report.said("其余各项", "all others")
    drawings, names = [panel.barh(rows, [value / smallest for value in rest], color=BAND, height=THICK)], [others]
    edges, below = ([pick(0.0, value / smallest) for value in rest] for pick in (max, min))
    for number, (index, part) in enumerate(parts.items()):
        if not any(part):
            continue
        colour, hatch = COLOURS[number % len(COLOURS)], HATCHES[number // len(COLOURS) % len(HATCHES)]
        widths = [value / smallest for value in part]
        left = [edge if width >= 0 else low for edge, low, width in zip(edges, below, widths, strict=True)]
        drawings.append(panel.barh(rows, widths, left=left, color=colour, hatch=hatch, height=THICK))
        names.append(title(report, index))
        edges = [edge + max(width, 0) for edge, width in zip(edges, widths, strict=True)]
        below = [low + min(width, 0) for low, width in zip(below, widths, strict=True)]
    if any(low != high for low, high in totals):
        more = [(high - low) / smallest for low, high in totals]
        kept = [row for row in rows if more[row]]
        widths, starts = [more[row] for row in kept], [edges[row] for row in kept]
        box = panel.barh(kept, widths, left=starts, height=THICK, color="none")
        for patch in box.patches:
            patch.set(edgecolor=INK, hatch="///", linewidth=0.4)
        drawings.append(box)
        names.append(report.said("资料不全，可能再多", "may be more: facts are missing"))
    for row, ends in enumerate(totals):
        end = max(ends[1] / smallest, edges[row])
        label_at(panel, report.amount(*ends), (end, row), (4, 0), va="center")
    panel.set_yticks(rows, labels(report))
    panel.set_ylim(len(rows) - 0.4, -0.6)
    widest = max(1 / smallest, *(high / smallest for _, high in totals), *edges)
    panel.set_xlim(min(0, *(low / smallest for low, _ in totals), *below), widest * 1.2)
    panel.xaxis.set_major_formatter(FuncFormatter(figure_text))
    legend(panel, BELOW, [drawing.patches[0] for drawing in drawings], names)


def labels(report: SweepReport) -> list[str]:
    """The codes' names, with the household's own marked."""
    found, own = report.found, report.said("（本户）", " (as given)")
    return [shown(report.case(case)) + (own if row == found.own else "") for row, case in enumerate(found.cases)]

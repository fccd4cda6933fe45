"""One drawing of a household along one fact: panels, the list of thresholds and cliffs, and what must be known of it.

In: a report, a path and a form. Out: an SVG or PNG file. Called by `cli`.
"""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from fupin_policy.analysis.sensitivity.cliffs import SPANS, Threshold
from fupin_policy.core.benefits import TotalPeriod
from fupin_policy.core.bilingual import Bilingual, counted, pick
from fupin_policy.core.decision import Decision
from fupin_policy.core.program import unit_text
from fupin_policy.diagnostics.showing import shown, width_of
from fupin_policy.prose.wording import COLON, in_brackets, trial_lines
from fupin_policy.reports.charts.bars import bars, labels
from fupin_policy.reports.charts.curves import BELOW, amounts, horizontal, marks, names, rows_of_marks, statuses, strips
from fupin_policy.reports.charts.sheet import PanelSpace, legend_height, save, sheet, styled
from fupin_policy.reports.sweep_text import HOW, SPAN, SweepReport

MAX_LISTED = 16
"""Thresholds listed under a drawing; the text output has all of them."""

_PROVISIONAL = Bilingual("* 金额为暂定：没有来源写明这些数字", "* provisional: no source states these figures")


def draw(report: SweepReport, path: Path, form: str) -> None:
    """Write the drawing as `svg` or `png`. Raises ModuleNotFoundError where the extra `chart` is not installed."""
    with styled():
        save(_of_codes(report) if report.found.cases else _of_values(report), path, form)


def _of_values(report: SweepReport) -> Figure:
    spans = _spans(report)
    plain = [index for index in _moving(report) if all(index not in report.counted(span) for span in SPANS)]
    above = 0.1 + 0.16 * max(rows_of_marks(report), default=0)
    height = 3.6 if len(spans) == 1 else 2.8
    places = [PanelSpace(height, above, BELOW + legend_height(names(report, span))) for span in spans]
    places += (
        [PanelSpace(0.15 + 0.27 * len(plain), 0.25, BELOW + legend_height(statuses(report.lang)))] if plain else []
    )
    figure, panels = sheet(*_titles(report), places, [*_list(report), *_notes(report)])
    for panel, span in zip(panels, spans, strict=False):
        amounts(panel, report, span)
        panel.set_ylabel(_span(report, span))
    if plain:
        strips(panels[-1], report, plain)
    for number, panel in enumerate(panels):
        horizontal(panel, report, number == 0)
        marks(panel, report, number == 0)
    return figure


def _of_codes(report: SweepReport) -> Figure:
    left = 0.45 + 0.068 * max(width_of(name) for name in labels(report))
    height, spans = 0.3 + 0.26 * len(report.found.cases), _spans(report)
    # the bars' legend may have one name more than the curves'
    below = [BELOW + 0.2 + legend_height(names(report, span)) for span in spans]
    figure, panels = sheet(*_titles(report), [PanelSpace(height, 0.1, one, left) for one in below], _notes(report))
    for panel, span in zip(panels, spans, strict=True):
        bars(panel, report, span)
        panel.set_xlabel(_span(report, span))
    return figure


def _spans(report: SweepReport) -> list[TotalPeriod]:
    return [span for span in SPANS if span == "year" or report.counted(span)]


def _span(report: SweepReport, span: TotalPeriod) -> str:
    unit = shown(unit_text(report.money.unit, report.program.unit_labels, report.lang) or report.program.currency)
    return pick(SPAN[span], report.lang) + in_brackets(unit, report.lang)


def _moving(report: SweepReport) -> list[int]:
    """The policies whose status changes somewhere on the range."""
    every = report.found.evaluations
    return [index for index in report.differing if len({one.decisions[index].status for one in every}) > 1]


def _titles(report: SweepReport) -> tuple[str, str]:
    first, axis, household = report.found.evaluations[0], shown(report.label), report.found.household
    title = report.said(f"{household}：待遇随“{axis}”的变化", f"{household}: benefits along {axis}")
    day = f"{report.said('基准日', 'as of')} {first.as_of.isoformat()}"
    return title, f"{pick(report.program.title, report.lang)}  {day}  {first.digest[:19]}"


def _list(report: SweepReport) -> list[str]:
    """Thresholds as they are numbered in the drawing, then cliffs, then stretches on which more brings less."""
    lines = [_threshold(report, number, one) for number, one in enumerate(report.money.thresholds(), 1)]
    left = len(lines) - MAX_LISTED
    if left > 0:
        more = report.said(
            f"…… 另有 {left} 处变动，见文字输出", f"… {counted(left, 'more threshold')}: see the text output"
        )
        lines = [*lines[:MAX_LISTED], more]
    for cliff in report.money.cliffs():
        lines.append(f"{report.said('▼ 断崖', '▼ cliff')}  {report.value(cliff.at)}  {report.cliff(cliff)}")
    losing = report.said("越多越少", "more brings less")
    return [*lines, *(f"{losing}  {report.falling(one)}" for one in report.money.falling())]


def _threshold(report: SweepReport, number: int, threshold: Threshold) -> str:
    """A threshold in a line. That a decision stays open, only for others, is left to the text output."""
    told = [
        report.change(change, threshold.at)
        for change in threshold.changes
        if change.kind != "status" or _outcome(change.before) != _outcome(change.after)
    ]
    rest = len(threshold.changes) - len(told)
    if rest:
        told.append(report.said(f"另有 {rest} 项只对个别成员有变", f"{rest} more for some members"))
    return f"{number}  {report.value(threshold.at)}  {report.said('；', '; ').join(told)}"


def _outcome(decision: Decision) -> tuple[object, ...]:
    return (decision.status, decision.amount)


def _notes(report: SweepReport) -> list[str]:
    """What must be known to read the drawing."""
    lang, figures = report.lang, report.provisional
    trial = (line.strip() for line in trial_lines(report.program.trial, lang))
    marked = [f"{pick(_PROVISIONAL, lang)}{COLON[lang]}{report.titles(figures)}"] if figures else []
    own = (*report.assumed(), *report.gain(), *report.left_out())
    return ["", *trial, pick(HOW, lang), *own, *marked, *report.unsettled()]

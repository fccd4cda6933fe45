"""One drawing of a household along one fact: panels, the list of thresholds and cliffs, and what must be known of it.

In: a `Sensitivity`, its `Money`, the program, a path and a form. Out: an SVG or PNG file. Called by `cli`.
"""

from __future__ import annotations

from pathlib import Path

from fupin_policy.analysis.sensitivity.cliffs import SPANS, Money, Threshold
from fupin_policy.analysis.sensitivity.segments import Sensitivity
from fupin_policy.analysis.sensitivity.sweep_variable import value_text
from fupin_policy.core.benefits import TotalPeriod
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Decision
from fupin_policy.core.program import Program, unit_text
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import shown, width_of
from fupin_policy.prose.missing_facts import assumed_text
from fupin_policy.prose.wording import comma_list, in_brackets, trial_lines
from fupin_policy.reports.charts.bars import bars, labels
from fupin_policy.reports.charts.curves import BELOW, amounts, horizontal, marks, names, rows_of_marks, statuses, strips
from fupin_policy.reports.charts.sheet import PanelSpace, legend_height, save, sheet, styled
from fupin_policy.reports.sweep_text import (
    HOW,
    OPEN,
    SPAN,
    assumed,
    change_text,
    cliff_text,
    differing,
    falling_text,
    gain_words,
    label_of,
    left_words,
    provisional,
    unit_of,
)

MAX_LISTED = 16
"""Thresholds listed under a drawing; the text output has all of them."""

_PROVISIONAL = Bilingual("* 金额为暂定：没有来源写明这些数字", "* provisional: no source states these figures")


def draw(found: Sensitivity, money: Money, program: Program, path: Path, form: str, lang: Lang) -> None:
    """Write the drawing as `svg` or `png`. Raises ModuleNotFoundError where the extra `chart` is not installed."""
    with styled():
        unit = unit_of(found, program, lang)
        axis = label_of(found, lang) + (in_brackets(unit, lang) if unit else "")
        if found.cases:
            _of_codes(found, money, program, path, form, shown(axis), lang)
        else:
            _of_values(found, money, program, path, form, shown(axis), lang)


def _of_values(
    found: Sensitivity, money: Money, program: Program, path: Path, form: str, axis: str, lang: Lang
) -> None:
    drawn = {span: _drawn(found, money, span) for span in SPANS}
    spans = [span for span in SPANS if span == "year" or drawn[span]]
    plain = [index for index in _moving(found) if all(index not in drawn[span] for span in SPANS)]
    above = 0.1 + 0.16 * max(rows_of_marks(found, money), default=0)
    height = 3.6 if len(spans) == 1 else 2.8
    places = [
        PanelSpace(height, above, BELOW + legend_height(names(found, money, span, drawn[span], lang))) for span in spans
    ]
    places += [PanelSpace(0.15 + 0.27 * len(plain), 0.25, BELOW + legend_height(statuses(lang)))] if plain else []
    notes = [*_list(found, money, program, lang), *_notes(found, money, program, lang)]
    figure, panels = sheet(*_titles(found, program, axis, lang), places, notes)
    for panel, span in zip(panels, spans, strict=False):
        amounts(panel, found, money, program, span, drawn[span], lang)
        panel.set_ylabel(_span(money, program, span, lang))
    if plain:
        strips(panels[-1], found, plain, lang)
    for number, panel in enumerate(panels):
        horizontal(panel, found, axis, lang, number == 0)
        marks(panel, found, money, number == 0)
    save(figure, path, form)


def _of_codes(found: Sensitivity, money: Money, program: Program, path: Path, form: str, axis: str, lang: Lang) -> None:
    drawn = {span: _drawn(found, money, span) for span in SPANS}
    spans = [span for span in SPANS if span == "year" or drawn[span]]
    left = 0.45 + 0.068 * max(width_of(name) for name in labels(found, lang))
    height = 0.3 + 0.26 * len(found.cases)
    # the bars' legend may have one name more than the curves'
    below = {span: BELOW + 0.2 + legend_height(names(found, money, span, drawn[span], lang)) for span in spans}
    places = [PanelSpace(height, 0.1, below[span], left) for span in spans]
    figure, panels = sheet(*_titles(found, program, axis, lang), places, _notes(found, money, program, lang))
    for panel, span in zip(panels, spans, strict=True):
        bars(panel, found, money, program, span, drawn[span], lang)
        panel.set_xlabel(_span(money, program, span, lang))
    save(figure, path, form)


def _span(money: Money, program: Program, span: TotalPeriod, lang: Lang) -> str:
    unit = shown(unit_text(money.unit, program.unit_labels, lang) or program.currency)
    return pick(SPAN[span], lang) + in_brackets(unit, lang)


def _drawn(found: Sensitivity, money: Money, span: TotalPeriod) -> list[int]:
    """The policies that add to a total and change somewhere on the range."""
    parts = {index: {money.part(one, index, span) for one in found.evaluations} for index in found.rules}
    return [index for index, values in parts.items() if len(values) > 1]


def _moving(found: Sensitivity) -> list[int]:
    """The policies whose status changes somewhere on the range."""
    every = found.evaluations
    return [index for index in differing(found) if len({one.decisions[index].status for one in every}) > 1]


def _titles(found: Sensitivity, program: Program, axis: str, lang: Lang) -> tuple[str, str]:
    first = found.evaluations[0]
    zh = lang == "zh"
    title = f"{found.household}：待遇随“{axis}”的变化" if zh else f"{found.household}: benefits along {axis}"
    of = f"{pick(program.title, lang)}  {'基准日' if zh else 'as of'} {first.as_of.isoformat()}  {first.digest[:19]}"
    return title, of


def _list(found: Sensitivity, money: Money, program: Program, lang: Lang) -> list[str]:
    """Thresholds as they are numbered in the drawing, then cliffs, then stretches on which more brings less."""
    fact, zh = found.varied.fact, lang == "zh"
    lines = [_threshold(found, program, number, one, lang) for number, one in enumerate(money.thresholds(), 1)]
    left = len(lines) - MAX_LISTED
    if left > 0:
        more = f"…… 另有 {left} 处变动，见文字输出" if zh else f"… {left} more thresholds: see the text output"
        lines = [*lines[:MAX_LISTED], more]
    for cliff in money.cliffs():
        words = f"{'▼ 断崖' if zh else '▼ cliff'}  {value_text(fact, cliff.at)}  "
        lines.append(words + cliff_text(cliff, program, lang))
    for falling in money.falling():
        lines.append(f"{'越多越少' if zh else 'more brings less'}  {falling_text(found, falling, program, lang)}")
    return lines


def _threshold(found: Sensitivity, program: Program, number: int, threshold: Threshold, lang: Lang) -> str:
    """A threshold in a line. That a decision stays open, only for others, is left to the text output."""
    told = [
        change_text(found, program, change, threshold.at, lang)
        for change in threshold.changes
        if change.kind != "status" or _outcome(change.before) != _outcome(change.after)
    ]
    rest = len(threshold.changes) - len(told)
    if rest:
        told.append(f"另有 {rest} 项只对个别成员有变" if lang == "zh" else f"{rest} more for some members")
    return f"{number}  {value_text(found.varied.fact, threshold.at)}  {('；' if lang == 'zh' else '; ').join(told)}"


def _outcome(decision: Decision) -> tuple[object, ...]:
    return (decision.status, decision.amount)


def _notes(found: Sensitivity, money: Money, program: Program, lang: Lang) -> list[str]:
    """What must be known to read the drawing."""
    notes = ["", *(line.strip() for line in trial_lines(program.trial, lang)), pick(HOW, lang)]
    if resting := assumed(found):
        notes.append(assumed_text(resting, lang))
    if money.gain:
        notes.append(pick(gain_words(money, program), lang))
    if left := money.left_out():
        notes.append(pick(left_words(left), lang))
    if figures := provisional(found, money):
        names = comma_list((pick(one.title, lang) for one in figures), lang)
        notes.append(f"{pick(_PROVISIONAL, lang)}{'：' if lang == 'zh' else ': '}{names}")
    if not found.settled:
        notes.append(pick(OPEN, lang))
    return notes

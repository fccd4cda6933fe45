"""Why a figure came to what it is: how it is worked out, what it was worked out from, on which parameters.

In: a figure of the same household and day as the finder's. Out: a `FigureExplanation`. Called by `ruleset`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.days import to_date
from fupin_policy.core.expressions import Fact, Ref
from fupin_policy.core.figures import Figure
from fupin_policy.core.json_data import json_of, json_parts
from fupin_policy.core.snapshot import written
from fupin_policy.core.traces import Trace
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.diagnostic import in_language
from fupin_policy.explanation.explanation import assumed_lines, told_sum
from fupin_policy.explanation.parameter_uses import parameters_of
from fupin_policy.explanation.reasons import ReasonFinder
from fupin_policy.explanation.sum_finder import SumFinder
from fupin_policy.explanation.sums import Calculation
from fupin_policy.explanation.used_parameter import ParameterUse
from fupin_policy.prose.expressions import say
from fupin_policy.prose.wording import COLON, comma_list, in_brackets, trial_lines

MOST_FOUND = 12
"""Of how many members, and from how many values, it is told what a figure was worked out from."""


@dataclass(frozen=True, slots=True)
class FigureExplanation:
    """A figure with how it is worked out, the values that went into it (each with the member's id, or None) and why."""

    figure: Figure
    as_of: date
    rule: Bilingual
    values: tuple[tuple[str | None, Bilingual], ...]
    found: tuple[tuple[str | None, Bilingual], ...]
    parameters: tuple[ParameterUse, ...]
    sum: Calculation | None = None
    trial: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return {
            **json_parts(self, "figure", "as_of", *(["trial"] if self.trial else []), "rule", "sum"),
            "found": [{"member": member, **words.as_json()} for member, words in self.found],
            "parameters": json_of(self.parameters),
        }

    def text(self, lang: Lang) -> str:
        """Several lines, to be read or read out. Raises UnknownNameError for another language than `zh` and `en`."""
        colon = in_language(lang, COLON["zh"], COLON["en"])
        named = pick(self.figure.figure.words, lang)
        lines = [f"{named}{colon}{_listed(self.values, lang)}" + in_brackets(self.as_of.isoformat(), lang)]
        lines += trial_lines(self.trial, lang)
        lines.append(f"  {pick(Bilingual('算法', 'worked out as'), lang)}{colon}{pick(self.rule, lang)}")
        if self.sum is None and any(words.zh for _, words in self.found):
            lines.append(f"  {pick(Bilingual('实际', 'in fact'), lang)}{colon}{_listed(self.found, lang)}")
        lines += told_sum(self.sum, lang)
        if self.figure.missing:
            missing = comma_list((one.said(lang) for one in self.figure.missing), lang)
            lines.append(f"  {pick(Bilingual('缺少', 'missing'), lang)}{colon}{missing}")
        lines += assumed_lines(self.figure.assumed, lang)
        if self.parameters:
            lines.append(f"  {pick(Bilingual('所用标准：', 'figures used:'), lang)}")
            lines += [f"    {use.line(lang)}" for use in self.parameters]
        if self.figure.provisional:
            said = Bilingual("暂定：有的数值并非文件规定", "provisional: not all figures are enacted")
            lines.append(f"  {pick(said, lang)}")
        return "\n".join(lines)


def _listed(values: tuple[tuple[str | None, Bilingual], ...], lang: Lang) -> str:
    if not values:
        return pick(Bilingual("没有成员", "no members"), lang)
    said = [pick(words, lang) if who is None else f"{who} {pick(words, lang)}" for who, words in values]
    return ("；" if lang == "zh" else "; ").join(said)


def _went_in(finder: ReasonFinder, trace: Trace, alone: bool) -> Bilingual:
    """The facts and terms that a value was worked out from, each with its value and, of several, whose it is."""
    program, named = finder.snapshot.program, dict[Bilingual, None]()
    waiting = [trace]
    while waiting:
        part = waiting.pop()
        if not isinstance(part.expr, Fact | Ref):
            waiting += reversed(part.children)
            continue
        value = finder.words.value(part.expr.type, part.value)
        whose = f"{part.member} " if alone and part.member is not None else ""
        zh, en = (say(part.expr, program, lang) for lang in ("zh", "en"))
        named[Bilingual(f"{whose}{zh}：{value.zh}", f"{whose}{en}: {value.en}")] = None
    shown = list(named)[:MOST_FOUND]
    more = ["…"] if len(named) > MOST_FOUND else []
    return Bilingual("，".join([*(one.zh for one in shown), *more]), ", ".join([*(one.en for one in shown), *more]))


def explain_figure(finder: ReasonFinder, sums: SumFinder, figure: Figure, as_of: int) -> FigureExplanation:
    """Why a figure came out as it did."""
    snapshot, definition = finder.snapshot, figure.figure.definition
    expr = next(one.expr for one in snapshot.definitions if one.id == definition)
    zh, en = (say(written(expr), snapshot.program, lang) for lang in ("zh", "en"))
    traces = finder.traces[definition]
    whose = [one.member for one in figure.values]
    values = [(member, finder.words.value(expr.type, trace.value)) for member, trace in zip(whose, traces, strict=True)]
    found = [
        (member, _went_in(finder, trace, alone=member is None))
        for member, trace in zip(whose[:MOST_FOUND], traces, strict=False)
    ]
    uses = parameters_of(snapshot, finder.traces, finder.words, [definition])
    shown = sums.of_figure(definition)
    told, trial = (tuple(values), tuple(found)), snapshot.program.trial
    return FigureExplanation(figure, to_date(as_of), Bilingual(zh, en), *told, uses, shown, trial)

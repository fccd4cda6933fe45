"""A `Sensitivity` as lines of text for a person, and as plain data.

In: the `Money` of a `Sensitivity`. Out: text in Chinese or English, or what `json.dumps` takes. Called by `cli`
and, for its words, by `reports.charts`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Any

from fupin_policy.analysis.sensitivity.cliffs import SPANS, Cliff, Falling, Money, ThresholdChange, rate, rounding
from fupin_policy.analysis.sensitivity.segments import CaseOutcome, Segment, Sensitivity
from fupin_policy.analysis.sensitivity.sweep_variable import value_text
from fupin_policy.analysis.timeline import outcome
from fupin_policy.core.benefits import TotalPeriod
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Amount, Decision, Status
from fupin_policy.core.declarations import FactDecl
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.json_data import json_of, json_parts
from fupin_policy.core.program import Program, unit_text
from fupin_policy.core.types import Day, Number
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.amounts import amount_words, money_name
from fupin_policy.prose.missing_facts import assumed_text
from fupin_policy.prose.ratios import ends_text, fraction_text
from fupin_policy.prose.wording import comma_list, in_brackets
from fupin_policy.reports.decisions_text import status_text

SPAN = {"year": Bilingual("一年合计", "total a year"), "once": Bilingual("一次性合计", "total paid once")}
HOW = Bilingual(
    "一年合计：每月的乘 12，每学期的乘 2，每天的乘 365；一次性的另计；个人自付按负数计入，贷款不计入。",
    "A year: monthly amounts × 12, those of a term × 2, daily ones × 365; what is paid once stands apart; "
    "own payments are taken off, loans are left out.",
)
OPEN = Bilingual(
    "查看的段数已到上限，标 ? 的段未逐一分清，只给出两端。",
    "The limit of work was reached: segments marked ? are not resolved, only their ends are given.",
)


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What changes along a fact, in the words of a language."""

    money: Money
    program: Program
    lang: Lang

    @property
    def found(self) -> Sensitivity:
        """The segments or cases."""
        return self.money.found

    @property
    def fact(self) -> FactDecl:
        """The fact that is varied."""
        return self.found.varied.fact

    def said(self, zh: str, en: str) -> str:
        """The text of the report's language."""
        return zh if self.lang == "zh" else en

    @property
    def unit(self) -> str:
        """The unit in which the fact's values are given."""
        if not isinstance(self.fact.type, Number):
            return ""
        unit = unit_text(self.fact.type.unit, self.program.unit_labels, self.lang)
        if self.fact.power == -2 and not unit:
            return "%"
        if self.fact.power == 0:
            return unit
        return f"{'万' if self.fact.power == 4 and self.lang == 'zh' else f'10^{self.fact.power} '}{unit}"

    @property
    def label(self) -> str:
        """The fact's name, with whose it is and its unit."""
        name, member = pick(self.fact.words, self.lang), self.found.varied.member
        whose = name if member is None else f"{member}.{name}"
        return whose + (in_brackets(self.unit, self.lang) if self.unit else "")

    @property
    def own(self) -> str | None:
        """The value that the household was given with, if it is known."""
        own = self.found.own
        if own is None:
            return None
        return self.value(own) if self.found.segments else self.case(self.found.cases[own])

    def value(self, value: int) -> str:
        """A value of the fact as it is given."""
        return value_text(self.fact, value)

    def amount(self, *ends: int) -> str:
        """`1,080.00`, or a range `80.00–1,200.00`."""
        return ends_text((ends[0], ends[-1]), self.program.decimals)

    def case(self, case: CaseOutcome) -> str:
        """A code's name."""
        return self.said(case.label, case.label_en)

    def titles(self, decisions: tuple[Decision, ...]) -> str:
        """The titles of policies, listed."""
        return comma_list((pick(one.title, self.lang) for one in decisions), self.lang)

    @property
    def provisional(self) -> tuple[Decision, ...]:
        """The decisions counted whose figures no source states, each policy once."""
        kept: dict[str, Decision] = {}
        for evaluation in self.found.evaluations:
            for index, decision in enumerate(evaluation.decisions):
                if decision.provisional and any(self.money.part(evaluation, index, span) != (0, 0) for span in SPANS):
                    kept.setdefault(decision.policy, decision)
        return tuple(kept.values())

    @property
    def differing(self) -> list[int]:
        """The policies that change somewhere on the range."""
        every = self.found.evaluations
        return [i for i in self.found.rules if len({outcome(one.decisions[i]) for one in every}) > 1]

    def counted(self, span: TotalPeriod) -> list[int]:
        """The policies that add to a total and change somewhere on the range."""
        parts = {at: {self.money.part(one, at, span) for one in self.found.evaluations} for at in self.found.rules}
        return [at for at, values in parts.items() if len(values) > 1]

    # -- text ---------------------------------------------------------------------------------------------------------

    def text(self) -> str:
        """Segments with their totals, thresholds, cliffs; or a line for each code."""
        lines = [f"{self.found.household}  {self.found.evaluations[0].as_of.isoformat()}  {self.label}"]
        if self.own is not None:
            lines.append(f"{self.said('本户', 'as given')}: {self.own}")
        lines += ["", *(self._segments() if self.found.segments else self._cases()), "", pick(HOW, self.lang)]
        lines += [*self.assumed(), *self.left_out(), *self.gain()]
        if figures := self.provisional:
            lines.append(f"{self.said('金额为暂定', 'Provisional figures')}: {self.titles(figures)}")
        return "\n".join([*lines, *self.unsettled()])

    def assumed(self) -> list[str]:
        """What was assumed that some decision on the way rests on, each once."""
        every = [one for evaluation in self.found.evaluations for one in evaluation.decisions]
        resting = dict.fromkeys(one for decision in every for one in decision.assumed)
        return [assumed_text(resting, self.lang)] if resting else []

    def left_out(self) -> list[str]:
        """What is not counted, as it is open for reasons that have nothing to do with the fact."""
        if not (left := self.money.left_out()):
            return []
        zh = f"合计中不含与本项无关、尚待定的部分：{self.titles(left)}。"
        return [self.said(zh, f"Totals leave out what is open and does not rest on this fact: {self.titles(left)}.")]

    def gain(self) -> list[str]:
        """What the fact itself brings a step, as it is counted."""
        if not self.money.gain:
            return []
        step = f"{self._step_text()} {money_name(self.program, self.lang)}"
        yearly = Bilingual("没有写明 per，按每年一次计；", "It does not say `per`, and is taken to come once a year. ")
        said = "" if self.fact.per else pick(yearly, self.lang)
        zh = f"本项是收入：断崖和“越多越少”已计入它自身每步一年的 {step}；{said}人均数也只按这个数计，不乘人数。"
        en = (
            f"This fact is an income: cliffs and losing stretches count its own {step} a year "
            f"for a step. {said}So do those of an income per head, which is not multiplied."
        )
        return [self.said(zh, en)]

    def unsettled(self) -> list[str]:
        """That not everything was looked at."""
        return [] if self.found.settled else [pick(OPEN, self.lang)]

    def _step_text(self) -> str:
        return fraction_text(self.money.gain / 10**self.program.decimals)

    def _segments(self) -> list[str]:
        lines = [self.said("各段", "segments")]
        shown = [span for span in SPANS if span == "year" or self._ever(span)]
        for same, alike in groupby(self.found.segments, self._level):
            for some in [list(alike)] if same is not None else [[one] for one in alike]:
                lines.append(self._row(some[0], some[-1], len(some), shown))
        lines += ["", self.said("变动处", "thresholds")]
        for threshold in self.money.thresholds():
            told = (self.change(change, threshold.at) for change in threshold.changes)
            lines += [f"  {self.value(threshold.at)}  {text}" for text in told]
        if cliffs := self.money.cliffs():
            lines += ["", self.said("断崖", "cliffs")]
            lines += [f"  {self.value(one.at)}  {self.cliff(one)}" for one in cliffs]
        if falling := self.money.falling():
            lines += ["", self.said("越多越少", "losing stretches")]
            lines += [f"  {self.falling(one)}" for one in falling]
        return lines

    def _ever(self, span: TotalPeriod) -> bool:
        return any(self.money.total(each, span) != (0, 0) for each in self.found.evaluations)

    def _level(self, one: Segment) -> tuple[bool, tuple[tuple[int, int], ...]] | None:
        """The totals of a segment at both of whose ends they are the same, and whether that is proven; else nothing."""
        begins, ends = (tuple(self.money.total(end, span) for span in SPANS) for end in (one.begins, one.ends))
        return (one.shape.settled, begins) if begins == ends else None

    def _row(self, first: Segment, last: Segment, count: int, shown: Iterable[TotalPeriod]) -> str:
        """A segment with its totals, or several that follow on one another, of which all totals are the same."""
        text = f"  {self._range(replace(first, last=last.last))}"
        for span in shown:
            begins, ends = self.money.total(first.begins, span), self.money.total(last.ends, span)
            moved = "" if begins == ends else f" → {self.amount(*ends)}"
            text += f"  {pick(SPAN[span], self.lang)} {self.amount(*begins)}{moved}"
        merged = self.said(f"合计相同的 {count} 段", f"{count} segments with the same total")
        text += in_brackets(merged, self.lang) if count > 1 else ""
        return text if first.shape.settled else f"{text} ?"

    def _range(self, one: Segment | Falling) -> str:
        return f"{self.value(one.first)} {self.said('至', 'to')} {self.value(one.last)}"

    def change(self, change: ThresholdChange, at: int) -> str:
        """A policy's change in words."""
        title = pick(change.after.title, self.lang)
        if change.kind != "slope":
            return f"{title}: {self._decision(change.before)} → {self._decision(change.after)}"
        segments = self.found.segments
        index = next(i for i, one in enumerate(segments[0].begins.decisions) if one.policy == change.after.policy)
        later = next(position for position, one in enumerate(segments) if one.first == at)
        was, becomes = (self._rate(rate(segments[one], self.found, index)) for one in (later - 1, later))
        unit = self.said("天", "day") if isinstance(self.fact.type, Day) else self.unit
        return f"{title}: {self.said('每', 'per ')}{unit} {was} → {becomes}"

    def _rate(self, slopes: tuple[Fraction, Fraction]) -> str:
        """By how much an amount, least and most, rises with one more of the fact's unit: `0.6`."""
        steps = Fraction(10) ** self.fact.given_scale
        return "–".join(
            fraction_text(slope * steps / 10**self.program.decimals) for slope in dict.fromkeys(sorted(slopes))
        )

    def cliff(self, cliff: Cliff) -> str:
        """What a step loses, and by which policies."""
        whose, span = in_brackets(self.titles(cliff.policies), self.lang), pick(SPAN[cliff.span], self.lang)
        if cliff.low > 0:
            return f"{span}{self.said('少', ' loses')} {self.amount(cliff.low, cliff.high)}{whose}"
        return f"{span}{self.said('可能少，至多', ' may lose, at most')} {self.amount(cliff.high)}{whose}"

    def falling(self, falling: Falling) -> str:
        """From where to where, and how much in all."""
        lost = f"{self.said('共少', ' loses')} {self.amount(falling.lost)}"
        return f"{self._range(falling)}  {pick(SPAN[falling.span], self.lang)}{lost}"

    def _decision(self, decision: Decision) -> str:
        """`符合 每月 80.00 元 [m1]`; `m2?` where it is open for that member."""
        paid = "" if decision.amount is None else f" {amount_words(decision.amount, self.program, self.lang)}"
        pending = [f"{one.member}?" for one in decision.members if one.status is Status.UNKNOWN]
        names = ", ".join(filter(None, [decision.beneficiaries_text, *pending]))
        whose = f" [{names}]" if names else ""
        return status_text(decision.status, self.lang) + paid + whose

    def _cases(self) -> list[str]:
        lines = []
        for case in self.found.cases:
            totals = ((pick(SPAN[span], self.lang), self.money.total(case.evaluation, span)) for span in SPANS)
            told = "  ".join(f"{words} {self.amount(*ends)}" for words, ends in totals)
            lines.append(f"  {self.case(case)}  {told}")
            for decision in (case.evaluation.decisions[index] for index in self.differing):
                lines.append(f"      {pick(decision.title, self.lang)}: {self._decision(decision)}")
        return lines

    # -- data ---------------------------------------------------------------------------------------------------------

    def as_json(self) -> dict[str, Any]:
        """Everything that the text says, as plain data, in Chinese; money as decimal strings in the currency."""
        found, money, first, chinese = self.found, self.money, self.found.evaluations[0], replace(self, lang="zh")
        return {
            "household": found.household,
            "as_of": json_of(first.as_of),
            "ruleset": {"id": first.ruleset, "digest": first.digest},
            **({"trial": list(self.program.trial)} if self.program.trial else {}),
            "fact": self.fact.name,
            "label": self.fact.label,
            "member": found.varied.member,
            "unit": chinese.unit,
            "own": chinese.own,
            "currency": self.program.currency,
            "segments": [self._segment(one) for one in found.segments],
            "thresholds": [
                {
                    "at": self.value(one.at),
                    "policy": change.after.policy,
                    **json_parts(change, "kind", "before", "after"),
                }
                for one in money.thresholds()
                for change in one.changes
            ],
            "cliffs": [
                {
                    "at": self.value(one.at),
                    "per": one.span,
                    "lost": self._ends(one.low, one.high),
                    "policies": [policy.policy for policy in one.policies],
                }
                for one in money.cliffs()
            ],
            "falling": [
                {**self._stretch(one), "per": one.span, "lost": self._ends(one.lost, one.lost)}
                for one in money.falling()
            ],
            "cases": [
                {
                    "code": case.label_en,
                    "label": case.label,
                    "totals": self._totals(case.evaluation),
                    "decisions": self._decisions(case.evaluation),
                }
                for case in found.cases
            ],
            "own_gain_per_step": self._step_text(),
            "provisional": [one.policy for one in self.provisional],
            **json_parts(found, "looked", "settled"),
        }

    def _stretch(self, one: Segment | Falling) -> dict[str, str]:
        return {"from": self.value(one.first), "to": self.value(one.last)}

    def _segment(self, segment: Segment) -> dict[str, Any]:
        ends = {"from": segment.begins, "to": segment.ends}
        return {
            **self._stretch(segment),
            "settled": segment.shape.settled,
            "rounding": self._ends(0, rounding(segment))["max"],
            "totals": {end: self._totals(one) for end, one in ends.items()},
            "decisions": {end: self._decisions(one) for end, one in ends.items()},
        }

    def _decisions(self, evaluation: Evaluation) -> list[Any]:
        return [evaluation.decisions[index].as_json() for index in self.found.rules]

    def _totals(self, evaluation: Evaluation) -> dict[TotalPeriod, Any]:
        return {span: self._ends(*self.money.total(evaluation, span)) for span in SPANS}

    def _ends(self, low: int, high: int) -> dict[str, str]:
        amount = Amount(low, high, self.program.currency, self.program.decimals, "once")
        return {"min": amount.text(amount.low), "max": amount.text(amount.high)}

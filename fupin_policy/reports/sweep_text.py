"""A `Sensitivity` as lines of text for a person, and as plain data.

In: a `Sensitivity`, its `Money`. Out: text in Chinese or English, or what `json.dumps` takes. Called by `cli`
and, for its words, by `reports.charts`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from fupin_policy.analysis.sensitivity.cliffs import SPANS, Cliff, Falling, Money, ThresholdChange, rate, rounding
from fupin_policy.analysis.sensitivity.segments import CaseOutcome, Segment, Sensitivity
from fupin_policy.analysis.sensitivity.sweep_variable import value_text
from fupin_policy.analysis.timeline import outcome
from fupin_policy.core.benefits import TotalPeriod
from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Amount, Assumed, Decision, Evaluation, Status
from fupin_policy.core.possible import Interval
from fupin_policy.core.program import Program, unit_text
from fupin_policy.core.types import Day, Number
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.missing_facts import assumed_text
from fupin_policy.prose.ratios import ends_text, fraction_text
from fupin_policy.prose.wording import comma_list, in_brackets
from fupin_policy.reports.decisions_text import amount_text, status_text

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


def unit_of(found: Sensitivity, program: Program, lang: Lang) -> str:
    """The unit in which the fact's values are given."""
    fact = found.varied.fact
    if not isinstance(fact.type, Number):
        return ""
    unit = unit_text(fact.type.unit, program.unit_labels, lang)
    if fact.power == -2 and not unit:
        return "%"
    if fact.power == 0:
        return unit
    return f"{'万' if fact.power == 4 and lang == 'zh' else f'10^{fact.power} '}{unit}"


def label_of(found: Sensitivity, lang: Lang) -> str:
    """The fact's name, with whose it is."""
    varied = found.varied
    name = varied.fact.words.zh if lang == "zh" else varied.fact.words.en
    return name if varied.member is None else f"{varied.member}.{name}"


def own_text(found: Sensitivity, lang: Lang) -> str | None:
    """The value that the household was given with, if it is known."""
    if found.own is None:
        return None
    return value_text(found.varied.fact, found.own) if found.segments else case_text(found.cases[found.own], lang)


def money_text(ends: Interval, program: Program) -> str:
    """`1,080.00`, or a range `80.00–1,200.00`."""
    return ends_text(ends, program.decimals)


def decision_text(decision: Decision, lang: Lang) -> str:
    """`符合 80.00 CNY 每月 [m1]`; `m2?` where it is open for that member."""
    paid = "" if decision.amount is None else f" {amount_text(decision.amount, lang)}"
    pending = [f"{one.member}?" for one in decision.members if one.status is Status.UNKNOWN]
    names = ", ".join(filter(None, [decision.beneficiaries_text, *pending]))
    whose = f" [{names}]" if names else ""
    return status_text(decision.status, lang) + paid + whose


def provisional(found: Sensitivity, money: Money) -> tuple[Decision, ...]:
    """The decisions counted whose figures no source states, each policy once."""
    kept: dict[str, Decision] = {}
    for evaluation in found.evaluations:
        for index, decision in enumerate(evaluation.decisions):
            if decision.provisional and any(money.part(evaluation, index, span) != (0, 0) for span in SPANS):
                kept.setdefault(decision.policy, decision)
    return tuple(kept.values())


def assumed(found: Sensitivity) -> tuple[Assumed, ...]:
    """What was assumed that some decision on the way rests on, each once."""
    decisions = (decision for evaluation in found.evaluations for decision in evaluation.decisions)
    return tuple(dict.fromkeys(one for decision in decisions for one in decision.assumed))


# -- text -------------------------------------------------------------------------------------------------------------


def as_text(found: Sensitivity, money: Money, program: Program, lang: Lang) -> str:
    """Segments with their totals, thresholds, cliffs; or a line for each code."""
    zh, unit = lang == "zh", unit_of(found, program, lang)
    first = found.evaluations[0]
    head = f"{found.household}  {first.as_of.isoformat()}  {label_of(found, lang)}"
    lines = [head + (in_brackets(unit, lang) if unit else "")]
    if (own := own_text(found, lang)) is not None:
        lines.append(f"{'本户' if zh else 'as given'}: {own}")
    lines += ["", *(_segments(found, money, program, lang) if found.segments else _cases(found, money, program, lang))]
    lines += ["", pick(HOW, lang)]
    if resting := assumed(found):
        lines.append(assumed_text(resting, lang))
    if left := money.left_out():
        lines.append(pick(left_words(left), lang))
    if money.gain:
        lines.append(pick(gain_words(money, program), lang))
    figures = provisional(found, money)
    if figures:
        names = comma_list((pick(one.title, lang) for one in figures), lang)
        lines.append(f"{'金额为暂定' if zh else 'Provisional figures'}: {names}")
    if not found.settled:
        lines.append(pick(OPEN, lang))
    return "\n".join(lines)


def left_words(left: tuple[Decision, ...]) -> Bilingual:
    """What is not counted, as it is open for reasons that have nothing to do with the fact."""
    zh, en = "、".join(one.title.zh for one in left), ", ".join(one.title.en for one in left)
    return Bilingual(
        f"合计中不含与本项无关、尚待定的部分：{zh}。",
        f"Totals leave out what is open and does not rest on this fact: {en}.",
    )


def gain_words(money: Money, program: Program) -> Bilingual:
    """What the fact itself brings a step, as it is counted."""
    step, per = fraction_text(money.gain / 10**program.decimals), money.found.varied.fact.per
    assumed = Bilingual("没有写明 per，按每年一次计；", "It does not say `per`, and is taken to come once a year. ")
    said = Bilingual("", "") if per else assumed
    return Bilingual(
        f"本项是收入：断崖和“越多越少”已计入它自身每步一年的 {step} {program.currency}；{said.zh}"
        "人均数也只按这个数计，不乘人数。",
        f"This fact is an income: cliffs and losing stretches count its own {step} {program.currency} a year "
        f"for a step. {said.en}So do those of an income per head, which is not multiplied.",
    )


def _segments(found: Sensitivity, money: Money, program: Program, lang: Lang) -> list[str]:
    zh, fact = lang == "zh", found.varied.fact
    lines = ["各段" if zh else "segments"]
    for one in found.segments:
        text = f"  {value_text(fact, one.first)} {'至' if zh else 'to'} {value_text(fact, one.last)}"
        for span in SPANS:
            begins, ends = money.total(one.begins, span), money.total(one.ends, span)
            if span == "year" or any(money.total(each, span) != (0, 0) for each in found.evaluations):
                moved = money_text(begins, program)
                moved += "" if begins == ends else f" → {money_text(ends, program)}"
                text += f"  {pick(SPAN[span], lang)} {moved}"
        lines.append(text if one.shape.settled else f"{text} ?")
    lines += ["", "变动处" if zh else "thresholds"]
    for threshold in money.thresholds():
        for change in threshold.changes:
            lines.append(
                f"  {value_text(fact, threshold.at)}  {change_text(found, program, change, threshold.at, lang)}"
            )
    if cliffs := money.cliffs():
        lines += ["", "断崖" if zh else "cliffs"]
        lines += [f"  {value_text(fact, one.at)}  {cliff_text(one, program, lang)}" for one in cliffs]
    if falling := money.falling():
        lines += ["", "越多越少" if zh else "losing stretches"]
        lines += [f"  {falling_text(found, one, program, lang)}" for one in falling]
    return lines


def change_text(found: Sensitivity, program: Program, change: ThresholdChange, at: int, lang: Lang) -> str:
    """A policy's change in words."""
    title = pick(change.after.title, lang)
    if change.kind != "slope":
        return f"{title}: {decision_text(change.before, lang)} → {decision_text(change.after, lang)}"
    index = next(i for i, one in enumerate(found.segments[0].begins.decisions) if one.policy == change.after.policy)
    later = next(position for position, one in enumerate(found.segments) if one.first == at)
    was, becomes = (rate_text(found, rate(found.segments[one], found, index), program) for one in (later - 1, later))
    type_ = found.varied.fact.type
    unit = ("天" if lang == "zh" else "day") if isinstance(type_, Day) else unit_of(found, program, lang)
    return f"{title}: {'每' if lang == 'zh' else 'per '}{unit} {was} → {becomes}"


def rate_text(found: Sensitivity, slopes: tuple[Fraction, Fraction], program: Program) -> str:
    """By how much an amount, least and most, rises with one more of the fact's unit: `0.6`."""
    steps = Fraction(10) ** found.varied.fact.given_scale
    return "–".join(fraction_text(slope * steps / 10**program.decimals) for slope in dict.fromkeys(slopes))


def cliff_text(cliff: Cliff, program: Program, lang: Lang) -> str:
    """What a step loses, and by which policies."""
    names = comma_list((pick(policy.title, lang) for policy in cliff.policies), lang)
    whose = in_brackets(names, lang)
    span = pick(SPAN[cliff.span], lang)
    if cliff.low > 0:
        return f"{span}{'少' if lang == 'zh' else ' loses'} {money_text((cliff.low, cliff.high), program)}{whose}"
    most = money_text((cliff.high, cliff.high), program)
    return f"{span}{'可能少，至多' if lang == 'zh' else ' may lose, at most'} {most}{whose}"


def falling_text(found: Sensitivity, falling: Falling, program: Program, lang: Lang) -> str:
    """From where to where, and how much in all."""
    zh, fact = lang == "zh", found.varied.fact
    ends = f"{value_text(fact, falling.first)} {'至' if zh else 'to'} {value_text(fact, falling.last)}"
    lost = money_text((falling.lost, falling.lost), program)
    return f"{ends}  {pick(SPAN[falling.span], lang)}{'共少' if zh else ' loses'} {lost}"


def case_text(case: CaseOutcome, lang: Lang) -> str:
    """A code's name."""
    return case.label if lang == "zh" else case.label_en


def _cases(found: Sensitivity, money: Money, program: Program, lang: Lang) -> list[str]:
    lines = []
    for case in found.cases:
        totals = [
            f"{pick(SPAN[span], lang)} {money_text(money.total(case.evaluation, span), program)}" for span in SPANS
        ]
        lines.append(f"  {case_text(case, lang)}  {'  '.join(totals)}")
        for index in differing(found):
            decision = case.evaluation.decisions[index]
            lines.append(f"      {pick(decision.title, lang)}: {decision_text(decision, lang)}")
    return lines


def differing(found: Sensitivity) -> list[int]:
    """The policies that change somewhere on the range."""
    every = found.evaluations
    return [i for i in found.rules if len({outcome(one.decisions[i]) for one in every}) > 1]


# -- data -------------------------------------------------------------------------------------------------------------


def as_json(found: Sensitivity, money: Money, program: Program) -> dict[str, Any]:
    """Everything that the text says, as plain data; money as decimal strings in the currency."""
    fact, first = found.varied.fact, found.evaluations[0]
    return {
        "household": found.household,
        "as_of": first.as_of.isoformat(),
        "ruleset": {"id": first.ruleset, "digest": first.digest},
        **({"trial": list(program.trial)} if program.trial else {}),
        "fact": fact.name,
        "label": fact.label,
        "member": found.varied.member,
        "unit": unit_of(found, program, "zh"),
        "own": None
        if found.own is None
        else value_text(fact, found.own)
        if found.segments
        else found.cases[found.own].label,
        "currency": program.currency,
        "segments": [_segment(one, found, money, program) for one in found.segments],
        "thresholds": [
            {
                "at": value_text(fact, one.at),
                "policy": change.after.policy,
                "kind": change.kind,
                "before": change.before.as_json(),
                "after": change.after.as_json(),
            }
            for one in money.thresholds()
            for change in one.changes
        ],
        "cliffs": [
            {
                "at": value_text(fact, one.at),
                "per": one.span,
                "lost": _ends((one.low, one.high), program),
                "policies": [policy.policy for policy in one.policies],
            }
            for one in money.cliffs()
        ],
        "falling": [
            {
                "from": value_text(fact, one.first),
                "to": value_text(fact, one.last),
                "per": one.span,
                "lost": _ends((one.lost, one.lost), program),
            }
            for one in money.falling()
        ],
        "cases": [
            {
                "code": case.label_en,
                "label": case.label,
                "totals": _totals(case.evaluation, money, program),
                "decisions": [case.evaluation.decisions[index].as_json() for index in found.rules],
            }
            for case in found.cases
        ],
        "own_gain_per_step": fraction_text(money.gain / 10**program.decimals),
        "provisional": [one.policy for one in provisional(found, money)],
        "looked": found.looked,
        "settled": found.settled,
    }


def _segment(segment: Segment, found: Sensitivity, money: Money, program: Program) -> dict[str, Any]:
    fact = found.varied.fact
    return {
        "from": value_text(fact, segment.first),
        "to": value_text(fact, segment.last),
        "settled": segment.shape.settled,
        "rounding": _ends((rounding(segment),) * 2, program)["max"],
        "totals": {"from": _totals(segment.begins, money, program), "to": _totals(segment.ends, money, program)},
        "decisions": {
            "from": [segment.begins.decisions[index].as_json() for index in found.rules],
            "to": [segment.ends.decisions[index].as_json() for index in found.rules],
        },
    }


def _totals(evaluation: Evaluation, money: Money, program: Program) -> dict[TotalPeriod, Any]:
    return {span: _ends(money.total(evaluation, span), program) for span in SPANS}


def _ends(ends: Interval, program: Program) -> dict[str, str]:
    amount = Amount(*ends, program.currency, program.decimals, "once")
    return {"min": amount.text(ends[0]), "max": amount.text(ends[1])}

"""The words of decisions' statuses and of their force: the one table of each.

In: nothing. Out: tables. Called by `explanation` and `reports`.
A list says how a decision came out, an explanation what has been found of it: so what is open has two words there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.policies import Force
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.wording import COLON, comma_list, in_brackets


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What a status is called.

    `mark` stands before a line, `listed` in lists, `explained` in explanations and findings, `heading` above what
    decided; `sheet` is the title of a workbook's sheet, "" where there is none.
    """

    mark: str
    listed: Bilingual
    explained: Bilingual
    heading: Bilingual
    sheet: str


STATUSES: Mapping[Status, StatusWords] = {
    Status.ELIGIBLE: StatusWords(
        "✓",
        Status.ELIGIBLE.words,
        Bilingual("符合", "eligible"),
        Bilingual("理由", "because"),
        "应享受",
    ),
    Status.INELIGIBLE: StatusWords(
        "✗",
        Status.INELIGIBLE.words,
        Bilingual("不符合", "not eligible"),
        Bilingual("不满足的条件", "what fails"),
        "",
    ),
    Status.UNKNOWN: StatusWords(
        "?",
        Status.UNKNOWN.words,
        Bilingual("未能确定", "not decided yet"),
        Bilingual("尚不能确定的条件", "what is open"),
        "待核实",
    ),
}


@dataclass(frozen=True, slots=True)
class ForceWords:
    """What a force is called: `said` of a decision, `heading` above those that have it, `sheet` of a workbook."""

    said: Bilingual
    heading: Bilingual
    sheet: str


FORCES: Mapping[Force, ForceWords] = {
    "entitlement": ForceWords(
        Bilingual("应当给予", "must be given"),
        Bilingual("应当给予的", "to be given"),
        STATUSES[Status.ELIGIBLE].sheet,
    ),
    "discretion": ForceWords(
        Bilingual("可以给予，由部门决定", "may be given, as the department decides"),
        Bilingual("可以给予的（由部门决定）", "that may be given, as the department decides"),
        "可享受",
    ),
    "encouraged": ForceWords(
        Bilingual("鼓励给予，以有开展的为限", "encouraged where it is offered"),
        Bilingual("鼓励给予的（以有开展的为限）", "encouraged where they are offered"),
        "鼓励享受",
    ),
}


def bodies_text(sure: Iterable[Bilingual], may: Iterable[Bilingual], lang: Lang) -> str:
    """`县民政局、县残联（可能）`: those who answer, and those who may."""
    named = [
        *(pick(one, lang) for one in sure),
        *(pick(one, lang) + in_brackets(pick(MAYBE, lang), lang) for one in may),
    ]
    return comma_list(named, lang)


def bodies_by_member(decision: Decision, lang: Lang) -> str:
    """`m1、m3：县残联（配合 县卫健局）；m2：县民政局（可能）`: who answers for whom; "" where the same do for all."""
    told = []
    for one, members in decision.departments_by_member.items():
        lead = bodies_text(one.lead, one.possible_lead, lang)
        others = bodies_text(one.cooperating, one.possible_cooperating, lang)
        beside = in_brackets(f"{pick(JOINING, lang)} {others}", lang) if others else ""
        told.append(f"{comma_list(members, lang)}{COLON[lang]}{lead}{beside}")
    return ("；" if lang == "zh" else "; ").join(told)


MAYBE, JOINING = Bilingual("可能", "possibly"), Bilingual("配合", "with")
BY_MEMBER = Bilingual("分别负责", "member by member")
OPEN_BODIES = Bilingual("确定部门须核实", "to be checked, to say who answers")

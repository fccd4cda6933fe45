"""Decisions as lines of text for a person.

In: an `Evaluation` and the program that made it. Out: text in Chinese or English. Called by the command line and
the demonstration.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fupin_policy.core.bilingual import Bilingual, pick
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.core.policies import Force
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Lang
from fupin_policy.prose.amounts import amount_words
from fupin_policy.prose.audiences import OTHERS, audience_text, by_section, left_out, own_and_others, section_heading
from fupin_policy.prose.figures_text import checks_lines, figure_line
from fupin_policy.prose.missing_facts import assumed_text, derived_lines, missing_text
from fupin_policy.prose.obtaining import obtain_words
from fupin_policy.prose.statuses import BY_MEMBER, FORCES, OPEN_BODIES, STATUSES, bodies_by_member, bodies_text
from fupin_policy.prose.wording import COLON, comma_list, in_brackets, short_list, trial_lines

FEW_REFUSED = 4
"""Refusals after one answer are told line by line up to so many; of more so many are named."""


def status_text(status: Status, lang: Lang) -> str:
    """A status as lists of decisions name it."""
    return pick(STATUSES[status].listed, lang)


def decision_text(decision: Decision, program: Program, lang: Lang) -> str:
    """One decision in a few lines."""
    marks = {"zh": ("金额为暂定", "牵头", "配合"), "en": ("provisional figure", "lead", "with")}
    provisional, lead, cooperating = marks[lang]
    head = _head(decision, lang)
    if decision.beneficiaries_text:
        head += f"  [{decision.beneficiaries_text}]"
    if decision.amount is not None:
        head += f"  {amount_words(decision.amount, program, lang)}"
        if decision.provisional:
            head += in_brackets(provisional, lang)
    lines = [head]
    bodies = f"      {lead} {bodies_text(decision.lead, decision.possible_lead, lang)}"
    joining = bodies_text(decision.cooperating, decision.possible_cooperating, lang)
    if joining:
        bodies += f"{'；' if lang == 'zh' else '; '}{cooperating} {joining}"
    basis = comma_list((f"{ref.source} {ref.clause}".strip() for ref in decision.basis), lang)
    lines.append(f"{bodies}  〔{basis}〕")
    if by_member := bodies_by_member(decision, lang):
        lines.append(f"      {pick(BY_MEMBER, lang)} {by_member}")
    if decision.departments_missing:
        asked = comma_list((one.said(lang) for one in decision.departments_missing), lang)
        lines.append(f"      {pick(OPEN_BODIES, lang)} {asked}")
    if decision.obtain is not None:
        head = "办理：" if lang == "zh" else "to obtain it: "
        lines.append(f"      {head}{pick(obtain_words(decision.obtain, decision.where), lang)}")
    if decision.missing:
        lines.append(f"      {missing_text(decision.missing, lang)}")
    if decision.assumed:
        lines.append(f"      {assumed_text(decision.assumed, lang)}")
    return "\n".join(lines)


def evaluation_text(evaluation: Evaluation, program: Program, lang: Lang, every: bool = False) -> str:
    """All that a household is entitled to, what is open in a line each, the rest in one line; then the figures.

    Policies for other audiences come last where `every` is asked for; else a line tells how many there are.
    """
    head = f"{evaluation.household}  {evaluation.as_of.isoformat()}"
    own, others = own_and_others(evaluation.decisions)
    lines = [head, *trial_lines(evaluation.trial, lang), *_decided(own, program, lang)]
    if every and others:
        lines += [*section_heading([OTHERS], lang), *_decided(others, program, lang)]
    else:
        lines += left_out(others, lang)
    lines += [f"  = {figure_line(one, lang)}" for one in evaluation.figures if one.figure.check is None]
    return "\n".join([*lines, *derived_lines(evaluation.derived, lang), *checks_lines(evaluation.figures, lang)])


def _decided(decisions: Sequence[Decision], program: Program, lang: Lang) -> list[str]:
    """Decisions by their status: those that grant something in full, the others in short."""
    eligible = [one for one in decisions if one.status is Status.ELIGIBLE]
    granted = [line for force in FORCES for line in _granted(eligible, force, program, lang)]
    pending = [_open_text(d, program, lang) for d in decisions if d.status is Status.UNKNOWN]
    refused = [_refused(d, lang) for d in decisions if d.status is Status.INELIGIBLE]
    lines = [*granted, *pending]
    if refused:
        status = Status.INELIGIBLE
        head = f"{_mark(status)} {status_text(status, lang)}"
        lines.append(f"{head}：{'、'.join(refused)}" if lang == "zh" else f"{head}: {', '.join(refused)}")
    resting = [d for d in decisions if d.assumed and d.status is not Status.ELIGIBLE]
    if resting:
        titles = comma_list((pick(d.title, lang) for d in resting), lang)
        every = assumed_text([one for decision in resting for one in decision.assumed], lang)
        lines.append(f"    {every}{in_brackets(titles, lang)}")
    return lines


def _granted(decisions: Iterable[Decision], force: Force, program: Program, lang: Lang) -> list[str]:
    """What is granted with one force, section by section; the force is in the heading where that is no entitlement."""
    lines = []
    for section, some in by_section(one for one in decisions if one.force == force):
        words = [] if force == "entitlement" else [FORCES[force].heading]
        lines += section_heading([*words, *([] if section is None else [section])], lang)
        lines += [decision_text(one, program, lang) for one in some]
    return lines


def _refused(decision: Decision, lang: Lang) -> str:
    """A policy that does not apply, marked where that rests on a value that no source states."""
    return pick(decision.title, lang) + (in_brackets(_PROVISIONAL[lang], lang) if decision.provisional else "")


_PROVISIONAL: Mapping[Lang, str] = {"zh": "暂定", "en": "provisional"}


def _open_text(decision: Decision, program: Program, lang: Lang) -> str:
    """What is missing to decide, in one line."""
    head = brief_text(decision, program, lang)
    return f"{head}  {missing_text(decision.missing, lang)}" if decision.missing else head


def brief_text(decision: Decision, program: Program, lang: Lang) -> str:
    """How a policy came out, in one line."""
    amount = "" if decision.amount is None else f"  {amount_words(decision.amount, program, lang)}"
    return _head(decision, lang) + amount


def brief_lines(decisions: Iterable[Decision], program: Program, lang: Lang) -> Iterator[str]:
    """A line for each, but for refusals where these are many: they have one, with the first of them by name."""
    told = list(decisions)
    refused = [one for one in told if one.status is Status.INELIGIBLE]
    together = len(refused) > FEW_REFUSED
    yield from (brief_text(one, program, lang) for one in told if not together or one.status is not Status.INELIGIBLE)
    if together:
        titles = short_list([pick(one.title, lang) for one in refused], FEW_REFUSED, lang)
        yield f"{_mark(Status.INELIGIBLE)} {status_text(Status.INELIGIBLE, lang)}{COLON[lang]}{titles}"


def _head(decision: Decision, lang: Lang) -> str:
    """Which policy, how it came out, its force where it is no entitlement, and for whom it is if that is open."""
    said = status_text(decision.status, lang) + said_beside(decision, lang)
    return f"{_mark(decision.status)} {pick(decision.title, lang)}{COLON[lang]}{said}"


def said_beside(decision: Decision, lang: Lang) -> str:
    """A decision's force in brackets where it is no entitlement, and whom it is for if that is open; else nothing."""
    force = "" if decision.force == "entitlement" else pick(FORCES[decision.force].said, lang)
    return "".join(in_brackets(text, lang) for text in (force, audience_text(decision, lang)) if text)


def _mark(status: Status) -> str:
    return f"  {STATUSES[status].mark}"


def listed(bodies: Iterable[Bilingual], lang: Lang) -> str:
    """Names of bodies in a row."""
    return comma_list((pick(body, lang) for body in bodies), lang)

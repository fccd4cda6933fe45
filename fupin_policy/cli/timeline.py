"""The command `timeline`: when the decisions for a household change, and what is due month by month.

In: parsed arguments. Out: text or JSON, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fupin_policy.cli.common import (
    asked_ruleset,
    assumes,
    assuming_arguments,
    audience_arguments,
    continues_argument,
    each_household,
    given_name,
    household_text,
    read_households,
    show_result,
)

if TYPE_CHECKING:
    from fupin_policy.analysis.payments import Payment
    from fupin_policy.analysis.timeline import KnownSince, Timeline
    from fupin_policy.diagnostics import Lang
    from fupin_policy.intake import ReadAs
    from fupin_policy.ruleset import Ruleset


def timeline_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin timeline` takes."""
    command.add_argument(
        "file", nargs="?", default="-", type=given_name, help="JSON、JSON Lines 或 YAML；- 为标准输入 / a household"
    )
    command.add_argument("--from", dest="first", metavar="DATE", required=True, help="第一天 / the first day")
    command.add_argument("--to", dest="last", metavar="DATE", required=True, help="最后一天 / the last day")
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 / language")
    continues_argument(command)
    assuming_arguments(command)
    audience_arguments(command)


def timeline(arguments: argparse.Namespace) -> int:
    """`fupin timeline`."""
    from fupin_policy.analysis.timeline_data import days_between, timeline_between, timeline_data

    ruleset = asked_ruleset(arguments)
    days_between(ruleset, arguments.first, arguments.last, "--to")

    def show(household: Mapping[str, Any]) -> None:
        how: ReadAs = {"assume": assumes(arguments), "continues": arguments.continues}
        found, rows = timeline_between(ruleset, household, arguments.first, arguments.last, **how)
        told = _text(found, rows, ruleset, arguments.lang, arguments.every)
        show_result(arguments, timeline_data(found, rows, ruleset), told)

    return each_household(arguments, read_households(arguments.file), show)


def _text(found: Timeline, rows: tuple[Payment, ...], ruleset: Ruleset, lang: Lang, every: bool) -> str:
    from fupin_policy.analysis.payments import total
    from fupin_policy.analysis.timeline import bodies
    from fupin_policy.core.bilingual import pick
    from fupin_policy.core.decision import Decision
    from fupin_policy.diagnostics.showing import in_columns
    from fupin_policy.prose.amounts import amount_words, money_name
    from fupin_policy.prose.figures_text import figure_text
    from fupin_policy.prose.missing_facts import assumed_text, facts_assumed
    from fupin_policy.prose.statuses import bodies_by_member, bodies_text
    from fupin_policy.prose.wording import in_brackets
    from fupin_policy.reports.decisions_text import said_beside, status_text

    def answering(decision: Decision, wide: bool) -> str:
        """Who leads, of each member where they differ; and who helps, if that is asked too."""
        lead = bodies_by_member(decision, lang) or bodies_text(decision.lead, decision.possible_lead, lang)
        helping = bodies_text(decision.cooperating, decision.possible_cooperating, lang) if wide else ""
        return lead + (f"；配合 {helping}" if lang == "zh" else f"; with {helping}") if helping else lead

    def told(decision: Decision, by_bodies: bool, wide: bool) -> str:
        paid = "" if decision.amount is None else f" {amount_words(decision.amount, ruleset.program, lang)}"
        whose = f" [{decision.beneficiaries_text}]" if decision.beneficiaries_text else ""
        who = answering(decision, wide) if by_bodies and bodies(decision) else ""
        shown = in_brackets(who, lang) if who else ""
        return status_text(decision.status, lang) + said_beside(decision, lang) + paid + whose + shown

    def is_wanted(one: Decision) -> bool:
        return every or not one.is_of_others

    wanted = {one.policy for stretch in found.stretches for one in stretch.evaluation.decisions if is_wanted(one)}
    rows = tuple(due for due in rows if due.policy in wanted)
    zh = lang == "zh"
    lines = [_known(date, lang) for date in found.late]
    first = found.stretches[0].evaluation
    lines += [household_text(ruleset, first, lang, every)]
    lines += ["", "变动" if zh else "changes"]
    for day, was, becomes in found.changes:
        if is_wanted(was) or is_wanted(becomes):
            differ = was.policy in found.answering and bodies(was) != bodies(becomes)
            # where the same lead as before, others help
            wide = differ and answering(was, False) == answering(becomes, False)
            said = f"{told(was, differ, wide)} → {told(becomes, differ, wide)}"
            lines.append(f"  {day.isoformat()}  {pick(was.title, lang)}: {said}")
    for day, before, after in found.figure_changes:
        texts = f"{figure_text(before, lang)} → {figure_text(after, lang)}"
        lines.append(f"  {day.isoformat()}  = {pick(before.figure.words, lang)}: {texts}")
    rested = (
        one.assumed
        for stretch in found.stretches[1:]
        for told in (stretch.evaluation.decisions, stretch.evaluation.figures)
        for one in told
    )
    if later := [one for assumed in rested for one in assumed]:
        count = len({one.said(lang) for one in later})
        few = f"依据没有给出、先当作的 {count} 项资料，加 --all 列出"
        few = few if zh else f"by {facts_assumed(count)}, listed with --all"
        lines.append(f"  {assumed_text(later, lang) if every else few}")
    lines += ["", "各月应发（自付为负数）" if zh else "due month by month (own payments below zero)"]
    lines += [f"  {line}" for line in in_columns([_due(run, ruleset, lang) for run in _runs(rows)])]
    lines.append(
        f"  {'净额合计' if zh else 'net total'}  {_money(ruleset, *total(rows))} {money_name(ruleset.program, lang)}"
    )
    return "\n".join(lines)


def _runs(rows: tuple[Payment, ...]) -> list[list[Payment]]:
    """What is due of a policy in months on end with the same amount, together; in the order of the first months."""
    found: list[list[Payment]] = []
    last: dict[str, list[Payment]] = {}
    for due in rows:
        before = last.get(due.policy)
        if before is not None and _goes_on(before[-1], due):
            before.append(due)
        else:
            last[due.policy] = [due]
            found.append(last[due.policy])
    return found


def _goes_on(before: Payment, due: Payment) -> bool:
    """Whether the same comes in the month after."""
    year, month = map(int, before.month.split("-"))
    after = f"{year + month // 12:04}-{month % 12 + 1:02}"
    return due.month == after and replace(due, month=before.month, adds=before.adds) == before


def _due(run: list[Payment], ruleset: Ruleset, lang: Lang) -> tuple[str, str, str]:
    """When, what, and how much; of several months each one's amount, how many there are, and what they come to."""
    from fupin_policy.analysis.payments import total
    from fupin_policy.core.bilingual import pick

    first, last, zh = run[0], run[-1], lang == "zh"
    amount = _money(ruleset, first.low, first.high)
    count, (low, high) = len(run), total(tuple(run))
    if count > 1:
        months, every = f"{count} {'个月' if zh else 'months'}", _money(ruleset, low, high)
        # what was perhaps paid before may be due in each of the months, and counts once
        if (low, high) == (first.low * count, first.high * count):
            amount += f" × {months} = {every}"
        else:
            amount += f"，{months}，合计 {every}" if zh else f", {months}, in all {every}"
    mark = ("（暂定）" if zh else " (provisional)") if first.provisional else ""
    when = first.month if len(run) == 1 else f"{first.month} {'至' if zh else 'to'} {last.month}"
    return when, pick(first.title, lang), amount + mark


def _known(date: KnownSince, lang: Lang) -> str:
    day = date.since.isoformat()
    if lang == "zh":
        whose = "" if date.member is None else f"{date.member} 的"
        return f"{whose}「{date.label}」自 {day} 起才有，此前按不知道处理"
    whose = "" if date.member is None else f"{date.member}'s "
    return f"{whose}{date.fact.replace('_', ' ')} is known from {day} on; before, it is taken as not known"


def _money(ruleset: Ruleset, low: int, high: int) -> str:
    from fupin_policy.core.decision import Amount

    return Amount(low, high, ruleset.program.currency, ruleset.program.decimals, "once").told

"""The demonstration: a registry extract in, each household's decisions and the departments' totals out.

In: a ruleset whose folder has `demo/households.csv` and `demo/members.csv`. Out: text. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from fupin_policy.core.benefits import signed
from fupin_policy.core.bilingual import pick
from fupin_policy.core.days import to_day
from fupin_policy.core.decision import Amount, Decision, Evaluation, Status
from fupin_policy.diagnostics import InputError, Lang, Reporter
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.prose.wording import PER
from fupin_policy.reports.decisions_text import evaluation_text
from fupin_policy.ruleset import Ruleset


def run_demo(ruleset: Ruleset, folder: Path, as_of: str, lang: Lang) -> str:
    """Decide every household of the folder's extract; raises InputError with every problem found in it."""
    reporter = Reporter()
    here = folder / "demo"
    households = read_extract(here / "households.csv", here / "members.csv", ruleset.program, reporter)
    reporter.raise_errors(InputError)
    evaluations = [ruleset.evaluate(household, as_of) for household in households]
    parts = [evaluation_text(evaluation, lang) for evaluation in evaluations]
    day = to_day(evaluations[0].as_of) if evaluations else 0
    signs = {policy.id: policy.sign_on(day) for policy in ruleset.policies}
    return "\n\n".join([*parts, totals_text(evaluations, signs, lang)])


def totals_text(evaluations: Iterable[Evaluation], signs: Mapping[str, int], lang: Lang) -> str:
    """Per lead department: households, persons, money by period, and what is open or rests on provisional figures.

    `signs` says which way each policy's money goes: what people pay themselves is taken off, loans are left out.
    """
    granted: dict[str, list[tuple[str, Decision]]] = {}
    for evaluation in evaluations:
        for decision in evaluation.decisions:
            if decision.status is not Status.INELIGIBLE:
                for body in (decision.lead or decision.possible_lead)[:1]:
                    granted.setdefault(pick(body, lang), []).append((evaluation.household, decision))
    title = "各牵头部门合计" if lang == "zh" else "Totals by lead department"
    lines = [title]
    for name in sorted(granted):
        lines.extend(_department(name, granted[name], signs, lang))
    return "\n".join(lines)


def _department(body: str, found: list[tuple[str, Decision]], signs: Mapping[str, int], lang: Lang) -> list[str]:
    sure = [(household, decision) for household, decision in found if decision.status is Status.ELIGIBLE]
    households = len({household for household, _ in sure})
    persons = len({(household, person) for household, decision in sure for person in decision.beneficiaries})
    open_ = sum(decision.status is Status.UNKNOWN for _, decision in found)
    words = ("户", "人", "项待定") if lang == "zh" else ("households", "persons", "open")
    lines = [f"  {body}  {households} {words[0]}  {persons} {words[1]}  {open_} {words[2]}"]
    paid = [(decision, signs[decision.policy]) for _, decision in sure if signs[decision.policy]]
    return lines + [f"      {line}" for line in _money(paid, lang)]


def _money(sure: list[tuple[Decision, int]], lang: Lang) -> list[str]:
    """A line a period, net; an amount that is a range counts with both ends."""
    sums: dict[str, tuple[Amount, list[tuple[int, int, int]]]] = {}
    for decision, way in sure:
        if (amount := decision.amount) is not None:
            low, high = signed((amount.low, amount.high), way)
            sums.setdefault(amount.per, (amount, []))[1].append((low, high, high if decision.provisional else 0))
    lines = []
    for per in PER:
        if per in sums:
            amount, parts = sums[per]
            low, high, unsure = (sum(column) for column in zip(*parts, strict=True))
            note = f"{'其中暂定' if lang == 'zh' else 'of which provisional'} {amount.text(unsure)}"
            whole = amount._replace(low=low, high=high)
            lines.append(f"{pick(PER[per], lang)} {whole.told} {amount.currency}（{note}）")
    return lines

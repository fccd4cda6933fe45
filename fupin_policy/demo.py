"""The demonstration: a registry extract in, each household's decisions and the departments' totals out.

In: a ruleset whose folder has `demo/households.csv` and `demo/members.csv`. Out: text. Called by the command line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from fupin_policy.core.decision import Decision, Evaluation, Status
from fupin_policy.diagnostics import InputError, Reporter
from fupin_policy.extract import read_extract
from fupin_policy.rendering import PER, Lang, evaluation_text, say
from fupin_policy.ruleset import Ruleset

_NOT_PAID_OUT = ("contribution", "loan")


def run_demo(ruleset: Ruleset, folder: Path, as_of: str, lang: Lang) -> str:
    """Decide every household of the folder's extract; raises InputError with every problem found in it."""
    reporter = Reporter()
    here = folder / "demo"
    households = read_extract(here / "households.csv", here / "members.csv", ruleset.program, reporter)
    reporter.raise_errors(InputError)
    evaluations = [ruleset.evaluate(household, as_of) for household in households]
    parts = [evaluation_text(evaluation, lang) for evaluation in evaluations]
    unpaid = frozenset(policy.id for policy in ruleset.policies if policy.versions[0].benefit.kind in _NOT_PAID_OUT)
    return "\n\n".join([*parts, totals_text(evaluations, unpaid, lang)])


def totals_text(evaluations: Iterable[Evaluation], unpaid: frozenset[str], lang: Lang) -> str:
    """Per lead department: households, persons, money by period, and what is open or rests on provisional figures.

    `unpaid` are policies whose amounts are no money given: what people pay themselves, and loans.
    """
    granted: dict[str, list[tuple[str, Decision]]] = {}
    for evaluation in evaluations:
        for decision in evaluation.decisions:
            if decision.status is not Status.INELIGIBLE:
                for body in decision.lead[:1]:
                    granted.setdefault(say(body, lang), []).append((evaluation.household, decision))
    title = "各牵头部门合计" if lang == "zh" else "Totals by lead department"
    lines = [title]
    for name in sorted(granted):
        lines.extend(_department(name, granted[name], unpaid, lang))
    return "\n".join(lines)


def _department(body: str, found: list[tuple[str, Decision]], unpaid: frozenset[str], lang: Lang) -> list[str]:
    sure = [(household, decision) for household, decision in found if decision.status is Status.ELIGIBLE]
    households = len({household for household, _ in sure})
    persons = len({(household, person) for household, decision in sure for person in decision.beneficiaries})
    open_ = sum(decision.status is Status.UNKNOWN for _, decision in found)
    words = ("户", "人", "项待定") if lang == "zh" else ("households", "persons", "open")
    lines = [f"  {body}  {households} {words[0]}  {persons} {words[1]}  {open_} {words[2]}"]
    paid = [decision for _, decision in sure if decision.policy not in unpaid]
    return lines + [f"      {line}" for line in _money(paid, lang)]


def _money(sure: list[Decision], lang: Lang) -> list[str]:
    """A line a period; an amount that is a range counts with both ends."""
    low: Counter[str] = Counter()
    high: Counter[str] = Counter()
    provisional: Counter[str] = Counter()
    text: dict[str, Decision] = {}
    for decision in sure:
        if decision.amount is not None:
            per = decision.amount.per
            low[per] += decision.amount.low
            high[per] += decision.amount.high
            provisional[per] += decision.amount.high if decision.provisional else 0
            text[per] = decision
    lines = []
    for per in PER:
        if per in text and (amount := text[per].amount) is not None:
            least, most, unsure = (amount.text(counter[per]) for counter in (low, high, provisional))
            figure = least if least == most else f"{least}–{most}"
            note = f"其中暂定 {unsure}" if lang == "zh" else f"of which provisional {unsure}"
            lines.append(f"{say(PER[per], lang)} {figure} {amount.currency}（{note}）")
    return lines

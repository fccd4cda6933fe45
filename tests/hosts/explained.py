"""What Python says to cases for why they are decided so, as far as JavaScript says it too.

In: rulesets with cases. Out: explanations as JSON texts. Called by `test_explanations`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from os.path import commonpath
from pathlib import Path
from typing import Any

from cases import Case

from fupin_policy import Evaluation, InputError, Ruleset
from fupin_policy.core.expressions import walk
from fupin_policy.core.periods import facts_on
from fupin_policy.core.snapshot import snapshots
from fupin_policy.decisions.missing import assumed_facts
from fupin_policy.diagnostics import Reporter
from fupin_policy.evaluators import interpreter
from fupin_policy.explanation import Explanation, ReasonFinder, explain, with_derived
from fupin_policy.explanation.sum_finder import SumFinder
from fupin_policy.intake import parse_json


def folder_of(ruleset: Ruleset) -> Path:
    """The folder of a ruleset's files: in an artifact these are named from it."""
    nodes = (node for one in snapshots(ruleset.program) for own in one.definitions for node in walk(own.expr))
    paths = {node.span.source.path for node in nodes if node.span is not None}
    return Path(commonpath([Path(path).parent for path in paths])) if paths else Path()


def told(ruleset: Ruleset, asked: Case, folder: Path) -> str:
    """What Python says, as JavaScript does: with all that is missing, without advice."""
    reporter = Reporter()
    household = parse_json(asked.text, reporter)
    try:
        reporter.raise_errors(InputError)
        evaluation = ruleset.evaluate(household, asked.as_of, assume=asked.assume)  # type: ignore[arg-type]
    except InputError as error:
        return _text({"problems": [one.as_json() for one in error.diagnostics]})
    found = [_shown(one, folder) for one in _explanations(ruleset, household, asked, evaluation)]
    return _text(found)


def _explanations(ruleset: Ruleset, household: Any, asked: Case, evaluation: Evaluation) -> list[Explanation]:
    read, day = ruleset.read(household, asked.as_of, assume=asked.assume)
    snapshot = facts_on(ruleset.snapshot(asked.as_of), day)
    traces = interpreter.trace(snapshot, read, day)
    finder = ReasonFinder(snapshot, traces, read.ids, assumed_facts(ruleset.program, read))
    sums = SumFinder.of(finder, read, day, [rule.policy.payable for rule in snapshot.rules])
    return [
        with_derived(replace(explain(finder, rule, decision, day), sum=sums.of_amount(rule)), evaluation.derived)
        for rule, decision in zip(snapshot.rules, evaluation.decisions, strict=True)
    ]


def _shown(one: Explanation, folder: Path) -> dict[str, Any]:
    def within(place: str | None) -> str | None:
        return None if place is None else Path(place).relative_to(folder).as_posix()

    reasons, whom, bodies = (
        tuple(replace(reason, place=within(reason.place)) for reason in some)
        for some in (one.reasons, one.whom, one.bodies)
    )
    found = replace(one, reasons=reasons, whom=whom, bodies=bodies)
    data = found.as_json()
    del data["advice"]
    return {**data, "text": found.text("zh"), "en": found.text("en")}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

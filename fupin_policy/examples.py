"""The examples that stand beside policies: run, and compared with what they expect.

In: a folder. Out: how many ran, and a diagnostic at the line of each that fails. Called by the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fupin_policy.core.decision import Decision
from fupin_policy.diagnostics import Diagnostic, InputError, Reporter
from fupin_policy.documents import model, read
from fupin_policy.ruleset import Ruleset, load

_KEYS = ("status", "amount", "beneficiaries", "missing", "provisional")


def run_examples(folder: Path) -> tuple[int, tuple[Diagnostic, ...]]:
    """Run every example, by both evaluators. Raises RulesetError where the ruleset itself has errors."""
    ruleset = load(folder)
    reporter = Reporter()
    ran = 0
    for policy in read(folder, reporter).policies:
        for example in policy.examples:
            ran += 1
            _run(ruleset, policy.id.text, example, reporter)
    return ran, reporter.diagnostics


def _run(ruleset: Ruleset, policy: str, example: model.ExampleDoc, reporter: Reporter) -> None:
    try:
        given = {"id": example.name.text, **example.household}
        evaluation = ruleset.evaluate(given, example.as_of.text)
        meant = ruleset.interpret(given, example.as_of.text)
    except InputError as error:
        for problem in error.diagnostics:
            words = {"zh": problem.sentence("zh"), "en": problem.sentence("en")}
            reporter.report("E401", example.span, name=example.name.text, place=problem.place, **words)
        return
    if evaluation != meant:
        raise AssertionError(f"the evaluators disagree on {example.name.text}")
    for name, wanted in _expectations(policy, example.expect):
        known = [decision.policy for decision in evaluation.decisions]
        if name not in known:
            reporter.report("N104", example.span, name=name)
            continue
        for key, found, expected in _differences(evaluation[name], wanted):
            reporter.report("E402", example.span, name=example.name.text, key=key, found=found, wanted=expected)


def _expectations(policy: str, expect: object) -> list[tuple[str, Mapping[str, Any]]]:
    """What is expected of which policy: of the example's own, or of those named."""
    if isinstance(expect, Mapping) and not set(expect) <= set(_KEYS):
        return [(name, _as_mapping(wanted)) for name, wanted in expect.items()]
    return [(policy, _as_mapping(expect))]


def _as_mapping(expect: object) -> Mapping[str, Any]:
    return expect if isinstance(expect, Mapping) else {"status": expect}


def _differences(decision: Decision, wanted: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    found = {key: (_found(decision, key), _wanted(key, value)) for key, value in wanted.items()}
    return [(key, got, expected) for key, (got, expected) in found.items() if got != expected]


def _found(decision: Decision, key: str) -> str:
    match key:
        case "status":
            return decision.status.value
        case "amount":
            amount = decision.amount
            if amount is None:
                return "-"
            low, high = amount.text(amount.low), amount.text(amount.high)
            return low if amount.exact else f"{low}..{high}"
        case "beneficiaries":
            return ", ".join(sorted(decision.beneficiaries))
        case "missing":
            return ", ".join(sorted({one.text for one in decision.missing}))
        case "provisional":
            return str(decision.provisional).lower()
        case _:
            return "?"


def _wanted(key: str, value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(sorted(str(one) for one in value))
    return str(value)

"""The examples that stand beside policies and targets: run, and compared with what they expect.

In: a folder. Out: how many ran, and a diagnostic at the line of each that fails. Called by the command line and
`analysis.coverage`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fupin_policy.core.decision import Decision, Evaluation, Missing
from fupin_policy.decisions.targets import Judgement
from fupin_policy.diagnostics import Diagnostic, InputError, Reporter
from fupin_policy.documents import Documents, model, read
from fupin_policy.documents.words import CHOICES, KEYS
from fupin_policy.ruleset import Ruleset, load

_NUMBER = re.compile(r"(-?[0-9]+)(?:\.([0-9]+))?")
_KEYS = ("status", "amount", "beneficiaries", "missing", "provisional")


@dataclass(frozen=True, slots=True)
class ExampleCase:
    """An example beside a policy or a target, with the rules that it is for."""

    owner: str
    target: bool
    rules: Ruleset
    example: model.ExampleDoc

    @property
    def given(self) -> Mapping[str, Any]:
        """The household or place as given, named after the example."""
        return {"id": self.example.name.text, **self.example.given}

    @property
    def about(self) -> tuple[str, ...]:
        """The policies or the target of which the example says what it expects."""
        return tuple(name for name, _ in _expectations(self.owner, self.example.expect))


def cases(ruleset: Ruleset, documents: Documents) -> Iterator[ExampleCase]:
    """Every example of a ruleset's documents."""
    for policy in documents.policies:
        rules = ruleset if policy.level in ("household", "member") else ruleset.of(policy.level)
        yield from (ExampleCase(policy.id.text, False, rules, example) for example in policy.examples)
    for target in documents.targets:
        rules = ruleset.of(target.level)
        yield from (ExampleCase(target.id.text, True, rules, example) for example in target.examples)


def run_examples(folder: Path) -> tuple[int, tuple[Diagnostic, ...]]:
    """Run every example, policies' by both evaluators. Raises RulesetError where the ruleset itself has errors."""
    reporter = Reporter()
    ran = 0
    for case in cases(load(folder), read(folder, Reporter())):
        ran += 1
        try:
            _judge(case, reporter) if case.target else _decide(case, reporter)
        except InputError as error:
            for problem in error.diagnostics:
                words = {"zh": problem.sentence("zh"), "en": problem.sentence("en")}
                name = case.example.name.text
                reporter.report("E401", case.example.span, name=name, place=problem.place, **words)
    return ran, reporter.diagnostics


def _decide(case: ExampleCase, reporter: Reporter) -> None:
    as_of = case.example.as_of.text
    evaluation = case.rules.evaluate(case.given, as_of)
    if evaluation != case.rules.interpret(case.given, as_of):
        raise AssertionError(f"the evaluators disagree on {case.example.name.text}")
    decimals = case.rules.program.decimals
    for name, wanted in _expectations(case.owner, case.example.expect):
        found = _decision(evaluation, name)
        if found is None:
            known = [decision.policy for decision in evaluation.decisions]
            reporter.report("N104", case.example.span, suggestion=reporter.suggest(name, known), name=name)
        else:
            _compare(case, {key: _found(found, key) for key in wanted}, wanted, reporter, decimals)


def _judge(case: ExampleCase, reporter: Reporter) -> None:
    found = {one.target: one for one in case.rules.judge(case.given, case.example.as_of.text)}
    for name, wanted in _expectations(case.owner, case.example.expect):
        _compare(case, {key: _stands(found[name], key) for key in wanted}, wanted, reporter)


def _decision(evaluation: Evaluation, policy: str) -> Decision | None:
    return next((decision for decision in evaluation.decisions if decision.policy == policy), None)


def _expectations(owner: str, expect: object) -> list[tuple[str, Mapping[str, Any]]]:
    """What is expected of which policy: of the example's own, or of those named."""
    if isinstance(expect, Mapping) and not set(expect) <= set(_KEYS):
        return [(name, _as_mapping(wanted)) for name, wanted in expect.items()]
    return [(owner, _as_mapping(expect))]


def _as_mapping(expect: object) -> Mapping[str, Any]:
    return expect if isinstance(expect, Mapping) else {"status": expect}


def _compare(
    case: ExampleCase, found: Mapping[str, str], wanted: Mapping[str, Any], reporter: Reporter, decimals: int = 0
) -> None:
    for key, value in wanted.items():
        expected = _amount(_wanted(value), decimals) if key == "amount" else _wanted(value)
        if found[key] != expected:
            name = case.example.name.text
            zh: dict[str, object] = {
                "key": KEYS[key][0],
                "found": _in_chinese(found[key]),
                "wanted": _in_chinese(expected),
            }
            en = {"key_en": key, "found_en": found[key], "wanted_en": expected}
            reporter.report("E402", case.example.span, suggestion=None, name=name, **zh, **en)


def _in_chinese(value: str) -> list[str]:
    """What a value lists, with the Chinese words for choices, as an example may have them."""
    words = {"true": "是", "false": "否", **{english: chinese[0] for english, chinese in CHOICES.items()}}
    return [words.get(part, part) for part in value.split(", ")]


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
            return _names(decision.missing)
        case "provisional":
            return str(decision.provisional).lower()
        case _:
            return "?"


def _amount(wanted: str, decimals: int) -> str:
    """An expected amount, or range of them, as amounts are written: `70` as `70.00`. What is none stays as it is."""
    return "..".join(_with_decimals(end.strip(), decimals) for end in wanted.split(".."))


def _with_decimals(text: str, decimals: int) -> str:
    found = _NUMBER.fullmatch(text)
    if found is None or (len(found[2] or "") > decimals and (found[2] or "")[decimals:].strip("0")):
        return text
    cents = (found[2] or "").ljust(decimals, "0")[:decimals]
    return f"{int(found[1])}.{cents}" if decimals else str(int(found[1]))


def _stands(judgement: Judgement, key: str) -> str:
    match key:
        case "status":
            return judgement.status.value
        case "missing":
            return _names(judgement.missing)
        case _:
            return "?"


def _names(missing: tuple[Missing, ...]) -> str:
    return ", ".join(sorted({need.text for need in missing}))


def _wanted(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(sorted(str(one) for one in value))
    return str(value)

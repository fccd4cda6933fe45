"""The examples that stand beside policies and targets: run, and compared with what they expect.

In: a folder. Out: how many ran, and a diagnostic at the line of each that fails; the day of most. Called by the command
line, `editor` and `analysis.example_coverage`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.decision import Amount, Decision
from fupin_policy.core.figures import Figure, FigureValue
from fupin_policy.core.missing import Missing
from fupin_policy.core.outputs import FigureDecl
from fupin_policy.core.types import Code, Truth
from fupin_policy.decisions.judgements import Judgement
from fupin_policy.diagnostics import Diagnostic, InputError, Reporter
from fupin_policy.documents import Documents, model, read
from fupin_policy.documents.extended_rulesets import extended_folder
from fupin_policy.documents.words import CHOICES, KEYS
from fupin_policy.ruleset import Ruleset, load

_NUMBER = re.compile(r"(-?[0-9]+)(?:\.([0-9]+))?")
_WHO = ("beneficiaries", "possible_beneficiaries", "lead", "possible_lead")
_KEYS = ("status", "amount", *_WHO, "missing", "provisional")


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
        return tuple(name for name, _ in wanted_of(self.owner, self.example.expect))

    @property
    def figures(self) -> tuple[str, ...]:
        """The terms of which it says what value it expects, as it calls them."""
        return tuple(figures_wanted(self.example.expect))


def cases(ruleset: Ruleset, documents: Documents) -> Iterator[ExampleCase]:
    """Every example of a ruleset's documents."""
    for policy in documents.policies:
        rules = ruleset if policy.level in ("household", "member") else ruleset.of(policy.level)
        yield from (ExampleCase(policy.id.text, False, rules, example) for example in policy.examples)
    for target in documents.targets:
        rules = ruleset.of(target.level)
        yield from (ExampleCase(target.id.text, True, rules, example) for example in target.examples)


def day_of_examples(folder: Path) -> str | None:
    """The day of most of the examples of a ruleset, of several the last; None where it has none."""
    documents = read(folder, Reporter())
    examples = [example for policy in documents.policies for example in policy.examples]
    examples += [example for target in documents.targets for example in target.examples]
    days = Counter(example.as_of.text for example in examples)
    return max(days, key=lambda day: (days[day], day), default=None)


def run_examples(folder: Path, settings: Sequence[str] = ()) -> tuple[int, tuple[Diagnostic, ...]]:
    """Run every example, policies' by both evaluators. Raises RulesetError where the ruleset itself has errors."""
    found = list(outcomes(load(folder, settings=settings), read(folder, Reporter())))
    reporter = Reporter()
    for _, faults in found:
        reporter.repeat(faults)
    return len(found), reporter.diagnostics


def outcomes(ruleset: Ruleset, documents: Documents) -> Iterator[tuple[ExampleCase, tuple[Diagnostic, ...]]]:
    """Every example of a ruleset's documents, run, with what is wrong with it."""
    for case in cases(ruleset, documents):
        yield case, outcome_of(case)


def outcome_of(case: ExampleCase) -> tuple[Diagnostic, ...]:
    """What is wrong with an example, once it is run."""
    reporter = Reporter()
    try:
        _judge(case, reporter) if case.target else _decide(case, reporter)
    except InputError as error:
        for problem in error.diagnostics:
            words = {"zh": problem.sentence("zh"), "en": problem.sentence("en")}
            name = case.example.name.text
            reporter.report("E401", case.example.span, name=name, place=problem.place, **words)
    return reporter.diagnostics


def of_base(folder: Path, failures: tuple[Diagnostic, ...]) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    """Failures parted: what is wrong, and where a ruleset differs from the one that it extends.

    An example of the base differs if the base's own rules fulfil it; that is what an overlay is for, and no fault.
    """
    base = extended_folder(folder)
    inherited = read(folder, Reporter()).inherited if failures and base is not None else frozenset[str]()
    asked = [one for one in failures if one.span is not None and one.span.source.path in inherited]
    if base is None or not asked:
        return failures, ()
    wrong, _ = of_base(base, run_examples(base)[1])
    differ = tuple(one for one in asked if one.span not in [failed.span for failed in wrong])
    return tuple(one for one in failures if one not in differ), differ


def _decide(case: ExampleCase, reporter: Reporter) -> None:
    as_of, wanted_figures = case.example.as_of.text, figures_wanted(case.example.expect)
    evaluation = case.rules.evaluate(case.given, as_of, wanted_figures)
    if evaluation != case.rules.interpret(case.given, as_of, wanted_figures):
        raise AssertionError(f"the evaluators disagree on {case.example.name.text}")
    decimals = case.rules.program.decimals
    known = {decision.policy: decision for decision in evaluation.decisions}
    for name, wanted in wanted_of(case.owner, case.example.expect):
        found = known.get(name)
        if found is None:
            reporter.report("N104", case.example.span, suggestion=reporter.suggest(name, known), name=name)
        else:
            _compare(case, _came_out(found, wanted, _KEYS), wanted, reporter, decimals)
    for name, wanted in wanted_figures.items():
        _compare_figure(case, evaluation.figure(name), wanted, reporter)


def figures_wanted(expect: object) -> Mapping[str, Any]:
    """What is expected of terms, by name."""
    found = expect.get("figures") if isinstance(expect, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _compare_figure(case: ExampleCase, figure: Figure, wanted: object, reporter: Reporter) -> None:
    """A figure against the value expected, or that of each member who is named."""
    by_member = wanted if isinstance(wanted, Mapping) else {None: wanted}
    found = {one.member: one for one in figure.values}
    for member, value in by_member.items():
        one = found.get(member)
        said = "-" if one is None else _said(one, figure.figure)
        expected = _as_said(value, figure.figure, one)
        if said != expected:
            whose = "" if member is None else f"{member} "
            words = {"key": f"“{whose}{figure.figure.words.zh}”", "key_en": f'"{whose}{figure.figure.words.en}"'}
            both = {"found": said, "found_en": said, "wanted": expected, "wanted_en": expected}
            name = case.example.name.text
            reporter.report("E402", case.example.span, suggestion=None, name=name, **words, **both)


def _said(one: FigureValue, figure: FigureDecl) -> str:
    """What a figure may be, in the form in which examples are compared."""
    match figure.type:
        case Truth():
            return one.told[0] if len(one.told) == 1 else "unknown"
        case Code():
            return ", ".join(sorted(one.told))
        case _:
            return "..".join(one.told)


def _as_said(wanted: object, figure: FigureDecl, found: FigureValue | None) -> str:
    """What an example says of a figure, in the same form: `70` as `70.00`, codes by whichever of their names."""
    text = _text(wanted)
    match figure.type:
        case Truth():
            return {"是": "true", "否": "false", "未知": "unknown"}.get(text, text)
        case Code():
            labels = (
                {} if found is None else {label.zh: name for label, name in zip(found.labels, found.told, strict=True)}
            )
            return ", ".join(sorted(labels.get(part, part) for part in text.split(", ")))
        case _:
            ends = _amount(text, figure.decimals).split("..")
            return "..".join(dict.fromkeys(ends))


def _judge(case: ExampleCase, reporter: Reporter) -> None:
    found = {one.target: one for one in case.rules.judge(case.given, case.example.as_of.text)}
    for name, wanted in wanted_of(case.owner, case.example.expect):
        _compare(case, _came_out(found[name], wanted, ("status", "missing")), wanted, reporter)


def wanted_of(owner: str, expect: object) -> list[tuple[str, Mapping[str, Any]]]:
    """What is expected of which policy: of the example's own, or of those named; of none where only of figures."""
    if isinstance(expect, Mapping) and "figures" in expect:
        expect = {name: wanted for name, wanted in expect.items() if name != "figures"}
    if isinstance(expect, Mapping) and not set(expect) <= set(_KEYS):
        return [(name, _as_mapping(wanted)) for name, wanted in expect.items()]
    return [(owner, _as_mapping(expect))]


def _as_mapping(expect: object) -> Mapping[str, Any]:
    return expect if isinstance(expect, Mapping) else {"status": expect}


def _compare(
    case: ExampleCase, found: Mapping[str, str], wanted: Mapping[str, Any], reporter: Reporter, decimals: int = 0
) -> None:
    for key, value in wanted.items():
        expected = _amount(_text(value), decimals) if key == "amount" else _text(value)
        if key == "provisional":
            expected = {"是": "true", "否": "false"}.get(expected, expected)
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


def _came_out(one: Decision | Judgement, wanted: Mapping[str, Any], known: Collection[str]) -> dict[str, str]:
    return {key: _text(getattr(one, key)) if key in known else "?" for key in wanted}


def _text(value: object) -> str:
    """What came out, or is expected, as it is compared."""
    match value:
        case None:
            return "-"
        case bool():
            return str(value).lower()
        case Enum():
            return str(value.value)
        case Amount(low, high):
            return "..".join(dict.fromkeys(map(value.text, (low, high))))
        case Bilingual():
            return value.zh
        case Missing():
            return value.text
        case tuple():
            return ", ".join(sorted({_text(one) for one in value}))
        case list():
            return ", ".join(sorted(map(str, value)))
        case _:
            return str(value)


def _amount(wanted: str, decimals: int) -> str:
    """An expected amount, or range of them, as amounts are written: `70` as `70.00`. What is none stays as it is."""
    return "..".join(_with_decimals(end.strip(), decimals) for end in wanted.split(".."))


def _with_decimals(text: str, decimals: int) -> str:
    found = _NUMBER.fullmatch(text)
    if found is None or (len(found[2] or "") > decimals and (found[2] or "")[decimals:].strip("0")):
        return text
    cents = (found[2] or "").ljust(decimals, "0")[:decimals]
    return f"{int(found[1])}.{cents}" if decimals else str(int(found[1]))

"""What tools of an assistant answer: the questions of `answers`, and searches in what a ruleset has.

In: rules and arguments. Out: `ToolAnswer`: text in both languages, and data. Called by `assistant_tools`.
Each raises FupinError with every problem found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fupin_policy.core.days import to_day
from fupin_policy.core.program import Program
from fupin_policy.core.registers import ClauseRef
from fupin_policy.diagnostics import InputError, Lang
from fupin_policy.ruleset import Ruleset, day_of
from fupin_policy.service import answers
from fupin_policy.service.asked import AskedBody
from fupin_policy.service.assistant_texts import (
    AnswerLines,
    clause_lines,
    comparison_lines,
    evaluation_lines,
    explanation_lines,
    fact_lines,
    in_both,
    interview_lines,
    name_lines,
    parameter_lines,
    policy_lines,
    timeline_lines,
)
from fupin_policy.service.catalogue import policies_data
from fupin_policy.service.registers_data import clause_data, clauses_data, facts_data, matching, named, parameters_data
from fupin_policy.service.shelf import ReadyRuleset

ToolArguments = Mapping[str, Any]
Describe = Callable[[str, str, Lang, str | None], Sequence[ToolArguments]]
"""What a name of the ruleset so called means, in a language, on a day or today: lines, and where it is used."""
MOST_FOUND = 40
"""How many entries a search answers; the others are counted."""


@dataclass(frozen=True, slots=True)
class AskedRules:
    """The rules that are asked, ready, and who tells what their names mean."""

    ready: ReadyRuleset
    describe: Describe

    @property
    def ruleset(self) -> Ruleset:
        """The rules."""
        return self.ready.ruleset


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """What a tool answers: text by language, and the same as data."""

    text: Mapping[str, str]
    data: ToolArguments


def evaluation_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """Every policy's decision."""
    return _answered(answers.evaluate(rules.ruleset, _raw(given)), evaluation_lines, rules.ruleset.program)


def explanation_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """Why decisions came out as they did."""
    return _answered(answers.explain(rules.ruleset, _raw(given)), explanation_lines, rules.ruleset.program)


def questions_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """What to ask next."""
    return _answered(answers.interview(rules.ruleset, _raw(given)), interview_lines, rules.ruleset.program)


def timeline_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """When decisions change."""
    return _answered(answers.timeline(rules.ruleset, _raw(given)), timeline_lines, rules.ruleset.program)


def comparison_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """What differs with other values."""
    found = answers.compare(rules.ruleset, _raw(given), rules.ready.with_settings)
    return _answered(found, comparison_lines, rules.ruleset.program)


def policies_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """The policies, or those in force on a day."""
    text, as_of = _searched(given, "as_of")
    found = policies_data(rules.ruleset)
    policies = found["policies"]
    if as_of is not None:
        day = to_day(day_of(rules.ruleset.program, as_of))
        on = {one.id for one in rules.ruleset.policies if one.version_on(day) is not None}
        policies = [one for one in policies if one["id"] in on]
    head = {**found, **({} if as_of is None else {"as_of": as_of})}
    return _found(head, "policies", matching(policies, text), policy_lines, rules.ruleset)


def facts_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """The facts that may be given."""
    return _found({}, "facts", matching(facts_data(rules.ruleset), _searched(given)[0]), fact_lines, rules.ruleset)


def parameters_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """The parameters over time."""
    found = matching(parameters_data(rules.ruleset), _searched(given)[0])
    return _found({}, "parameters", found, parameter_lines, rules.ruleset)


def clauses_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """The registered clauses."""
    found = matching(clauses_data(rules.ruleset), _searched(given)[0])
    return _found({}, "clauses", found, clause_lines, rules.ruleset)


def name_answer(rules: AskedRules, given: ToolArguments) -> ToolAnswer:
    """What a name means."""
    asked = AskedBody.of(_raw(given), ("name", "as_of"))
    name = asked.text("name")
    as_of = asked.text("as_of") if given.get("as_of") is not None else None
    asked.reporter.raise_errors(InputError)
    langs: tuple[Lang, ...] = ("zh", "en")
    found = {lang: rules.describe(rules.ruleset.id, name, lang, as_of) for lang in langs}
    return _answered({"ruleset": named(rules.ruleset), "names": found}, name_lines, rules.ruleset.program)


def _answered(found: ToolArguments, lines: AnswerLines, program: Program) -> ToolAnswer:
    """Data with the clauses that stand in it, and its text."""
    data = json.loads(_raw(found))
    return ToolAnswer(in_both(lines, data, program), {**data, "cited": _cited(data, program)})


def _raw(given: ToolArguments) -> bytes:
    return json.dumps(given, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _cited(data: object, program: Program) -> list[dict[str, Any]]:
    """Every clause that an answer rests on, once: its document, and what it says in our words."""
    refs: dict[tuple[str, str], dict[str, Any]] = {}

    def gather(value: object) -> None:
        match value:
            case {"source": str(source), "clause": str(clause)}:
                refs.setdefault((source, clause), clause_data(ClauseRef(source, clause), program))
            case Mapping():
                for one in value.values():
                    gather(one)
            case list():
                for one in value:
                    gather(one)

    gather(data)
    return [*refs.values()]


def _searched(given: ToolArguments, *more: str) -> tuple[str, str | None]:
    """The words to search for, and a day if one may be given and is. Raises InputError."""
    asked = AskedBody.of(_raw(given), ("text", *more))
    text = asked.text("text") if given.get("text") is not None else ""
    as_of = asked.text("as_of") if given.get("as_of") is not None and "as_of" in more else None
    asked.reporter.raise_errors(InputError)
    return text, as_of


def _found(head: ToolArguments, name: str, found: Sequence[Any], lines: AnswerLines, ruleset: Ruleset) -> ToolAnswer:
    """The first entries of a search, and how many there are."""
    data = {**head, "ruleset": named(ruleset), "found": len(found), name: list(found[:MOST_FOUND])}
    return ToolAnswer(in_both(lines, data, ruleset.program), data)

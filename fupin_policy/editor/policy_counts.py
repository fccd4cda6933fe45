"""What is known of each policy while it is written: its examples, the parts that none tries, whom it reaches.

In: the files of a ruleset as they stand in an editor, and where an extract of a registry is. Out: numbers for each
policy. Called by `policy_lenses`, which runs it as a process of its own: `python -m fupin_policy.editor.policy_counts`
takes a pickled request and prints JSON, so that what takes seconds delays no keystroke.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from fupin_policy.analysis.example_coverage import Key, coverage_of, tried_by
from fupin_policy.analysis.examples import outcomes
from fupin_policy.check import check
from fupin_policy.core.benefits import times
from fupin_policy.core.days import to_date, to_day
from fupin_policy.core.decision import Decision, Status
from fupin_policy.core.identifiers import DefinitionId, Part
from fupin_policy.diagnostics import FupinError, InputError, Reporter, Span
from fupin_policy.diagnostics.showing import json_line, tell
from fupin_policy.documents import Documents, documents_of
from fupin_policy.evaluators.wasm import compile_program
from fupin_policy.files.bounded import RulesetFiles
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.ruleset import Ruleset

_SHARED = ("term", "use")
"""Definitions that are no policy's own."""
MAX_HOUSEHOLDS, MAX_SECONDS = 2000, 10.0
"""How many households of an extract are decided at most, and for how long."""


@dataclass(frozen=True, slots=True)
class CountRequest:
    """The files as they stand, an extract (tables of households and of members) if there is one, and the day."""

    files: RulesetFiles
    extract: tuple[Path, Path] | None
    as_of: date


@dataclass(frozen=True, slots=True)
class PolicyCount:
    """Of one policy: examples and those that fail, parts that none tries, the households that it applies to.

    `low` and `high` are what these get in a year, or `once`, in the smallest units; None where it pays nothing.
    """

    examples: int = 0
    failed: int = 0
    untried: int = 0
    households: int = 0
    low: int | None = None
    high: int | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class UntriedPart:
    """A part of a condition, or a row (`value` 1), that no example tries, and a policy beside which one would do so.

    It is a part of the policy's own, or of a term on which that rests: `part`, `name`, `since`, `path` and `value` are
    the key of `example_coverage`. It is written in a `file`, from `start` to `end`.
    """

    policy: str
    file: str
    start: int
    end: int
    part: Part
    name: str
    since: int
    path: tuple[int, ...]
    value: int

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> UntriedPart:
        """The same from plain data."""
        return cls(**{**data, "path": tuple(data["path"])})

    @property
    def key(self) -> Key:
        """What names it."""
        return DefinitionId(self.part, self.name), self.since, self.path, self.value


@dataclass(frozen=True, slots=True)
class PolicyCounts:
    """Of each policy by its id what is known; how many households of how many were decided, and on which day.

    `why_not`, in both languages, says of an extract that could not be read why.
    """

    policies: Mapping[str, PolicyCount]
    decided: int = 0
    households: int = 0
    as_of: str = ""
    decimals: int = 2
    why_not: tuple[str, str] | None = None
    parts: tuple[UntriedPart, ...] = ()
    """What no example tries, of policies that have none as well."""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PolicyCounts:
        """What `python -m fupin_policy.editor.policy_counts` printed."""
        why = data["why_not"]
        policies = {name: PolicyCount(**one) for name, one in data["policies"].items()}
        parts = tuple(map(UntriedPart.from_json, data["parts"]))
        reason = None if why is None else (why[0], why[1])
        return cls(**{**data, "policies": policies, "why_not": reason, "parts": parts})


def counted(asked: CountRequest) -> PolicyCounts:
    """What is known of each policy. Raises RulesetError where the files have errors."""
    reporter = Reporter()
    documents = documents_of(asked.files, reporter)
    checked = reporter.result(check(documents, reporter))
    ruleset = Ruleset(checked, compile_program(checked), None, asked.files)
    missing = coverage_of(ruleset, documents, whole=True).missing
    found = dict(_of_examples(ruleset, documents, [key for key, _, _ in missing]))
    program = ruleset.program
    as_of = to_date(min(max(to_day(asked.as_of), program.covers.start), program.covers.end - 1))
    parts = tuple(_untried(ruleset, documents, missing))
    about = PolicyCounts(found, as_of=as_of.isoformat(), decimals=program.decimals, parts=parts)
    if asked.extract is None:
        return about
    reporter = Reporter()
    try:
        households = read_extract(*asked.extract, program, reporter)
        reporter.raise_errors(InputError)
        decided, reached = _decided(ruleset, households, as_of)
    except (FupinError, OSError) as error:
        return replace(about, why_not=_why(error))
    policies = {name: _reached(one, reached.get(name, [])) for name, one in found.items()}
    return replace(about, policies=policies, decided=decided, households=len(households))


def _of_examples(ruleset: Ruleset, documents: Documents, missing: Sequence[Key]) -> Iterator[tuple[str, PolicyCount]]:
    every, failed = Counter[str](), Counter[str]()
    for case, faults in outcomes(ruleset, documents):
        every[case.owner] += 1
        failed[case.owner] += any(one.severity == "error" for one in faults)
    untried = Counter(key[0].name.partition("/")[0] for key in missing if key[0].part not in _SHARED)
    for doc in documents.policies:
        name = doc.id.text
        yield name, PolicyCount(every[name], failed[name], untried[name])


def _untried(
    ruleset: Ruleset, documents: Documents, missing: Sequence[tuple[Key, str, Span | None]]
) -> Iterator[UntriedPart]:
    """What examples of policies for households and members would try; a term's part beside the first that uses it."""
    policies = [doc.id.text for doc in documents.policies if doc.level in ("household", "member")]
    beside: dict[DefinitionId, str] = {}
    for name in policies:
        for one in tried_by(ruleset.program, [name], ()):
            beside.setdefault(one.original, name)
    for key, _, span in missing:
        of, since, path, value = key
        if span is not None and of in beside:
            place = span.source.path, span.start, span.end
            yield UntriedPart(beside[of], *place, of.part, of.name, since, path, value)


def _decided(
    ruleset: Ruleset, households: Sequence[Mapping[str, Any]], as_of: date
) -> tuple[int, dict[str, list[Decision]]]:
    """How many households were decided before the time was over, and the decisions that something applies."""
    until, number, reached = time.monotonic() + MAX_SECONDS, 0, dict[str, list[Decision]]()
    for household in households[:MAX_HOUSEHOLDS]:
        for one in ruleset.evaluate(household, as_of).decisions:
            if one.status is Status.ELIGIBLE:
                reached.setdefault(one.policy, []).append(one)
        number += 1
        if time.monotonic() > until:
            break
    return number, reached


def _reached(one: PolicyCount, decisions: Sequence[Decision]) -> PolicyCount:
    paid = [found.amount for found in decisions if found.amount is not None]
    low = sum(amount.low * times(amount.per) for amount in paid) if paid else None
    high = sum(amount.high * times(amount.per) for amount in paid) if paid else None
    once = bool(paid) and all(amount.per == "once" for amount in paid)
    return replace(one, households=len(decisions), low=low, high=high, once=once)


def _why(error: FupinError | OSError) -> tuple[str, str]:
    if isinstance(error, OSError):
        return str(error), str(error)
    first = error.diagnostics[0]
    return f"{first.place} {first.sentence('zh')}", f"{first.place} {first.sentence('en')}"


def main() -> None:
    """Answer the request on standard input."""
    if hasattr(os, "nice"):
        os.nice(10)  # whoever types comes first
    asked: CountRequest = pickle.load(sys.stdin.buffer)
    tell(json_line(asdict(counted(asked))))


if __name__ == "__main__":
    main()

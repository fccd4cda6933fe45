"""An example for a part that none tries, found, written and tried, in a process of its own.

In: the files of a ruleset as they stand in an editor, the part, the place where the example goes. Out: its text; None
where none was found. Called by `example_fixes` as `python -m fupin_policy.editor.example_writer`, which takes a pickled
request and prints JSON. What it writes was read again from the file as it is then: it passes, and it tries the part.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Collection
from dataclasses import dataclass, replace

from fupin_policy.analysis.example_coverage import tried_in
from fupin_policy.analysis.example_search import found_example
from fupin_policy.analysis.examples import ExampleCase, outcome_of
from fupin_policy.check import check
from fupin_policy.diagnostics import Reporter
from fupin_policy.diagnostics.showing import json_line, tell
from fupin_policy.documents import Documents, documents_of
from fupin_policy.documents.model import PolicyDoc
from fupin_policy.editor.example_texts import ExamplePlace
from fupin_policy.editor.policy_counts import UntriedPart
from fupin_policy.evaluators.wasm import compile_program
from fupin_policy.files.bounded import RulesetFile, RulesetFiles
from fupin_policy.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """The files, the part, the path of the file of its policy and the place in it, and what the example is called."""

    files: RulesetFiles
    part: UntriedPart
    path: str
    place: ExamplePlace
    name: str


def written(asked: ExampleRequest) -> str | None:
    """The text to insert at the place. Raises RulesetError where the files have errors."""
    reporter = Reporter()
    documents = documents_of(asked.files, reporter)
    checked = reporter.result(check(documents, reporter))
    ruleset = Ruleset(checked, compile_program(checked), None, asked.files)
    policy = _policy(documents, asked.part.policy)
    found = None if policy is None else found_example(ruleset, policy, asked.part.key)
    if policy is None or found is None:
        return None
    name = _free(asked.name, {example.name.text for example in policy.examples})
    text = asked.place.text(name, found)
    return text if _holds(ruleset, asked, text, name) else None


def _holds(ruleset: Ruleset, asked: ExampleRequest, text: str, name: str) -> bool:
    """Whether the example, once it stands in the file, is read, passes and tries the part."""
    reporter = Reporter()
    layers = asked.files.files
    files = replace(asked.files, files=tuple(_inserted(one, asked, text) for one in layers))
    policy = _policy(documents_of(files, reporter), asked.part.policy)
    examples = () if policy is None or reporter.errors else policy.examples
    cases = [ExampleCase(asked.part.policy, False, ruleset, one) for one in examples if one.name.text == name]
    return len(cases) == 1 and not outcome_of(cases[0]) and asked.part.key in set(tried_in(cases[0]))


def _inserted(file: RulesetFile, asked: ExampleRequest, text: str) -> RulesetFile:
    if file.path.as_posix() != asked.path or file.data is None:
        return file
    now, at = file.data.decode("utf-8-sig"), asked.place.offset
    return replace(file, data=f"{now[:at]}{text}{now[at:]}".encode())


def _policy(documents: Documents, name: str) -> PolicyDoc | None:
    return next((one for one in documents.policies if one.id.text == name), None)


def _free(name: str, taken: Collection[str]) -> str:
    """A name that no other example of the policy has."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} {number}"
    return free


def main() -> None:
    """Answer the request on standard input."""
    asked: ExampleRequest = pickle.load(sys.stdin.buffer)
    tell(json_line(written(asked)))


if __name__ == "__main__":
    main()

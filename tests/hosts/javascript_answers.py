"""What JavaScript answers, beside what Python says.

In: rulesets with cases. Out: nothing; what differs fails. Called by tests of the package.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cases import Case, answer
from javascript_host import ROOT, node

from fupin_policy import Ruleset

Jobs = list[tuple[Ruleset, list[Case]]]
Ask = Callable[[Jobs], None]

needs_node = pytest.mark.skipif(node() is None, reason="no Node.js")

WHOLE = os.environ.get("FUPIN_HOSTS") == "whole"
"""Set by `make test-hosts`."""


def ask_node(jobs: Jobs, folder: Path) -> None:
    """Ask Node.js about cases, and compare with Python."""
    listed = jobs_of(jobs, folder)
    for job in listed:
        job["artifact"] = str(folder / job["artifact"])
    (folder / "jobs.json").write_text(json.dumps(listed), encoding="utf-8")
    program = ROOT / "tests" / "hosts" / "javascript" / "node.mjs"
    run([str(node()), str(program), str(folder / "jobs.json"), str(folder / "answers.json")])
    compare(jobs, json.loads((folder / "answers.json").read_text(encoding="utf-8")))


def jobs_of(jobs: Jobs, folder: Path) -> list[dict[str, Any]]:
    """Jobs as `answers.js` takes them; each artifact is written to the folder."""
    listed = []
    for number, (ruleset, cases) in enumerate(jobs):
        (folder / f"{number}.wasm").write_bytes(ruleset.compile())
        listed.append({"artifact": f"{number}.wasm", "cases": [vars(one) for one in cases]})
    return listed


def compare(jobs: Jobs, answers: Any) -> None:
    assert isinstance(answers, list), answers
    assert [len(found) for found in answers] == [len(cases) for _, cases in jobs]
    for (ruleset, cases), found in zip(jobs, answers, strict=True):
        for one, said in zip(cases, found, strict=True):
            assert said == answer(ruleset, one), one


def run(command: list[str], **environment: str) -> str:
    """What a command writes."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

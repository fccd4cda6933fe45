"""Small rulesets over twenty days. In: files as text. Out: programs, codes. Called by the tests of this folder."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from fupin_policy.check import check
from fupin_policy.core.program import Program
from fupin_policy.diagnostics import Reporter
from fupin_policy.documents import read

FIRST = date(2019, 1, 1)
DAYS = 20
COVER = [FIRST + timedelta(days=at) for at in range(DAYS)]
HEAD = f"kind: ruleset\nid: t\ntitle: {{zh: 试, en: T}}\ncovers: {COVER[0]}..{COVER[-1]}\nmembers: 0..1\n"
HEAD += "units: [{name: yuan, label: 元, money: CNY, decimals: 2}]\n"
FACTS = "kind: facts\nfacts:\n- {name: x, label: 数, for: household, type: number, unit: 元, range: 0..9}\n"
FACTS += "- {name: t, label: 属实, for: household, type: truth}\n"
SOURCES = "kind: sources\nsources:\n"
BODY = "kind: departments\ndepartments:\n- {id: d, names: [{valid: .., zh: 某局, en: D}]}\n"


def checked(**files: str) -> tuple[Program | None, list[str]]:
    """The program of a ruleset of these files, and the codes of what is reported."""
    reporter = Reporter()
    with tempfile.TemporaryDirectory() as name:
        for kind, text in {"ruleset": HEAD, "facts": FACTS, **files}.items():
            (Path(name) / f"{kind}.yaml").write_text(text, encoding="utf-8")
        documents = read(Path(name), reporter)
    return check(documents, reporter), [one.code for one in reporter.diagnostics if one.severity == "error"]


def sound(**files: str) -> Program:
    """The program of a ruleset in which nothing is wrong."""
    program, said = checked(**files)
    assert program is not None, said
    return program

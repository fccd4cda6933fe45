"""The examples in Python on the pages are well typed, and run where they need nothing but the shipped rulesets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from mypy import api

ROOT = Path(__file__).parents[2]
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))}
PAGES = {name: text for name, text in PAGES.items() if EXAMPLE.search(text)}
NOT_HERE = ("my-ruleset", "fupin_policy.batch.spark")
"""A ruleset of the reader's own, and Spark, whose tests are elsewhere."""


def module_of(text: str) -> str:
    """The examples of a page, one below the other, as a reader would type them; lines keep their numbers."""
    lines = [""] * (text.count("\n") + 1)
    for example in EXAMPLE.finditer(text):
        first = text.count("\n", 0, example.start(1))
        code = example[1].splitlines()
        lines[first : first + len(code)] = code
    return "\n".join(lines)


def test_examples_are_well_typed(tmp_path: Path) -> None:
    modules = [tmp_path / f"{name.lower()}_examples.py" for name in PAGES]
    for module, text in zip(modules, PAGES.values(), strict=True):
        module.write_text(module_of(text), encoding="utf-8")
    said, trouble, _ = api.run(["--config-file", str(ROOT / "pyproject.toml"), *map(str, modules)])
    assert trouble == "" and said.startswith("Success"), said + trouble


@pytest.mark.parametrize("page", PAGES)
def test_examples_run(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    ran = 0
    for example in EXAMPLE.findall(PAGES[page]):
        if not any(word in example for word in NOT_HERE):
            exec(example, names)
            ran += 1
    assert ran

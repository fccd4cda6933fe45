"""Rulesets under `docs/examples`, which pages quote, are whole: they load and their examples hold.

In: the folders. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_policy import load
from fupin_policy.analysis.examples import of_base, run_examples

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
FOLDERS = sorted(one.parent for one in EXAMPLES.rglob("ruleset.yaml") if one.parent.name != "mistakes")
"""All but the one that shows what a mistake looks like."""


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(EXAMPLES)))
def test_a_ruleset_that_pages_quote_is_whole(folder: Path) -> None:
    load(folder)
    ran, failures = run_examples(folder)
    wrong, differ = of_base(folder, failures)
    assert ran and wrong == ()
    assert bool(differ) == (folder.name == "no_basic_income")

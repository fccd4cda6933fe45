"""What an example expects is compared as amounts are written, however many decimals stand there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fupin_policy.analysis.examples import run_examples

LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"


@pytest.mark.parametrize(
    ("amount", "right"),
    [
        ("80.00", True), ("80", True), ("80.0", True), ("80.000", True), ("080", True), ("80.0000", True),
        ("80.001", False), ("80.01", False), ("80.10", False), ("8", False), ("800", False), ("80.", False),
        ("80.00..80.00", False), ("eighty", False),
    ],
)  # fmt: skip
def test_an_amount_is_the_same_with_other_zeros(tmp_path: Path, amount: str, right: bool) -> None:
    folder = Path(shutil.copytree(LESSON, tmp_path / "lesson"))
    file = folder / "policies.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count('amount: "80.00"') == 1
    file.write_text(text.replace('amount: "80.00"', f'amount: "{amount}"'), encoding="utf-8")
    ran, failures = run_examples(folder)
    assert ran and bool(failures) is not right

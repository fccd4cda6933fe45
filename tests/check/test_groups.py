"""A name of a benefit that only one policy has, which may be a slip of the pen."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_rulesets import policy, written

from fupin_policy.diagnostics import Reporter
from fupin_policy.ruleset import check_folder

GROUPED = "    for: member\n    benefit_group: {}\n    versions"


def grouped(folder: Path, *names: str) -> list[tuple[str, str | None]]:
    """What is found in a ruleset of a policy for each of these benefits: code and suggestion."""
    texts = (
        policy("成员数 >= 1", level="member", name=f"p{n}").replace(
            "    for: member\n    versions", GROUPED.format(name)
        )
        for n, name in enumerate(names)
    )
    written(folder, "- {name: a, label: 甲, for: household, type: truth}\n", "".join(texts))
    reporter = Reporter()
    check_folder(folder, reporter)
    return [(one.code, one.suggestion) for one in reporter.diagnostics if one.code == "N141"]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("生活补贴", "生活补贴"), []),
        (("生活补贴", "生活补帖"), [("N141", "生活补帖"), ("N141", "生活补贴")]),
        (("生活补贴", "护理费用", "护理费用"), [("N141", None)]),
    ],
)
def test_a_benefit_that_one_policy_names(
    tmp_path: Path, names: tuple[str, ...], found: list[tuple[str, str | None]]
) -> None:
    assert grouped(tmp_path, *names) == found

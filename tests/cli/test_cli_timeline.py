"""What the timeline prints."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_rulesets import policy, written

from fupin_policy.cli.main import main


def test_months_with_the_same_amount_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is perhaps due in each of several months counts once, and is no product."""
    benefits = {"a": ("10欧元", "month"), "b": ("7欧元", "once")}
    text = "".join(
        policy("甲" if name == "b" else "真", amount=amount, name=name).replace("per: month", f"per: {per}")
        for name, (amount, per) in benefits.items()
    )
    written(tmp_path, "- {name: x, label: 甲, for: household, type: truth}\n", text)
    (tmp_path / "h.json").write_text('{"id": "h", "members": []}', encoding="utf-8")
    asked = [
        "timeline",
        str(tmp_path / "h.json"),
        "--ruleset",
        str(tmp_path),
        "--from",
        "2019-11-01",
        "--to",
        "2020-02-10",
    ]
    assert main(asked) == 0
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "  2019-11 至 2020-02  政策a  10.00 × 4 个月 = 40.00",
        "  2019-11 至 2020-02  政策b  0.00–7.00，4 个月，合计 0.00–7.00",
        "  净额合计  40.00–47.00 欧元",
    ]

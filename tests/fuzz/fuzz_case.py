"""A case of the fuzz, and the valid seeds on the lesson's ruleset that cases are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from fuzz_mutations import bytes_mutated, lines_mutated

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"
DAY = "2019-06-30"
SECRET = "PaSs0rd"

HOUSEHOLDS = [
    ["户编号", "乡镇", "享受低保", "医疗费用"],
    ["0001", "东河镇", "是", "7000"],
    ["0002", "西山镇", "否", "1,820.00"],
    ["0003", "", "是", ""],
    ["0004", "东河镇", "", "0"],
]
MEMBERS = [
    ["户编号", "人编号", "出生日期", "残疾等级"],
    ["0001", "1", "1938-05-01", "一级"],
    ["0001", "2", "1959", "无残疾"],
    ["0002", "1", "1959/6/30", ""],
    ["0003", "1", "19400101", "二级"],
    ["0004", "1", "", "三级"],
    ["0004", "2", "2012-09-01", "9"],
]
ONE: dict[str, Any] = {
    "id": "h1",
    "乡镇": "东河镇",
    "享受低保": True,
    "医疗费用": {"min": "6000", "max": "8000"},
    "members": [
        {"id": "m1", "出生日期": "1938-05-01", "残疾等级": "无残疾"},
        {"id": "m2", "出生日期": "1959", "残疾等级": {"one_of": ["一级", "二级"]}},
    ],
}


@dataclass(slots=True)
class Case:
    """A command, what stands on its standard input, and what must hold of its result besides what always must."""

    command: list[str]
    given: bytes = b""
    holds: Callable[[int, str], str | None] = field(default=lambda code, out: None)


def lesson(command: str, *arguments: str | Path) -> list[str]:
    """A command on the lesson's ruleset that answers in JSON."""
    return [command, "--ruleset", str(LESSON), "--format", "json", *map(str, arguments)]


def text_mutated(text: str, chance: Random) -> bytes:
    """Lines changed, bytes changed, both, or neither."""
    data = lines_mutated(text, chance).encode() if chance.random() < 0.5 else text.encode()
    return bytes_mutated(data, chance, 2) if chance.random() < 0.5 else data

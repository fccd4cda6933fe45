"""Inputs of every command that writes, on the lesson's ruleset, and the command lines themselves.

In: a folder. Out: argument lists, what stands in a folder. Called by tests of commands and of files.
"""

from __future__ import annotations

from pathlib import Path

LESSON = Path(__file__).parents[1] / "docs" / "examples" / "lesson"
DAY = ["--as-of", "2019-06-30"]
HOUSEHOLDS = "户编号,乡镇,享受低保,医疗费用\nh1,东河镇,是,100\nh2,西山镇,是,\n"
MEMBERS = "户编号,id,出生日期,残疾等级\nh1,m1,1950-01-01,无残疾\nh2,m1,1930-01-01,一级\n"
ONE = {"户编号": "h1", "乡镇": "东河镇", "享受低保": "是", "members": [{"id": "m1", "出生日期": "1950-01-01"}]}


def asked(given: Path, command: str, output: Path) -> list[str]:
    """A command that writes to `output`."""
    tables, lesson = [str(given / "h.csv"), str(given / "m.csv")], ["--ruleset", str(LESSON)]
    result, one, to = str(given / "r.parquet"), str(given / "h.json"), ["-o", str(output)]
    return {
        "run": ["run", *lesson, *tables, *DAY, *to],
        "worklist": ["worklist", *lesson, result, *to],
        "synth": ["synth", "--households", "3", "--seed", "1", *to],
        "compile --c": ["compile", *lesson, "--c", str(output)],
        "map": ["map", *lesson, *tables, *to],
        "summary": ["summary", *lesson, result, *to],
        "diff": ["diff", str(LESSON), str(LESSON), "--data", *tables, *DAY, *to],
        "chart": ["chart", *lesson, *DAY, one, "--vary", "医疗费用", *to],
        "compile": ["compile", *lesson, *to],
        "interview": ["interview", *lesson, *DAY, one, *to],
        "audit": ["audit", "record", *lesson, *DAY, one, *to],
    }[command]


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that stands in a folder, with what it holds."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }

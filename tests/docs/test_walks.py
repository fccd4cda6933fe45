"""Walks through several commands that the guide shows: each runs in a folder of its own, from the first to the last.

A line `<!-- walk: NAME -->` stands before a block of commands, each after `$ `, with what they write; all blocks of a
name are one walk. `<!-- walk: NAME long -->` says once that it takes long. Besides `fupin` a line may have what is a
function of `STEPS`, such as `ls FOLDER`. In the folder stands `docs`, which is that of the repository.
A line that begins with `#` is what people do by hand: `# 打开 FILE` looks into a workbook or a table, `# 填 FILE CELL
TEXT` fills in a cell of a workbook.
`python tests/docs/test_walks.py [NAME…]` writes the real outputs into the pages.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from unittest import mock

import openpyxl
import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
MARKED = re.compile(r"^<!-- walk: (\w+)( long)? -->\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRESS = re.compile(r"(读入并分组|计算|写出|写名单和汇总) .*")


def walks() -> dict[str, tuple[list[str], bool]]:
    """By name the blocks of each walk, and whether it takes long."""
    found: dict[str, tuple[list[str], bool]] = {}
    for page in PAGES:
        for match in MARKED.finditer(page.read_text(encoding="utf-8")):
            blocks, long = found.get(match[1], ([], False))
            found[match[1]] = ([*blocks, match[3]], long or match[2] is not None)
    return found


def commands(block: str) -> list[str]:
    """The commands of a block."""
    return [line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")]


def output_of(command: str) -> str:
    """What a command writes, in this process, where we stand; of errors and notes too, but not how far it is."""
    from fupin_policy.cli.main import main

    words = shlex.split(command)
    if words[0] != "fupin":
        return "".join(f"{line}\n" for line in STEPS[words[0]](*words[1:]))
    out, err = io.StringIO(), io.StringIO()
    asked_nothing = mock.patch("sys.stdin", io.StringIO())
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), asked_nothing:
        main(words[1:])
    lines = [*out.getvalue().splitlines(), *err.getvalue().splitlines()]
    told = [re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", line) for line in lines if not PROGRESS.match(line)]
    return "".join(f"{line.rstrip()}\n" for line in told if line)


def listed(folder: str) -> list[str]:
    """What stands in a folder and those in it, without what is not shown."""
    paths = (one.relative_to(folder) for one in sorted(Path(folder).rglob("*")) if one.is_file())
    return [one.as_posix() for one in paths if not any(part.startswith(".") for part in one.parts)]


def entered(folder: str) -> list[str]:
    """Go into a folder; the walk's own is come back to at its end."""
    os.chdir(folder)
    return []


def edited(file: str, old: str, new: str) -> list[str]:
    """Write something else in a file, as its editor would."""
    path = Path(file)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file}: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return []


def copied(*paths: str) -> list[str]:
    """Copy files into a folder."""
    for path in paths[:-1]:
        shutil.copy(path, paths[-1])
    return []


def with_word(word: str, path: str) -> list[str]:
    """The lines of a file in which a word stands."""
    return [line for line in Path(path).read_text(encoding="utf-8").splitlines() if word in line]


def by_hand(what: str, path: str, cell: str = "", text: str = "") -> list[str]:
    """What people do with a file in a spreadsheet program."""
    if what == "填":
        book = openpyxl.load_workbook(path)
        book.worksheets[0][cell] = text
        book.save(path)
        return []
    assert what == "打开"
    if path.endswith(".csv"):
        with open(path, encoding="utf-8-sig", newline="") as file:
            found = [row for row in csv.DictReader(file) if row["代码"] != "B102"]
        return [f"{row['文件']} 第 {row['行']} 行 {row['栏']}：{row['原因和改法']}" for row in found]
    shown = [sheet for sheet in openpyxl.load_workbook(path) if sheet.sheet_state == "visible"]
    return [f"{sheet.title}：{'、'.join(str(cell.value) for cell in sheet[3] if cell.value)}" for sheet in shown]


STEPS: dict[str, Callable[..., list[str]]] = {
    "ls": listed,
    "cd": entered,
    "edit": edited,
    "cp": copied,
    "grep": with_word,
    "#": by_hand,
}


@contextlib.contextmanager
def somewhere() -> Iterator[None]:
    """A folder of its own, in which the documents stand."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("docs").symlink_to(ROOT / "docs")
        yield


def walked(block: str, real: Callable[[str], str] = output_of) -> str:
    """The commands of a block with what they write; where a last line is `…`, only as many lines as stand there."""
    told = []
    for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
        if not part.startswith("$ "):
            continue
        first, _, old = part.partition("\n")
        lines = real(first.removeprefix("$ ")).splitlines()
        shown = old.rstrip("\n").splitlines()
        if shown[-1:] == ["…"] and len(lines) >= len(shown):
            lines = [*lines[: len(shown) - 1], "…"]
        told += [first, *lines]
    return "".join(f"{line}\n" for line in told)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "blocks" in metafunc.fixturenames:
        found = [
            pytest.param(blocks, id=name, marks=[pytest.mark.long] if long else [])
            for name, (blocks, long) in walks().items()
        ]
        metafunc.parametrize("blocks", found)


def test_a_walk_goes_as_it_is_shown(blocks: list[str]) -> None:
    with somewhere():
        for block in blocks:
            assert commands(block) and walked(block) == block, "run `python tests/docs/test_walks.py`"


def fill(names: list[str]) -> None:
    """Write the real outputs of walks into the pages: of these, or of all."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for name in names or walks():
            with somewhere():
                text = MARKED.sub(partial(_filled, name), text)
        page.write_text(text, encoding="utf-8")


def _filled(name: str, match: re.Match[str]) -> str:
    if match[1] != name:
        return match[0]
    return f"<!-- walk: {match[1]}{match[2] or ''} -->\n```text\n{walked(match[3])}```"


if __name__ == "__main__":
    fill(sys.argv[1:])

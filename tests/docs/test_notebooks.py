"""The notebooks are executed, and what they print is what stands on their pages.

A page under `docs/notebooks` is run from its top in an empty folder beside which the rulesets lie. A block in Python is
a cell; a block `sh` holds commands of `fupin`; a block after `<!-- write: PATH -->` is written to a file; a block after
`<!-- out -->` is what the cell before it prints, or its beginning and `…`. In Python `fupin("…")` is what a command
tells. `python tests/docs/test_notebooks.py` fills in what is printed.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "notebooks").glob("*.md"))
CELL = re.compile(r"^(?:<!-- (out|write: \S+) -->\n)?```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commanded(line: str) -> str:
    """What a command writes. Raises AssertionError where it fails; that two rulesets differ is no failure."""
    from fupin_policy.cli.main import main

    written, aside = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(written), contextlib.redirect_stderr(aside):
        code = main(shlex.split(line))
    assert code == 0 or (code == 1 and line.startswith("diff ")), written.getvalue() + aside.getvalue()
    return written.getvalue()


def printed(code: str, names: dict[str, Any]) -> str:
    """What a cell in Python writes."""
    written = io.StringIO()
    with contextlib.redirect_stdout(written):
        exec(code, names)
    return written.getvalue()


def executed(page: Path) -> Iterator[tuple[re.Match[str], str]]:
    """Each block of what is printed, and what the cells since the last one really print."""
    names: dict[str, Any] = {"fupin": commanded}
    told = ""
    with TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name in ("docs", "policies"):
            Path(name).symlink_to(ROOT / name)
        for cell in CELL.finditer(page.read_text(encoding="utf-8")):
            kind, language, text = cell[1] or "", cell[2], cell[3]
            if kind == "out":
                yield cell, told
                told = ""
            elif kind:
                path = Path(kind.removeprefix("write: "))
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            elif language == "python":
                told += printed(text, names)
            elif language == "sh":
                told += "".join(commanded(line.removeprefix("fupin ")) for line in text.splitlines())
        assert told == "", "what the last cell prints stands nowhere"


LONG = {"reform"}
"""Those that compile several large rulesets."""


@pytest.mark.parametrize(
    "page", [pytest.param(one, marks=pytest.mark.long if one.stem in LONG else (), id=one.stem) for one in PAGES]
)
def test_a_notebook_prints_what_stands_there(page: Path) -> None:
    ran = 0
    for cell, told in executed(page):
        assert agrees(cell[3], told), f"run `python {Path(__file__).relative_to(ROOT)}`"
        ran += 1
    assert ran > 4


def agrees(block: str, told: str) -> bool:
    """Whether a block is what is printed, or its beginning followed by `…`."""
    shown = block.rstrip("\n")
    return plain(told).startswith(shown[:-1]) if shown.endswith("\n…") else shown == plain(told)


def plain(told: str) -> str:
    """What is printed, without spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in told.rstrip().splitlines())


def fill() -> None:
    """Write what is really printed into the pages."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for cell, told in reversed(list(executed(page))):
            lines, old = plain(told).splitlines(), cell[3].splitlines()
            shown = [*lines[: len(old) - 1], "…"] if old[1:] and old[-1] == "…" else lines
            text = "\n".join(
                [f"{text[: cell.start()]}<!-- out -->", f"```{cell[2]}", *shown, f"```{text[cell.end() :]}"]
            )
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    fill()

"""Outputs and excerpts pasted into the README and `docs/` are those of real runs and real files.

A line `<!-- run: fupin … -->` stands before a block with the command's output; a last line `…` in the block means
that it goes on. A line `<!-- from: PATH -->` stands before a block that is part of a file; a line
`<!-- talk: fupin … -->` before one with questions and, after `> `, what is answered.
`python tests/docs/test_readme.py` fills in the blocks of the first and the last kind.
"""

from __future__ import annotations

import contextlib
import functools
import io
import re
import shlex
import sys
from pathlib import Path
from unittest import mock

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "README.zh.md",
    ROOT / "hosts" / "js" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
MARKED = re.compile(r"^<!-- (run|from|talk): (.+?) -->\n\n?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAX_LINES = 70


def blocks(kind: str) -> list[tuple[str, str, str]]:
    """Page, command or path, and the block's text."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found += [
            (page.relative_to(ROOT).as_posix().removeprefix("docs/"), m[2], m[4])
            for m in MARKED.finditer(text)
            if m[1] == kind
        ]
    return found


@functools.cache
def output_of(command: str, answers: str = "") -> str:
    """What a command writes to whom it is told `answers`, in this process, from the top of the repository.

    Pages in both languages show the same commands; each is run once.
    """
    from fupin_policy.cli.main import main

    program, *arguments = shlex.split(command)
    assert program == "fupin", command
    written = io.StringIO()
    with (
        contextlib.chdir(ROOT),
        contextlib.redirect_stdout(written),
        contextlib.redirect_stderr(written),
        mock.patch("sys.stdin", io.StringIO(answers)),
    ):
        main(arguments)
    return written.getvalue()


def answers_in(block: str) -> list[str]:
    """What is answered in a block of questions."""
    return [line.removeprefix("> ") for line in block.splitlines() if line.startswith("> ")]


def talk_of(command: str, answers: list[str]) -> str:
    """The questions of a command with their answers, and what it says beside, without empty lines."""
    waiting, told = iter(answers), list[str]()
    for line in output_of(command, "".join(f"{one}\n" for one in answers)).splitlines():
        told += [line] if line else []
        told += [f"> {next(waiting, 'q')}"] if line.endswith(("？", "?")) else []
    return "".join(f"{line}\n" for line in told)


def agrees(block: str, output: str) -> bool:
    """Whether a block is the output, or its beginning followed by `…`."""
    shown, real = block.rstrip().splitlines(), output.rstrip().splitlines()
    if len(shown) > 1 and shown[-1] == "…":
        return shown[:-1] == real[: len(shown) - 1] and len(real) >= len(shown)
    return shown == real


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    asked = {"run": "page,command,block", "from": "page,path,block", "talk": "page,talk,block"}
    for kind, names in asked.items():
        if set(names.split(",")) <= set(metafunc.fixturenames):
            found = blocks(kind)
            metafunc.parametrize(names, found, ids=[f"{page}: {what}" for page, what, _ in found])


def test_pasted_output_is_real(page: str, command: str, block: str) -> None:
    output = output_of(command)
    assert agrees(block, output), f"{page}: run `python {Path(__file__).relative_to(ROOT)}`\n{output}"


def test_excerpt_is_part_of_its_file(page: str, path: str, block: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert block in text, f"{page}: the block is not in {path}"


def test_pasted_questions_are_asked(page: str, talk: str, block: str) -> None:
    answers = answers_in(block)
    real = talk_of(talk, answers)
    assert answers and block == real, f"{page}: run `python {Path(__file__).relative_to(ROOT)}`\n{real}"


def test_every_page_has_what_it_should() -> None:
    assert {page for page, _, _ in blocks("run")} >= {"README.md", "README.zh.md", "guide.zh.md", "guide.md"}


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            # whether a page that is made of a ruleset is there, Sphinx says
            made = target.startswith(("ruleset/", "assistance_rules/"))
            assert made or (page.parent / target).exists(), f"{page.name}: {target}"


def fill() -> None:
    """Write the real outputs into the pages."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        page.write_text(MARKED.sub(_filled, text), encoding="utf-8")


def _filled(match: re.Match[str]) -> str:
    if match[1] == "from":
        return match[0]
    if match[1] == "talk":
        return f"<!-- talk: {match[2]} -->\n```{match[3]}\n{talk_of(match[2], answers_in(match[4]))}```"
    old = match[4].rstrip().splitlines()
    most = len(old) - 1 if len(old) > 1 and old[-1] == "…" else MAX_LINES
    real = output_of(match[2]).rstrip().splitlines()
    shown = real if len(real) <= most else [*real[:most], "…"]
    return f"<!-- run: {match[2]} -->\n```{match[3]}\n" + "".join(f"{line}\n" for line in shown) + "```"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    fill()

"""What `docs/hosts.md` and the README of the package show is what a new user sees who follows them.

A line `<!-- node: FILE -->` stands before a block with what `node FILE` writes, `<!-- browser: FILE -->` before one
with what the page shows. `python tests/hosts/test_page.py` fills in the blocks. What is shown in JavaScript, HTML
or C is part of a file, so that it is run.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from browser import OPTIONS, chromium, serving
from javascript_host import PACKAGE, ROOT, node

from fupin_policy import load

PAGES = (ROOT / "docs" / "hosts.md", PACKAGE / "README.md")
EXAMPLES = ROOT / "docs" / "examples"
SHOWN = re.compile(r"(?:<!-- from: (\S+) -->\n\n?)?^```(javascript|js|mjs|typescript|ts|html|c)\n", re.MULTILINE)
MARKED = r"<!-- {kind}: (\S+) -->\n(\n?)```text\n(.*?)^```$"
"""Prettier leaves an empty line below a comment."""

Show = Callable[[Path, str], str]


def app(folder: Path) -> Path:
    """The folder that the page has its reader make, as `npm install DIRECTORY` leaves it."""
    for name in ("lesson", "bills"):
        (folder / f"{name}.wasm").write_bytes(load(EXAMPLES / name).compile(explanations=True))
    for path in [EXAMPLES / "household.json", *(EXAMPLES / "hosts").iterdir()]:
        if path.is_file():
            shutil.copy(path, folder)
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "fupin-policy").symlink_to(PACKAGE)
    return folder


def in_node(folder: Path, name: str) -> str:
    done = subprocess.run(
        [str(node()), name], cwd=folder, capture_output=True, encoding="utf-8", check=True, timeout=60
    )
    return done.stdout


def in_browser(folder: Path, name: str) -> str:
    """The text of the page's `<pre>`, once its script has run."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with serving(partial(Quiet, directory=str(folder))) as port, TemporaryDirectory() as profile:
        asked = ["--virtual-time-budget=5000", "--dump-dom", f"http://127.0.0.1:{port}/{name}"]
        command = [str(chromium()), *OPTIONS, f"--user-data-dir={profile}", *asked]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=60)
    shown = re.search(r"<pre[^>]*>(.*?)</pre>", done.stdout, re.DOTALL)
    assert shown is not None, done.stdout
    return f"{unescape(shown[1])}\n"


def blocks(kind: str) -> list[tuple[str, str]]:
    marked = re.compile(MARKED.format(kind=kind), re.MULTILINE | re.DOTALL)
    return [(block[1], block[3]) for page in PAGES for block in marked.finditer(page.read_text(encoding="utf-8"))]


@pytest.mark.skipif(node() is None, reason="no Node.js")
def test_the_output_of_node_is_real(tmp_path: Path) -> None:
    folder, found = app(tmp_path), blocks("node")
    assert {name for name, _ in found} == {path.name for path in (EXAMPLES / "hosts").glob("*.mjs")}
    for name, text in found:
        assert in_node(folder, name) == text, f"{name}: run `python tests/hosts/test_page.py`"


@pytest.mark.skipif(chromium() is None, reason="no Chromium")
def test_what_the_browser_shows_is_real(tmp_path: Path) -> None:
    ((name, text),) = blocks("browser")
    assert in_browser(app(tmp_path), name) == text


def test_nothing_is_shown_that_is_not_run() -> None:
    """The pages have their examples out of files: test_readme.py compares, the tests here and in test_c.py run them."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "hosts").glob("*/*.md")]
    pages += [page for kind in ("*.md", "adr/*.md", "notebooks/*.md") for page in (ROOT / "docs").glob(kind)]
    found = [(page, shown) for page in pages for shown in SHOWN.finditer(page.read_text(encoding="utf-8"))]
    assert {shown[2] for _, shown in found} >= {"javascript", "html", "c"}
    for page, shown in found:
        path, kind = shown[1], shown[2]
        assert path is not None, f"{page}: {kind}"
        folder = "c" if kind == "c" else "hosts"
        assert path.startswith(f"docs/examples/{folder}/") and (ROOT / path).is_file(), f"{page}: {path}"


def fill() -> None:
    """Write the real outputs into the pages."""
    shows: dict[str, Show] = {"node": in_node, "browser": in_browser}
    with TemporaryDirectory() as name:
        folder = app(Path(name))
        for page in PAGES:
            text = page.read_text(encoding="utf-8")
            for kind, show in shows.items():

                def filled(match: re.Match[str], kind: str = kind, show: Show = show) -> str:
                    return f"<!-- {kind}: {match[1]} -->\n{match[2]}```text\n{show(folder, match[1])}```"

                text = re.sub(MARKED.format(kind=kind), filled, text, flags=re.MULTILINE | re.DOTALL)
            page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    fill()

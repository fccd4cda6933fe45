"""The page of a summary in a browser: sorted, filtered, searched, with its script off, at 360 px and on paper.

It is listened to what the page asks of the network and says on the console.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from browser import OPTIONS, ROOT, chromium, serving

from fupin_policy import load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.reports.summary import Summary, summarize
from fupin_policy.reports.summary_page import as_html
from fupin_policy.ruleset import SHIPPED

HARNESS = ROOT / "tests" / "hosts" / "summary_in_browser.html"
pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the harness tells, what was asked of the server, and what the browser's console said."""

    told: dict[str, Any]
    asked: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    rules, output = load(), tmp_path_factory.mktemp("run") / "out.parquet"
    tables = (str(SHIPPED / "demo" / name) for name in ("households.csv", "members.csv"))
    run(Job(rules, next(tables), next(tables), "2019-06-30", output, asked=BatchRequest(missing=True)))
    return summarize([open_result(output, rules)], rules)


@pytest.fixture(scope="module")
def folder(summary: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.html").write_text(as_html(summary, load().program), encoding="utf-8")
    shutil.copy(HARNESS, folder)
    return folder


@pytest.fixture(scope="module")
def seen(folder: Path) -> Seen:
    return used(folder, "")


@contextmanager
def listening(folder: Path) -> Iterator[tuple[int, list[str]]]:
    asked: list[str] = []

    class Listening(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            asked.append(self.path)

    with serving(partial(Listening, directory=str(folder))) as port:
        yield port, asked


def used(folder: Path, way: str) -> Seen:
    with listening(folder) as (port, asked), TemporaryDirectory() as profile:
        address = f"http://127.0.0.1:{port}/{HARNESS.name}{way}"
        asking = ["--enable-logging=stderr", "--virtual-time-budget=20000", "--dump-dom", address]
        command = [str(chromium()), *OPTIONS, f"--user-data-dir={profile}", *asking]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120)
    shown = re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    assert shown is not None and shown[1], done.stdout[-2000:]
    told = json.loads(unescape(shown[1]))
    assert "error" not in told, told
    return Seen(told, asked, re.findall(r":CONSOLE.*", done.stderr))


def test_it_is_sorted_and_back(seen: Seen, summary: Summary) -> None:
    titles = [line.words.zh for line in summary.policies]
    households = sorted(line.households for line in summary.policies)
    assert seen.told["first"] == seen.told["again"] == titles
    assert seen.told["ascending"] == households and seen.told["descending"] == households[::-1]
    assert (seen.told["sorted"], seen.told["byKeyboard"]) == ("descending", "ascending")


def test_it_is_filtered(seen: Seen, summary: Summary) -> None:
    led = [line.words.zh for line in summary.policies if "市残联" in [body.zh for body in line.within]]
    assert sorted(seen.told["ofDepartment"]) == sorted(led) and 0 < len(led) < len(summary.policies)
    assert seen.told["count"] == f"显示 {len(led)} / {len(summary.policies)} 行"
    assert len(seen.told["open"]) == sum(line.open > 0 for line in summary.policies) and all(seen.told["open"])


def test_it_is_searched(seen: Seen, summary: Summary) -> None:
    found = seen.told["searched"]
    assert found and all("残联" in text and "残疾" in text for text in found)
    assert seen.told["elsewhere"] == 0 and seen.told["all"] == len(summary.policies)


def test_nothing_is_cut_off_on_a_telephone(seen: Seen) -> None:
    assert seen.told["wide"] <= 360 and seen.told["clipped"] == 0


def test_it_is_read_without_its_script(seen: Seen, summary: Summary) -> None:
    assert seen.told["without"] == len(summary.policies) and seen.told["tools"] == 0


def test_it_asks_for_nothing_and_complains_of_nothing(seen: Seen) -> None:
    wanted = {f"/{HARNESS.name}", "/page.html", "/page.html?still"}
    assert {path for path in seen.asked if path != "/favicon.ico"} == wanted
    # of the frame without scripts the browser says that it runs none
    assert seen.told["violations"] == [] and [line for line in seen.console if "?still" not in line] == []


def test_a_script_that_got_in_would_not_run(folder: Path) -> None:
    seen = used(folder, "#attack")
    assert seen.told["attacked"] is False
    assert {"script-src-elem", "img-src", "connect-src"} <= set(seen.told["violations"])
    assert not any("spy" in path for path in seen.asked)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")
def test_on_paper_each_page_repeats_the_heading_and_cuts_nothing_off(folder: Path, tmp_path: Path) -> None:
    with listening(folder) as (port, _), TemporaryDirectory() as profile:
        paper = [
            f"--print-to-pdf={tmp_path / 'page.pdf'}",
            "--no-pdf-header-footer",
            f"http://127.0.0.1:{port}/page.html",
        ]
        command = [str(chromium()), *OPTIONS, f"--user-data-dir={profile}", *paper]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
    asked = ["pdftotext", "-bbox", str(tmp_path / "page.pdf"), "-"]
    told = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True).stdout
    pages = told.split("<page ")[1:]
    size = r'width="([\d.]+)" height="([\d.]+)"'
    sizes = {tuple(round(float(one)) for one in found) for page in pages for found in re.findall(size, page)[:1]}
    assert sizes == {(842, 595)}  # A4 across, in points
    for page in pages:
        assert all(float(left) > 15 and float(right) < 827 for left, right in re.findall(EDGES, page))
    of_policies = pages[: next(at for at, one in enumerate(pages) if "按牵头部门" in one) + 1]
    assert len(of_policies) > 2 and all("主要待核实" in page for page in of_policies)


EDGES = r'<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)"'

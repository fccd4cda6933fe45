"""The documentation in a browser: its search finds Chinese and English words, and no page is wider than a telephone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import fupin_policy
from fupin_policy import testing

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "docs"), str(ROOT / "tests" / "hosts")]

from browser import OPTIONS, chromium, serving  # noqa: E402
from building import guide_pages, navigation, word_search  # noqa: E402

HARNESS = ROOT / "tests" / "docs" / "website_in_browser.html"
WORDS = {
    "低保": "guide.zh/03.html",
    "高龄津贴": "guide.zh/03.html",
    "医疗救助": "guide.zh/04.html",
    "残疾人": "ruleset/policies/disability.living_subsidy.html",
    "缺少": "guide.zh/04.html",
    "部门": "guide.zh/02.html",
    "金额": "guide.zh/03.html",
    "例子": "guide.zh/03.html",
    "工作单": "glossary.html",
    "渐退期": "guide.zh/13.html",
    "household": "developers.html",
    "eligible": "developers.html",
    "explanation": "architecture.html",
    "checksum": "adr/0027-checksum.html",
    "WebAssembly": "architecture.html",
    "audit": "modules.html",
    "thresholds": "adr/0031-thresholds.html",
    "PostgreSQL": "adr/0042-postgresql.html",
    "Spark": "developers.html",
    "B170": "errors.html",
}
"""Ten Chinese words and ten English ones, and a page that each must find."""
MAIN = (
    *(
        "index",
        "en",
        "guide.zh/03",
        "guide.zh/04",
        "guide.zh/08",
        "guide/04",
        "guide/07-03",
        "developers",
        "hosts",
        "language",
        "errors",
    ),
    *("ruleset/index", "ruleset/policies/index", "ruleset/policies/health.self_payment", "assistance", "adr/index"),
    *(
        "gallery",
        "notebooks/reform",
        "notebooks/embedding",
        "notebooks/sql",
        "api",
        "search",
        "genindex",
        "abi",
        "glossary",
    ),
)
pytest.importorskip("furo", reason="the extra docs is not installed")
needs_chromium = pytest.mark.skipif(chromium() is None, reason="no Chromium")


@pytest.fixture(scope="module")
def site() -> Path:
    """The site as it was built for these very files, or built now."""
    built = Path(sys.prefix) / "docs"
    index = built / "searchindex.js"
    kinds = (
        "docs/*.md",
        "docs/notebooks/*.md",
        "docs/_[st]*/**/*",
        "docs/adr/*",
        "docs/building/*.py",
        "policies/**/*.yaml",
        "grammar/*",
    )
    sources = [*(path for kind in kinds for path in ROOT.glob(kind)), ROOT / "docs" / "conf.py"]
    if not index.exists() or index.stat().st_mtime < max(path.stat().st_mtime for path in sources if path.is_file()):
        command = [
            sys.executable,
            "-m",
            "sphinx",
            "-W",
            "-q",
            "-j",
            "auto",
            "-b",
            "html",
            str(ROOT / "docs"),
            str(built),
        ]
        subprocess.run(command, check=True, timeout=600)
        index.touch()
    return built


def asked(site: Path, questions: dict[str, Any]) -> dict[str, Any]:
    """What the page of the harness tells."""

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            own = {"/asked.json": json.dumps(questions).encode(), f"/{HARNESS.name}": HARNESS.read_bytes()}
            if self.path in own:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(own[self.path])
            else:
                super().do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with serving(partial(Handler, directory=str(site))) as port:
        shown = re.search(r"<pre>(.*?)</pre>", dumped(f"http://127.0.0.1:{port}/{HARNESS.name}"), re.DOTALL)
    assert shown is not None and shown[1]
    told: dict[str, Any] = json.loads(unescape(shown[1]))
    assert "error" not in told, told
    return told


def dumped(address: str) -> str:
    """A page as it stands when its scripts have run."""
    with TemporaryDirectory() as profile:
        asking = [f"--user-data-dir={profile}", "--virtual-time-budget=600000", "--dump-dom", address]
        command = [str(chromium()), *OPTIONS, *asking]
        return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=300).stdout


@needs_chromium
def test_words_are_found(site: Path) -> None:
    found = asked(site, {"words": [*WORDS, "不存在的词"]})
    assert found.pop("不存在的词") == []
    assert {word: pages[:9] for word, pages in found.items() if WORDS[word] not in pages} == {}
    for word, pages in found.items():
        if word_search.is_chinese(word):
            texts = [re.sub("<[^>]*>", "", (site / page).read_text(encoding="utf-8")) for page in pages]
            assert sum(word in text for text in texts) >= 0.9 * len(texts), word


@needs_chromium
@pytest.mark.parametrize("word", ["高龄津贴", "户", "worklist"])
def test_words_are_found_without_a_server(site: Path, word: str) -> None:
    text = dumped(f"{(site / 'search.html').as_uri()}?q={word}")
    found = re.findall(r'<li[^>]*><a href="([^"?#]*)', text[text.index('id="search-results"') :])
    assert any(page.startswith("guide.zh/") for page in found), found


@needs_chromium
def test_main_pages_fit_a_telephone(site: Path) -> None:
    fit(site, [f"{page}.html" for page in MAIN])


@needs_chromium
@pytest.mark.long
def test_all_pages_fit_a_telephone(site: Path) -> None:
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    names = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["docnames"]
    assert len(names) > 700
    fit(site, [f"{name}.html" for name in names])


def fit(site: Path, pages: list[str]) -> None:
    widths = asked(site, {"pages": pages})
    assert len(widths) == len(pages)
    assert {page: one for page, one in widths.items() if one["needs"] > one["has"] or one["has"] > 360} == {}
    assert {page: one["cut"] for page, one in widths.items() if one["cut"]} == {}


def test_nothing_is_asked_of_other_places(site: Path) -> None:
    for page in ("index.html", "search.html", "guide.zh/03.html", "ruleset/index.html"):
        text = (site / page).read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?//[^"]*"', text) == []


def test_every_public_name_has_its_docstring_on_the_page(site: Path) -> None:
    told = set(re.findall(r'id="fupin_policy\.([\w.]+)"', (site / "api.html").read_text(encoding="utf-8")))
    public = {*fupin_policy.__all__, *(f"testing.{name}" for name in testing.__all__), "batch.BatchEvaluator"}
    public |= {f"Ruleset.{name}" for name in vars(fupin_policy.Ruleset) if not name.startswith("_")} - {
        "Ruleset.program"
    }
    assert sorted(public - told) == []


def test_a_question_is_cut_as_the_pages_are() -> None:
    language = word_search.ChineseAndEnglish({})
    for text in ("高龄津贴", "户", "低保Spark3天", "wasm_x 与 C"):
        assert set(word_search.asked(text)) <= set(language.split(text))
    assert word_search.asked("高龄津贴 B170") == ["高龄", "龄津", "津贴", "B170"]


def test_contents_that_are_made_at_the_top_serve_every_folder() -> None:
    tree = '<li class="toctree-l1"><a href="a.html">A</a></li><li class="toctree-l1"><a href="b/c.html">C</a></li>'
    other = '<a href="https://example.org/"></a><a href="#"></a>'
    assert navigation.from_below(tree + other, 0) == tree + other
    below = navigation.from_below(tree + other, 1)
    assert 'href="../a.html"' in below and 'href="../b/c.html"' in below and below.endswith(other)
    shown = navigation.marked(below, "../b/c.html")
    assert shown.count("current-page") == 1
    assert '<li class="current current-page toctree-l1"><a href="../b/c.html">' in shown


def test_contents_lead_to_pages_from_every_folder(site: Path) -> None:
    for page in ("index", "guide.zh/03", "guide/04-01", "ruleset/index", "ruleset/policies/index", "adr/index"):
        text = (site / f"{page}.html").read_text(encoding="utf-8")
        tree = text[text.index('<div class="sidebar-tree">') : text.index("</aside>")]
        links = re.findall(r'href="([^"#]+)', tree)
        assert len(links) > 10
        assert [one for one in links if not (site / page).parent.joinpath(one).is_file()] == [], page
        current = re.findall(r'<li class="[^"]*current-page[^"]*">\s*<a[^>]* href="([^"]*)', tree)
        listed = [one for one in links if (site / page).parent.joinpath(one).resolve() == site / f"{page}.html"]
        assert len(current) <= 1 and current == listed[:1], page


def test_a_guide_is_cut_into_sections() -> None:
    text = (
        "# G\n\n## A b\n\n[x](#c)\n\n```text\n## no\n```\n\n### C\n\n![p](pictures/p.png)\n\n## D\n\n"
        + "[y](g.md#a-b)\n" * 301
    )
    found = guide_pages.sections(text + "\n### E\n\nz\n")
    assert [(one.name, one.title, one.below) for one in found] == [
        ("01", "A b", ()),
        ("02", "D", ("02-01",)),
        ("02-01", "E", ()),
    ]
    places = guide_pages.homes(found)
    assert places == {"a-b": "01", "c": "01", "d": "02", "e": "02-01"}
    first, second, third = (guide_pages.page(one, places, "g.md") for one in found)
    assert "[x](01.md#c)" in first and "## C" in first and "\n## no\n" in first and "(../pictures/p.png)" in first
    assert "[y](01.md#a-b)" in second and "02-01\n```" in second and third.startswith("# E\n")
    assert guide_pages.linked("[a](../g.md#e)", {"g.md": places}) == "[a](../g/02-01.md#e)"

"""The pages of `fupin site` in Chromium, opened from the disk and without a network, as people use them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, chromium
from javascript_host import PACKAGE
from site_driver import Person, expected

from fupin_policy import Ruleset, load
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.reports.site.html_pages import html_pages

playwright = pytest.importorskip("playwright.sync_api", reason="no Playwright")
pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium")
AXE = PACKAGE / "node_modules" / "axe-core" / "axe.min.js"
ON = {"anqiu": "2019-06-30", "assistance": "2026-06-30"}
OTHER = {"anqiu": "2018-03-31", "assistance": "2027-03-31"}


@dataclass(frozen=True, slots=True)
class Site:
    """The pages of a ruleset, with households of its extract."""

    ruleset: Ruleset
    folder: Path
    households: list[Any]

    @property
    def on(self) -> str:
        return ON[self.ruleset.id]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as found:
        made = found.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture(scope="module", params=sorted(ON))
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Site:
    source = ROOT / "policies" / request.param
    ruleset, folder = load(source), tmp_path_factory.mktemp(request.param)
    for path, text in html_pages(ruleset, source):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    tables = (source / "demo" / name for name in ("households.csv", "members.csv"))
    return Site(ruleset, folder, list(read_extract(next(tables), next(tables), ruleset.program, Reporter())))


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page without a network. Nothing is asked of any, nothing is said on the console."""
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    asked, said = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script("addEventListener('securitypolicyviolation', (event) => console.log(event.violatedDirective))")
    yield page
    context.close()
    assert [one for one in asked if not one.startswith(("file:", "blob:"))] == []
    assert said == []


def held(shown: dict[str, Any], site: Site, household: Any, on: str, assume: bool = True) -> None:
    """The cards say what Python finds."""
    wanted = expected(site.ruleset.evaluate(household, on, assume=assume), site.ruleset.program)
    assert shown.keys() == wanted.keys()
    for policy, card in wanted.items():
        told = shown[policy]
        assert (told["part"], told["amount"]) == (card["part"], card["amount"]), policy
        begins = ("受益人：", "可能的受益人：", "还要知道：")
        assert [one for one in told["said"] if one.startswith(begins)] == card["said"], policy


def test_two_households_filled_in_by_hand(page: Any, site: Site) -> None:
    for household in site.households[:2]:
        person = Person(page, site.folder, site.on)
        unused = person.fill(household)
        held(person.shown(), site, household, site.on)
        assert set(unused) <= unasked(site)


@pytest.mark.long
def test_ten_households_filled_in_by_hand(page: Any, site: Site) -> None:
    for household in site.households[2:10]:
        person = Person(page, site.folder, site.on)
        assert set(person.fill(household)) <= unasked(site)
        held(person.shown(), site, household, site.on)


def unasked(site: Site) -> set[str]:
    """The facts on which no policy rests, and texts."""
    program = site.ruleset.program
    used = {one.fact for policy in program.policies for one in program.dependencies.facts(policy.told)}
    return {one.label for one in program.facts if one.name not in used}


def test_back_and_forth_in_time_and_without_assuming(page: Any, site: Site) -> None:
    household, other = site.households[0], OTHER[site.ruleset.id]
    person = Person(page, site.folder, site.on)
    person.fill(household)
    before = person.shown()
    page.fill("#on", other)
    held(person.shown(), site, household, other)
    page.fill("#on", site.on)
    assert person.shown() == before
    page.uncheck("#assume")
    held(person.shown(), site, household, site.on, assume=False)
    assert f"?on={site.on}" in page.url


def test_what_is_saved_is_what_python_takes_and_is_opened_again(page: Any, site: Site, tmp_path: Path) -> None:
    household = site.households[1]
    person = Person(page, site.folder, site.on)
    person.fill(household)
    before = person.shown()
    with page.expect_download() as found:
        page.click("#save")
    path = tmp_path / "household.json"
    found.value.save_as(path)
    held(before, site, json.loads(path.read_text(encoding="utf-8")), site.on)
    page.reload()
    page.wait_for_selector("#waiting", state="hidden")
    page.set_input_files("#open", path)
    page.wait_for_function(
        "(count) => document.querySelectorAll('.member').length === count", arg=len(household["members"])
    )
    assert person.shown() == before


def test_why_is_said_as_python_says_it_and_lights_up(page: Any, site: Site) -> None:
    household = site.households[0]
    person = Person(page, site.folder, site.on)
    person.fill(household)
    page.evaluate("document.querySelectorAll('details.part').forEach((one) => { one.open = true })")
    page.evaluate("document.querySelectorAll('.why').forEach((one) => { one.open = true })")
    page.wait_for_function("[...document.querySelectorAll('.why > div')].every((one) => one.firstChild)")
    told = page.evaluate(WHY)
    sums = page.evaluate(SUMS)
    said = {True: "成立", False: "不成立", None: "未定"}
    for explanation in site.ruleset.explain(household, site.on):
        data = explanation.as_json()
        wanted = [
            f"{said[one['holds']]} {one['member'].replace(', ', '、') + '：' if one['member'] else ''}"
            f"{one['text']['zh']}（实际：{one['value']['zh']}）"
            for one in [*data["reasons"], *data["beneficiaries"], *data.get("departments", [])]
        ]
        policy = data["decision"]["policy"]
        assert told[policy] == wanted
        assert (policy in sums) == (data["sum"] is not None)
        lines = sums.get(policy, "").splitlines()
        shown = "\n".join(f"    {line}" for line in lines)
        assert not lines or f"  计算：\n{shown}\n  " in f"{explanation.text('zh')}\n  "
    assert sums
    lit = page.locator(".why .holds rect, .why .fails rect, .why .open rect, .why .mixed rect").count()
    assert lit > 20 and page.locator(".why svg").count() > 10


SUMS = """() => Object.fromEntries([...document.querySelectorAll('.sum')].map((sum) => [
  sum.closest('.card').dataset.policy, sum.textContent]))"""
WHY = """() => Object.fromEntries([...document.querySelectorAll('.card')].map((card) => [card.dataset.policy,
  [...card.querySelectorAll('.why li[class]')].map((one) => one.textContent)]))"""


def test_what_is_wrong_is_said_where_it_is(page: Any, site: Site) -> None:
    Person(page, site.folder, site.on)
    box = page.locator(".household .field input[type=text]").first
    box.fill("很多")
    assert box.get_attribute("aria-invalid") == "true" and page.locator("#results.stale").count() == 1
    assert "很多" in page.locator("#problems").text_content()
    box.fill("100至200")
    assert box.get_attribute("aria-invalid") is None and not page.locator("#problems").is_visible()


def test_a_households_text_is_text(page: Any, site: Site) -> None:
    person = Person(page, site.folder, site.on)
    name = "<img src=x onerror=console.log(1)>"
    page.get_by_label("称呼").fill(name)
    page.locator(".household .field input[type=text]").first.fill(f"{name}")
    page.locator(".household .field input[type=text]").first.fill("")
    assert any(name in line for card in person.shown().values() for line in card["said"])
    assert page.locator("main img").count() == 0 and page.locator(".member h3").text_content() == name


def test_by_keyboard_alone(page: Any, site: Site) -> None:
    Person(page, site.folder, site.on)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    _tab_to(page, "document.activeElement.id === 'next'")
    left = page.locator("#left").text_content()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.field') !== null")
    page.keyboard.press("ArrowDown")
    if page.evaluate("document.activeElement.localName") == "input":
        page.keyboard.type("1")
    page.wait_for_function("(before) => document.getElementById('left').textContent !== before", arg=left)
    _tab_to(page, "document.activeElement.textContent === '添一名成员'")
    page.keyboard.press("Enter")
    assert page.locator(".member").count() == 2
    assert page.evaluate("document.activeElement.value") == "成员2"
    _tab_to(page, "document.activeElement.closest('.card') !== null")
    page.keyboard.press("Enter")


def _tab_to(page: Any, reached: str) -> None:
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            return
    raise AssertionError(reached)


def some_pages(site: Site) -> list[str]:
    kinds = [kind for kind in ("policies", "targets", "departments", "clauses") if (site.folder / kind).exists()]
    first = [min((site.folder / kind).glob("*.html")).relative_to(site.folder) for kind in kinds]
    return ["index.html", "parameters.html", "calculator.html", *map(str, first)]


def test_nothing_is_wider_than_a_telephone(page: Any, site: Site) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for name in some_pages(site):
        page.goto((site.folder / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: npm ci in hosts/js")
@pytest.mark.parametrize("width", [1280, 360])
def test_screen_readers_find_everything(page: Any, site: Site, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    for name in some_pages(site):
        page.goto((site.folder / name).as_uri())
        if name == "calculator.html":
            page.wait_for_selector("#waiting", state="hidden")
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run()")
        told = [(one["id"], node["html"][:160]) for one in found["violations"] for node in one["nodes"]]
        assert told == [], name


def test_the_date_counts_for_all_pages(page: Any, site: Site) -> None:
    page.goto((site.folder / "index.html").as_uri())
    page.fill("#on", site.on)
    assert page.url.endswith(f"index.html?on={site.on}")
    page.locator("#policies li a").first.click()
    assert page.input_value("#on") == site.on and page.url.endswith(f"?on={site.on}")
    hidden = page.evaluate("(on) => [...document.querySelectorAll('[data-from]')].filter((one) => one.hidden).length")
    page.click("#always")
    assert page.evaluate("document.querySelectorAll('[data-from][hidden]').length") == 0 <= hidden


def test_everything_is_found_by_a_word(page: Any, site: Site) -> None:
    page.goto((site.folder / "index.html").as_uri())
    title = site.ruleset.policies[0].title.zh
    page.fill("#find", title)
    shown = page.locator(".contents li:visible")
    assert 0 < shown.count() < 20 and any(title in text for text in shown.all_text_contents())
    assert re.fullmatch(r"找到 \d+ 项", page.locator("#found").text_content())


def test_a_script_that_got_in_could_tell_nobody(browser: Any, site: Site) -> None:
    page = browser.new_context(offline=True).new_page()
    page.goto((site.folder / "calculator.html").as_uri())
    attack = """() => new Promise((done) => {
      const seen = [];
      addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
      document.body.append(Object.assign(new Image(), { src: 'http://127.0.0.1:9/spy' }));
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.attacked = 1' }));
      fetch('http://127.0.0.1:9/spy').catch(() => setTimeout(() => done([seen, window.attacked ?? 0]), 50));
    })"""
    seen, attacked = page.evaluate(attack)
    assert attacked == 0 and {"img-src", "script-src-elem", "connect-src"} <= set(seen)
    page.context.close()

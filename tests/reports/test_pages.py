"""Pages of summaries and comparisons: one language, nothing of a registry's people, no script but their own."""

from __future__ import annotations

import csv
import re
import sys
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from small_rulesets import DAY, written

from fupin_policy import Evaluation, Ruleset, load
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.batch.results import RunResult, open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.cli.main import main
from fupin_policy.core.benefits import times
from fupin_policy.core.decision import Status
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.reports.comparison import Side, compare
from fupin_policy.reports.comparison_page import as_html as compared_html
from fupin_policy.reports.comparison_page import page_of_sides
from fupin_policy.reports.page_tables import year_sums
from fupin_policy.reports.summary import Summary, summarize
from fupin_policy.reports.summary_page import as_html
from fupin_policy.ruleset import SHIPPED

AS_OF = "2019-06-30"
DEMO = SHIPPED / "demo"
TABLES = str(DEMO / "households.csv"), str(DEMO / "members.csv")
HAN = re.compile("[一-鿿]")


@pytest.fixture(scope="module")
def rules() -> Ruleset:
    return load()


@pytest.fixture(scope="module")
def result(rules: Ruleset, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    output = tmp_path_factory.mktemp("run") / "out.parquet"
    run(Job(rules, *TABLES, AS_OF, output, asked=BatchRequest(missing=True)))
    return open_result(output, rules)


@pytest.fixture(scope="module")
def summary(rules: Ruleset, result: RunResult) -> Summary:
    return summarize([result], rules)


@pytest.fixture(scope="module")
def evaluations(rules: Ruleset) -> list[Evaluation]:
    households = read_extract(DEMO / "households.csv", DEMO / "members.csv", rules.program, Reporter())
    return [rules.evaluate(one, AS_OF) for one in households]


def words(page: str) -> str:
    """What is read on a page: no tags, script or style."""
    plain = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", plain))


def rows(page: str, section: str) -> list[list[str]]:
    """The cells of a section's table."""
    (found,) = re.findall(rf'<section id="{section}">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    told = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found.split("<tr")[1:])
    return [[words(cell).strip() for cell in row] for row in told]


class TestSummary:
    def test_policies_stand_in_the_order_of_the_rules(self, rules: Ruleset, summary: Summary) -> None:
        order = [policy.id for policy in rules.policies]
        keys = [line.key for line in summary.policies]
        assert keys == sorted(keys, key=order.index) and len(keys) > 40
        shown = [row[0].split("  ")[0].strip() for row in rows(as_html(summary, rules.program), "policies")]
        titles = [line.words.zh for line in summary.policies]
        assert [one.removesuffix("暂定").strip() for one in shown] == titles

    def test_a_page_is_in_one_language(self, rules: Ruleset, summary: Summary) -> None:
        english = words(as_html(summary, rules.program, "en"))
        # towns and villages have no English names
        places = {line.name for line in (*summary.places, *summary.villages)}
        for name in sorted(places, key=len, reverse=True):
            english = english.replace(name, "")
        assert HAN.findall(english) == []
        chinese = words(as_html(summary, rules.program))
        for word in ("households", "persons", "provisional", "By policy", "Civil Affairs", "a month", "/ "):
            assert word not in chinese

    def test_nobody_is_named(self, rules: Ruleset, summary: Summary) -> None:
        pages = as_html(summary, rules.program) + as_html(summary, rules.program, "en")
        secret = ("户主姓名", "姓名", "联系电话", "身份证号", "户编号", "人编号", "household", "id")
        seen = 0
        for table in TABLES:
            with open(table, encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    for name in (name for name in secret if row.get(name)):
                        assert row[name] not in pages, (name, row[name])
                        seen += 1
        assert seen > 300

    def test_the_yearly_sum_is_what_is_multiplied(self, rules: Ruleset, summary: Summary) -> None:
        ((low, high),) = [(one.low, one.high) for one in year_sums(summary.total.money) if not one.force]
        must = [one for one in summary.total.money if not one.force]
        assert low == sum(one.low * times(one.per) for one in must if one.per != "once")
        assert high == sum(one.high * times(one.per) for one in must if one.per != "once")
        assert any(one.per == "once" for one in must) and low > 0
        page = words(as_html(summary, rules.program))
        assert f"{low / 100:,.2f}–" in page and "× 12" in page and "一次（另计）" in page

    def test_what_is_to_be_asked_is_counted(
        self, rules: Ruleset, summary: Summary, evaluations: list[Evaluation]
    ) -> None:
        wanted: dict[str, set[str]] = {}
        for one in evaluations:
            for decision in one.decisions:
                if decision.status is not Status.INELIGIBLE:
                    for missing in decision.missing:
                        label = missing.label if missing.parameter is None else f"参数.{missing.parameter.zh}"
                        wanted.setdefault(label, set()).add(one.household)
        facts = summary.facts or ()
        assert {fact.name: fact.households for fact in facts} == {name: len(some) for name, some in wanted.items()}
        assert [fact.households for fact in facts] == sorted((fact.households for fact in facts), reverse=True)
        assert all(sum(count for _, count in fact.policies) == fact.decisions for fact in facts)
        shown = rows(as_html(summary, rules.program), "facts")
        assert [row[0] for row in shown] == [fact.words.zh for fact in facts]

    def test_villages_add_up_to_their_towns(self, summary: Summary) -> None:
        for town in summary.places:
            within = [line for line in summary.villages if line.within[0] == town.words]
            assert sum(line.households for line in within) == town.households
            assert sum(line.persons for line in within) == town.persons
            assert sum(line.open for line in within) == town.open
        assert len(summary.villages) > len(summary.places)

    def test_provisional_values_are_named_with_their_standing(self, rules: Ruleset, summary: Summary) -> None:
        named = {one.name for one in summary.provisional}
        assert named and {one.standing for one in summary.provisional} <= {"reported", "example"}
        unsure = {line.key for line in summary.policies if line.provisional}
        assert unsure <= {policy for one in summary.provisional for policy in one.policies}
        marked = {row[0] for row in rows(as_html(summary, rules.program), "policies") if row[0].endswith("暂定")}
        assert len(marked) == len(unsure)

    def test_of_several_days_the_tables_are_of_the_last(
        self, rules: Ruleset, result: RunResult, summary: Summary, tmp_path: Path
    ) -> None:
        run(Job(rules, *TABLES, "2019-05-31", tmp_path / "may.parquet"))
        both = summarize([open_result(tmp_path / "may.parquet", rules), result], rules)
        assert both.total == summary.total and both.places == summary.places and both.facts == summary.facts
        assert [line.name for line in both.months] == ["2019-05", "2019-06"] and both.months[
            1
        ].money == both.total.money
        assert len(rows(as_html(both, rules.program), "months")) == 2

    def test_what_was_refused_is_counted_without_a_name(self, rules: Ruleset, tmp_path: Path) -> None:
        head, *lines = Path(TABLES[0]).read_text(encoding="utf-8-sig").splitlines()
        at = head.split(",").index("危房等级")
        spoilt = [line.split(",") for line in lines]
        for row in spoilt[:3]:
            row[at] = "张三家的房"
        (tmp_path / "h.csv").write_text("\n".join([head, *map(",".join, spoilt)]), encoding="utf-8")
        run(Job(rules, str(tmp_path / "h.csv"), TABLES[1], AS_OF, tmp_path / "out.parquet"))
        found = summarize([open_result(tmp_path / "out.parquet", rules)], rules)
        (refused,) = [one for one in found.rejects if one.column == "危房等级"]
        assert (refused.rows, refused.households) == (3, 3)
        page = as_html(found, rules.program)
        assert "张三" not in page and [refused.code, "危房等级", "3", "3"] in rows(page, "rejects")
        assert found.facts is None and "fupin run --missing" in page


HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onclick='x'"
FACTS = """\
- {name: poor, label: 贫困户, for: household, type: truth}
- {name: wage, label: 工资, for: household, type: number, unit: 欧元, range: 0..9000}
"""


def hostile(folder: Path, amount: str) -> Side:
    title = HOSTILE.replace("'", "''")
    policy = (
        f"  - id: p.one\n    title: {{zh: '{title}', en: '{title}'}}\n    for: household\n    versions:\n"
        f"      - {{valid: .., when: 贫困户, benefit: {{kind: cash, amount: '{amount}', per: month}}, "
        "lead: [某局], basis: [s]}\n"
    )
    folder.mkdir()
    rules = written(folder, FACTS, policy)
    (folder / "h.csv").write_text("id,贫困户,工资\nh1,是,10\nh2,是,20\nh3,,30\n", encoding="utf-8")
    (folder / "m.csv").write_text("household,id\nh1,m1\nh2,m2\nh3,m3\n", encoding="utf-8")
    run(Job(rules, str(folder / "h.csv"), str(folder / "m.csv"), DAY, folder / "out.parquet"))
    return Side(open_result(folder / "out.parquet", rules), rules)


def test_what_a_ruleset_says_is_text(tmp_path: Path) -> None:
    sides = [hostile(tmp_path / "a", "5欧元"), hostile(tmp_path / "b", "6欧元")]
    summary = summarize([sides[0].result], sides[0].ruleset)
    for lang in ("zh", "en"):
        pages = as_html(summary, sides[0].ruleset.program, lang), page_of_sides(compare(*sides), sides, lang)
        for page in pages:
            assert HOSTILE in words(page)
            assert page.count("<script>") == page.count("</script>") == 1
            assert "<img" not in page and not re.search(r"<[^>]* onclick=", page)


def test_a_page_allows_its_own_script_and_style_only(rules: Ruleset, summary: Summary) -> None:
    page = as_html(summary, rules.program)
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    allowed = dict(part.split(" ", 1) for part in unescape(policy).split("; "))
    assert allowed["default-src"] == allowed["base-uri"] == allowed["form-action"] == "'none'"
    for tag, name in (("script", "script-src"), ("style", "style-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert allowed[name] == f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
    assert not re.search(r"<(link|img|iframe|form|object|embed)\b| style=| on\w+=|url\(|@import", page)


class TestComparison:
    def test_the_change_comes_first_and_both_states_after_it(self, tmp_path: Path) -> None:
        sides = [hostile(tmp_path / "a", "5欧元"), hostile(tmp_path / "b", "6欧元")]
        found = compare(*sides)
        assert [(one.name, one.more, one.within.zh) for one in found.biggest] == [(HOSTILE, 2, "未注明地点")]
        page = page_of_sides(found, sides, "zh")
        places = [page.index(f'id="{name}"') for name in ("biggest", "policies", "state-0", "state-1", "notes")]
        assert places == sorted(places)
        said = words(page)
        assert "+2.00 欧元" in said and "10.00 → 12.00" in said and "+24.00" in said
        assert [rows(page, f"{when}-policies")[0][-2:] for when in ("before", "after")] == [
            ["10.00", "120.00"],
            ["12.00", "144.00"],
        ]

    def test_nothing_that_changes_is_said(self, tmp_path: Path) -> None:
        side = hostile(tmp_path / "a", "5欧元")
        assert "没有户变动" in compared_html(compare(side, side))
        assert "No household is decided otherwise" in compared_html(compare(side, side), "en")


def test_the_commands_ask_for_the_language(rules: Ruleset, result: RunResult, tmp_path: Path) -> None:
    source, output = re.findall("'([^']*)'", result.relation)[0], tmp_path / "page.html"
    assert main(["summary", source, "-o", str(output), "--lang", "en"]) == 0
    assert '<html lang="en">' in output.read_text(encoding="utf-8")
    assert main(["summary", source, "-o", str(output)]) == 0
    assert '<html lang="zh-CN">' in output.read_text(encoding="utf-8")


def test_without_the_engine_of_templates_it_is_named(
    result: RunResult, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("fupin_policy.reports.") and "page" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    source = re.findall("'([^']*)'", result.relation)[0]
    assert main(["summary", source, "-o", str(tmp_path / "page.html")]) == 1
    shown = capsys.readouterr().err
    assert "B114" in shown and "jinja2" in shown and "fupin-policy[batch]" in shown
    assert main(["summary", source]) == 0

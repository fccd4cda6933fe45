"""The pages of `fupin site`: they lead to each other, ask for nothing, run only their own script, escape all text."""

from __future__ import annotations

import json
import posixpath
import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from small_rulesets import policy, written

from fupin_policy import load
from fupin_policy.analysis.clause_accounts import every_policy
from fupin_policy.cli.main import main
from fupin_policy.core.expressions import And, Expr, Fact, Not, Or
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.types import Truth
from fupin_policy.reports.site.html_pages import SitePages, html_pages
from fupin_policy.reports.site.ladder import is_ladder, ladder
from fupin_policy.reports.site.value_charts import chart

ASSISTANCE = Path(__file__).parents[2] / "policies" / "assistance"
LESSON = Path(__file__).parents[2] / "docs" / "examples" / "lesson"


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return dict(html_pages(load(LESSON), LESSON))


def test_no_link_leads_nowhere(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        for href in re.findall(r'href="([^"#]+)(?:#[^"]*)?"', text):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(path), href)) in pages, (path, href)
    assert "policies/health.medical_aid.html" in pages and "parameters.html" in pages


def test_only_their_own_script_and_style_may_run(pages: dict[str, str]) -> None:
    for text in pages.values():
        said = unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', text)[0])
        assert said.startswith("default-src 'none'") and "connect" not in said and "http" not in said
        for kind in ("script", "style"):
            ((own,),) = [re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)]
            assert f"{kind}-src 'sha256-{b64encode(sha256(own.encode()).digest()).decode()}'" in said
        addresses = set(re.findall(r"https?://[^\"' <]+", text))
        assert addresses <= {"http://www.w3.org/2000/svg"} and " src=" not in text


def test_what_a_ruleset_says_is_text(tmp_path: Path) -> None:
    attack = "'政<img src=x onerror=alert(1)></script><script>alert(2)</script>'"
    facts = "- {name: poor, label: 贫困, for: household, type: truth}\n"
    ruleset = written(tmp_path, facts, policy("poor").replace("政策p", attack))
    for text in dict(html_pages(ruleset, tmp_path)).values():
        assert text.count("<script>") == 1 and "<img" not in text


def test_the_command_writes_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["site", "--ruleset", str(LESSON), "-o", str(out), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["pages"] == len(list(out.rglob("*.html"))) and Path(told["first"]).exists()
    assert main(["site", "--ruleset", str(LESSON), "-o", str(out)]) == 0
    (out / "index.html").write_text("mine")
    assert main(["site", "--ruleset", str(LESSON), "-o", str(out)]) == 1
    assert (out / "index.html").read_text() == "mine"


def test_values_that_are_tried_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rate = f"参数.{load(LESSON).program.parameters['old_age_80'].label}=150"
    assert main(["site", "--ruleset", str(LESSON), "-o", str(tmp_path / "out"), "--set", rate]) == 0
    assert all("150" in text for text in re.findall(r'class="trial">(.*?)<', _first(tmp_path)))
    assert 'class="trial"' in _first(tmp_path)


def _first(folder: Path) -> str:
    return (folder / "out" / "index.html").read_text(encoding="utf-8")


def test_policies_stand_in_their_sections_or_else_under_who_leads_them() -> None:
    for ruleset in (load(), load(ASSISTANCE)):
        index = SitePages(ruleset, frozenset({"policies"}), None).contents()
        listed = unescape(index).partition('<section id="policies"')[2].partition("</section>")[0]
        groups = re.findall(r"<summary>(.*?) <small>(\d+)</small></summary>\s*<ul>(.*?)</ul>", listed, re.DOTALL)
        heads = {re.sub("<.*?>", "", head): re.findall(r"policies/(.*?)\.html", items) for head, _, items in groups}
        assert len(heads) == len(groups) > 5 and "open" in listed
        assert [len(some) for some in heads.values()] == [int(count) for _, count, _ in groups]
        policies = list(every_policy(ruleset.program))
        assert sorted(one for some in heads.values() for one in some) == sorted(one.id for one in policies)
        for policy_listed in policies:
            leaders = ruleset.program.departments[policy_listed.versions[-1].lead[0]].names
            section = policy_listed.section
            words = [section.words] if section else [one.name for one in leaders]
            named = [heads.get(f"{one.zh} {one.en}", []) for one in words]
            assert [policy_listed.id in some for some in named].count(True) == 1


def part(name: str) -> Expr:
    return Fact(InputId(name), "household", Truth())


A, B, C = part("on_allowance"), part("on_allowance"), part("on_allowance")


@pytest.mark.parametrize(
    ("expr", "boxes", "rails"),
    [
        (And((A, B, C)), 3, 0),
        (Or((A, B)), 2, 1),
        (And((A, Or((B, C)))), 3, 1),
        (Not(And((A, B))), 2, 1),
        (Not(Or((A, B))), 2, 0),
        (Not(Not(And((A, Or((B, C)))))), 3, 1),
    ],
)
def test_a_condition_as_a_ladder(expr: Expr, boxes: int, rails: int) -> None:
    """Alternatives stand between two rails, each of which is a level line; all else is below one another."""
    svg = ladder(expr, load(LESSON).program, "条件")
    assert is_ladder(expr) and svg.count('class="part"') == boxes
    wires = re.findall(r'class="wire" d="M([-\d.]+) ([-\d.]+)L([-\d.]+) ([-\d.]+)"', svg)
    assert sum(y == to_y for _, y, _, to_y in wires) == 2 * rails
    left = [float(x) for x in re.findall(r'<rect x="([-\d.]+)"', svg)]
    assert min(left) >= 0 and len(set(re.findall(r'data-part="([\d.]+)"', svg))) == boxes


def test_one_condition_alone_is_no_ladder() -> None:
    assert not is_ladder(A) and not is_ladder(Not(A))


def test_only_what_changes_is_drawn(tmp_path: Path) -> None:
    program = load().program
    drawn = {name for name, one in program.parameters.items() if chart(program, one)}
    assert drawn and all(len({value.validity for value in program.parameters[one].values}) > 1 for one in drawn)
    svg = chart(program, program.parameters[min(drawn)])
    assert 'data-first="2018-' in svg and svg.count('class="line') >= 1

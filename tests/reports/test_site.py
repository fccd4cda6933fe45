"""The pages of the shipped ruleset: one for everything, linked both ways, and nothing linked that is not there."""

from __future__ import annotations

import posixpath
import re

import pytest

from fupin_policy.analysis.clause_accounts import accounts, every_policy, every_target
from fupin_policy.core.expressions import And, Expr, Fact, Not, Or
from fupin_policy.core.identifiers import InputId
from fupin_policy.core.types import Truth
from fupin_policy.reports.site import pages
from fupin_policy.reports.site.case_tables import decision_table
from fupin_policy.ruleset import SHIPPED, check_folder

PAGES = pages(SHIPPED)
PROGRAM = check_folder(SHIPPED)


def links(path: str) -> set[str]:
    found = re.findall(r"\]\(([^)]+\.md)\)", PAGES[path])
    return {posixpath.normpath(posixpath.join(posixpath.dirname(path), one)) for one in found}


def test_there_is_a_page_for_everything() -> None:
    wanted = {f"policies/{policy.id}.md" for policy in every_policy(PROGRAM)}
    wanted |= {f"targets/{target.id}.md" for target in every_target(PROGRAM)}
    wanted |= {f"departments/{name}.md" for name in PROGRAM.departments}
    wanted |= {f"clauses/{one.clause.source}-{one.clause.id}.md" for one in accounts(PROGRAM)}
    assert {path for path in PAGES if not path.endswith("index.md")} == wanted


def test_no_link_leads_nowhere() -> None:
    assert [(path, one) for path in PAGES for one in links(path) if one not in PAGES] == []


def test_policies_and_clauses_lead_to_each_other() -> None:
    for account in accounts(PROGRAM):
        clause = f"clauses/{account.clause.source}-{account.clause.id}.md"
        for kind, names in (("policies", account.policies), ("targets", account.targets)):
            for name in names:
                assert f"{kind}/{name}.md" in links(clause)
                assert clause in links(f"{kind}/{name}.md")


def test_whoever_answers_is_linked_from_both_sides() -> None:
    for policy in every_policy(PROGRAM):
        for version in policy.versions:
            for department in (*version.lead, *version.cooperating):
                assert f"departments/{department}.md" in links(f"policies/{policy.id}.md")
                assert f"policies/{policy.id}.md" in links(f"departments/{department}.md")


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ("policies/health.self_payment.md", ["12000", "2071.50", "居民医保报销比例", "示例 / example", "<svg"]),
        ("policies/elderly.old_age_allowance.md", ["2018-12-31", "2019-01-01", "80.00", "安发"]),
        (
            "policies/disability.severe_nursing.md",
            ["若 / where", "残疾等级是一级 / disability level is", "重度残疾人护理补贴"],
        ),
        ("policies/registry.return.md", ["登记为 / entered as", "返贫"]),
        ("targets/village.income_2020.md", ["2020-12-31", "50000.00", "49999.99", "未达到"]),
        ("clauses/anfa-2018-31-4.2.md", ["市民政局", "sha256:", "低保老年人补贴起始年龄"]),
        ("departments/human_resources.md", ["移交的职能", "医疗保障", "市医疗保障局"]),
        ("clauses/anfa-2018-31-27.2.md", ["没有编码的原因"]),
    ],
)
def test_what_pages_say(page: str, wanted: list[str]) -> None:
    assert [one for one in wanted if one not in PAGES[page]] == []


def part(name: str) -> Expr:
    return Fact(InputId(name), "household", Truth())


A, B, C = part("a"), part("b"), part("c")


@pytest.mark.parametrize(
    ("expr", "rows"),
    [
        (And((A, B)), [{"a": True, "b": True}]),
        (Or((A, B)), [{"a": True}, {"b": True}]),
        (And((A, Or((B, Not(C))))), [{"a": True, "b": True}, {"a": True, "c": False}]),
        (Not(Or((A, B))), [{"a": False, "b": False}]),
        (Not(And((A, B))), [{"a": False}, {"b": False}]),
        (And((A, Not(A))), []),
    ],
)
def test_a_condition_as_rows(expr: Expr, rows: list[dict[str, bool]]) -> None:
    found = decision_table(expr, lambda node: str(node.input) if isinstance(node, Fact) else "?")
    assert found is not None and found[1] == rows


def test_too_many_rows_are_no_table() -> None:
    pairs = tuple(Or((part(f"x{i}"), part(f"y{i}"))) for i in range(5))
    assert decision_table(And(pairs), lambda node: str(node.input) if isinstance(node, Fact) else "?") is None

"""Summaries hold what the households were each decided to be entitled to."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from demo_result import DEMO, RULESET
from demo_result import evaluations as evaluations
from demo_result import result as result

from fupin_policy import Evaluation
from fupin_policy.batch.results import RunResult, open_result
from fupin_policy.batch.run import Job, run
from fupin_policy.core.benefits import sign
from fupin_policy.core.decision import Status
from fupin_policy.reports.summary import Summary, summarize
from fupin_policy.reports.summary_page import as_html
from fupin_policy.reports.summary_text import as_text


@pytest.fixture(scope="module")
def summary(result: RunResult) -> Summary:
    return summarize([result], RULESET)


def allowances(result: RunResult) -> pa.Table:
    """The rows of one policy, so that there are few workbooks."""
    return pq.read_table(result.relation.split("'")[1], filters=[("policy", "==", "elderly.old_age_allowance")])


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


class TestSummary:
    def test_policies_add_up(self, summary: Summary, evaluations: list[Evaluation]) -> None:
        for line in summary.policies:
            found = [d for e in evaluations for d in e.decisions if d.title.zh == line.name]
            sure = [d for d in found if d.status is Status.ELIGIBLE]
            assert line.households == len(sure)
            assert line.persons == sum(len(d.beneficiaries) for d in sure)
            paid = sum(
                (member.amount.low if member.amount else 0)
                for d in found
                for member in d.members
                if member.status is Status.ELIGIBLE
            ) + sum(d.amount.low for d in sure if d.amount and not d.members)
            way = sign(
                next(policy for policy in RULESET.policies if policy.title.zh == line.name).versions[0].benefit.kind
            )
            assert sum(money.low for money in line.money) == (paid if way >= 0 else -paid)

    def test_groups_agree_with_the_total(self, summary: Summary) -> None:
        for lines in (summary.departments, summary.places, summary.months):
            assert sum(line.open for line in lines) == summary.total.open
            for per in {money.per for money in summary.total.money}:
                parts = sum(money.low for line in lines for money in line.money if money.per == per)
                assert parts == sum(money.low for money in summary.total.money if money.per == per)

    def test_what_is_not_given_is_in_no_total(self, summary: Summary) -> None:
        kinds = {policy.title.zh: policy.versions[0].benefit.kind for policy in RULESET.policies}
        own = sum(m.low for line in summary.policies if sign(kinds[line.name]) for m in line.money)
        assert sum(money.low for money in summary.total.money) == own

    def test_the_page_needs_nothing_else(self, summary: Summary) -> None:
        page = _Links()
        text = as_html(summary, RULESET.program)
        page.feed(text)
        assert all(link.startswith("#") for link in page.links) and "http:" not in text and "https:" not in text
        for line in (*summary.policies, *summary.places):
            assert line.name.split(" / ")[0] in text
            assert line.words.zh in as_text(summary, RULESET.program)
            assert line.words.en in as_text(summary, RULESET.program, "en")

    def test_months_stand_side_by_side(self, result: RunResult, tmp_path: Path) -> None:
        own, inner = (str(DEMO / name) for name in ("households.csv", "members.csv"))
        run(Job(RULESET, own, inner, "2019-07-31", tmp_path / "july.parquet"))
        both = summarize([result, open_result(tmp_path / "july.parquet", RULESET)], RULESET)
        assert [line.name for line in both.months] == ["2019-06", "2019-07"]

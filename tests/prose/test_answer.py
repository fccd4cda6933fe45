"""One household on one screen: all that is granted, asked and assumed stands there, the rest is counted."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import policy, written

from fupin_policy import Ruleset, load
from fupin_policy.cli.common import household_text
from fupin_policy.core.decision import Status
from fupin_policy.core.evaluation import Evaluation
from fupin_policy.diagnostics import Lang
from fupin_policy.diagnostics.showing import in_columns, width_of
from fupin_policy.prose.answer import MISSING, QUESTIONS
from fupin_policy.testing import as_of_dates, households, rulesets

SLOW = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
LANGS: tuple[Lang, ...] = ("zh", "en")


def own(found: Evaluation, status: Status) -> list[str]:
    """The titles of what is decided so and is not surely for others."""
    return [one.title.zh for one in found.decisions if one.status is status and not one.is_of_others]


@SLOW
@given(st.data())
def test_what_is_granted_stands_there_and_what_is_refused_is_counted(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("rules")
    for name, text in data.draw(rulesets()).items():
        (folder / name).write_text(text, encoding="utf-8")
    ruleset = load(folder, cache=False)
    as_of = data.draw(as_of_dates(ruleset))
    found = ruleset.evaluate(data.draw(households(ruleset, as_of)), as_of)
    text = ruleset.text(found, "zh")
    lines = text.splitlines()
    assert lines[0] == f"{found.household}  {found.as_of.isoformat()}"
    for one in found.decisions:
        if one.status is Status.ELIGIBLE and not one.is_of_others:
            (row,) = (line for line in lines if re.match(rf"    {one.title.zh}(（[^）]*）)?(  |$)", line))
            assert one.amount is None or f" {one.amount.told} " in row
            assert one.beneficiaries_text in row
    refused = own(found, Status.INELIGIBLE)
    assert (f"  ✗ 不适用 {len(refused)} 项" in text) == bool(refused)
    assert ("现在没有可给的" in text) == (not own(found, Status.ELIGIBLE))
    assert "Policy" in ruleset.text(found, "en") or not own(found, Status.ELIGIBLE)


def asked(found: Evaluation) -> set[str]:
    """The facts that are missing to decide, by their labels."""
    open_ = [one for one in found.decisions if one.status is not Status.INELIGIBLE and not one.is_of_others]
    lacking = [missing for one in open_ for missing in (*one.missing, *one.departments_missing)]
    return {missing.label for missing in lacking if missing.parameter is None}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("assume", [True, False])
def test_each_fact_to_ask_has_a_line_or_is_counted(lang: Lang, assume: bool) -> None:
    ruleset = load()
    found = ruleset.evaluate({"id": "h", "members": [{"id": "m1"}, {"id": "m2"}]}, "2019-06-30", assume=assume)
    text = ruleset.text(found, lang)
    heading = {"zh": r"上门要问（(\d+) 项", "en": r"to ask on the visit \((\d+),"}[lang]
    count = re.search(heading, text)
    assert count is not None and int(count[1]) == len(asked(found)) > QUESTIONS
    after = text[count.start() :].splitlines()[1:]
    listed = [line for line in after[:QUESTIONS] if "  →  " in line]
    assert len(listed) == QUESTIONS and str(len(asked(found)) - QUESTIONS) in after[QUESTIONS]
    assert len(text.splitlines()) < 45


@pytest.mark.parametrize("lang", LANGS)
def test_what_a_figure_lacks_is_named_up_to_a_few(lang: Lang) -> None:
    ruleset = load(Path(__file__).parents[2] / "policies" / "assistance")
    found = ruleset.evaluate({"id": "h", "members": [{"id": "m1"}, {"id": "m2"}]}, "2026-06-30")
    income = next(one for one in found.figures if one.figure.check is None)
    names = list(dict.fromkeys(one.said(lang) for one in income.missing))
    assert len(names) > 2 * MISSING
    text, whole = (household_text(ruleset, found, lang, every) for every in (False, True))
    line, in_full = (next(row for row in said.splitlines() if row.startswith("  = ")) for said in (text, whole))
    assert all(name in line for name in names[:MISSING]) and names[MISSING] not in line and f" {len(names)} " in line
    assert all(name in in_full for name in names)


def test_what_is_paid_and_what_is_lent_is_no_money_that_is_given(tmp_path: Path) -> None:
    """Totals are of what goes one way."""
    given_ = policy("真", amount="10欧元", name="a") + policy("真", amount="5欧元", name="b")
    paid = policy("真", amount="3欧元", name="c").replace("kind: cash", "kind: contribution")
    lent = policy("真", amount="700欧元", name="d").replace("kind: cash", "kind: loan")
    ruleset = written(tmp_path, "- {name: x, label: 甲, for: household, type: truth}\n", given_ + paid + lent)
    text = ruleset.text(ruleset.evaluate({"id": "h", "members": []}, date(2019, 6, 30)), "zh")
    assert text.splitlines()[1:] == [
        "  钱（共每月 15.00 欧元）",
        "    政策a  每月 10.00 欧元  某局  S",
        "    政策b  每月 5.00 欧元   某局  S",
        "  自己要交的",
        "    政策c  每月 3.00 欧元  某局  S",
        "  可以借的",
        "    政策d  每月 700.00 欧元  某局  S",
    ]


def test_what_a_fact_opens_says_which_way_the_money_goes(tmp_path: Path) -> None:
    given_ = policy("甲", amount="10欧元", name="a")
    paid = policy("甲", amount="3欧元", name="c").replace("kind: cash", "kind: contribution")
    lent = policy("甲", amount="700欧元", name="d").replace("kind: cash", "kind: loan")
    ruleset = written(tmp_path, "- {name: x, label: 甲, for: household, type: truth}\n", given_ + paid + lent)
    found = ruleset.evaluate({"id": "h", "members": []}, date(2019, 6, 30))
    zh, en = (ruleset.text(found, lang).splitlines()[-1] for lang in LANGS)
    opened = "政策a（每月 0.00–10.00 欧元）、政策c（自付，每月 0.00–3.00 欧元）、政策d（可借，每月 0.00–700.00 欧元）"
    assert zh == f"    甲  →  {opened}"
    assert "c (own payment, 0.00–3.00 EUR a month)" in en and "d (loan, 0.00–700.00 EUR a month)" in en


def test_of_members_one_line_tells_what_is_asked_of_all(tmp_path: Path) -> None:
    facts = "- {name: x, label: 甲, for: member, type: truth}\n"
    ruleset: Ruleset = written(tmp_path, facts, policy("甲", level="member", amount="10欧元"))
    found = ruleset.evaluate({"id": "h", "members": [{"id": "m1"}, {"id": "m2"}]}, "2019-06-30")
    assert ruleset.text(found, "zh").splitlines()[1:] == [
        "  现在没有可给的",
        "  上门要问（1 项，关系到 1 项）",
        "    m1、m2.甲  →  政策p（每月 0.00–20.00 欧元）",
    ]


def test_columns_stand_under_one_another_by_their_width() -> None:
    rows = [["高龄津贴", "", "m1"], ["a", "", "m2"]]
    told = list(in_columns(rows))
    assert told == ["高龄津贴  m1", "a         m2"] and len({width_of(line) for line in told}) == 1

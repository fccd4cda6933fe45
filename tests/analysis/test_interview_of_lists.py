"""Questions about lists and months: how many items first, then each; and nothing that cannot matter.

In: households of which everything is known, asked about one fact after another. Out: assertions. Called by pytest.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import by_month
import of_lists
import pytest
from checked_ruleset import policy, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fupin_policy import InputError, Ruleset, load
from fupin_policy.analysis.interview import Interview, Question, decided, is_open
from fupin_policy.cli.main import main
from fupin_policy.core.days import to_day
from fupin_policy.core.declarations import ListDecl
from fupin_policy.intake.item_lists import items_given
from fupin_policy.testing import households

WHEN = to_day(of_lists.LAST)
BARE = {"id": "h", "members": [{"id": "m1"}]}


def rules(folder: Path, when: str, amount: str | None = None) -> Ruleset:
    folder.mkdir(exist_ok=True)
    return load(written(folder, of_lists.TERMS, policy(f'"{when}"', amount), facts=of_lists.FACTS), cache=False)


@pytest.fixture(scope="module")
def listy(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return of_lists.rules(tmp_path_factory.mktemp("listy"))


def truth_about(ruleset: Ruleset, household: Mapping[str, Any], question: Question) -> Any:
    """What the household says of what is asked."""
    owner: Mapping[str, Any] = household
    if question.member is not None:
        owner = next(one for one in household["members"] if one["id"] == question.member)
    keys = question.fact.keys if question.of is None else question.of.keys
    found = next((owner[key] for key in keys if key in owner), None)
    if isinstance(question.fact, ListDecl):
        return len(items_given(found))
    if question.of is not None and question.item is not None:
        item = items_given(found)[question.item]
        return next((item[key] for key in question.fact.keys if key in item), None)
    return found


def names(found: Interview) -> list[tuple[str, str | None]]:
    return [(one.name, one.member) for one in found.questions()]


def answered(found: Interview, name: str, answer: Any, member: str | None = None) -> Interview:
    question = next(one for one in found.questions() if (one.name, one.member) == (name, member))
    return found.answered(question, answer)


@settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_it_ends_with_everything_decided(listy: Ruleset, data: st.DataObject) -> None:
    household = data.draw(households(listy, of_lists.LAST, known=True))
    bare = {"id": household["id"], "members": [{"id": one["id"]} for one in household["members"]]}
    found = Interview(listy, bare, WHEN)
    while questions := found.questions():
        question = data.draw(st.sampled_from(questions))
        named = {(need.fact, need.member) for decision in found.evaluation.decisions for need in decision.missing}
        assert (question.name, question.member) in named and question.policies
        before = found.evaluation
        found = found.answered(question, truth_about(listy, household, question))
        assert not any(map(is_open, decided(before, found.evaluation)))
    (now,), (known,) = found.evaluation.decisions, listy.evaluate(household, of_lists.LAST).decisions
    assert (now.status, now.amount, now.missing) == (known.status, known.amount, ())


def test_how_many_there_are_is_asked_first_then_what_can_still_matter(tmp_path: Path) -> None:
    start = Interview(rules(tmp_path / "rules", "收入 > 0元 且 有(赡养人：月收入 > 3000元)"), BARE, WHEN)
    assert sorted(names(start)) == [("income", None), ("supporters", None)]
    assert names(answered(start, "supporters", 0)) == []
    two = answered(start, "supporters", "2")
    assert two.given["supporters"] == [{}, {}]
    monthly = ["supporters[1].monthly", "supporters[2].monthly"]
    assert sorted(name for name, _ in names(two)) == ["income", *monthly]
    rich = answered(two, monthly[1], "9000")
    assert names(rich) == [("income", None)] and rich.given["supporters"] == [{}, {"monthly": "9000"}]


def test_how_many_is_not_asked_where_nobody_cares(tmp_path: Path) -> None:
    found = Interview(rules(tmp_path / "rules", "收入 > 0元 且 有(赡养人：健在)"), BARE | {"收入": 0}, WHEN)
    assert names(found) == []


def test_an_amount_that_no_number_of_items_settles_is_not_asked_for(tmp_path: Path) -> None:
    """Where nobody knows the income, an amount that rests on it stays open, however many supporters there are."""
    found = Interview(rules(tmp_path / "rules", "收入 >= 0元", "收入 + 合计(赡养人：月收入)"), BARE, WHEN)
    assert names(answered(found, "income", None)) == []
    assert names(answered(found, "income", 5)) == [("supporters", None)]


def test_items_that_are_known_are_kept(tmp_path: Path) -> None:
    household = BARE | {"赡养人": {"at_least": [{"月收入": 5}]}}
    found = Interview(rules(tmp_path / "rules", "有(赡养人：月收入 > 3000元)"), household, WHEN)
    (question,) = found.questions()
    assert (question.name, question.least) == ("supporters", 1)
    with pytest.raises(InputError, match="H02"):
        found.answered(question, 0)
    with pytest.raises(InputError, match="H02"):
        found.answered(question, "x")
    three = found.answered(question, 3)
    assert three.given["supporters"] == [{"月收入": 5}, {}, {}] and "赡养人" not in three.given
    assert names(three) == [("supporters[2].monthly", None), ("supporters[3].monthly", None)]
    unknown = found.answered(question, None)
    assert names(unknown) == []


def test_bills_of_members_may_be_none_where_nobody_says(tmp_path: Path) -> None:
    """What the rules would assume is asked last; said to be unknown it is not assumed."""
    found = Interview(rules(tmp_path / "rules", "收入 > 0元 且 有(成员：有(就医记录：额 > 100元))"), BARE, WHEN)
    assert names(found) == [("income", None), ("bills", "m1")]
    one = answered(found, "bills", 1, "m1")
    assert one.given["members"] == [{"id": "m1", "bills": [{}]}]
    assert sorted(names(one)) == [("bills[1].cost", "m1"), ("income", None)]
    costly = answered(one, "bills[1].cost", 200, "m1")
    assert costly.given["members"] == [{"id": "m1", "bills": [{"cost": 200}]}] and names(costly) == [("income", None)]
    unknown = answered(found, "bills", None, "m1")
    assert unknown.given["members"] == [{"id": "m1", "bills": "unknown"}]
    assert is_open(answered(unknown, "income", 1).result().decisions[0])


def talk(monkeypatch: pytest.MonkeyPatch, folder: Path, answers: str, *arguments: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(answers))
    return main(["interview", "--ruleset", str(folder), "--as-of", "2019-06-01", *arguments])


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ["赡养人有几项（0–3）？", "赡养人第2项的月收入（元，0 到 "]),
        ("en", ["how many supporters (0–3)?", "monthly (item 2 of supporters) (yuan, 0 to "]),
    ],
)
def test_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, lang: str, said: list[str]
) -> None:
    rules(tmp_path / "rules", "有(赡养人：月收入 > 3000元)")
    assert talk(monkeypatch, tmp_path / "rules", "1\n9\n2\n?\n10\n5000\n", "--lang", lang) == 0
    captured = capsys.readouterr()
    assert all(line in captured.out for line in said) and "H02" in captured.err
    assert talk(monkeypatch, tmp_path / "rules", "1\n2\n10\n5000\n", "--format", "json") == 0
    asked = json.loads(capsys.readouterr().out)["questions"]
    assert [one["fact"] for one in asked] == ["supporters", "supporters[1].monthly", "supporters[2].monthly"]


def test_all_months_of_a_fact_are_one_question(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = tmp_path / "rules"
    files = (policy('"合计(工资, 近12个月) < 1000元"'),)
    ruleset = load(written(folder, *files, facts=by_month.FACTS), cache=False)
    start = Interview(ruleset, BARE, to_day(of_lists.LAST))
    (question,) = start.questions()
    assert question.name == "wage each" and len(question.periods) == 12
    assert (min(question.periods), max(question.periods)) == ("2018-07", "2019-06")
    assert start.answered(question, 5).questions() == ()
    months = start.answered(question, None)
    assert {one.name for one in months.questions()} == {f"wage {period}" for period in question.periods}
    assert talk(monkeypatch, folder, "1\n\n1200\n") == 0
    said = capsys.readouterr().out
    assert "工资（2018-07 至 2019-06）各期一样就填一个，不一样就空着、逐期再问（元，0 到 10万）？" in said

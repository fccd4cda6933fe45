"""Groups of which the highest is drawn: across periods, and between a household and its members."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, written

from fupin_policy import Ruleset
from fupin_policy.core.decision import Status

FACTS = """\
- {name: income, label: 收入, for: household, type: number, unit: 欧元, range: 0..1000}
- {name: poor, label: 困难, for: household, type: truth}
- {name: bonus, label: 加发, for: member, type: number, unit: 欧元, range: 0..100}
- {name: ill, label: 患病, for: member, type: truth}
- {name: old, label: 年老, for: member, type: truth}
"""
TIMES = {"day": 365, "month": 12, "quarter": 4, "term": 2, "half_year": 2, "year": 1}
KINDS: dict[str, tuple[str, str, str, Callable[[dict[str, Any], dict[str, Any]], tuple[bool, int]]]] = {
    "home": ("household", "困难", "收入", lambda home, _: (home["困难"], home["收入"])),
    "more": ("household", "收入 > 20欧元", "收入 × 2", lambda home, _: (home["收入"] > 20, 2 * home["收入"])),
    "ill": ("member", "患病", "加发", lambda _, one: (one["患病"], one["加发"])),
    "old": ("member", "年老", "30欧元", lambda _, one: (one["年老"], 30)),
}
"""By policy: whose it is, on what condition, how much; and what that is in plain Python."""


def small(folder: Path, listed: list[str], pers: dict[str, list[str]]) -> Ruleset:
    """The policies in one group; one of two periods has another from 2020 on."""
    folder.mkdir(parents=True, exist_ok=True)
    text = ""
    for name in listed:
        level, when, amount, _ = KINDS[name]
        text += f"  - id: {name}\n    title: {{zh: {name}项, en: Policy {name}}}\n    for: {level}\n    versions:\n"
        for valid, per in zip(["..2019-12-31", "2020-01-01.."], pers[name], strict=True):
            text += (
                f"      - {{valid: {valid}, when: '{when}', benefit: {{kind: cash, amount: '{amount}', per: {per}}}, "
                "lead: [某局], basis: [s]}\n"
            )
    group = f"{{id: g, title: {{zh: 组, en: Group}}, keep: highest, policies: [{', '.join(listed)}]}}"
    return written(folder, FACTS, f"{text}groups:\n  - {group}\n")


def drawn(listed: list[str], pers: dict[str, str], home: dict[str, Any]) -> dict[str, list[bool]]:
    """For each policy, of whom it is drawn: of the household, or of each member."""

    def best(level: str, one: dict[str, Any]) -> list[tuple[int, int, str]]:
        """What applies, the highest first and of several the first that is listed."""
        found = [(KINDS[name][3](home, one), name) for name in listed if KINDS[name][0] == level]
        weighed = [(amount * TIMES[pers[name]], -listed.index(name), name) for (holds, amount), name in found if holds]
        return sorted(weighed, reverse=True)[:1]

    people = [best("member", one) for one in home["members"]]
    house = best("household", {})
    of_members = [name for name in listed if KINDS[name][0] == "member"]
    if house and any(people):
        together = sum(value for found in people for value, _, _ in found)
        if (house[0][0], house[0][1]) > (together, -listed.index(of_members[0])):
            people = [[] for _ in people]
        else:
            house = []
    return {
        name: [bool(one) and one[0][2] == name for one in (people if KINDS[name][0] == "member" else [house])]
        for name in listed
    }


@st.composite
def homes(draw: st.DrawFn) -> dict[str, Any]:
    one = st.fixed_dictionaries({"患病": st.booleans(), "年老": st.booleans(), "加发": st.integers(0, 60)})
    members = draw(st.lists(one, max_size=3))
    named = [{"id": f"m{index}", **person} for index, person in enumerate(members)]
    return {"id": "h", "困难": draw(st.booleans()), "收入": draw(st.integers(0, 200)), "members": named}


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_as_counted_out_in_plain_python(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    listed = data.draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=2, unique=True))
    pers = {name: [data.draw(st.sampled_from(sorted(TIMES))) for _ in range(2)] for name in listed}
    rules = small(tmp_path_factory.mktemp("group"), listed, pers)
    for home in data.draw(st.lists(homes(), min_size=4, max_size=4)):
        for at, day in enumerate((DAY, "2020-06-30")):
            wanted = drawn(listed, {name: both[at] for name, both in pers.items()}, home)
            found = rules.evaluate(home, day)
            assert found == rules.interpret(home, day)
            for name in listed:
                decision = found[name]
                assert (decision.status is Status.ELIGIBLE) == any(wanted[name]), (name, home, day)
                if KINDS[name][0] == "member":
                    assert list(decision.beneficiaries) == [f"m{i}" for i, one in enumerate(wanted[name]) if one]
            unknown = {**home, "收入": {"min": home["收入"] // 2, "max": 2 * home["收入"]}}
            for name in listed:
                open_ = rules.evaluate(unknown, day)[name].status
                assert open_ in (Status.UNKNOWN, found[name].status)


def test_a_household_gets_more_than_its_members_together(tmp_path: Path) -> None:
    pers = {"home": ["year"] * 2, "ill": ["month"] * 2, "old": ["quarter"] * 2}
    rules = small(tmp_path, ["home", "ill", "old"], pers)
    people = [{"id": "a", "患病": True, "加发": 20, "年老": True}, {"id": "b", "患病": True, "加发": 9, "年老": False}]
    # a: the higher of 240 and 120 in a year; b: 108
    for income, wanted in ((348, "home"), (347, "ill")):
        home = {"id": "h", "困难": True, "收入": income, "members": people}
        found = rules.evaluate(home, DAY)
        assert [one.policy for one in found.decisions if one.status is Status.ELIGIBLE] == [wanted]
    (told,) = (one.text("zh") for one in rules.explain(home, DAY, "home"))
    assert "已由「ill项」优先" in told


def test_nobody_draws_twice_is_proven(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    from fupin_policy.analysis.verification.prove import prove

    rules = small(tmp_path, ["old", "home"], {"home": ["year"] * 2, "old": ["month"] * 2})
    found = prove(rules.program, 2)
    assert not [one for one in found if one.code == "V112"]

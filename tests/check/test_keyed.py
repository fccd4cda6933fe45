"""Parameters by several keys: codes, truths and numbers in ranges, of the household, a member or a term."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from checked_ruleset import BASE, checked, loaded, policy, written
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load

FACTS = BASE["facts.yaml"].replace(
    "facts:\n",
    "  - {name: kind, codes: [{code: '1', name: urban, label: 城镇}, {code: '2', name: rural, label: 农村}]}\nfacts:\n"
    "  - {name: kind_of, label: 户籍类别, for: household, type: code, codes: kind}\n"
    "  - {name: size, label: 人口, for: household, type: number, range: 1..9}\n",
)
TERM = "kind: terms\nterms:\n  - {name: many, label: 多人户, for: household, value: 人口 >= 4}\n"


def parameter(values: str, by: str = "[乡镇, 户籍类别]", name: str = "standard", label: str = "标准") -> str:
    return f"  - {{name: {name}, label: {label}, unit: 元, range: 0..9000, by: {by}, values: [{values}]}}\n"


def value(said: str, valid: str = "..") -> str:
    return f"{{valid: '{valid}', {said}, status: enacted, source: s 1}}"


def parameters(*given: str) -> str:
    return "kind: parameters\nparameters:\n" + "".join(given)


ROWS = "rows: [[东镇, 城镇, 700], [西镇, [城镇, 农村], 600], [东镇, rural, 500]]"


def amount(ruleset: Ruleset, day: str = "2019-06-30", **facts: Any) -> tuple[int, int]:
    household = {"id": "h", "甲": True, "收入": "0", **facts, "members": [{"id": "m"}]}
    decision = ruleset.evaluate(household, day)["p"]
    assert decision == ruleset.interpret(household, day)["p"] and decision.amount is not None
    return decision.amount.low // 100, decision.amount.high // 100


def test_it_is_looked_up_by_all_keys(tmp_path: Path) -> None:
    ruleset = loaded(tmp_path, parameters(parameter(value(ROWS))), policy("甲", "参数.标准"), facts=FACTS)
    for town, kind, exact in (
        ("东镇", "城镇", 700), ("东镇", "2", 500), ("西镇", "城镇", 600), ("west", "农村", 600),
    ):  # fmt: skip
        assert amount(ruleset, 乡镇=town, 户籍类别=kind) == (exact, exact)
    assert amount(ruleset, 乡镇="西镇") == (600, 600)
    assert amount(ruleset, 户籍类别="农村") == (500, 600)
    (explanation,) = ruleset.explain(
        {"id": "h", "甲": True, "乡镇": "东镇", "户籍类别": "农村", "members": [{"id": "m"}]}, "2019-06-30", "p"
    )
    assert [one.line("zh") for one in explanation.parameters] == ["标准（东镇，农村）：500.00 元（文件规定，s 1）"]


def test_a_code_called_others_is_not_the_rest(tmp_path: Path) -> None:
    facts = FACTS.replace("label: 农村}", "label: 农村}, {code: '9', name: others, label: 其他}")
    given = parameters(parameter(value("rows: [[其他, 500]], otherwise: 480"), "户籍类别"))
    ruleset = loaded(tmp_path, given, policy("甲", "参数.标准"), facts=facts)
    assert [amount(ruleset, 户籍类别=kind) for kind in ("其他", "城镇")] == [(500, 500), (480, 480)]


def test_keys_are_truths_ranges_and_terms(tmp_path: Path) -> None:
    said = value("rows: [[是, 任意, 300], [否, ..2, 100], [否, 3.., 200]]")
    given = parameters(parameter(said, "[多人户, 人口]"))
    ruleset = loaded(tmp_path, given, TERM, policy("甲", "参数.标准"), facts=FACTS)
    assert [amount(ruleset, 人口=size) for size in (1, 2, 3, 4, 9)] == [(n, n) for n in (100, 100, 200, 300, 300)]
    assert amount(ruleset) == (100, 300)
    (row, *_) = ruleset.program.parameters["standard"].rows
    assert (row.zh, row.en) == ("是，任意", "yes, any")


@pytest.mark.parametrize(
    ("rows", "meets"),
    [
        ("[西镇, ..2, 1]", False), ("[西镇, 6.., 1]", False), ("[东镇, 3..5, 1]", False), ("[东镇, 任意, 1]", False),
        ("[西镇, 3, 1]", True), ("[西镇, 5.., 1]", True), ("[西镇, ..3, 1]", True), ("[任意, 4, 1]", True),
        ("[西镇, 任意, 1]", True), ("[东镇, 任意, 1], [西镇, [1, 2, 5, 9], 1]", True),
        ("[西镇, [1, 2, 6, 9], 1]", False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_two_values_of_one_day_are_for_other_keys(tmp_path: Path, rows: str, meets: bool, turned: bool) -> None:
    given = [value("rows: [[西镇, 3..5, 2]]")]
    given.append(value(f"rows: [{rows}]", "2019-01-01.."))
    values = ", ".join(given[::-1] if turned else given)
    _, found = checked(tmp_path, parameters(parameter(values, "[乡镇, 人口]")), facts=FACTS)
    assert ("D101" in {one.code for one in found}) is meets


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("rows: [[东镇, 城镇, 700], [西镇, 任意, 600]]", ["N129"]),
        ("rows: [[东镇, 城镇, 700], [西镇, 任意, 600], [东镇, 农村, unknown]]", []),
        ("rows: [[东镇, 城镇, 700]], otherwise: 600", []),
        ("rows: [[东镇, 城镇, 700], [任意, 城镇, 1]], otherwise: 600", ["R304"]),
        ("rows: [[东镇, 700]], otherwise: 600", ["R305"]),
        ("rows: [[东阵, 城镇, 700]], otherwise: 600", ["N102"]),
        ("rows: [[东镇, 城镇, 70000]], otherwise: 600", ["R310"]),
        ("value: 600", []),
        ("value: 600, rows: [[东镇, 城镇, 700]]", ["Y207"]),
    ],
)
def test_gaps_and_overlaps(tmp_path: Path, said: str, codes: list[str]) -> None:
    _, found = checked(tmp_path, parameters(parameter(value(said))), facts=FACTS)
    assert [one.code for one in found] == codes


def test_two_values_for_the_same_keys_and_days(tmp_path: Path) -> None:
    both = f"{value(ROWS)}, {value('rows: [[西镇, 农村, 1]]', '2019-01-01..')}"
    _, found = checked(tmp_path, parameters(parameter(both)), facts=FACTS)
    assert [one.code for one in found] == ["D101"]
    apart = f"{value(ROWS.replace('[城镇, 农村]', '城镇'))}, {value('rows: [[西镇, 农村, 1]]', '2019-01-01..')}"
    _, found = checked(tmp_path, parameters(parameter(apart)), facts=FACTS)
    assert [one.code for one in found] == ["N129"]


def test_a_base_lifts_by_key(tmp_path: Path) -> None:
    given = parameters(
        parameter(value("value: {东镇: 300, 西镇: 600}"), "乡镇", "base", "基数"),
        parameter(value("rows: [[任意, 城镇, 参数.基数 - 参数.基数 + 7元]], otherwise: 参数.基数 ÷ 3 进位到 元")),
    )
    ruleset = loaded(tmp_path, given, policy("甲", "参数.标准"), facts=FACTS)
    assert [amount(ruleset, 乡镇=town, 户籍类别="农村") for town in ("东镇", "西镇")] == [(100, 100), (200, 200)]
    assert amount(ruleset, 户籍类别="城镇") == (7, 7)
    assert amount(ruleset) == (7, 200)


def test_what_is_looked_up_by_one_key_is_worked_out_key_by_key(tmp_path: Path) -> None:
    given = parameters(
        parameter(value("value: {东镇: 100, 西镇: 300}"), "乡镇", "base", "基数"),
        parameter(value("value: {东镇: 3, 西镇: 1}"), "乡镇", "share", "份数").replace("unit: 元, ", ""),
        parameter(value("value: 参数.基数 × 参数.份数"), "乡镇"),
    )
    assert amount(loaded(tmp_path, given, policy("甲", "参数.标准"))) == (300, 300)


def test_the_keys_of_a_base_are_among_its_own(tmp_path: Path) -> None:
    given = parameters(
        parameter(value("value: {东镇: 300, 西镇: 600}"), "乡镇", "base", "基数"),
        parameter(value("value: 参数.基数 × 2"), "户籍类别"),
    )
    _, found = checked(tmp_path, given, facts=FACTS)
    assert [one.code for one in found] == ["N172"]


TOWNS, KINDS, SIZES = ("东镇", "西镇"), ("城镇", "农村"), (1, 2, 3, 9)


@settings(max_examples=8, deadline=None)
@given(st.data())
def test_rows_and_the_rest_are_what_they_say(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    cells = [(town, kind, part) for town, kind in product(TOWNS, KINDS) for part in ("..2", "3..")]
    chosen = data.draw(st.lists(st.sampled_from(cells), unique=True, max_size=len(cells)))
    numbers = data.draw(st.lists(st.integers(0, 900), min_size=len(chosen) + 1, max_size=len(chosen) + 1))
    rows = ", ".join(f"[{a}, {b}, {c}, {n}]" for (a, b, c), n in zip(chosen, numbers[1:], strict=True))
    said = f"rows: [{rows}], otherwise: {numbers[0]}" if chosen else f"value: {numbers[0]}"
    given = parameters(parameter(value(said), "[乡镇, 户籍类别, 人口]"))
    folder = written(tmp_path_factory.mktemp("keyed"), given, policy("甲", "参数.标准"), facts=FACTS)
    ruleset = load(folder, cache=False)
    known = dict(zip(chosen, numbers[1:], strict=True))
    exact = {
        (town, kind, size): known.get((town, kind, "..2" if size <= 2 else "3.."), numbers[0])
        for town, kind, size in product(TOWNS, KINDS, SIZES)
    }
    for (town, kind, size), one in exact.items():
        assert amount(ruleset, 乡镇=town, 户籍类别=kind, 人口=size) == (one, one)
    town, kind, size = (data.draw(st.sampled_from([None, *some])) for some in (TOWNS, KINDS, SIZES))
    open_ = [one for (a, b, c), one in exact.items() if town in (a, None) and kind in (b, None) and size in (c, None)]
    facts = {key: one for key, one in (("乡镇", town), ("户籍类别", kind), ("人口", size)) if one is not None}
    assert amount(ruleset, **facts) == (min(open_), max(open_))


def test_an_overlay_names_a_key_by_another_word(tmp_path: Path) -> None:
    written(
        tmp_path / "base",
        parameters(parameter(value(ROWS)), parameter(value("value: {东镇: 1, 西镇: 2}"), "乡镇", "x", "其一")),
        policy("甲", "参数.标准 + 参数.其一"),
        facts=FACTS,
    )
    over = tmp_path / "over"
    over.mkdir()
    (over / "ruleset.yaml").write_text(
        "kind: ruleset\nid: over\ntitle: {zh: 上, en: Over}\nextends: ../base\n", encoding="utf-8"
    )
    changed = (
        f"  - {{name: standard, values: [{value('rows: [[east, 1, 90]]', '2019-01-01..')}]}}\n"
        f"  - {{name: x, values: [{value('value: {west: 20}', '2020-01-01..')}]}}\n"
    )
    (over / "more.yaml").write_text(parameters(changed), encoding="utf-8")
    ruleset = load(over, cache=False)
    assert amount(ruleset, "2018-06-30", 乡镇="东镇", 户籍类别="城镇") == (701, 701)
    assert amount(ruleset, "2019-06-30", 乡镇="东镇", 户籍类别="城镇") == (91, 91)
    assert amount(ruleset, "2019-06-30", 乡镇="东镇", 户籍类别="农村") == (501, 501)
    assert amount(ruleset, "2020-06-30", 乡镇="西镇", 户籍类别="农村") == (620, 620)
    assert amount(ruleset, "2020-06-30", 乡镇="东镇") == (91, 501)

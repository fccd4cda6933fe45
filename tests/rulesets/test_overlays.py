"""A ruleset that extends another, against the one whole folder that both mean together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from overlay_folders import HOUSEHOLD, LESSON, Entries, checked, entries_of, overlay, told, write
from text_files import write_files

from fupin_policy import load
from fupin_policy.evaluators.wasm import compile_program
from fupin_policy.testing import rulesets

BESIDE = {"groups": "policies", "sections": "audiences"}
"""Lists that stand in a file only beside another."""
DATED = {"parameters": "values", "policies": "versions"}


def named(entry: dict[str, Any], **rest: Any) -> dict[str, Any]:
    key = "id" if "id" in entry else "name"
    return {key: entry[key], **rest}


@st.composite
def parted(draw: st.DrawFn, folder: Path = LESSON, flag: str = "享受低保") -> tuple[Entries, Entries, Entries]:
    """A base and an overlay that mean the rules of a folder, and the whole of these, in any order.

    `flag` is a truth of households, which the base asks for in place of what holds.
    """
    _, whole = entries_of(folder)
    base: Entries = {key: [] for key in whole}
    over: Entries = {key: [] for key in whole}
    for key in sorted(whole, key=lambda key: key in BESIDE):
        if key in BESIDE:
            (base if base[BESIDE[key]] else over)[key] = whole[key]
            continue
        for entry in draw(st.permutations(whole[key])):
            match draw(st.sampled_from(["base", "over", "replaced", "dated"])):
                case "over":
                    over[key].append(entry)
                case "replaced":
                    base[key].append(draw(st.sampled_from([entry, named(entry), {**named(entry), "note": "旧"}])))
                    over[key].append({**entry, "replace": True})
                case "dated" if key in DATED and all("when" in one or _is_plain(one) for one in entry[DATED[key]]):
                    earlier, later = _in_time(draw, entry[DATED[key]], flag)
                    base[key].append({**entry, DATED[key]: earlier})
                    over[key].append(named(entry, **{DATED[key]: later}))
                case _:
                    base[key].append(entry)
        if draw(st.booleans()):
            gone = {**draw(st.sampled_from(whole[key])), "label": "旧的"}
            key_of = "id" if "id" in gone else "name"
            base[key].append({**gone, key_of: "gone"})
            over[key].append({key_of: "gone", "remove": True})
    return base, over, whole


def _is_plain(value: dict[str, Any]) -> bool:
    """Whether a parameter's value is a number."""
    return not isinstance(value.get("value"), bool) and str(value.get("value")).replace(".", "").isdigit()


def _in_time(
    draw: st.DrawFn, dated: list[dict[str, Any]], flag: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Dated entries of a base and of an overlay that mean these: on the overlay's days the base says otherwise."""
    number = draw(st.integers(0, len(dated) - 1))
    chosen, rest = dated[number], dated[:number] + dated[number + 1 :]
    stale = {**chosen, "value": 1} if "value" in chosen else {**chosen, "when": flag}
    if number and draw(st.booleans()):
        start, end = dated[number - 1]["valid"].split("..")[0], chosen["valid"].split("..")[1]
        rest[number - 1] = {**rest[number - 1], "valid": f"{start}..{end}"}
        return rest, [chosen]
    return [*rest, stale], [chosen]


@settings(max_examples=25, deadline=None)
@given(parted())
def test_base_and_overlay_are_the_whole_folder(
    tmp_path_factory: pytest.TempPathFactory, parts: tuple[Entries, Entries, Entries]
) -> None:
    check(tmp_path_factory.mktemp("law"), LESSON, parts)


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_so_it_is_of_random_rules(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("random")
    write_files(folder, data.draw(rulesets()))
    check(tmp_path_factory.mktemp("law"), folder, data.draw(parted(folder, "贫困户")))


def check(folder: Path, rules: Path, parts: tuple[Entries, Entries, Entries]) -> None:
    """What extends a base is byte for byte what the whole folder is."""
    base, over, whole = parts
    head, _ = entries_of(rules)
    write(folder / "base", {**head, "id": "below", "covers": "2018-01-01..2019-01-01"}, base)
    top = {"kind": "ruleset", "id": head["id"], "title": head["title"], "covers": head["covers"], "extends": "../base"}
    extended, found = checked(write(folder / "over", top, over))
    one, reported = checked(write(folder / "whole", head, whole))
    assert (extended is None, one is None) == (False, False), [*found, *reported]
    assert extended is not None and one is not None
    assert extended.digest == one.digest
    assert extended == one
    assert compile_program(extended) == compile_program(one)


class TestCodes:
    """Values of a parameter that is looked up by a code: for its codes an overlay's value stands alone."""

    def base(self, folder: Path, values: str) -> Path:
        head, whole = entries_of(LESSON)
        whole["parameters"][0] |= {"by": "乡镇", "values": yaml.safe_load(values)}
        return write(folder, {**head, "id": "county"}, whole)

    def value(self, valid: str, codes: str, source: str = "lesson-figures") -> str:
        return f"{{valid: '{valid}', value: {{{codes}}}, status: example, source: {source}}}"

    def test_the_other_codes_keep_the_base_s_value(self, tmp_path: Path) -> None:
        self.base(tmp_path / "base", f"[{self.value('2019-01-01..', '东河镇: 80, 西山镇: 90')}]")
        more = self.value("2020-01-01..2020-06-30", "东河镇: 120", "lesson-1")
        text = f"parameters: [{{name: old_age_60, values: [{more}]}}]"
        over = overlay(tmp_path / "o", "../base", parameters=text)
        program, found = checked(over)
        assert found == [] and program is not None
        ruleset = load(over, cache=False)

        def told(town: str, day: str) -> tuple[str, str]:
            (one,) = ruleset.explain({**HOUSEHOLD, "乡镇": town}, day, "elderly.old_age_allowance")
            (use,) = one.parameters
            return use.value.zh, use.source

        assert ruleset.evaluate(HOUSEHOLD, "2020-06-30") == ruleset.interpret(HOUSEHOLD, "2020-06-30")
        assert told("东河镇", "2020-06-30") == ("120.00 元", "lesson-1")
        assert told("西山镇", "2020-06-30") == ("90.00 元", "lesson-figures")
        assert told("东河镇", "2020-07-01") == ("80.00 元", "lesson-figures")
        whole = [
            self.value("2019-01-01..2019-12-31", "东河镇: 80, 西山镇: 90"),
            self.value("2020-01-01..2020-06-30", "西山镇: 90"),
            more,
            self.value("2020-07-01..", "东河镇: 80, 西山镇: 90"),
        ]
        one = load(self.base(tmp_path / "whole", f"[{', '.join(whole)}]"), cache=False)
        assert one.program.parameters == ruleset.program.parameters

    def test_two_values_for_one_code_on_one_day(self, tmp_path: Path) -> None:
        values = [self.value("2019-01-01..", "东河镇: 80, 西山镇: 90"), self.value("2020-01-01..", "east: 1")]
        assert [code for code, *_ in told(self.base(tmp_path / "base", f"[{', '.join(values)}]"))] == ["D101"]

    def test_a_code_that_no_value_of_those_days_has(self, tmp_path: Path) -> None:
        early, late = self.value("2019-01-01..", "东河镇: 80"), self.value("2020-01-01..", "西山镇: 1")
        assert [code for code, *_ in told(self.base(tmp_path / "one", f"[{early}]"))] == ["N129"]
        assert [code for code, *_ in told(self.base(tmp_path / "two", f"[{early}, {late}]"))] == ["N129"]
        both = f"[{early}, {late.replace('2020', '2019')}]"
        assert told(self.base(tmp_path / "three", both)) == []

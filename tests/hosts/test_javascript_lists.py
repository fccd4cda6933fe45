"""Rules with lists in JavaScript: what Python says of them, text for text."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from random import Random

import of_lists
import pytest
from cases import answer, asked, case, drawn, generated, unassumed, with_items
from checked_ruleset import written
from javascript_answers import WHOLE, Ask, ask_node, needs_node
from retelling import broken, retold
from rules_as_run import loaded, rules_as_run

from fupin_policy import load

ITEMS_OF_EVERY_KIND = """
  - {name: ills, label: 病种, for: bills, type: codes, codes: grade, absent: [一级], why: {zh: 试, en: Trial}}
  - {name: left, label: 出院, aliases: [出院日期], for: bills, type: date, range: 2000-01-01..}
  - {name: note, label: 备注, for: bills, type: text}
  - {name: kind, label: 类别, for: supporters, type: code, codes: grade, absent: 一级, why: {zh: 试, en: Trial}}
  - {name: since, label: 起, for: supporters, type: date, required: true}
lists:
"""
OF_EVERY_KIND = """\
  - {name: ill, label: 有病, for: member, output: true, value: 有(就医记录：病种 包含 一级 或 病种 包含 二级)}
  - {name: stay, label: 住院, for: member, output: true, value: 有(就医记录：出院 > 日期)}
  - {name: first, label: 一类, for: household, output: true, value: 个数(赡养人：类别 = 一级 且 起 > 2018-01-01)}
"""


@pytest.fixture
def agree_in_node(tmp_path: Path) -> Ask:
    """A function that asks Node.js about cases and compares with Python."""
    return partial(ask_node, folder=tmp_path)


@needs_node
def test_rulesets_of_any_kind_with_lists(tmp_path: Path, agree_in_node: Ask) -> None:
    """Whatever is given of lists, rightly or wrongly."""
    jobs, chance = [], Random(11)
    for number, files in enumerate(drawn(rules_as_run(lists=True), 60 if WHOLE else 12)):
        ruleset = loaded(tmp_path / f"rules{number}", files)
        if not ruleset.program.lists:
            continue
        plain = [case(*one) for one in drawn(asked(ruleset), 12)]
        ways = [(one, tell) for one in plain for tell in (retold, broken)]
        told = [case(tell(ruleset, json.loads(one.text), chance), one.as_of) for one, tell in ways]
        jobs.append((ruleset, unassumed([*plain, *told])))
    assert len(jobs) >= 6
    agree_in_node(jobs)


@needs_node
def test_lists_as_they_are_given(tmp_path: Path, agree_in_node: Ask) -> None:
    """Of the household and of its members, known and known in part, with every fault that a list may have."""
    ruleset, cases = of_lists.rules(tmp_path / "lists"), with_items()
    told = [json.loads(answer(ruleset, one)) for one in cases]
    codes = {problem["code"] for one in told for problem in one.get("problems", ())}
    assert codes >= {f"H09{number}" for number in range(4, 10)}
    figures = [one for said in told if "evaluation" in said for one in said["evaluation"]["figures"]]
    missing = {one["fact"] for figure in figures for one in figure["missing"]}
    assert missing >= {"supporters", "supporters[2].monthly", "bills", "bills[1].cost"}
    assert {one["fact"] for figure in figures for one in figure["assumed"]} >= {"bills", "supporters[1].alive"}
    agree_in_node([(ruleset, cases)])


@needs_node
def test_items_with_facts_of_every_kind(tmp_path: Path, agree_in_node: Ask) -> None:
    """Several codes, texts, what is required or assumed, in items as elsewhere."""
    facts = of_lists.FACTS.replace("\nlists:\n", ITEMS_OF_EVERY_KIND).replace("\nfacts:\n", of_lists.GRADES, 1)
    rules = written(tmp_path / "rules", of_lists.TERMS + OF_EVERY_KIND, of_lists.POLICY, facts=facts)
    ruleset, chance = load(rules, cache=False), Random(3)
    plain = generated(ruleset, 60)
    told = [case(tell(ruleset, json.loads(one.text), chance), one.as_of) for one in plain for tell in (retold, broken)]
    cases = unassumed([*plain, *told])
    figures = [
        one for found in cases for one in json.loads(answer(ruleset, found)).get("evaluation", {}).get("figures", ())
    ]
    missing = {one["fact"].partition(".")[2] for figure in figures for one in figure["missing"]}
    assert missing >= {"ills", "left", "kind"}
    assert {one["fact"].partition(".")[2] for figure in figures for one in figure["assumed"]} >= {"ills", "kind"}
    agree_in_node([(ruleset, cases)])

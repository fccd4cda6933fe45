"""Documents to bring that are needed only where a condition holds: listed, left out, or listed with where only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from checked_ruleset import checked
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_rulesets import DAY, written
from test_obtaining import rule, version

from fupin_policy import Ruleset
from fupin_policy.analysis.verification.prove import prove
from fupin_policy.check.formatter import format_folder
from fupin_policy.evaluators.wasm import read_manifest
from fupin_policy.reports.decisions_text import evaluation_text
from fupin_policy.reports.site.markdown import written as written_page
from fupin_policy.reports.site.rules import policy_page

FACTS = """
- {name: poor, label: 困难, for: member, type: truth}
- {name: ill, label: 患病, for: member, type: truth}
- {name: rents, label: 租房, for: household, type: truth}
"""
DOCUMENTS = (
    "[{zh: 户口簿, en: Register}, {zh: 诊断证明, en: Diagnosis, when: 患病}, {zh: 租约, en: Lease, when: rents}]"
)
OBTAIN = f"{{how: application, documents: {DOCUMENTS}}}"
ENDS: dict[bool | None, tuple[bool, ...]] = {True: (True,), False: (False,), None: (True, False)}


def care(valid: str, obtain: str = OBTAIN) -> str:
    return version(valid, obtain).replace("when: 贫困户", "when: 困难")


def rules(folder: Path) -> Ruleset:
    later = "{how: application, documents: [{zh: 租约, en: Lease, when: 非 租房}]}"
    body = rule(care("2019-01-01..2019-12-31"), care("2020-01-01..", later)).replace("for: household", "for: member")
    return written(folder, FACTS, body)


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return rules(tmp_path_factory.mktemp("documents"))


def household(rents: bool | None, *members: tuple[bool | None, bool | None]) -> dict[str, Any]:
    people = [{"id": f"m{at}", "困难": poor, "患病": ill} for at, (poor, ill) in enumerate(members)]
    return {"id": "h1", "租房": rents, "members": people}


def listed(ruleset: Ruleset, one: dict[str, Any], day: str = DAY) -> list[tuple[str, str | None]]:
    found = ruleset.evaluate(one, day)
    assert found == ruleset.interpret(one, day)
    documents = found["p.a"].as_json()["obtain"]["documents"]
    return [(each["zh"], each.get("when", {}).get("zh")) for each in documents]


def test_what_is_needed_is_listed_and_what_is_open_says_where(ruleset: Ruleset) -> None:
    assert listed(ruleset, household(True, (True, False))) == [("户口簿", None), ("租约", None)]
    open_ = household(None, (True, None))
    assert listed(ruleset, open_) == [("户口簿", None), ("诊断证明", "患病"), ("租约", "租房")]
    said = "      办理：申请；材料：户口簿、诊断证明（如患病）、租约（如租房）"
    assert said in evaluation_text(ruleset.evaluate(open_, DAY), ruleset.program, "zh").splitlines()
    assert "Lease (where rents)" in evaluation_text(ruleset.evaluate(open_, DAY), ruleset.program, "en")
    assert listed(ruleset, household(False, (False, True)))[1:] == listed(ruleset, open_)[1:], "as the rules say"
    assert listed(ruleset, household(False, (True, True)), "2020-01-01") == [("租约", None)]
    assert listed(ruleset, household(True, (True, True)), "2020-01-01") == []


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(*[st.sampled_from([True, False, None])] * 2), min_size=1, max_size=3))
def test_of_a_members_policy_it_is_needed_in_every_case(
    ruleset: Ruleset, members: list[tuple[bool | None, bool | None]]
) -> None:
    """Against all households that may be meant: needed is what in each of them is for somebody to whom it applies."""
    found = dict(listed(ruleset, household(True, *members)))
    told = "诊断证明" in found, found.get("诊断证明")
    cases: list[list[tuple[bool, bool]]] = [[]]
    for poor, ill in members:
        each = [(p, i) for p in ENDS[poor] for i in ENDS[ill]]
        cases = [[*case, one] for case in cases for one in each]
    granted = [any(poor and ill for poor, ill in case) for case in cases if any(poor for poor, _ in case)]
    if not granted:
        assert told == (True, "患病")
    elif told[1] is None:
        assert set(granted) == {told[0]}
    else:
        # no narrower than what may be; exact where it is settled for each member that may be meant
        assert told[0] and (len(set(granted)) == 2 or None in {fact for member in members for fact in member})


def test_what_is_assumed_of_a_document_is_said(tmp_path: Path) -> None:
    facts = FACTS.replace("租房, ", "租房, absent: 否, why: {zh: 少见, en: Rare}, ")
    body = rule(care("..")).replace("for: household", "for: member")
    found = written(tmp_path, facts, body)
    given = {"id": "h1", "members": [{"id": "m0", "困难": True, "患病": False}]}
    assert listed(found, given) == [("户口簿", None)]
    assert [one.fact.fact for one in found.evaluate(given, DAY)["p.a"].assumed] == ["rents"]


def test_pages_proofs_and_the_manifest_have_them(ruleset: Ruleset, tmp_path: Path) -> None:
    assert "诊断证明（如患病）" in written_page(policy_page(ruleset.program, ruleset.policies[0], []))
    outputs = read_manifest(ruleset.compile())["outputs"]
    assert [one["id"] for one in outputs if one["role"] == "document"] == ["p.a/0", "p.a/1"]
    assert prove(ruleset.program) == ()
    rules(tmp_path)
    (tmp_path / "policies.yaml").write_text(
        (tmp_path / "policies.yaml").read_text("utf-8").replace("when: rents", "when: rents=true"), encoding="utf-8"
    )
    format_folder(tmp_path, None, write=True)
    assert "when: rents = true" in (tmp_path / "policies.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("documents", "codes"),
    [
        ("[{zh: 簿, en: Book, when: income}]", ["T201"]),
        ("[{zh: 簿, en: Book, when: 无此}]", ["N101"]),
        ("[{zh: '', en: Book}]", ["Y205"]),
        ("[{zh: ' ', en: Book}]", ["Y205"]),
    ],
)
def test_what_is_said_wrongly(tmp_path: Path, documents: str, codes: list[str]) -> None:
    obtain = f"{{how: automatic, documents: {documents}}}"
    body = rule(version("..", obtain).replace("某局", "民政局").replace("贫困户", "b"))
    _, found = checked(tmp_path / "rules", f"kind: policies\npolicies:\n{body}")
    assert [one.code for one in found] == codes

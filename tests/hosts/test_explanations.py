"""JavaScript says why as Python says it, text for text, by what an artifact carries for that.

`make test` asks about some households where there is Node.js; `make test-hosts` about a thousand.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import by_month
import pytest
from cases import asked, cared_for, case, drawn, generated, stretches, unassumed, with_items
from conditional_departments import rules
from explained import folder_of, told
from javascript_answers import WHOLE, Jobs, needs_node, run
from javascript_host import ROOT, node
from of_lists import rules as of_lists
from rules_as_run import loaded, rules_as_run

from fupin_policy import FupinError, Ruleset, load
from fupin_policy.evaluators.wasm import read_explanations, read_manifest, with_explanations

LESSON = load(ROOT / "docs" / "examples" / "lesson")
SHIPPED = load()
PROGRAM = ROOT / "tests" / "hosts" / "javascript" / "explain.mjs"


def explained(jobs: Jobs, folder: Path) -> list[list[str]]:
    """What Node.js says to the cases of jobs."""
    listed = []
    for number, (ruleset, cases) in enumerate(jobs):
        artifact = folder / f"{number}.wasm"
        artifact.write_bytes(ruleset.compile(explanations=True))
        listed.append({"artifact": str(artifact), "cases": [vars(one) for one in cases]})
    (folder / "jobs.json").write_text(json.dumps(listed), encoding="utf-8")
    run([str(node()), str(PROGRAM), str(folder / "jobs.json"), str(folder / "answers.json")])
    found: list[list[str]] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return found


def agree(jobs: Jobs, folder: Path) -> None:
    """Both say the same."""
    for (ruleset, cases), found in zip(jobs, explained(jobs, folder), strict=True):
        files = folder_of(ruleset)
        for one, said in zip(cases, found, strict=True):
            assert said == told(ruleset, one, files), one


@needs_node
@pytest.mark.parametrize("ruleset", [LESSON, SHIPPED], ids=["lesson", "shipped"])
def test_node_explains_as_python_does(ruleset: Ruleset, tmp_path: Path) -> None:
    count = 1000 if WHOLE else 6 if ruleset is SHIPPED else 30
    cases = unassumed(generated(ruleset, count))
    if WHOLE:
        assert stretches(ruleset, cases) == set(ruleset.breakpoints)
    agree([(ruleset, cases)], tmp_path)


@needs_node
def test_rulesets_of_any_kind(tmp_path: Path) -> None:
    jobs: Jobs = []
    for number, files in enumerate(drawn(rules_as_run(), 60 if WHOLE else 3)):
        ruleset = loaded(tmp_path / f"rules{number}", files)
        jobs.append((ruleset, unassumed([case(*one) for one in drawn(asked(ruleset), 10)])))
    agree(jobs, tmp_path)


@needs_node
def test_months_lists_and_departments(tmp_path: Path) -> None:
    monthly, listed = by_month.rules(tmp_path / "m"), of_lists(tmp_path / "l")
    (tmp_path / "d").mkdir()
    cared = rules(tmp_path / "d")
    days = ("2019-06-30", "2020-01-15")
    jobs: Jobs = [
        (monthly, [case(one, day) for one in by_month.households() for day in days]),
        (listed, with_items()[:: 1 if WHOLE else 9]),
        (cared, cared_for(cared)[:: 1 if WHOLE else 5]),
    ]
    agree(jobs, tmp_path)


@needs_node
def test_only_some_policies_are_asked_about(tmp_path: Path) -> None:
    (tmp_path / "lesson.wasm").write_bytes(LESSON.compile(explanations=True))
    program = f"""
        import {{ load }} from {json.dumps((ROOT / "hosts" / "js" / "src" / "index.js").as_uri())};
        const ruleset = await load({json.dumps(str(tmp_path / "lesson.wasm"))});
        const household = {{ id: 1, 享受低保: true, 医疗费用: 8000, members: [{{ id: 2 }}] }};
        const all = ruleset.explain(household, "2019-06-30");
        const [one, ...others] = ruleset.explain(household, "2019-06-30", {{ policies: [all[1].decision.policy] }});
        console.log(ruleset.explains, JSON.stringify(one) === JSON.stringify(all[1]), others.length);
        try {{
          ruleset.explain(household, "2019-06-30", {{ policies: ["none"] }});
        }} catch (error) {{
          console.log(error.name, error.message);
        }}
    """
    (tmp_path / "some.mjs").write_text(program, encoding="utf-8")
    said = run([str(node()), str(tmp_path / "some.mjs")])
    assert said == "true true 0\nRangeError the ruleset has no policy none\n"


@needs_node
def test_an_artifact_without_is_asked_in_vain(tmp_path: Path) -> None:
    (tmp_path / "bare.wasm").write_bytes(LESSON.compile())
    program = f"""
        import {{ load }} from {json.dumps((ROOT / "hosts" / "js" / "src" / "index.js").as_uri())};
        const ruleset = await load({json.dumps(str(tmp_path / "bare.wasm"))});
        try {{
          ruleset.explain({{ id: 1, members: [{{ id: 2 }}] }}, "2019-06-30");
        }} catch (error) {{
          console.log(ruleset.explains, error.message);
        }}
    """
    (tmp_path / "bare.mjs").write_text(program, encoding="utf-8")
    said = run([str(node()), str(tmp_path / "bare.mjs")])
    assert said.startswith("false the artifact does not explain") and "fupin compile --explanations" in said


def test_the_part_is_there_where_it_was_asked_for_and_names_no_folder() -> None:
    bare, whole = LESSON.compile(), LESSON.compile(explanations=True)
    assert read_explanations(bare) is None
    found = read_explanations(whole)
    assert found is not None and read_manifest(whole) == read_manifest(bare)
    places = [place for place, _ in found["spans"]]
    assert places and all(place.split(":")[0] in ("facts.yaml", "policies.yaml", "terms.yaml") for place in places)
    assert len(whole) - len(bare) < 30_000


def test_a_changed_module_gets_no_part() -> None:
    changed = LESSON.compile()[:-1] + b"x"
    with pytest.raises(FupinError):
        with_explanations(changed, {})


@needs_node
def test_a_part_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "next.wasm").write_bytes(with_explanations(LESSON.compile(), {"version": 99}))
    listed = [{"artifact": str(tmp_path / "next.wasm"), "cases": [vars(replace(generated(LESSON, 1)[0]))]}]
    (tmp_path / "jobs.json").write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(AssertionError, match="has version 99"):
        run([str(node()), str(PROGRAM), str(tmp_path / "jobs.json"), str(tmp_path / "answers.json")])

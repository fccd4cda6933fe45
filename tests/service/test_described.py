"""The description of the interface holds: by an independent validator, and by what is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from asked_service import asked
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.types import ASGIApp

from fupin_policy import Ruleset, load
from fupin_policy.analysis.audit import plain
from fupin_policy.core.days import to_date
from fupin_policy.service.application import Service
from fupin_policy.service.fact_schema import facts_schema
from fupin_policy.service.shelf import RulesetShelf
from fupin_policy.testing import households

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs/examples/lesson", "docs/examples/bills", "docs/examples/months", "docs/examples/numbers")
GIVEN: dict[str, Any] = json.loads((ROOT / "docs" / "examples" / "household.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return Service.of(RulesetShelf.of([ROOT / FOLDERS[0], ROOT / FOLDERS[2]]), poll=0).application()


@pytest.mark.parametrize("name", ["lesson", "months"])
def test_the_description_is_valid(app: ASGIApp, name: str) -> None:
    described = asked(app, f"/api/{name}/openapi.json").data
    assert described["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(described).validate()


@pytest.mark.parametrize(
    ("path", "body", "schema"),
    [
        ("/health", None, "Health"),
        ("/ready", None, "Readiness"),
        ("/api", None, "Rulesets"),
        ("/api/lesson", None, "Ruleset"),
        ("/api/lesson/policies", None, "Policies"),
        ("/api/lesson/facts", None, "FactsSchema"),
        ("/api/lesson/openapi.json", None, "Interface"),
        ("/api/lesson/evaluate", {"household": GIVEN, "as_of": "2019-06-30"}, "Evaluate"),
        ("/api/lesson/explain", {"household": GIVEN, "as_of": "2019-06-30", "figures": ["重度残疾"]}, "Explain"),
        ("/api/lesson/interview", {"household": GIVEN, "as_of": "2019-06-30"}, "Interview"),
        ("/api/lesson/timeline", {"household": GIVEN, "from": "2019-01-01", "to": "2020-12-31"}, "Timeline"),
        (
            "/api/lesson/compare",
            {"household": GIVEN, "as_of": "2019-06-30", "settings": {"参数.津贴_60至79岁": 999}},
            "Compare",
        ),
        ("/api/lesson/evaluate", {}, None),
    ],
)
def test_what_is_asked_and_answered_is_as_described(app: ASGIApp, path: str, body: object, schema: str | None) -> None:
    described = asked(app, "/api/lesson/openapi.json").data
    found = asked(app, path, body)
    operation = described["paths"][path]["get" if body is None else "post"]
    answer = operation["responses"][str(found.status)]["content"]["application/json"]["schema"]
    wanted = "Problems" if schema is None else schema if body is None else f"{schema}Answer"
    assert answer["$ref"].rsplit("/", 1)[1] == wanted
    check(described, answer, found.data)
    if schema is not None and body is not None:
        check(described, operation["requestBody"]["content"]["application/json"]["schema"], body)


def check(described: dict[str, Any], schema: dict[str, Any], value: object) -> None:
    """Hold a value against a schema of the description."""
    whole = {**schema, "components": described["components"]}
    Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(value)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_household_that_is_taken_is_valid(folder: str) -> None:
    rules = load(ROOT / folder)
    schema = facts_schema(rules.program)
    Draft202012Validator.check_schema(schema)
    held = Draft202012Validator(schema)
    first = to_date(rules.program.covers.start)

    @settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
    @given(households(rules, first))
    def hold(household: dict[str, Any]) -> None:
        rules.read(household, first)
        assert [(list(one.absolute_path), one.instance) for one in held.iter_errors(plain(household))] == []

    hold()


def test_titles_are_chinese_and_what_has_another_shape_is_not_valid() -> None:
    rules = load(ROOT / FOLDERS[0])
    schema = facts_schema(rules.program)
    for fact in rules.facts:
        assert schema["$defs"][f"fact.{fact.name}"]["title"] == fact.words.zh
    held = Draft202012Validator(schema)
    sound = {"id": "1", "members": [{"id": "m1", "出生日期": "1950-01-01"}]}
    assert held.is_valid(sound)
    shapes: list[Any] = [
        {**sound, "没有": 1},
        {**sound, "members": {}},
        {**sound, "members": [{"出生日期": []}]},
        [],
        {"id": {}},
    ]
    for wrong in shapes:
        assert not held.is_valid(wrong), wrong


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


def test_what_the_schema_refuses_the_intake_refuses_too(app: ASGIApp) -> None:
    """Whatever stands for a fact: either both take it, or the schema does and the intake has more to say."""
    rules: Ruleset = load(ROOT / FOLDERS[0])
    held = Draft202012Validator(facts_schema(rules.program))
    own = [fact for fact in rules.facts if fact.level == "household"]

    @settings(max_examples=80)
    @given(st.sampled_from(own), _JSON)
    def hold(fact: Any, value: object) -> None:
        household = {"id": "1", "members": [{"id": "m1"}], fact.label: value}
        if not held.is_valid(household):
            found = asked(app, "/api/lesson/evaluate", {"household": household, "as_of": "2019-06-30"})
            assert found.status == 422, found.data

    hold()

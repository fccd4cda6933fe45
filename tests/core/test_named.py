"""Wherever the library takes a name, another one is an error of its own family, with what was perhaps meant."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fupin_policy import Evaluation, FupinError, InputError, Ruleset, RulesetError, UnknownNameError, load
from fupin_policy.analysis.department_tasks import of_department
from fupin_policy.batch import BatchEvaluator
from fupin_policy.batch.evaluate import BatchRequest
from fupin_policy.core.bilingual import Bilingual
from fupin_policy.core.registers import ClauseRef

ROOT = Path(__file__).parents[2]
DAY = "2019-06-30"
HOUSEHOLD = {"id": "h1", "乡镇": "东河镇", "members": [{"id": "m1", "出生日期": "1938-05-01"}]}
AGED = "elderly.old_age_allowance"


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load(ROOT / "docs/examples/lesson")


@pytest.fixture(scope="module")
def anqiu() -> Ruleset:
    return load()


@pytest.fixture(scope="module")
def evaluation(ruleset: Ruleset) -> Evaluation:
    return ruleset.evaluate(HOUSEHOLD, DAY)


def batch(ruleset: Ruleset, **asked: Any) -> object:
    rows = pa.RecordBatch.from_pylist([{"id": "h1", "members": [{"id": "m1"}]}])
    return BatchEvaluator(ruleset).evaluate_batch(rows, DAY, replace(BatchRequest(), **asked))


def meant(run: Callable[[], object]) -> tuple[str, str, str]:
    """Code, place and advice of the error; it is a KeyError and of the library's family."""
    with pytest.raises(UnknownNameError) as caught:
        run()
    assert isinstance(caught.value, KeyError) and isinstance(caught.value, InputError)
    (said,) = caught.value.diagnostics
    assert str(caught.value).startswith(f"错误 {said.code}  ") and f"error {said.code}  " in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).diagnostics == caught.value.diagnostics
    return said.code, said.place, said.advice("en")


NAMES: dict[str, tuple[Callable[[Ruleset, Evaluation], object], tuple[str, str, str]]] = {
    "evaluation[]": (lambda r, e: e["elderly.old_age_alowance"], ("N104", "policy", AGED)),
    "evaluation[title]": (lambda r, e: e["医疗求助"], ("N104", "policy", "医疗救助")),
    "evaluation[number]": (lambda r, e: e[0], ("N104", "policy", "")),  # type: ignore[index]
    "figure": (lambda r, e: e.figure("年龄"), ("N232", "figure", "")),
    "policy": (lambda r, e: r.policy("高龄补贴"), ("N104", "policy", "高龄津贴")),
    "fact": (lambda r, e: r.fact("出生曰期"), ("N115", "fact", "出生日期")),
    "department": (lambda r, e: r.department("民政局"), ("N105", "department", "县民政局")),
    "clause": (lambda r, e: load().clause("anfa-2018-31 4.22"), ("N107", "clause", "4.2")),
    "source": (lambda r, e: r.clause("leson-1 1.2"), ("N106", "clause", "lesson-1")),
    "parameters[]": (lambda r, e: r.parameters["x"], ("N103", "parameter", "")),
    "departments[]": (lambda r, e: r.departments["civil_affair"], ("N105", "department", "civil_affairs")),
    "of": (lambda r, e: r.of("vilage"), ("N234", "kind", "")),
    "explain": (lambda r, e: r.explain(HOUSEHOLD, DAY, "医疗求助"), ("N104", "policy", "医疗救助")),
    "figures": (lambda r, e: r.evaluate(HOUSEHOLD, DAY, ["没有"]), ("N151", "figures", "")),
    "with_figures": (lambda r, e: r.with_figures(["没有"]), ("N151", "figures", "")),
    "text": (lambda r, e: r.text(e, "zh_CN"), ("N233", "lang", "zh")),  # type: ignore[arg-type]
    "explanation": (lambda r, e: r.explain(HOUSEHOLD, DAY)[0].text("fr"), ("N233", "lang", "")),  # type: ignore[arg-type]
    "missing": (lambda r, e: e[AGED].missing[0].said("EN"), ("N233", "lang", "")),  # type: ignore[arg-type]
    "duties": (lambda r, e: of_department(r.program, "县民改局", 18000), ("N105", "department", "县民政局")),
    "batch policies": (lambda r, e: batch(r, policies=frozenset({AGED + "s"})), ("N104", "policies", AGED)),
    "batch titles": (lambda r, e: batch(r, policies=frozenset({"高龄津贴"})), ("N104", "policies", AGED)),
    "batch form": (lambda r, e: batch(r, form="lang"), ("N233", "form", "long")),
    "batch statuses": (lambda r, e: batch(r, statuses=frozenset({"eligable"})), ("N233", "statuses", "eligible")),
}


@pytest.mark.parametrize("what", NAMES)
def test_another_name_is_an_error_with_a_suggestion(ruleset: Ruleset, evaluation: Evaluation, what: str) -> None:
    run, (code, place, hint) = NAMES[what]
    found = meant(lambda: run(ruleset, evaluation))
    assert found[:2] == (code, place)
    assert found[2] == f'did you mean "{hint}"?' if hint else "did you mean" not in found[2]


def test_each_thing_has_several_names(anqiu: Ruleset) -> None:
    for one in anqiu.policies:
        assert anqiu.policy(one.id) is anqiu.policy(one.title.zh) is anqiu.policy(one.title.en) is one
    for fact in anqiu.facts:
        assert anqiu.fact(fact.name) is fact and anqiu.fact(fact.label).label == fact.label
    for name, parameter in anqiu.parameters.items():
        assert anqiu.parameter(name) is parameter and anqiu.parameter(parameter.label).label == parameter.label
    for department in anqiu.departments.values():
        assert anqiu.department(department.id) is department
        assert {anqiu.department(dated.name.zh).names[0].name for dated in department.names}
    for source in anqiu.program.sources.values():
        for clause in source.clauses.values():
            assert anqiu.clause(f"{source.id} {clause.id}") is anqiu.clause(ClauseRef(source.id, clause.id)) is clause


def test_the_clauses_of_a_decision_are_found(anqiu: Ruleset) -> None:
    found = anqiu.evaluate({**HOUSEHOLD, "乡镇": "兴安街道"}, DAY)
    assert all(anqiu.clause(ref) for one in found for ref in one.basis if ref.clause)


def test_a_fact_is_known_by_its_own_name_first(ruleset: Ruleset) -> None:
    facts = ruleset.facts
    misleading = replace(facts[1], aliases=(facts[0].name,))
    changed = Ruleset(replace(ruleset.program, facts=(facts[0], misleading, *facts[2:])), ruleset.compile())
    assert changed.fact(facts[0].name) is facts[0]


def test_mappings_are_asked_as_ever(ruleset: Ruleset) -> None:
    assert ruleset.departments.get("cival") is None and "cival" not in ruleset.departments
    assert [*ruleset.departments] == [*ruleset.program.departments]


def test_what_is_tried_is_named_by_errors_of_the_ruleset() -> None:
    with pytest.raises(RulesetError) as caught:
        load(ROOT / "docs/examples/lesson", settings=["参数.高龄津站=1"])
    assert caught.value.diagnostics[0].code == "N103"


@pytest.mark.parametrize("lang", ["fr", "", "ZH", None])
def test_a_language_is_not_guessed(lang: Any) -> None:
    from fupin_policy.core.bilingual import pick
    from fupin_policy.diagnostics import Diagnostic

    for run in (
        Diagnostic.of("H004", "m").sentence,
        Diagnostic.of("H004", "m").advice,
        lambda of: pick(Bilingual("", ""), of),
    ):
        assert meant(lambda run=run: run(lang))[:2] == ("N233", "lang")  # type: ignore[misc]


def test_dates_are_errors_of_the_family(ruleset: Ruleset) -> None:
    for day in ("2019-06-31", "30.6.2019", 5, None):
        with pytest.raises(FupinError) as caught:
            ruleset.evaluate(HOUSEHOLD, day)  # type: ignore[arg-type]
        assert [one.code for one in caught.value.diagnostics] == ["H040"]

"""A change of one operator in either evaluator is noticed by the agreement property."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fupin_policy import Ruleset, load
from fupin_policy.core import possible
from fupin_policy.evaluators.interpreter import PossibleValues
from fupin_policy.evaluators.wasm import layout_of, module
from fupin_policy.testing import as_of_dates, households

RULES = Path(__file__).parent / "mutation_rules"
QUICK = settings(
    max_examples=300,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def disagreement(ruleset: Ruleset) -> bool:
    """Whether some household out of many is decided differently by the two evaluators."""

    @QUICK
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        as_of: date = data.draw(as_of_dates(ruleset))
        household: dict[str, Any] = data.draw(households(ruleset, as_of))
        assert ruleset.evaluate(household, as_of) == ruleset.interpret(household, as_of)

    try:
        agree()
    except (AssertionError, KeyError):  # a mutant may give what is no status at all
        return True
    return False


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return load(RULES, cache=False)


def test_unchanged_evaluators_agree(ruleset: Ruleset) -> None:
    assert not disagreement(ruleset)


@pytest.mark.parametrize(
    ("owner", "operator", "mutant"),
    [
        (PossibleValues, "less", possible.less_equal),
        (PossibleValues, "less_equal", possible.less),
        (PossibleValues, "negation", lambda bits: bits),
        (PossibleValues, "count_of", lambda selected: (0, len(selected))),
        (possible, "times", lambda a, b: (a[0] * b[0], a[0] * b[0])),
        (possible, "one_of", lambda bits, mask: possible.TRUE),
    ],
)
def test_a_mutant_of_the_interpreter_is_noticed(
    ruleset: Ruleset,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    operator: str,
    mutant: Callable[..., object],
) -> None:
    monkeypatch.setattr(owner, operator, staticmethod(mutant))
    assert disagreement(ruleset)


@pytest.mark.parametrize(
    ("operator", "mutant"),
    [
        ("i32.and", "i32.or"),
        ("i32.or", "i32.and"),
        ("i64.lt_s", "i64.le_s"),
        ("i64.le_s", "i64.lt_s"),
        ("i64.add", "i64.sub"),
        ("i64.mul", "i64.add"),
    ],
)
def test_a_mutant_of_the_compiled_artifact_is_noticed(
    ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch, operator: str, mutant: str
) -> None:
    program = ruleset.program
    text, heap = module.module_text(program, layout_of(program))
    assert text.count(f"({operator} ") or text.count(f"{operator}\n")
    monkeypatch.setattr(module, "module_text", lambda *given: (text.replace(operator, mutant), heap))
    assert disagreement(Ruleset(ruleset.program, module.compile_program(ruleset.program)))

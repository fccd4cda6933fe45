"""Households with numbers of identity: evaluators agree, and no completion of one as read settles it otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numbered import numbered

from fupin_policy import Ruleset
from fupin_policy.core.decision import Status
from fupin_policy.testing import completions, households

AS_OF = date(2019, 6, 30)


@pytest.fixture(scope="module")
def ruleset(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    return numbered(tmp_path_factory.mktemp("numbered"))


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_number_settles_what_no_completion_settles_otherwise(ruleset: Ruleset, data: st.DataObject) -> None:
    household = data.draw(households(ruleset, AS_OF))
    found = ruleset.evaluate(household, AS_OF)
    assert found == ruleset.interpret(household, AS_OF)
    whole = ruleset.evaluate(data.draw(completions(ruleset, household, AS_OF)), AS_OF)
    for before, after in zip(found.decisions, whole.decisions, strict=True):
        assert before.status in (after.status, Status.UNKNOWN)
    for figure, told in zip(found.figures, whole.figures, strict=True):
        for before_, after_ in zip(figure.values, told.values, strict=True):
            assert before_.value in (after_.value, 2)

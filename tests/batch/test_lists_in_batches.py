"""Lists in columns of lists: what each household alone is given is what a batch gives, missing facts and all."""

from __future__ import annotations

from pathlib import Path

import pytest
from household_batches import in_one_form
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rules_as_run import loaded
from test_batch_agreement import check

from fupin_policy.testing import as_of_dates, households, rulesets

SLOW = settings(max_examples=settings().max_examples // 4, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(st.data())
def test_on_random_rules(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder: Path = tmp_path_factory.mktemp("ruleset")
    ruleset = loaded(folder, (data.draw(rulesets(lists=True)), data.draw(st.sampled_from([[], ["all"]]))))
    as_of = data.draw(as_of_dates(ruleset))
    known = data.draw(st.booleans())
    found = data.draw(st.lists(households(ruleset, as_of, known=known), min_size=1, max_size=6))
    in_part = [] if known else data.draw(st.lists(st.sampled_from(["helpers", "visits"]), unique=True))
    check(ruleset, in_one_form(ruleset, found, in_part), as_of, data.draw(st.booleans()))

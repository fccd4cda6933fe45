"""A date that cannot be asked about is one mistake, and makes none of the household's facts wrong.

In: the shipped rules. Out: assertions. Called by pytest.
"""

from __future__ import annotations

from typing import Any

import pytest

from fupin_policy import InputError, Ruleset, load

RULESET = load()
HOUSEHOLD = {"id": "h", "members": [{"id": "m1", "出生日期": "2019-03-01"}]}


@pytest.mark.fault("A15")
@pytest.mark.parametrize("name", ["evaluate", "interpret", "explain", "read"])
@pytest.mark.parametrize(("as_of", "code"), [("2020.1.20", "H040"), ("2020-02-30", "H040"), ("1990-01-01", "H041")])
def test_a_bad_date_is_one_diagnostic(name: str, as_of: str, code: str) -> None:
    ask: Any = getattr(Ruleset, name)
    with pytest.raises(InputError) as found:
        ask(RULESET, HOUSEHOLD, as_of)
    assert [one.code for one in found.value.diagnostics] == [code]


@pytest.mark.fault("A15")
def test_what_else_is_wrong_is_still_said() -> None:
    with pytest.raises(InputError) as found:
        RULESET.evaluate({**HOUSEHOLD, "无此项": 1}, "2020.1.20")
    assert [one.code for one in found.value.diagnostics] == ["H040", "H011"]

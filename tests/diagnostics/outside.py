"""Codes that no file of cases can provoke: something on the machine must be missing or fail, or no rule leads there.

Each with a function that provokes it, its place and both sentences: `outside_rules` and `outside_runs` hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from corpus import BASE

from fupin_policy.diagnostics import Diagnostic, FupinError
from fupin_policy.ruleset import Ruleset, load

How = Callable[[Path, pytest.MonkeyPatch], Sequence[Diagnostic]]


@dataclass(frozen=True, slots=True)
class Outside:
    """What is expected of a function: one diagnostic."""

    code: str
    place: str
    zh: str
    en: str
    how: How


def raised(run: Callable[[], object]) -> Sequence[Diagnostic]:
    """The diagnostics of the error with which it ends."""
    with pytest.raises(FupinError) as caught:
        run()
    return caught.value.diagnostics


def base() -> Ruleset:
    """The ruleset that each case adds to."""
    return load(BASE, cache=False)

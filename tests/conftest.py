"""What a run of the tests left out, in one line; and how Hypothesis draws.

`make test` draws the same examples every time, so that a change is judged by what it changed. Other examples are drawn
by `--hypothesis-profile=random`, each week and by whoever doubts a property (`make test-random`); four times as many,
where a test asks for a share of what the profile draws.

Hypothesis also tries constants that it reads in the source of every module loaded so far. That makes draws depend on
which tests ran before in the same process, and on any other line of the code; so the repeatable profile goes without.
"""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import settings

PROVIDERS = "hypothesis.internal.conjecture.providers"

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("random", derandomize=False, max_examples=400)
settings.load_profile("repeatable")


def pytest_configure(config: pytest.Config) -> None:
    """Keep constants of the source out of repeatable draws. Hypothesis has no setting for it; old ones read none."""
    if config.getoption("--hypothesis-profile") is None and find_spec(PROVIDERS) is not None:
        pytest.MonkeyPatch().setattr(f"{PROVIDERS}.is_local_module_file", _no_source, raising=False)


def _no_source(path: str) -> bool:
    """No module's constants are read."""
    return False


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the reasons for which tests were skipped, each once."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = dict.fromkeys(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.write_line(f"left out: {'; '.join(reasons)}")

"""What a run of the tests left out, in one line; and how Hypothesis draws.

`make test` draws the same examples every time, so that a change is judged by what it changed. Other examples are drawn
by `--hypothesis-profile=random`, each week and by whoever doubts a property (`make test-random`); four times as many,
where a test asks for a share of what the profile draws.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
settings.register_profile("random", derandomize=False, max_examples=400)
settings.load_profile("repeatable")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the reasons for which tests were skipped, each once."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = dict.fromkeys(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.write_line(f"left out: {'; '.join(reasons)}")

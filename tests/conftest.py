"""What a run of the tests left out, in one line; and nothing else."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the reasons for which tests were skipped, each once."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = dict.fromkeys(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.write_line(f"left out: {'; '.join(reasons)}")

"""How far a run over a registry is, told while it goes on.

In: stages and counts. Out: a bar or lines on the standard error. Called by `cli.registry`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fupin_policy.diagnostics.showing import tell

if TYPE_CHECKING:
    from fupin_policy.batch.run import StageProgress

LOG_SECONDS = 10
"""How often a line is written where the output is no terminal."""

_STAGES = {"read": "读入并分组 / reading", "decide": "计算 / deciding", "write": "写出 / writing"}


@contextmanager
def stage_progress() -> Iterator[StageProgress]:
    """How far a run is: a bar on a terminal, now and then a line elsewhere."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(_STAGES.get(stage, stage), total=of, rate="")
            speed = next(task.speed for task in bar.tasks if task.id == tasks[stage])
            rate = f"{speed:.0f} 户/秒" if speed else ""
            bar.update(tasks[stage], completed=done, total=of, rate=rate)

        yield show


def _lines() -> StageProgress:
    last: dict[str, float] = {}
    started = time.monotonic()

    def show(stage: str, done: int, of: int) -> None:
        now = time.monotonic()
        if done < of and now - last.get(stage, 0.0) < LOG_SECONDS:
            return
        last[stage] = now
        spent = now - started
        left = f"，约余 {spent / done * (of - done):.0f} 秒" if 0 < done < of else ""
        rate = f"，每秒 {done / spent:.0f} 户" if done and spent else ""
        tell(f"{_STAGES.get(stage, stage)} {done}/{of}  {spent:.1f} 秒 / s{rate}{left}", file=sys.stderr, flush=True)

    return show

"""When memory is collected: between keystrokes, and not while somebody waits for what is wrong.

In: that a check is over. Out: nothing. Called by `session`. A collection looks at all that a check has made, which took
a fifth of its time; what stands in no circle is freed at once in any case.
"""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass

IDLE, MOST = 1.0, 50
"""Seconds without a check after which memory is collected, and after how many checks it is at once."""


@dataclass(slots=True)
class IdleCollection:
    """How many checks there were since the last collection, and when the next is due."""

    _checks: int = 0
    _begun: bool = False
    _timer: asyncio.TimerHandle | None = None

    def checked(self) -> None:
        """A check is over, and what it found is told."""
        if not self._begun:
            # what was read once is kept: no collection needs to walk over it again
            self._begun = True
            gc.freeze()
            gc.disable()
        self._checks += 1
        if self._timer is not None:
            self._timer.cancel()
        if self._checks >= MOST:
            self._collect()
        else:
            self._timer = asyncio.get_running_loop().call_later(IDLE, self._collect)

    def close(self) -> None:
        """Leave collections to Python again."""
        if self._timer is not None:
            self._timer.cancel()
        if self._begun:
            gc.enable()

    def _collect(self) -> None:
        self._checks = 0
        gc.collect()

"""How much of anything the service takes, and for how long.

In: nothing. Out: numbers. Called by every file of this room.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """`body`, `batch` and `line` in bytes: of a question, of a batch, of one household in it. `seconds` to answer.

    `idle`: seconds for which a client may send, or take, nothing. `at_once`: requests in hand, with those that wait;
    `threads`: how many are worked on at the same time.
    """

    body: int = 1 << 20
    batch: int = 1 << 30
    line: int = 1 << 20
    seconds: float = 10.0
    idle: float = 10.0
    at_once: int = 100
    threads: int = field(default_factory=lambda: min(8, (os.cpu_count() or 1) + 1))

    @property
    def connections(self) -> int:
        """Open connections, those that ask nothing included."""
        return max(200, 10 * self.at_once)

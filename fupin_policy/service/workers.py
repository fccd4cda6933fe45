"""Work in threads, so that the event loop stays free: so much at once, and so long.

In: functions. Out: what they return, or a refusal. Called by `application` and `batches`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from fupin_policy.service.limits import ServiceLimits
from fupin_policy.service.refusals import refused

P = ParamSpec("P")
T = TypeVar("T")


class Workers:
    """Threads, and how many requests are in hand. Used by the event loop's thread."""

    def __init__(self, limits: ServiceLimits) -> None:
        self.limits = limits
        self.in_hand = 0
        self._threads = ThreadPoolExecutor(limits.threads, "fupin")

    @contextmanager
    def hand(self) -> Iterator[None]:
        """A place among those in hand. Raises RefusedRequest where there is none."""
        if self.in_hand >= self.limits.at_once:
            raise refused(503, "W014", headers={"Retry-After": "1"}, limit=self.limits.at_once)
        self.in_hand += 1
        try:
            yield
        finally:
            self.in_hand -= 1

    async def run(self, work: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """What a function returns, if it does within the time. Raises RefusedRequest.

        A thread cannot be stopped: until it is done it counts as in hand.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()

        def settle() -> None:
            if not done.done():
                done.set_result(None)

        job = self._threads.submit(work, *args, **named)
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(settle))
        timer = loop.call_later(self.limits.seconds, settle)
        try:
            await done
        except asyncio.CancelledError:
            self._leave(job)
            raise
        finally:
            timer.cancel()
        if not job.done():
            self._leave(job)
            raise refused(504, "W015", seconds=f"{self.limits.seconds:g}")
        return job.result()

    def _leave(self, job: Future[T]) -> None:
        """Nobody waits for a job any more."""
        if job.cancel() or job.done():
            return
        loop = asyncio.get_running_loop()
        self.in_hand += 1
        job.add_done_callback(lambda _: loop.call_soon_threadsafe(self._left))

    def _left(self) -> None:
        self.in_hand -= 1

    def close(self) -> None:
        """Take no more work; what has begun is finished."""
        self._threads.shutdown(wait=True, cancel_futures=True)

"""The addresses of the service, and what goes on beside them: files are watched, the event loop's lag is measured.

In: a shelf of rulesets, limits, who may ask, a folder of pages. Out: an ASGI application. Called by `server`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from fupin_policy.analysis.audit import RecordKeeper
from fupin_policy.ruleset import Ruleset
from fupin_policy.service import answers
from fupin_policy.service.batches import LINES, batch_of
from fupin_policy.service.bodies import header, whole_body
from fupin_policy.service.catalogue import ruleset_data
from fupin_policy.service.gate import Gate, notes_of, respond
from fupin_policy.service.limits import ServiceLimits
from fupin_policy.service.logs import log_event
from fupin_policy.service.metrics import FORMAT, ServiceMetrics
from fupin_policy.service.openapi import openapi
from fupin_policy.service.refusals import JSON, json_bytes, refused
from fupin_policy.service.shelf import ReadyRuleset, RulesetShelf
from fupin_policy.service.token import Access
from fupin_policy.service.workers import Workers

ServiceAnswer = Callable[[ReadyRuleset, bytes], Mapping[str, Any]]
_LAG_EACH = 0.25


@dataclass(frozen=True, slots=True)
class Service:
    """What all addresses share. `poll` is after how many seconds files are looked at again; 0 is never."""

    shelf: RulesetShelf
    limits: ServiceLimits
    access: Access
    workers: Workers
    metrics: ServiceMetrics
    poll: float = 2.0
    records: Mapping[str, RecordKeeper] = field(default_factory=dict)
    """By ruleset where its decisions are recorded."""

    @classmethod
    def of(
        cls,
        shelf: RulesetShelf,
        limits: ServiceLimits | None = None,
        access: Access | None = None,
        poll: float = 2.0,
        records: Mapping[str, RecordKeeper] | None = None,
    ) -> Service:
        """A service of these rulesets, by default for this machine alone."""
        bounds = limits or ServiceLimits()
        return cls(shelf, bounds, access or Access(), Workers(bounds), ServiceMetrics(), poll, records or {})

    def application(self, site: Path | None = None) -> ASGIApp:
        """The ASGI application; `site` is a folder of pages that are shown at `/`."""
        questions: dict[str, ServiceAnswer] = {
            "evaluate": self._evaluate,
            "explain": partial(_plain, answers.explain),
            "interview": partial(_plain, answers.interview),
            "timeline": partial(_plain, answers.timeline),
            "compare": _compare,
        }
        # what is asked most is looked for first
        routes: list[Route | Mount] = [
            *(
                Route(f"/api/{{ruleset}}/{name}", _Asked(self, name, answer), methods=["POST"])
                for name, answer in questions.items()
            ),
            Route("/health", _Told(self, "health", lambda _: b'{"status":"ok"}'), methods=["GET"]),
            Route("/ready", _Told(self, "ready", lambda _: self._readiness()), methods=["GET"]),
            Route("/metrics", _Told(self, "metrics", lambda _: self._metrics(), FORMAT), methods=["GET"]),
            Route("/api", _Told(self, "rulesets", lambda _: self._rulesets()), methods=["GET"]),
            Route("/api/{ruleset}", _Of(self, "ruleset", _ruleset), methods=["GET"]),
            Route("/api/{ruleset}/policies", _Of(self, "policies", lambda one: one.policies), methods=["GET"]),
            Route("/api/{ruleset}/facts", _Of(self, "facts", lambda one: one.facts), methods=["GET"]),
            Route("/api/{ruleset}/openapi.json", _Of(self, "openapi", self._openapi), methods=["GET"]),
        ]
        routes.append(Route("/api/{ruleset}/batch", _Batch(self), methods=["POST"]))
        if site is not None:
            routes.append(Mount("/", _Site(StaticFiles(directory=site, html=True))))
        router = Router(routes, redirect_slashes=False, default=_nowhere, lifespan=self._lifespan)
        return Gate(router, self.access, self.metrics)

    def ready(self, scope: Scope) -> ReadyRuleset:
        """The ruleset that an address names. Raises RefusedRequest."""
        name = scope["path_params"]["ruleset"]
        found = self.shelf.served.get(name)
        if found is None:
            raise refused(404, "W017", name=name[:40], known="、".join(self.shelf.served))
        notes = notes_of(scope)
        notes.ruleset, notes.digest = name, found.ready.ruleset.digest
        return found.ready

    def _evaluate(self, ready: ReadyRuleset, raw: bytes) -> Mapping[str, Any]:
        return answers.evaluate(ready.ruleset, raw, self.records.get(ready.ruleset.id))

    def _readiness(self) -> bytes:
        stale = self.shelf.stale
        told = {name: {"digest": digest, "stale": name in stale} for name, digest in self.shelf.digests.items()}
        return json_bytes({"ready": True, "rulesets": told})

    def _metrics(self) -> bytes:
        return self.metrics.text(self.shelf.digests, self.shelf.stale).encode()

    def _rulesets(self) -> bytes:
        every = self.shelf.served.values()
        told = [{**ruleset_data(one.ready.ruleset), "problems": [p.as_json() for p in one.problems]} for one in every]
        return json_bytes({"rulesets": told})

    def _openapi(self, one: ReadyRuleset) -> bytes:
        return json_bytes(openapi(one.ruleset, self.limits, self.access.token is not None))

    @asynccontextmanager
    async def _lifespan(self, _: object) -> AsyncIterator[None]:
        jobs = [asyncio.create_task(self._measure())]
        if self.poll:
            jobs.append(asyncio.create_task(self._watch()))
        try:
            yield
        finally:
            for job in jobs:
                job.cancel()
            for job in jobs:
                with suppress(asyncio.CancelledError):
                    await job
            self.workers.close()

    async def _measure(self) -> None:
        """How late the event loop is."""
        while True:
            start = time.perf_counter()
            await asyncio.sleep(_LAG_EACH)
            self.metrics.lag = max(0.0, time.perf_counter() - start - _LAG_EACH)

    async def _watch(self) -> None:
        """Look whether files have changed, again and again."""
        while True:
            await asyncio.sleep(self.poll)
            await self.reload(whatever=False)

    async def reload(self, *, whatever: bool = True) -> None:
        """Read the rulesets anew, or those only whose files have changed; requests are answered meanwhile."""
        try:
            found = await asyncio.to_thread(self.shelf.refresh, whatever)
        except Exception as error:
            # the rules that there are go on, whatever the disk does
            log_event("reload failed", level=logging.ERROR, error=error)
            return
        for name, taken, problems in found:
            said = {"ruleset": name, "digest": self.shelf.digests[name], "codes": sorted({p.code for p in problems})}
            if problems:
                self.metrics.reloads["refused"] += 1
                log_event("ruleset refused", said, logging.WARNING)
            elif taken:
                self.metrics.reloads["taken"] += 1
                log_event("ruleset taken", said)


@dataclass(frozen=True, slots=True)
class _Told:
    """An address that tells something of the service."""

    service: Service
    route: str
    body: Callable[[Scope], bytes]
    content_type: str = JSON

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        notes_of(scope).route = self.route
        await respond(send, 200, self.body(scope), self.content_type)


@dataclass(frozen=True, slots=True)
class _Of:
    """An address that tells something of a ruleset."""

    service: Service
    route: str
    body: Callable[[ReadyRuleset], bytes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        notes_of(scope).route = self.route
        ready, workers = self.service.ready(scope), self.service.workers
        with workers.hand():
            body = await workers.run(self.body, ready)
        await respond(send, 200, body, JSON)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An address to which a question about one household is sent."""

    service: Service
    route: str
    answer: ServiceAnswer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        notes_of(scope).route = self.route
        ready, workers = self.service.ready(scope), self.service.workers
        check_type(scope, JSON)
        with workers.hand():
            raw = await whole_body(scope, receive, self.service.limits)
            body = await workers.run(_said, self.answer, ready, raw)
        await respond(send, 200, body, JSON)


@dataclass(frozen=True, slots=True)
class _Batch:
    """An address to which many households are sent."""

    service: Service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        notes_of(scope).route = "batch"
        one, ready = self.service, self.service.ready(scope)
        check_type(scope, LINES)
        batch = batch_of(scope, ready.ruleset, one.limits, one.workers, one.metrics)
        await batch.answer(scope, receive, send)


@dataclass(frozen=True, slots=True)
class _Site:
    """Pages of a folder."""

    files: StaticFiles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        notes_of(scope).route = "site"
        await self.files(scope, receive, send)


def check_type(scope: Scope, *known: str) -> str:
    """The type of a body, without its parameters, in small letters. Raises RefusedRequest for any but those known."""
    found = header(scope, b"content-type").decode("latin-1").partition(";")[0].strip().lower()
    if found not in known:
        raise refused(415, "W013", "Content-Type", known="、".join(known))
    return found


def _said(answer: ServiceAnswer, ready: ReadyRuleset, raw: bytes) -> bytes:
    return json_bytes(answer(ready, raw))


def _plain(answer: Callable[[Ruleset, bytes], Mapping[str, Any]], ready: ReadyRuleset, raw: bytes) -> Mapping[str, Any]:
    return answer(ready.ruleset, raw)


def _compare(ready: ReadyRuleset, raw: bytes) -> Mapping[str, Any]:
    return answers.compare(ready.ruleset, raw, ready.with_settings)


def _ruleset(ready: ReadyRuleset) -> bytes:
    return json_bytes(ruleset_data(ready.ruleset))


async def _nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    raise HTTPException(404)

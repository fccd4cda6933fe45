"""A batch of households over HTTP: answered while it comes, in the order in which it comes.

In: a request with JSON Lines. Out: JSON Lines; the last one says how many rows there were. Called by `application`.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope, Send

from fupin_policy.diagnostics import FupinError, InputError, Reporter
from fupin_policy.intake import ReadAs
from fupin_policy.ruleset import Ruleset, day_of
from fupin_policy.service.bodies import check_length, pieces
from fupin_policy.service.limits import ServiceLimits
from fupin_policy.service.line_batches import AT_ONCE, answered_lines, cut_lines
from fupin_policy.service.metrics import ServiceMetrics
from fupin_policy.service.refusals import RefusedRequest, json_bytes
from fupin_policy.service.spool import AnswerSpool
from fupin_policy.service.workers import Workers

LINES = "application/x-ndjson"
_KEYS = ("as_of", "assume", "continues")
_TRUTHS = {"true": True, "false": False}


@dataclass(slots=True)
class LineBatch:
    """One batch: by which rules, on which day, read how; and how far it has come."""

    ruleset: Ruleset
    as_of: str
    how: ReadAs
    limits: ServiceLimits
    workers: Workers
    metrics: ServiceMetrics
    rows: int = 0
    decided: int = 0
    rejected: int = 0

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read, decide and send. Raises RefusedRequest or InputError for what is wrong before the first household."""
        check_length(scope, self.limits.batch)
        with self.workers.hand(), AnswerSpool() as spool:
            reading = asyncio.create_task(self._decide(receive, spool))
            try:
                piece = await spool.take()
                if not piece:
                    await reading
                headers = [(b"content-type", LINES.encode())]
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                while piece:
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                    piece = await spool.take()
                await reading
                await send({"type": "http.response.body", "body": b""})
            finally:
                reading.cancel()
                with suppress(asyncio.CancelledError, FupinError, RefusedRequest):
                    await reading

    async def _decide(self, receive: Receive, spool: AnswerSpool) -> None:
        """Put an answer to each household aside, and at the end how many there were, or why there is no more."""
        try:
            rest = bytearray()
            async for piece in pieces(receive, self.limits, self.limits.batch):
                rest += piece
                await self._lines([*cut_lines(rest, self.limits.line)], spool)
            await self._lines([bytes(rest)], spool)
            spool.put(self._line({"rows": self.rows, "decided": self.decided, "rejected": self.rejected}))
        except (InputError, RefusedRequest) as error:
            if not self.rows:
                raise
            problems = [one.as_json() for one in error.diagnostics]
            spool.put(self._line({"problems": problems, "stopped": True, "rows": self.rows}))
        finally:
            spool.close()

    async def _lines(self, lines: list[bytes], spool: AnswerSpool) -> None:
        """Decide households; a blank line is none, and has no number."""
        numbered = [*enumerate((one for one in lines if one.strip()), self.rows + 1)]
        for start in range(0, len(numbered), AT_ONCE):
            part = numbered[start : start + AT_ONCE]
            found = await self.workers.run(answered_lines, self.ruleset, self.as_of, self.how, part)
            spool.put(found[0])
            self.rows += len(part)
            self.decided, self.rejected = self.decided + found[1], self.rejected + found[2]
            self.metrics.rows["decided"] += found[1]
            self.metrics.rows["rejected"] += found[2]

    @staticmethod
    def _line(said: dict[str, object]) -> bytes:
        return json_bytes(said) + b"\n"


def batch_of(
    scope: Scope, ruleset: Ruleset, limits: ServiceLimits, workers: Workers, metrics: ServiceMetrics
) -> LineBatch:
    """The batch that an address asks for: `?as_of=2019-06-30`, perhaps `assume=false`. Raises InputError."""
    reporter = Reporter()
    given = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    for name in given:
        if name not in _KEYS:
            hint = reporter.suggest(name[:40], _KEYS)
            reporter.report("W003", name[:40] or "?", suggestion=hint, name=name[:40], known=list(_KEYS))
    read: dict[str, bool] = {}
    for name, default in (("assume", True), ("continues", False)):
        said = given.get(name, str(default).lower())
        if said not in _TRUTHS:
            reporter.report("W005", name, name=name, zh="true 或 false", en="true or false")
        read[name] = _TRUTHS.get(said, default)
    as_of = given.get("as_of", "")
    if not as_of:
        reporter.report("W004", "as_of", name="as_of")
    else:
        try:
            day_of(ruleset.program, as_of)
        except InputError as error:
            reporter.repeat(error.diagnostics)
    reporter.raise_errors(InputError)
    how: ReadAs = {"assume": read["assume"], "continues": read["continues"]}
    return LineBatch(ruleset, as_of, how, limits, workers, metrics)

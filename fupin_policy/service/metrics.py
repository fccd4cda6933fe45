"""Counts and times of a service, in the text format of Prometheus.

In: what happened, on one thread. Out: text. Called by `gate` and `application`. No name of a person, and nothing that
somebody sent, is a label: routes are named as they are declared.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the times that are counted, in seconds."""
FORMAT = "text/plain; version=0.0.4; charset=utf-8"

_LABELS = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Times:
    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(BUCKETS, seconds)] += 1
        self.total += seconds


@dataclass(slots=True)
class ServiceMetrics:
    """What was counted since the start. Used by the event loop's thread alone."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    """By route and status."""
    times: dict[str, _Times] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    """Of batches, by `decided` and `rejected`."""
    reloads: Counter[str] = field(default_factory=Counter)
    """By `taken` and `refused`."""
    recorded: int = 0
    in_hand: int = 0
    lag: float = 0.0
    """By how many seconds the event loop was last late."""

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests[route, status] += 1
        self.times.setdefault(route, _Times()).add(seconds)

    def text(self, digests: Mapping[str, str], stale: Iterable[str]) -> str:
        """All of it; `digests` of the rulesets by name, and the names of those whose newer files were not taken."""
        behind = set(stale)
        requests: dict[_LABELS, float] = {
            (("route", route), ("status", str(status))): n for (route, status), n in self.requests.items()
        }
        info: dict[_LABELS, float] = {(("ruleset", name), ("digest", digest)): 1 for name, digest in digests.items()}
        lines = [
            *_told("fupin_requests_total", "counter", "requests answered", requests),
            *self._histogram(),
            *_told("fupin_requests_in_hand", "gauge", "requests being answered", {(): self.in_hand}),
            *_told("fupin_batch_rows_total", "counter", "rows of batches", _by("outcome", self.rows)),
            *_told("fupin_recorded_total", "counter", "decisions written to the record", {(): self.recorded}),
            *_told("fupin_reloads_total", "counter", "changed rulesets", _by("outcome", self.reloads)),
            *_told("fupin_ruleset_info", "gauge", "the rulesets that decide", info),
            *_told(
                "fupin_ruleset_stale",
                "gauge",
                "1 where changed files do not check, so that the rules before them decide",
                {(("ruleset", name),): int(name in behind) for name in digests},
            ),
            *_told("fupin_event_loop_lag_seconds", "gauge", "how late the event loop was last", {(): self.lag}),
        ]
        return "\n".join(lines) + "\n"

    def _histogram(self) -> Iterator[str]:
        name = "fupin_request_seconds"
        yield from _head(name, "histogram", "from a request's head to the end of its answer")
        for route, times in sorted(self.times.items()):
            below = 0
            for end, count in zip((*map(str, BUCKETS), "+Inf"), times.counts, strict=True):
                below += count
                yield f"{name}_bucket{_labels((('route', route), ('le', end)))} {below}"
            yield f"{name}_sum{_labels((('route', route),))} {times.total:.6f}"
            yield f"{name}_count{_labels((('route', route),))} {below}"


def _by(label: str, counted: Counter[str]) -> dict[_LABELS, float]:
    return {((label, name),): count for name, count in counted.items()}


def _head(name: str, kind: str, help: str) -> Iterator[str]:
    yield f"# HELP {name} {help}"
    yield f"# TYPE {name} {kind}"


def _told(name: str, kind: str, help: str, values: Mapping[_LABELS, float]) -> Iterator[str]:
    yield from _head(name, kind, help)
    for labels, value in sorted(values.items()):
        yield f"{name}{_labels(labels)} {value:g}" if isinstance(value, float) else f"{name}{_labels(labels)} {value}"


def _labels(labels: _LABELS) -> str:
    said = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{said}}}" if said else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

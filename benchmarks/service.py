"""`fupin serve` under load, beside OpenFisca's web API with the same nine rules, the same households and machine.

Run `python benchmarks/service.py`; `--requests 1000000` watches the memory over so many. Both are one process, asked
over keep-alive connections by one client that does next to nothing. All answers are compared before anything is timed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from openfisca9 import MONTH, openfisca_situation
from rules9_answers import HOUSEHOLD_RULES, MEMBER_RULES, Household, prepare_python
from single import AS_OF, households, ours_form

HERE = Path(__file__).parent
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Peer:
    """A service that runs: its port, its process, the bytes of a request for each household."""

    name: str
    port: int
    pid: int
    path: str
    requests: tuple[bytes, ...]

    def ask(self, body: bytes) -> Any:
        """One request, its answer as data."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", self.path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        found = json.loads(answer.read())
        connection.close()
        if answer.status != 200:
            sys.exit(f"{self.name}: {answer.status} {found}")
        return found

    @property
    def worked(self) -> float:
        """Seconds of a processor that the process, and those that it started, have taken."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
            except OSError:
                continue
            own = stat.parent.name == str(self.pid) or fields[1] == str(self.pid)
            ticks += int(fields[11]) + int(fields[12]) if own else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def memory(self) -> float:
        """Megabytes that the process, and those that it started, have in memory."""
        found = 0
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text(encoding="utf-8")
            except OSError:
                continue
            own = f"Pid:\t{self.pid}\n" in text or f"PPid:\t{self.pid}\n" in text
            resident = re.search(r"VmRSS:\s+(\d+)", text)
            found += int(resident[1]) if own and resident else 0
        return found / 1024


def body_of_ours(h: Household) -> bytes:
    """A household as our service takes it."""
    return json.dumps({"household": ours_form(h), "as_of": AS_OF.isoformat()}).encode()


def body_of_openfisca(h: Household) -> bytes:
    """A household as OpenFisca's web API takes it, with the variables that it is to work out."""
    found = openfisca_situation(h)
    for person in found["persons"].values():
        person |= {rule: {MONTH: None} for rule in MEMBER_RULES}
    found["households"]["h"] |= {rule: {MONTH: None} for rule in HOUSEHOLD_RULES}
    return json.dumps(found).encode()


def compare_ours(peer: Peer, given: Sequence[Household]) -> None:
    """Our answers are those written by hand."""
    reference = prepare_python()
    for h in given:
        decisions = {one["policy"]: one for one in peer.ask(body_of_ours(h))["decisions"]}
        for rule, wanted in reference(h).items():
            decision = decisions[rule]
            of_members = {one["member"]: _fen(one["amount"]) for one in decision["members"]}
            own = (
                [of_members.get(m["id"], 0) for m in h["members"]] if rule in MEMBER_RULES else _fen(decision["amount"])
            )
            if own != wanted:
                sys.exit(f"ours differs: {rule} {own} {wanted} {h}")


def compare_openfisca(peer: Peer, given: Sequence[Household]) -> None:
    """OpenFisca's answers are, too."""
    reference = prepare_python()
    for h in given:
        found = peer.ask(body_of_openfisca(h))
        for rule, wanted in reference(h).items():
            people = (
                [round(found["persons"][m["id"]][rule][MONTH]) for m in h["members"]]
                if (rule in MEMBER_RULES)
                else round(found["households"]["h"][rule][MONTH])
            )
            if people != wanted:
                sys.exit(f"openfisca differs: {rule} {people} {wanted} {h}")


def _fen(amount: dict[str, str] | None) -> int:
    return 0 if amount is None else int(amount["min"].replace(".", ""))


def head(path: str, body: bytes) -> bytes:
    """A whole request."""
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


async def load(peer: Peer, connections: int, seconds: float, most: int = 1 << 60) -> tuple[float, list[float]]:
    """Ask over connections that stay open, each again as soon as it is answered: requests a second, and latencies."""
    latencies: list[float] = []
    until = time.perf_counter() + seconds

    async def one(first: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", peer.port)
        at = first
        while time.perf_counter() < until and len(latencies) < most:
            start = time.perf_counter()
            writer.write(peer.requests[at % len(peer.requests)])
            answer = await reader.readuntil(b"\r\n\r\n")
            found = _LENGTH.search(answer)
            if not answer.startswith(b"HTTP/1.1 200") or found is None:
                sys.exit(f"{peer.name}: {answer!r}")
            await reader.readexactly(int(found[1]))
            latencies.append(time.perf_counter() - start)
            at += 1
        writer.close()

    start = time.perf_counter()
    await asyncio.gather(*(one(number * 7) for number in range(connections)))
    return len(latencies) / (time.perf_counter() - start), latencies


@contextmanager
def ours(given: Sequence[Household]) -> Iterator[Peer]:
    """`fupin serve`, with its logs thrown away."""
    command = [sys.executable, "-m", "fupin_policy", "serve", str(HERE / "rules9"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        where = process.stdout.readline().strip()
        path = "/api/rules9/evaluate"
        requests = tuple(head(path, body_of_ours(h)) for h in given)
        yield Peer("fupin serve", int(where.rsplit(":", 1)[1]), process.pid, path, requests)
        process.terminate()


@contextmanager
def openfisca(given: Sequence[Household], port: int = 18423) -> Iterator[Peer]:
    """OpenFisca's web API under gunicorn, which its documentation names: one worker, threads that keep connections."""
    command = [sys.executable, "-m", "gunicorn", "openfisca_service:application", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", "1", "--worker-class", "gthread", "--threads", "8", "--log-level", "warning"]
    with subprocess.Popen(command, cwd=HERE, env={**os.environ, "PYTHONPATH": str(HERE)}) as process:
        requests = tuple(head("/calculate", body_of_openfisca(h)) for h in given)
        peer = Peer("OpenFisca web API", port, process.pid, "/calculate", requests)
        for _ in range(200):
            try:
                peer.ask(body_of_openfisca(given[0]))
                break
            except OSError:
                time.sleep(0.3)
        yield peer
        process.terminate()


def report(peer: Peer, seconds: float) -> tuple[float, float]:
    """What it does under load: the most requests a second, and the least processor time of one."""
    rates, costs = [], []
    for connections in (1, 8, 64):
        before = peer.worked
        rate, latencies = asyncio.run(load(peer, connections, seconds))
        costs.append((peer.worked - before) / len(latencies) * 1000)
        found = sorted(latencies)
        middle, late = statistics.median(found), found[int(len(found) * 0.99)]
        rates.append(rate)
        print(
            f"{peer.name:20}{connections:12}{rate:12.0f}{middle * 1000:12.2f}{late * 1000:12.2f}{costs[-1]:12.2f}",
            flush=True,
        )
    return max(rates), min(costs)


def memory(peer: Peer, requests: int) -> None:
    """What is in memory as requests go by."""
    asked = 0
    print(f"\n{'requests':>12}{'MB':>10}")
    while asked <= requests:
        print(f"{asked:12}{peer.memory:10.1f}", flush=True)
        if asked == requests:
            break
        part = min(requests - asked, max(1000, requests // 10))
        asyncio.run(load(peer, 16, 1e9, part))
        asked += part


def main() -> None:
    """Compare, time, watch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--requests", type=int, default=50_000)
    arguments = parser.parse_args()
    given = households(3)[:200]
    print(f"{'':20}{'connections':>12}{'requests/s':>12}{'median ms':>12}{'99 % ms':>12}{'CPU ms each':>12}")
    with ours(given) as peer:
        compare_ours(peer, given)
        own = report(peer, arguments.seconds)
    try:
        import openfisca_web_api  # noqa: F401
    except ImportError:
        print("OpenFisca's web API: not installed, left out")
    else:
        with openfisca(given) as other:
            compare_openfisca(other, given)
            theirs = report(other, arguments.seconds)
        print(f"\n{own[0] / theirs[0]:.1f} times its requests a second, {theirs[1] / own[1]:.1f} times its work")
    with ours(given) as peer:
        memory(peer, arguments.requests)


if __name__ == "__main__":
    main()

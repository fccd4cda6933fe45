"""The service at an address, until it is told to stop.

In: a `Service`, a host, a port. Out: nothing; it returns when the last answers are given. Called by `cli`.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn

from fupin_policy.diagnostics import InputError
from fupin_policy.service.application import Service
from fupin_policy.service.connection import guarded
from fupin_policy.service.logs import log_event


def serve_at(service: Service, host: str, port: int, site: Path | None, started: Callable[[str], object]) -> None:
    """Answer at an address; `started` is told where. Ends by SIGINT or SIGTERM; SIGHUP reads the rulesets anew.

    Raises InputError where that address cannot be had.
    """
    limits = service.limits
    listening = _listening(host, port)
    config = uvicorn.Config(
        service.application(site),
        http=guarded(limits.idle),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=limits.connections,
        timeout_keep_alive=int(limits.idle),
        timeout_graceful_shutdown=int(limits.seconds) + 5,
    )
    with _ended_by_signals(), asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(uvicorn.Server(config), service, listening, started))


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """The server raises again, when it has stopped, the signal that told it to: that is no failure here."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.signal(one, lambda *_: None) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        problem = getattr(error, "strerror", None) or str(error)
        raise InputError.of("W024", "--port", host=host, port=port, problem=problem) from None


async def _serve(
    server: uvicorn.Server, service: Service, listening: socket.socket, started: Callable[[str], object]
) -> None:
    loop = asyncio.get_running_loop()
    jobs: set[asyncio.Task[None]] = set()

    def reload() -> None:
        job = loop.create_task(service.reload())
        jobs.add(job)
        job.add_done_callback(jobs.discard)

    # Windows has no such signal, and only the main thread hears of it
    with suppress(NotImplementedError, AttributeError, ValueError, RuntimeError):
        loop.add_signal_handler(signal.SIGHUP, reload)
    running = loop.create_task(server.serve(sockets=[listening]))
    while not server.started and not running.done():
        await asyncio.sleep(0.01)
    if server.started:
        name = listening.getsockname()
        started(f"http://[{name[0]}]:{name[1]}" if ":" in name[0] else f"http://{name[0]}:{name[1]}")
        log_event("started", {"rulesets": service.shelf.digests})
    await running
    log_event("stopped")

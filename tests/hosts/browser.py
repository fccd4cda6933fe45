"""Headless Chromium on a page of this repository, without any driver: the page fetches its jobs and posts its answers.

In: jobs as `answers.js` takes them. Out: its answers. Called by `test_javascript`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PAGE = "/tests/hosts/javascript/page.html"
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Handler(SimpleHTTPRequestHandler):
    """Files of the repository, the jobs, and the answers."""

    jobs: bytes
    answers: Queue[Any]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/jobs":
            self._send(self.jobs)
        elif self.path.startswith(("/hosts/js/", "/tests/hosts/javascript/", "/artifacts/")):
            super().do_GET()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        self.answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._send(b"{}")

    def translate_path(self, path: str) -> str:
        name = path.removeprefix("/artifacts/")
        return super().translate_path(path) if name == path else str(self.artifacts / name)

    artifacts: Path

    def _send(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def answers_in_browser(program: str, jobs: list[dict[str, Any]], artifacts: Path, folder: Path, seconds: int) -> Any:
    """What the page answers. A job's `artifact` is the name of a file in `artifacts`; `folder` is for the profile."""
    answers: Queue[Any] = Queue()
    asked = [{**job, "artifact": f"/artifacts/{job['artifact']}"} for job in jobs]
    kind = type("Bound", (Handler,), {"jobs": json.dumps(asked).encode(), "answers": answers, "artifacts": artifacts})
    with serving(partial(kind, directory=str(ROOT))) as port, (folder / "chromium.log").open("wb") as log:
        address = f"http://127.0.0.1:{port}{PAGE}"
        command = [program, *OPTIONS, f"--user-data-dir={folder / 'profile'}", "--remote-debugging-port=0", address]
        with subprocess.Popen(command, stdout=log, stderr=log) as process:
            try:
                return answers.get(timeout=seconds)
            except Empty:
                log.flush()
                raise AssertionError((folder / "chromium.log").read_text(errors="replace")[-2000:]) from None
            finally:
                process.terminate()


@contextmanager
def serving(handler: Any) -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()

"""Schemathesis reads the description and asks whatever it allows, and what it does not: nothing is found.

Its phase of coverage alone sends some thousands for each ruleset; `FUPIN_EXAMPLES` says how many examples of each
address come on top. Batches are left out, as it cannot write JSON Lines.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs/examples/lesson", "docs/examples/months")
EXAMPLES = os.environ.get("FUPIN_EXAMPLES", "400")
LEAST = 5000
"""Requests that are sent for each ruleset at least."""
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "negative_data_rejection,unsupported_method"
)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_found(folder: str, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", encoding="utf-8") as log:
        command = [sys.executable, "-m", "fupin_policy", "serve", str(ROOT / folder), "--port", "0", "--poll", "0"]
        service = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    assert service.stdout is not None
    where = service.stdout.readline().strip()
    try:
        found = subprocess.run(
            [
                *(
                    str(Path(sys.executable).with_name("schemathesis")),
                    "run",
                    f"{where}/api/{Path(folder).name}/openapi.json",
                ),
                *(
                    "--url",
                    where,
                    "--checks",
                    CHECKS,
                    "--max-examples",
                    EXAMPLES,
                    "--phases",
                    "examples,coverage,fuzzing",
                ),
                *("--no-color", "--continue-on-failure", "--suppress-health-check", "all", "--seed", "1"),
                *("--no-shrink", "--exclude-path-regex", "/batch$"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=30)
    sent = (tmp_path / "log").read_text(encoding="utf-8").count('"event": "request"')
    assert sent >= LEAST
    assert found.returncode == 0, found.stdout[-8000:] + found.stderr[-2000:]

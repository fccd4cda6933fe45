"""Schemathesis reads the description and asks whatever it allows, and what it does not: nothing is found.

`FUPIN_REQUESTS` says how many requests are sent; make test-long sends 20,000.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs/examples/lesson", "docs/examples/bills", "docs/examples/months")
REQUESTS = int(os.environ.get("FUPIN_REQUESTS", "20000"))
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "negative_data_rejection,unsupported_method,missing_required_header"
)
_OPERATIONS = 14


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_found(folder: str, tmp_path: Path) -> None:
    each = max(1, REQUESTS // len(FOLDERS) // _OPERATIONS)
    with (tmp_path / "log").open("w", encoding="utf-8") as log:
        command = [sys.executable, "-m", "fupin_policy", "serve", str(ROOT / folder), "--port", "0", "--poll", "0"]
        service = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    assert service.stdout is not None
    where = service.stdout.readline().strip()
    try:
        found = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run", f"{where}/api/{Path(folder).name}/openapi.json"),
                *(
                    "--url",
                    where,
                    "--checks",
                    CHECKS,
                    "--max-examples",
                    str(each),
                    "--phases",
                    "examples,coverage,fuzzing",
                ),
                *("--no-color", "--continue-on-failure", "--suppress-health-check", "all", "--seed", "1"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        service.send_signal(signal.SIGTERM)
        service.communicate(timeout=30)
    assert found.returncode == 0, found.stdout[-8000:] + found.stderr[-2000:]

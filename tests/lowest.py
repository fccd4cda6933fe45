"""The lowest versions that pyproject.toml allows, as constraints for pip: what `make test-lowest` installs.

python tests/lowest.py > constraints.txt
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
EXTRAS = ("testing", "batch", "postgres", "proof", "chart", "editor", "completion")
"""What is installed and tried; the other extras need Java, Node.js or a C compiler, or are for writing pages."""

_LOWEST = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?>=([0-9.]+)")


def constraints() -> list[str]:
    """`name==version` for each dependency of the library and of these extras."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    declared = [*project["dependencies"], *(one for name in EXTRAS for one in project["optional-dependencies"][name])]
    found = [_LOWEST.match(one) for one in declared if not one.startswith(project["name"])]
    return [f"{one[1]}=={one[2]}" for one in found if one is not None]


if __name__ == "__main__":
    print("\n".join(constraints()))

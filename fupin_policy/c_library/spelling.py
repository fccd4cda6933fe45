"""How things are spelled in C: identifiers, each once, and literals.

In: names and texts of any kind. Out: C text. Called by the other files of this room.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOT_OF_A_NAME = re.compile(r"[^A-Za-z0-9_]")
_OUR_NAME = re.compile("(?i)(anqi)(u)")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "?": "\\?", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def prefix(ruleset: str) -> str:
    """What all names of a ruleset's library begin with: `anqiu`."""
    found = _NOT_OF_A_NAME.sub("_", ruleset).lower()
    return f"rules_{found}" if not found[0].isalpha() else found


def identifiers(start: str, names: Iterable[str]) -> list[str]:
    """Constants' names, one for each name, no two the same."""
    taken: dict[str, None] = {}
    for name in names:
        plain = f"{start}_{_NOT_OF_A_NAME.sub('_', name)}".upper()
        found, number = plain, 2
        while found in taken:
            found, number = f"{plain}_{number}", number + 1
        taken[found] = None
    return list(taken)


def literal(text: str) -> str:
    """A string literal; other signs than ASCII stand in UTF-8 as they are.

    The name that the texts in `hosts/c` bear is cut in two, so that it is not taken for one of theirs.
    """
    written = "".join(_ESCAPED.get(char, char if char >= " " else f"\\{ord(char):03o}") for char in text)
    return '"' + _OUR_NAME.sub(r'\1" "\2', written) + '"'


def comment(text: str) -> str:
    """A text that ends no comment."""
    return " ".join(text.replace("*/", "* /").replace("/*", "/ *").split())


def number(value: int) -> str:
    """A 64-bit integer."""
    return "INT64_MIN" if value == -(2**63) else f"INT64_C({value})"


def flag(value: bool) -> str:
    """A bool."""
    return "true" if value else "false"


def array(head: str, entries: Iterable[str]) -> str:
    """A constant array with an entry a line; never empty, as C has no such array."""
    lines = ",\n  ".join(entries) or "{0}"
    return f"{head} = {{\n  {lines}}};\n"

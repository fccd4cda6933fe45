"""What looks like the address of a database or of something on the network, and may hold a password.

In: what was given where a file or a table was asked for. Out: whether it looks like one; texts with none of them left.
Called by commands, `batch.location` and `batch.destinations`. An address is never taken for the name of a file.
"""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "***"

_BEFORE = " \t\r\n\v\f\"'`“”‘’«»「」<>()[]{}=\u00a0\u3000\ufeff\u200b"

_ADDRESS = re.compile(
    r".*:/{2,}"  # any scheme, well written or not
    r"|jdbc:|odbc:|(?:postgres(?:ql)?|pgsql|psql|pg)(?:\+[a-z0-9_]+)?:"  # with one slash or none
    r"|[a-z][a-z0-9+.-]+:[^\s@:/\\]*:[^\s@]*@"  # scheme:user:password@
    r"|.+[^\s@:/\\]:[^\s@:/\\]+@[^\s@]"  # user:password@host; of one letter it may be a drive
    r"|(?:.*[\s;?&])?(?:host|hostaddr|port|dbname|database|user|username|uid|pwd|passfile|password|sslpassword"
    r"|service|driver|server)\s*=",
    re.DOTALL,
)


def is_address(given: object) -> bool:
    """Whether something given looks like an address, however it is written."""
    return _ADDRESS.match(normal(given)) is not None


def normal(given: object) -> str:
    """What was given with half-width signs, small letters, and without blanks and quotes before it."""
    return unicodedata.normalize("NFKC", str(given)).casefold().lstrip(_BEFORE)


def without_addresses(text: str) -> str:
    """A sentence about what was given, with whatever looks like an address hidden."""
    return HIDDEN if any(map(is_address, [text, *text.split()])) else text

"""Who may ask: everybody on this machine, or else who has the token.

In: the environment, a file, a host; later the headers of requests. Out: an `Access`, or InputError. Called by
`application` and `cli`.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fupin_policy.diagnostics import InputError
from fupin_policy.files.bounded import bytes_of

VARIABLE = "FUPIN_TOKEN"
LEAST, MOST = 16, 512
_TOKEN = re.compile(rb"[!-~]{%d,%d}" % (LEAST, MOST))
_PORT = re.compile(r":[0-9]+$")


@dataclass(frozen=True, slots=True)
class Access:
    """The token that requests must have, or None: then only this machine is answered."""

    token: bytes | None = None

    def has_token(self, authorization: bytes) -> bool:
        """Whether a header of a request has the token; how long that takes tells nothing of the token."""
        scheme, _, given = authorization.partition(b" ")
        right = hmac.compare_digest(given.strip(), self.token or b"")
        return right and scheme.lower() == b"bearer" and self.token is not None

    def is_own_host(self, host: bytes) -> bool:
        """Whether a request names this machine: a page of another site that is shown here would not."""
        return is_loopback(_PORT.sub("", host.decode("latin-1")).strip("[]"))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine as it is seen by itself alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_access(host: str, environment: Mapping[str, str], file: Path | None) -> Access:
    """The token of a file, or else of the environment. Raises InputError where others are answered without one."""
    place, raw = (VARIABLE, environment.get(VARIABLE, "").encode()) if file is None else (str(file), _read(file))
    token = raw.strip()
    if not token and file is None:
        if not is_loopback(host):
            raise InputError.of("W019", "--host", host=host)
        return Access()
    if not _TOKEN.fullmatch(token):
        raise InputError.of("W020", place, least=LEAST, most=MOST)
    return Access(token)


def _read(file: Path) -> bytes:
    found = bytes_of(file, 2 * MOST)
    if found is None:
        raise InputError.of("B179", str(file), file=file)
    return found

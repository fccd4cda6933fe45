"""The compiled ruleset of Anqiu, held byte for byte while the house is rebuilt."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fupin_policy import load

FOLDER = Path(__file__).parents[2] / "policies" / "anqiu"

SIZE = 207_170
DIGEST = "eba1a2b40748ac56eea608706fced45a395d2102e70189578157ea5c0456fe2b"
"""Changed only by a change of the rules, or by a step that means to change what is compiled and says so."""


def test_the_bytes_of_anqiu() -> None:
    module = load(FOLDER, cache=False).compile()
    assert (len(module), sha256(module).hexdigest()) == (SIZE, DIGEST)

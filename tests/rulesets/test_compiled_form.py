"""The compiled ruleset of Anqiu, held byte for byte while the house is rebuilt."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fupin_policy import load

FOLDER = Path(__file__).parents[2] / "policies" / "anqiu"

SIZE = 209_778
DIGEST = "bbc0373f23d5d29f58d06acc0d17d844a4609f8afe0580424d60143850f9b809"
"""Changed only by a change of the rules, or by a step that means to change what is compiled and says so."""


def test_the_bytes_of_anqiu() -> None:
    module = load(FOLDER, cache=False).compile()
    assert (len(module), sha256(module).hexdigest()) == (SIZE, DIGEST)

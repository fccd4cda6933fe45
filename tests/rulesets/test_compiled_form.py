"""The compiled ruleset of Anqiu, held byte for byte while the house is rebuilt."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fupin_policy import load

FOLDER = Path(__file__).parents[2] / "policies" / "anqiu"

SIZE = 209_778
DIGEST = "7471bf12421e01ef43e9de79b5ae3abf0d9d8cc99cb9a0afaaf1af7b1f81e665"
"""Changed only by a change of the rules, or by a step that means to change what is compiled and says so."""


def test_the_bytes_of_anqiu() -> None:
    module = load(FOLDER, cache=False).compile()
    assert (len(module), sha256(module).hexdigest()) == (SIZE, DIGEST)

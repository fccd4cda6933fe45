"""The compiled ruleset of Anqiu, held byte for byte while the house is rebuilt."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from fupin_policy import load

FOLDER = Path(__file__).parents[2] / "policies" / "anqiu"

SIZE = 208_462
DIGEST = "a93d6937296f4f7f7ed82930f1762e7880a2339c50a77365851e2a0fd3c73029"
"""Changed only by a change of the rules, or by a step that means to change what is compiled and says so."""


def test_the_bytes_of_anqiu() -> None:
    module = load(FOLDER, cache=False).compile()
    assert (len(module), sha256(module).hexdigest()) == (SIZE, DIGEST)

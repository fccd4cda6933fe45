"""Writes `src/messages.js`: the sentences about households and JSON texts, as `fupin_policy.messages` has them.

In: the messages H001 to H056. Out: a module of JavaScript. Called by people, and by a test that compares.
"""

from __future__ import annotations

import json
from pathlib import Path

from fupin_policy.messages import household

TARGET = Path(__file__).parent / "src" / "messages.js"
LAST = "H056"
"""Later codes are about tables, which this package does not read."""

_HEAD = """\
/**
 * What is wrong, and what to do about it: a sentence each in Chinese and English.
 * Written by `hosts/js/messages.py` from the messages of the Python package; not to be edited by hand.
 */

/** @type {Record<string, [zh: string, en: string, helpZh: string, helpEn: string]>} */
export const MESSAGES = {
"""


def text() -> str:
    """The module's text."""
    lines = []
    for code, message in household.MESSAGES.items():
        if code <= LAST:
            sentences = "".join(f"    {json.dumps(sentence, ensure_ascii=False)},\n" for sentence in message)
            lines.append(f"  {code}: [\n{sentences}  ],\n")
    return f"{_HEAD}{''.join(lines)}}};\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")

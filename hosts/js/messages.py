"""Writes `src/messages.js`: the sentences about households and JSON texts, from `fupin_policy.diagnostics.messages`.

In: the messages whose codes stand in the sources. Out: a module of JavaScript. Called by people, and by a test that
compares.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from fupin_policy.diagnostics.messages import table

TARGET = Path(__file__).parent / "src" / "messages.js"
_CODE = re.compile(r'"([HN][0-9]{3})"')

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
    sources = (path for path in TARGET.parent.glob("*.js") if path != TARGET)
    used = {code for path in sources for code in _CODE.findall(path.read_text(encoding="utf-8"))}
    lines = []
    for code, message in table().items():
        if code in used:
            sentences = "".join(f"    {json.dumps(sentence, ensure_ascii=False)},\n" for sentence in message[:4])
            lines.append(f"  {code}: [\n{sentences}  ],\n")
    return f"{_HEAD}{''.join(lines)}}};\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")

"""Writes the modules of JavaScript that are made from Python's data: `src/messages.js` and `src/notation.js`.

In: the messages whose codes stand in the sources; how values are written. Out: two modules. Called by people, and by a
test that compares.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from fupin_policy.diagnostics.messages import table
from fupin_policy.intake.notation import NOTATION

SOURCES = Path(__file__).parent / "src"
_CODE = re.compile(r'"([HN][0-9]{3})"')
_WIDTH = 120

_MESSAGES_HEAD = """\
/**
 * What is wrong, and what to do about it: a sentence each in Chinese and English.
 * Written by `hosts/js/generated.py` from the messages of the Python package; not to be edited by hand.
 */

/** @type {Record<string, [zh: string, en: string, helpZh: string, helpEn: string]>} */
export const MESSAGES = {
"""

_NOTATION_HEAD = """\
/**
 * How a household's values are written: words, patterns, limits and codes of faults.
 * Written by `hosts/js/generated.py` from `notation.json` of the Python package; not to be edited by hand.
 */
"""

_TYPES = {
    "reserved": "Record<string, Record<string, string>>",
    "misplaced": "Record<string, string>",
    "statuses": 'Record<number, import("../index.d.ts").Status>',
    "two_readings": "[form: string, other: string][]",
    "blanks": "[first: number, last: number][]",
}
"""What TypeScript would take for something narrower or wider."""


def texts() -> dict[Path, str]:
    """The modules by their files."""
    notation = _notation()
    sources = (path for path in SOURCES.glob("*.js") if path.name not in ("messages.js", "notation.js"))
    used = {code for path in sources for code in _CODE.findall(path.read_text(encoding="utf-8"))}
    return {
        SOURCES / "messages.js": _messages(used | {*_CODE.findall(notation)}),
        SOURCES / "notation.js": notation,
    }


def _messages(used: set[str]) -> str:
    lines = []
    for code, message in table().items():
        if code in used:
            sentences = "".join(f"    {_literal(sentence)},\n" for sentence in message[:4])
            lines.append(f"  {code}: [\n{sentences}  ],\n")
    return f"{_MESSAGES_HEAD}{''.join(lines)}}};\n"


def _notation() -> str:
    """All but the sentences of the program in C."""
    parts = [_NOTATION_HEAD]
    for name, value in NOTATION.items():
        if name != "faults":
            type_ = f"/** @type {{{_TYPES[name]}}} */\n" if name in _TYPES else ""
            parts.append(f"{type_}export const {name.upper()} = {_spelled(value)};\n")
    return "\n".join(parts)


def _spelled(value: object, depth: int = 0) -> str:
    """A value as Prettier leaves it: a key a line, a list of lists an item a line, any other list on one line."""
    inner = "  " * (depth + 1)
    if isinstance(value, dict):
        items = [f"{key}: {_spelled(part, depth + 1)}" for key, part in value.items()]
        opening, closing, broken = "{", "}", bool(items)
    elif isinstance(value, list):
        items = [_spelled(part, depth + 1) for part in value]
        lists = all(isinstance(part, list) for part in value)
        opening, closing, broken = "[", "]", lists or len(", ".join(items)) > _WIDTH - 40
    else:
        return _literal(value)
    if not broken:
        return f"{opening}{', '.join(items)}{closing}"
    lines = "".join(f"{inner}{item},\n" for item in items)
    return f"{opening}\n{lines}{'  ' * depth}{closing}"


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    for path, text in texts().items():
        path.write_text(text, encoding="utf-8")

"""How a household's values are written, as C: for the program that reads them.

In: what `intake` reads by. Out: C text. Called by `library`.
"""

from __future__ import annotations

from collections.abc import Iterable

from fupin_policy.c_library.spelling import array, literal
from fupin_policy.c_library.tables import LEVELS
from fupin_policy.intake.notation import LIMITS, MISPLACED, NOTATION, PARTS, RESERVED, TRUTHS


def notation() -> str:
    """Constants and tables: limits, words, reserved keys, signs, and what each code means."""
    limits = {
        "LONGEST_LINE": LIMITS["line"],
        "LONGEST_ID": LIMITS["id"],
        "LONGEST_SHOWN": LIMITS["shown"],
        "LEAST_LONG_WHOLE": literal(str(2 ** LIMITS["whole_bits"])),
        "AT_LEAST_WORDS": f"{{{', '.join(map(literal, NOTATION['at_least']))}, NULL}}",
        "FULL_WIDTH": len(NOTATION["full_width"]),
    }
    sentences = ((code, *(text.format(**LIMITS) for text in both)) for code, both in NOTATION["faults"].items())
    return "\n".join(
        [
            *(f"#define {name} {value}" for name, value in limits.items()),
            "",
            _words("true_words", (literal(word) for word, truth in TRUTHS.items() if truth)),
            _words("false_words", (literal(word) for word, truth in TRUTHS.items() if not truth)),
            _words("parts", map(literal, PARTS)),
            _words("unknown_words", map(literal, NOTATION["unknown"])),
            _words("none_words", map(literal, NOTATION["none"])),
            _words("each_words", map(literal, NOTATION["each"])),
            _words("separators", map(literal, NOTATION["separators"])),
            _words("id_keys", (*_keys("household", "id"), "ANQIU_HOUSEHOLD_ID")),
            _words("members_keys", _keys("household", "members")),
            _words("village_keys", _keys("household", "village")),
            _words("member_id_keys", (*_keys("member", "id"), "ANQIU_MEMBER_ID")),
            array(
                "static const char *const misplaced[]",
                (f"[ANQIU_OF_{name}] = {literal(MISPLACED[level])}" for level, name in LEVELS.items()),
            ),
            array(
                "static const char *const status_words[]",
                (f"[{bits}] = {literal(status)}" for bits, status in NOTATION["statuses"].items()),
            ),
            array("static const uint32_t full_width[FULL_WIDTH]", map(hex, map(ord, NOTATION["full_width"]))),
            f"static const char half_width_of[] = {literal(NOTATION['half_width'])};",
            array("static const uint32_t blanks[][2]", (f"{{{first}, {last}}}" for first, last in NOTATION["blanks"])),
            "static const struct {\n  const char *code, *zh, *en;",
            array("} reasons[]", (f"{{{', '.join(map(literal, sentence))}}}" for sentence in sentences)),
        ]
    ).rstrip()


def _keys(level: str, meaning: str) -> list[str]:
    return [literal(key) for key, named in RESERVED[level].items() if named == meaning]


def _words(name: str, words: Iterable[str]) -> str:
    return f"static const char *const {name}[] = {{{', '.join(words)}, NULL}};"

"""How a household's values are written: the words, patterns, limits and codes of faults that all hosts share.

In: `notation.json`. Out: what it says. Called by the readers here, by `batch` and `c_library`, and by
`hosts/js/generated.py`, which writes it as JavaScript.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NOTATION: Mapping[str, Any] = json.loads(Path(__file__).with_name("notation.json").read_text(encoding="utf-8"))
LIMITS: Mapping[str, int] = NOTATION["limits"]
"""`shown`, `id`: the most signs of a value that a message quotes, and of an id. `whole_bits`: of an integer that is
shown with its digits. `exponent`: the power of ten above which nothing is in range. `suggestions`: of one reading.
`remembered`: values kept of each fact. `codes_named`: in a message. `json`, `json_digits`: the most signs of a text,
the most digits of an integer in it; `json_depth`: the most brackets within one another. `line`: the most bytes of a
line that the program in C reads."""

RESERVED: Mapping[str, Mapping[str, str]] = NOTATION["reserved"]
"""By level the keys that name no fact, with what stands there: an `id`, `members`, or a `village`."""

MISPLACED: Mapping[str, str] = NOTATION["misplaced"]
"""By a fact's level the code of its being given at another one."""

PARTS: tuple[str, ...] = tuple(NOTATION["parts"])
"""The keys of a partly known value."""

UNKNOWN_WORDS = frozenset(NOTATION["unknown"])
"""Given for a fact: nobody knows it, and nothing is assumed."""

NONE_WORDS = frozenset(NOTATION["none"])
"""Given for a date that may be none: there is no such day."""

AT_LEAST_WORDS = frozenset(NOTATION["at_least"])
"""The key of the items that there surely are in a list, where there may be others."""

EACH = "each"
EACH_WORDS = frozenset(NOTATION["each"])
"""Given in place of a month or year: what holds for each of them that is not named."""

MONTH, YEAR = re.compile(NOTATION["month"]), re.compile(NOTATION["year"])
"""How a month and a year of a fact by months or years are written: year and month as groups 1 and 2."""

SEPARATORS = re.compile("[" + re.escape("".join(NOTATION["separators"])) + "]")
"""What stands between several codes in one text."""

TRUTHS: Mapping[str, bool] = NOTATION["truths"]
HALF_WIDTH = str.maketrans(NOTATION["full_width"], NOTATION["half_width"])
NUMBER = re.compile(NOTATION["number"])
ISO_DATE = re.compile(NOTATION["iso_date"])
DATES = tuple(map(re.compile, NOTATION["dates"]))
"""Year, perhaps month, perhaps day, as groups 1, 3 and 4; 2 is what stands between."""

EARLIEST_WHOLE_DATE, LATEST_WHOLE_DATE = NOTATION["whole_dates"]
"""The integers that are read as dates."""

TWO_READINGS = tuple((re.compile(form), re.sub(r"\$(\d)", r"\\\1", other)) for form, other in NOTATION["two_readings"])
"""Years and months whose writing has a second meaning, and that meaning: October, as a spreadsheet writes 1959.10, a
number to it; and a month of 1906, or a day of 2019."""

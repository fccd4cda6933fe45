"""How values are written is said once: what JavaScript and C are given of it is what Python does."""

from __future__ import annotations

import re
import sys

from fupin_policy.c_library.library import text_of
from fupin_policy.core.decision import STATUS_OF_TRUTH
from fupin_policy.diagnostics.messages import table
from fupin_policy.intake.notation import HALF_WIDTH, NOTATION, SEPARATORS


def test_blanks_are_what_python_strips() -> None:
    blank = [point for point in range(sys.maxunicode + 1) if chr(point).isspace()]
    assert [point for first, last in NOTATION["blanks"] for point in range(first, last + 1)] == blank
    assert all(not f"{chr(point)}".strip() for point in blank)


def test_the_program_in_c_refuses_by_codes_that_it_has_a_sentence_for() -> None:
    text = text_of("decide.c")
    refused = {*re.findall(r'"([HCN][0-9]{3})"', text), *NOTATION["misplaced"].values()}
    assert refused == NOTATION["faults"].keys()
    assert {code for code in refused if not code.startswith("C")} <= table().keys()


def test_statuses_are_called_as_python_calls_them() -> None:
    assert NOTATION["statuses"] == {str(bits): status.value for bits, status in STATUS_OF_TRUTH.items()}


def test_signs_of_full_width_have_a_twin_each() -> None:
    full, half = NOTATION["full_width"], NOTATION["half_width"]
    assert len(full) == len(half) == len(set(full)) and full.translate(HALF_WIDTH) == half
    assert half.isascii()


def test_separators_part_codes_and_nothing_else_does() -> None:
    assert [sign for sign in map(chr, range(0x10000)) if SEPARATORS.fullmatch(sign)] == sorted(NOTATION["separators"])

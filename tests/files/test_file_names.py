"""Names of files made of any text: every system takes them, and no two are the same."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_policy.batch.change_lists import NOWHERE
from fupin_policy.files.names import MAX_LENGTH, file_name, file_names
from fupin_policy.reports.worklist import workbook_names

pytestmark = pytest.mark.fault("E2")

ODD = st.text(st.sampled_from("aAßsſ/\\:.* 　甲乙县局é\u0301\0\u200bcon1Ａ"), max_size=6) | st.text(max_size=80)
ODD |= st.sampled_from(["CON", "con.txt", "LPT1", "COM¹", "", ".", "..", "x", "x.", "x ", "X", NOWHERE, "长" * 100])


def alike(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


@given(st.lists(ODD, unique=True, max_size=12))
def test_distinct_texts_have_distinct_names(texts: list[str]) -> None:
    names = file_names(texts, taken=[NOWHERE])
    assert list(names) == texts
    assert len({alike(name) for name in [*names.values(), NOWHERE]}) == len(texts) + 1


@given(ODD)
def test_a_name_is_one_that_every_system_takes(text: str) -> None:
    name = file_name(text)
    assert name and len(name.encode()) <= MAX_LENGTH and name == name.strip(" .")
    assert not any(char in '\\/:*?"<>|' or ord(char) < 32 for char in name)
    assert name.split(".")[0].upper() not in {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        *(f"{d}{n}" for d in ("COM", "LPT") for n in range(10)),
    }


@pytest.mark.parametrize("text", ["县民政局", "辉渠镇", "a b", "长" * 66])
def test_a_plain_text_is_its_own_name(text: str) -> None:
    assert file_name(text) == text


def test_offices_of_names_that_are_alike() -> None:
    places = ["a/b", "a:b", "x", "x.", "x ", "X", "", ".", NOWHERE, "长" * 100, "长" * 100 + "甲", "con", None]
    names = workbook_names((department, place) for department in ("县/局", "县:局") for place in places)
    assert len({alike(str(name)) for name in names}) == 26
    assert {len(name.parts) for name in names} == {2} and not any(".." in name.parts for name in names)
    assert names[12] == Path(file_name("县/局")) / f"{NOWHERE}.xlsx"
    assert names[8].stem.startswith(NOWHERE) and names[8] != names[12]

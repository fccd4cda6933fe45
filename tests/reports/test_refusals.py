"""Refusals in one line: those that rest on a value that no source states are marked there too."""

from __future__ import annotations

import re

from fupin_policy import load
from fupin_policy.core.decision import Status
from fupin_policy.diagnostics import Lang
from fupin_policy.reports.decisions_text import evaluation_text

MARKS: tuple[tuple[Lang, str], ...] = (("zh", r"✗ 不符合：(.*)"), ("en", r"✗ ineligible: (.*)"))


def test_a_refusal_that_rests_on_no_source_is_marked_in_the_short_line() -> None:
    ruleset = load()
    found = ruleset.evaluate({"id": "h", "members": [{"id": "m1", "出生日期": "1980-01-01"}]}, "2019-06-30")
    own = [one for one in found.decisions if one.own is not False]
    refused = [one for one in own if one.status is Status.INELIGIBLE]
    assert {one.provisional for one in refused} == {True, False}
    for lang, line in MARKS:
        told = re.search(line, evaluation_text(found, ruleset.program, lang))
        assert told is not None
        named = re.split("、|, ", told[1]) if lang == "zh" else [told[1]]
        for one in refused:
            title = one.title.zh if lang == "zh" else one.title.en
            marked = f"{title}（暂定）" if lang == "zh" else f"{title} (provisional)"
            if lang == "zh":
                assert (marked if one.provisional else title) in named
            else:
                assert (marked in told[1]) == one.provisional

"""Clauses as people cite them."""

from __future__ import annotations

import pytest

from fupin_policy import load
from fupin_policy.core.registers import ClauseRef, Numbering
from fupin_policy.prose.references import clause_text, references_text


@pytest.mark.parametrize(
    ("clause", "numbering", "told"),
    [
        ("4.2", "articles", "第四条第二款"),
        ("27", "articles", "第二十七条"),
        ("10.1", "articles", "第十条第一款"),
        ("13.2.3", "articles", "第十三条第二款第三项"),
        ("99.20", "articles", "第九十九条第二十款"),
        ("4.2", "sections", "第四部分（二）"),
        ("2", "sections", "第二部分"),
        ("附件一", "articles", "附件一"),
        ("0.1", "articles", "0.1"),
        ("100", "articles", "100"),
        ("4.2.1.7", "articles", "4.2.1.7"),
    ],
)
def test_a_clause_is_told_by_its_number(clause: str, numbering: Numbering, told: str) -> None:
    assert clause_text(clause, numbering) == told


def test_each_document_is_named_once() -> None:
    basis = [ClauseRef("anfa-2018-31", "4.2"), ClauseRef("weiminzi-2018-84", ""), ClauseRef("anfa-2018-31", "10.1")]
    sources = load().program.sources
    assert references_text(basis, sources, "zh") == "安发〔2018〕31号第四条第二款、第十条第一款、潍民字〔2018〕84号"
    assert references_text(basis, sources, "en") == "安发〔2018〕31号 4.2, 10.1, 潍民字〔2018〕84号"

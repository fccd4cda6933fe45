"""Rules with lists are refused by batches in words, before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fupin_policy import load
from fupin_policy.batch.evaluate import BatchEvaluator
from fupin_policy.diagnostics import InputError

BILLS = load(Path(__file__).parents[2] / "docs" / "examples" / "bills")


def test_batches_refuse_lists_in_words() -> None:
    with pytest.raises(InputError) as raised:
        BatchEvaluator(BILLS)
    (told,) = raised.value.diagnostics
    assert (told.code, told.sentence("zh")) == ("N217", "批量计算还不能用于有明细的规则集（就医记录、赡养人）")


def test_spark_refuses_lists_before_anything_is_sent() -> None:
    pytest.importorskip("pyspark")
    from unittest.mock import Mock

    from fupin_policy.batch.spark.shipping import ship_ruleset

    session = Mock()
    with pytest.raises(InputError) as raised:
        ship_ruleset(session, BILLS)
    assert [one.code for one in raised.value.diagnostics] == ["N217"]
    assert session.mock_calls == []

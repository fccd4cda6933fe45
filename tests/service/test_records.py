"""A decision that is recorded leads into the chain, and the chain is one that `fupin audit verify` holds."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from asked_service import asked

from fupin_policy import load
from fupin_policy.analysis.audit import kept_record, verify
from fupin_policy.diagnostics import InputError
from fupin_policy.service.application import Service
from fupin_policy.service.shelf import RulesetShelf

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "docs" / "examples" / "lesson"
GIVEN: dict[str, Any] = json.loads((ROOT / "docs" / "examples" / "household.json").read_text(encoding="utf-8"))
QUESTION = {"household": GIVEN, "as_of": "2019-06-30"}
EVALUATE = "/api/lesson/evaluate"


def test_decisions_lead_into_the_chain(tmp_path: Path) -> None:
    rules, file = load(LESSON), tmp_path / "lesson.jsonl"
    with kept_record(file, rules) as record:
        app = Service.of(RulesetShelf.of([LESSON]), poll=0, records={"lesson": record}).application()
        with ThreadPoolExecutor(8) as threads:
            found = [one.data["record"] for one in threads.map(lambda _: asked(app, EVALUATE, QUESTION), range(20))]
        assert "record" not in asked(app, EVALUATE, {**QUESTION, "record": False, "assume": False}).data
        refused = asked(app, EVALUATE, {**QUESTION, "assume": False, "figures": ["重度残疾"]})
        assert (refused.status, refused.problems) == (422, [("W006", "record")])
        assert asked(app, EVALUATE, {**QUESTION, "household": {}}).status == 422
        with pytest.raises(InputError), kept_record(file, rules, 0.1):
            pass
    entries = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {one["hash"]: one["entry"] for one in entries} == {one["hash"]: one["entry"] for one in found}
    held = verify(file, rules, entries[-1]["hash"])
    assert (held.entries, held.problems) == (20, ())
    with kept_record(file, rules) as record:
        assert record.add(rules, GIVEN, "2019-06-30")[0] == 21
    file.write_bytes(file.read_bytes()[:-5])
    with pytest.raises(InputError), kept_record(file, rules):
        pass
    with pytest.raises(InputError), kept_record(file, rules.with_values({"参数.津贴_60至79岁": 1})):
        pass

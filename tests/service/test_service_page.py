"""The examples of docs/service.md are asked, and answered as they say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from asked_service import asked
from starlette.types import ASGIApp

from fupin_policy.service.application import Service
from fupin_policy.service.shelf import RulesetShelf

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```text\n(POST) (\S+)\n(.*?)\n\n(\d+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def app() -> ASGIApp:
    return Service.of(RulesetShelf.of([ROOT / "docs" / "examples" / "lesson"]), poll=0).application()


@pytest.mark.parametrize(("method", "path", "body", "status", "answer"), EXAMPLES)
def test_an_example_is_answered_so(app: ASGIApp, method: str, path: str, body: str, status: str, answer: str) -> None:
    found = asked(app, path, body.encode(), method)
    assert found.status == int(status), found.data
    holds(json.loads(answer), found.data)


def holds(shown: Any, found: Any) -> None:
    """Whether all that is shown is so; of an object some may be left out."""
    match shown:
        case dict():
            for key, value in shown.items():
                holds(value, found[key])
        case list():
            assert len(shown) == len(found)
            for one, other in zip(shown, found, strict=True):
                holds(one, other)
        case _:
            assert shown == found


def test_every_address_is_on_the_page(app: ASGIApp) -> None:
    assert len(EXAMPLES) == PAGE.count("```text\nPOST")
    for path in asked(app, "/api/lesson/openapi.json").data["paths"]:
        assert path.replace("/lesson", "/{ruleset}") in PAGE, path

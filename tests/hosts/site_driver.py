"""A person at the calculator: fields are found by their labels, filled in and read where they stand on the page.

In: a page of Playwright, a household as a registry has it. Out: what the page shows. Called by `test_site_in_browser`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fupin_policy import Evaluation
from fupin_policy.core.decision import Status
from fupin_policy.core.program import Program
from fupin_policy.prose.amounts import amount_words

FOUND = """([scope, label]) => {
  const named = (one) => one.childNodes[0]?.textContent === label;
  const own = [...scope.querySelectorAll(':scope > .fields > .field, :scope > details > .fields > .field')];
  const lists = [...scope.querySelectorAll(':scope > .list > .field')];
  const field = [...own, ...lists].find((one) => named(one.querySelector('label, .name')));
  return field ?? null;
}"""
SHOWN = """() => Object.fromEntries([...document.querySelectorAll('.card')].map((card) => [card.dataset.policy, {
  part: card.closest('.part').classList[1],
  amount: card.querySelector('.amount')?.textContent ?? null,
  said: [...card.querySelectorAll('p:not(.amount)')].map((one) => one.textContent),
}]))"""


class Person:
    """Somebody who fills in households on a page."""

    def __init__(self, page: Any, folder: Path, on: str) -> None:
        self.page = page
        page.goto(f"{(folder / 'calculator.html').as_uri()}?on={on}")
        page.wait_for_selector("#waiting", state="hidden")

    def fill(self, household: Mapping[str, Any]) -> list[str]:
        """Fill in a household; gives the facts of which the page asks nothing."""
        page, left = self.page, list[str]()
        members = household["members"]
        while page.locator(".member").count() < len(members):
            page.get_by_role("button", name="添一名成员").click()
        own = {key: value for key, value in household.items() if key not in ("id", "members")}
        left += self._fill_in(page.locator(".household"), own)
        for at, member in enumerate(members):
            scope = page.locator(".member").nth(at)
            scope.get_by_label("称呼").fill(str(member["id"]))
            left += self._fill_in(scope, {key: value for key, value in member.items() if key != "id"})
        return left

    def shown(self) -> dict[str, Any]:
        """What stands on the cards."""
        found: dict[str, Any] = self.page.evaluate(SHOWN)
        return found

    def _fill_in(self, scope: Any, facts: Mapping[str, Any]) -> list[str]:
        for folded in scope.locator(":scope > details.rest:not([open]) > summary").all():
            folded.click()
        left = list[str]()
        for label, value in facts.items():
            field = self.page.evaluate_handle(FOUND, [scope.element_handle(), label]).as_element()
            if field is None:
                left.append(label)
            elif isinstance(value, list) and field.query_selector("select"):
                self._fill_list(field, value)
            else:
                self._fill_field(field, value)
        return left

    def _fill_field(self, field: Any, value: Any) -> None:
        if isinstance(value, Mapping):
            value = value["each"]
        select, box = field.query_selector("select"), field.query_selector("input[type=text]")
        if select is not None:
            select.select_option(label=value)
        elif box is None or value == "无":
            wanted = [value] if isinstance(value, str) else value
            for choice in field.query_selector_all("label"):
                if choice.text_content().strip() in (*wanted, *(["没有", "都没有"] if value == "无" else [])):
                    choice.query_selector("input").check()
        else:
            box.fill(value)

    def _fill_list(self, field: Any, items: list[Any]) -> None:
        field.query_selector("select").select_option(label="有，全在下面" if items else "没有")
        list_ = field.evaluate_handle("(one) => one.parentElement").as_element()
        for item in items:
            list_.query_selector(":scope > button").click()
            made = list_.query_selector(".item:last-child")
            made.evaluate("(one) => one.setAttribute('id', 'now')")
            assert self._fill_in(self.page.locator("#now"), item) == []
            made.evaluate("(one) => one.removeAttribute('id')")


def expected(evaluation: Evaluation, program: Program) -> dict[str, Any]:
    """What must stand on the cards, by Python."""
    found = {}
    for one in evaluation.decisions:
        said = []
        if one.status is not Status.INELIGIBLE:
            said += [f"受益人：{'、'.join(one.beneficiaries)}"] if one.beneficiaries else []
            said += [f"可能的受益人：{'、'.join(one.possible_beneficiaries)}"] if one.possible_beneficiaries else []
            needs = [f"{need.member} {need.label}" if need.member else need.label for need in one.missing]
            said += [f"还要知道：{'、'.join(needs)}"] if needs else []
        amount = (
            None if one.amount is None or one.status is Status.INELIGIBLE else amount_words(one.amount, program, "zh")
        )
        part = "others" if one.is_of_others else one.status.value
        found[one.policy] = {"part": part, "amount": amount, "said": said}
    return found

"""How fast the calculator of `fupin site` is in Chromium: from opening the page to its first answer, at each change.

python benchmarks/site.py; needs Chromium, and Playwright of the extra `hosts`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright

from fupin_policy import load
from fupin_policy.reports.site.html_pages import SitePages

ROOT = Path(__file__).parents[1]
DAYS = {"anqiu": "2019-06-30", "assistance": "2026-06-15"}
"""The days that are decided by ruleset, those of most examples."""
OPENED, CHANGES = 9, 60
CHANGE = """([at]) => {
  const fields = [...document.querySelectorAll('#form select')];
  const field = fields[at % fields.length];
  field.selectedIndex = (field.selectedIndex + 1) % field.options.length;
  const began = performance.now();
  field.dispatchEvent(new Event('input', { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""


def measured(page: Page, address: str) -> tuple[list[float], list[float]]:
    """Milliseconds to the first answer each time that the page is opened, and of changes of one field, with layout."""
    opened = []
    for _ in range(OPENED):
        page.goto(address)
        page.wait_for_selector("#waiting", state="hidden")
        opened.append(float(page.evaluate("performance.getEntriesByName('answered')[0].startTime")))
    for _ in range(3):
        page.get_by_role("button", name="添一名成员").click()
    changes: list[Any] = [page.evaluate(CHANGE, [at]) for at in range(CHANGES)]
    return opened, [float(one) for one in changes]


def main() -> None:
    """Both shipped rulesets."""
    with TemporaryDirectory() as name, sync_playwright() as found:
        browser = found.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for ruleset, day in DAYS.items():
            path = Path(name) / f"{ruleset}.html"
            rules = load(ROOT / "policies" / ruleset)
            path.write_text(SitePages(rules, frozenset(), day).calculator(), encoding="utf-8")
            opened, changes = measured(browser.new_page(), path.as_uri())
            told = f"{ruleset}: {path.stat().st_size // 1024} KB, first answer {median(opened):.0f} ms"
            tail = quantiles(changes, n=20)[-1]
            print(f"{told} ({max(opened):.0f} at most), a change {median(changes):.1f} ms ({tail:.1f} of 95 %)")
        browser.close()


if __name__ == "__main__":
    main()

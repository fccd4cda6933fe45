"""Draws the pictures of `docs/pictures` again: pages in a browser at 1280 and 360 pixels, and on paper.

python tests/hosts/pictures.py; needs Chromium, Playwright (extra `hosts`), pdftoppm and Pillow (which `chart` brings).
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from browser import OPTIONS, ROOT, chromium
from PIL import Image
from playwright.sync_api import sync_playwright
from site_driver import Person

from fupin_policy import load
from fupin_policy.cli.main import main
from fupin_policy.diagnostics import Reporter
from fupin_policy.intake.csv_extract import read_extract
from fupin_policy.ruleset import SHIPPED

PICTURES = ROOT / "docs" / "pictures"
EXAMPLES = ROOT / "docs" / "examples"
ASSISTANCE = ROOT / "policies" / "assistance"
COLOURS = 64
PHONE = '<body style="margin:0"><iframe src="{}" style="border:0;width:360px;height:{}px"></iframe>'


def draw(folder: Path) -> None:
    """All pictures, by way of a folder."""
    main(["demo", "-o", str(folder / "demo")])
    summary, comparison = folder / "demo" / "summary.html", folder / "comparison.html"
    tables = [str(ASSISTANCE / "demo" / name) for name in ("households.csv", "members.csv")]
    asked = ["--data", *tables, "--list", f"bills={ASSISTANCE / 'demo' / 'bills.csv'}", "--as-of", "2027-06-30"]
    main(["diff", str(ASSISTANCE), str(EXAMPLES / "wider_margin"), *asked, "-o", str(comparison)])
    for name, page in (("summary", summary), ("comparison", comparison)):
        _small(_shot(folder, page, 1280, 1400), PICTURES / f"{name}.png", 0.75)
        _small(_shot(folder, page, 360, 1400), PICTURES / f"{name}_360.png", 1)
        _small(_paper(folder, page), PICTURES / f"{name}_a4.png", 1)
    drawn = ["--vary", "医疗费用", "--ruleset", str(EXAMPLES / "lesson"), "--as-of", "2019-06-30"]
    main(["chart", str(EXAMPLES / "household.json"), *drawn, "-o", str(folder / "chart.png")])
    _small(Image.open(folder / "chart.png").convert("RGB"), PICTURES / "chart.png", 1)


def draw_site(folder: Path) -> None:
    """The calculator with a household of the extract filled in, on a screen and on a telephone."""
    main(["site", "-o", str(folder / "site")])
    demo = SHIPPED / "demo"
    household = read_extract(demo / "households.csv", demo / "members.csv", load().program, Reporter())[0]
    with sync_playwright() as found:
        browser = found.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for name, width, height in (("site", 1280, 900), ("site_360", 360, 900)):
            page = browser.new_page(viewport={"width": width, "height": height})
            Person(page, folder / "site", "2019-06-30").fill(household)
            page.evaluate("document.querySelectorAll('details.rest').forEach((one) => { one.open = false })")
            page.evaluate("scrollTo(0, 0)" if width > 500 else "document.querySelector('#results').scrollIntoView()")
            page.screenshot(path=folder / f"{name}.png")
            _small(
                Image.open(folder / f"{name}.png").convert("RGB"), PICTURES / f"{name}.png", 0.75 if width > 500 else 1
            )
        browser.close()


def _shot(folder: Path, page: Path, width: int, height: int) -> Image.Image:
    shown = page
    if width < 500:  # no window is as narrow as that
        shown = folder / "phone.html"
        shown.write_text(PHONE.format(page.as_uri(), height), encoding="utf-8")
    _browser(
        folder, [f"--screenshot={folder / 'shot.png'}", f"--window-size={max(width, 500)},{height}", shown.as_uri()]
    )
    return Image.open(folder / "shot.png").convert("RGB").crop((0, 0, width, height))


def _paper(folder: Path, page: Path) -> Image.Image:
    _browser(folder, [f"--print-to-pdf={folder / 'page.pdf'}", "--no-pdf-header-footer", page.as_uri()])
    drawn = ["pdftoppm", "-r", "80", "-f", "2", "-l", "2", "-singlefile", "-png"]
    subprocess.run([*drawn, str(folder / "page.pdf"), str(folder / "paper")], check=True)
    return Image.open(folder / "paper.png").convert("RGB")


def _browser(folder: Path, asked: list[str]) -> None:
    own = ["--hide-scrollbars", "--allow-file-access-from-files", f"--user-data-dir={folder / 'profile'}"]
    subprocess.run([str(chromium()), *OPTIONS, *own, *asked], check=True, capture_output=True)


def _small(picture: Image.Image, path: Path, scale: float) -> None:
    size = (round(picture.width * scale), round(picture.height * scale))
    drawn = picture.resize(size, Image.Resampling.LANCZOS).quantize(COLOURS, Image.Quantize.FASTOCTREE)
    drawn.save(path, optimize=True)
    print(path.relative_to(ROOT), path.stat().st_size)


if __name__ == "__main__":
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        draw(Path(name))
        draw_site(Path(name))

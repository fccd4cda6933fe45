"""Draws the pictures of `docs/pictures` again: pages in a browser at 1280 and 360 pixels, and on paper.

python tests/hosts/pictures.py; needs Chromium, pdftoppm and Pillow (which the extra `chart` brings).
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from browser import OPTIONS, ROOT, chromium
from PIL import Image

from fupin_policy.cli.main import main

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

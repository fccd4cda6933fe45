"""Draws the pictures of lists in `docs/pictures` again: first pages, as LibreOffice prints the town of 200 households.

python tests/reports/paper_pictures.py; needs LibreOffice, pdftoppm, Pillow, a Chinese font, and Carlito, whose letters
are as wide as those of Calibri, by which a workbook's columns are measured.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
COLOURS = 16


def draw(folder: Path) -> None:
    """The pages of the town's workbook, counted, and the first of each list."""
    sys.path.insert(0, str(ROOT / "tests"))
    from one_town import TOWN, one_town

    from fupin_policy import load
    from fupin_policy.reports.worklist import EVERY, write_worklists

    write_worklists(one_town(folder, 200), load(), folder / "lists")
    home = f"-env:UserInstallation=file://{folder}/profile"
    for number, office in enumerate((EVERY, "市民政局")):
        to = ["--convert-to", "pdf", "--outdir", str(folder / str(number))]
        book = folder / "lists" / office / f"{TOWN}.xlsx"
        subprocess.run(["soffice", "--headless", home, *to, str(book)], check=True, capture_output=True)
        pages = _pages(folder / str(number) / f"{TOWN}.pdf")
        print(office, len(pages), "pages")
        if number == 0:
            visits = next(at for at, text in enumerate(pages) if "上门核实  " in text or "要问的事项" in text)
            _picture(folder, folder / "0" / f"{TOWN}.pdf", visits + 1, "list_visits")
        _picture(folder, folder / str(number) / f"{TOWN}.pdf", 1, ("list_town", "list_department")[number])


def _pages(path: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout
    return text.split("\f")[:-1]


def _picture(folder: Path, path: Path, page: int, name: str) -> None:
    drawn = ["pdftoppm", "-r", "110", "-f", str(page), "-l", str(page), "-singlefile", "-png"]
    subprocess.run([*drawn, str(path), str(folder / "page")], check=True)
    picture = Image.open(folder / "page.png").convert("L").quantize(COLOURS)
    picture.save(PICTURES / f"{name}.png", optimize=True)
    print(name, (PICTURES / f"{name}.png").stat().st_size)


if __name__ == "__main__":
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        draw(Path(name))

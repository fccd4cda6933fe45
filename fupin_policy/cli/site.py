"""The command site: pages of a ruleset that are opened from a disk.

In: parsed arguments. Out: a folder of pages, an exit code. Called by `cli.main`.
"""

from __future__ import annotations

import argparse

from fupin_policy.cli.common import asked_ruleset, given_path, ruleset_folder, show_result


def site_arguments(command: argparse.ArgumentParser) -> None:
    """What `fupin site` takes."""
    command.add_argument("-o", "--output", type=given_path, required=True, help="写入的文件夹 / the folder to write")


def site(arguments: argparse.Namespace) -> int:
    """`fupin site`."""
    from fupin_policy.files.atomic import atomic_folder, check_folder
    from fupin_policy.reports.site.html_pages import html_pages

    check_folder(arguments.output)
    ruleset, pages = asked_ruleset(arguments), 0
    with atomic_folder(arguments.output) as aside:
        for path, text in html_pages(ruleset, ruleset_folder(arguments)):
            target = aside / path
            target.parent.mkdir(exist_ok=True)
            target.write_text(text, encoding="utf-8")
            pages += 1
    first = arguments.output / "index.html"
    found = {"folder": str(arguments.output), "pages": pages, "first": str(first)}
    return show_result(arguments, found, f"{pages} 页 / pages；用浏览器打开 / open {first}")

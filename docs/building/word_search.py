"""Search that finds Chinese words without a dictionary: a run of Chinese characters is indexed by each and by each two.

In: texts of pages. Out: words for the index, and the splitter of questions as JavaScript. Called by the configuration.
"""

from __future__ import annotations

import functools
import re

from sphinx.search.en import SearchEnglish

_RANGE = r"\u3400-\u9fff"
_RUNS = re.compile(rf"[{_RANGE}]+|[^\W{_RANGE}]+")


class ChineseAndEnglish(SearchEnglish):
    """Sphinx's own for Chinese cuts pages by a dictionary and questions by spaces; this cuts both by one rule."""

    lang = "zh"

    # as `asked`; kept to it by tests/docs/test_site_search.py
    js_splitter_code = """
function splitQuery(query) {
  const runs = query.match(/[\\u3400-\\u9fff]+|(?:(?![\\u3400-\\u9fff])[\\p{Letter}\\p{Number}_])+/gu) || [];
  const pairs = (run) => [...run].slice(1).map((_, at) => run.slice(at, at + 2));
  return runs.flatMap((run) => (/[\\u3400-\\u9fff]./.test(run) ? pairs(run) : [run]));
}
"""

    def split(self, input: str) -> list[str]:
        """The words by which a text is found."""
        return [word for run in _RUNS.findall(input) for word in indexed(run)]

    def stem(self, word: str) -> str:
        """The stem of an English word, worked out once; Chinese words have none."""
        return word if is_chinese(word) else self._stem(word)

    def word_filter(self, word: str) -> bool:
        """One Chinese character is a word, too."""
        return is_chinese(word) or super().word_filter(word)

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self._stem = functools.cache(super().stem)


def is_chinese(word: str) -> bool:
    """Whether a word, which is of one script, is Chinese."""
    return "\u3400" <= word[:1] <= "\u9fff"


def indexed(run: str) -> list[str]:
    """The words of a run of one script: Chinese as each character and each two in a row."""
    return [*run, *pairs(run)] if is_chinese(run) else [run]


def asked(question: str) -> list[str]:
    """The words that must all stand on a page which answers a question; in the browser `splitQuery` does the same."""
    runs = _RUNS.findall(question)
    return [word for run in runs for word in (pairs(run) if is_chinese(run) and run[1:] else [run])]


def pairs(run: str) -> list[str]:
    """Each two characters in a row."""
    return [run[at : at + 2] for at in range(len(run) - 1)]

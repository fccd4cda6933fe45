"""Every diagnostic's sentence, in Chinese and English: data only.

One table a stage; the first letter of a code names the stage. A sentence is a `str.format` template over the
arguments given to `Reporter.report`; both languages use the same placeholders. Codes are never reused.
"""

from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]
"""The two languages in which everything is said."""
Severity = Literal["error", "warning"]


class Message(NamedTuple):
    """What is wrong (`zh`, `en`), what to do about it (`help_zh`, `help_en`), and whether it stops the work."""

    zh: str
    en: str
    help_zh: str
    help_en: str
    severity: Severity = "error"


def table() -> dict[str, Message]:
    """All messages, by code."""
    from fupin_policy.diagnostics.messages import (
        audit,
        batch,
        c_library,
        checking,
        examples,
        household,
        names,
        population,
        reading,
        service,
        syntax,
        verification,
    )

    return {
        **reading.MESSAGES,
        **syntax.MESSAGES,
        **names.MESSAGES,
        **checking.MESSAGES,
        **household.MESSAGES,
        **examples.MESSAGES,
        **batch.MESSAGES,
        **population.MESSAGES,
        **verification.MESSAGES,
        **audit.MESSAGES,
        **c_library.MESSAGES,
        **service.MESSAGES,
    }

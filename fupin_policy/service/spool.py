"""What is answered to a batch while it still comes: kept aside until the client takes it.

In: bytes from one side. Out: the same bytes on the other. Called by `batches`.
A client may send all of a batch before it takes anything of the answer. Were the answer to wait for it, neither would
go on; so what it does not take yet waits in a file without a name, of which little is in memory.
"""

from __future__ import annotations

import asyncio
from tempfile import SpooledTemporaryFile
from types import TracebackType

IN_MEMORY = 1 << 20
_PIECE = 1 << 16


class AnswerSpool:
    """Bytes in the order in which they came. Used by the event loop's thread."""

    def __init__(self) -> None:
        # it is closed where the spool is left
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        self._written = self._read = 0
        self._closed = False
        self._more = asyncio.Event()

    def __enter__(self) -> AnswerSpool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def put(self, piece: bytes) -> None:
        """Add something. What was taken already is forgotten as soon as all is."""
        if self._read == self._written and self._written:
            self._file.seek(0)
            self._file.truncate()
            self._read = self._written = 0
        self._file.seek(self._written)
        self._file.write(piece)
        self._written += len(piece)
        self._more.set()

    def close(self) -> None:
        """Nothing more comes."""
        self._closed = True
        self._more.set()

    async def take(self) -> bytes:
        """The next bytes, when there are some; none at the end."""
        while self._read == self._written:
            if self._closed:
                return b""
            self._more.clear()
            await self._more.wait()
        self._file.seek(self._read)
        piece = self._file.read(min(_PIECE, self._written - self._read))
        self._read += len(piece)
        return piece

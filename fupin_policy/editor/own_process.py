"""What takes seconds, worked out in a process of its own, so that it delays no keystroke.

In: a module that reads a pickled request from standard input and prints JSON. Out: what it printed. Called by
`policy_lenses` and `example_fixes`.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import sys
from typing import Any


async def answered(module: str, request: object, seconds: float) -> Any:
    """What a module answers to a request; None where it fails or takes longer, and when nobody waits any more."""
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=pipe, stdout=pipe, stderr=nowhere
    )
    try:
        said, _ = await asyncio.wait_for(process.communicate(pickle.dumps(request)), seconds)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
    return json.loads(said) if process.returncode == 0 else None

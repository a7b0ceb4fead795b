"""From callers that are not coroutines to sources that are.

The conversation is worked out in worker threads (`actions/turns.py`), never in the event loop of the action server,
and the command line has no event loop at all. Both wait here, on one loop in a thread of its own: it keeps the
connections and the circuits of the sources for the whole process.
"""

import asyncio
import threading
from collections.abc import Coroutine
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def wait_for(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of the coroutine, run on the loop of the sources; not to be called from that loop itself."""
    return asyncio.run_coroutine_threadsafe(coroutine, _loop()).result()


_starting = threading.Lock()


def _loop() -> asyncio.AbstractEventLoop:
    with _starting:
        return _started_loop()


@cache
def _started_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="accounts", daemon=True).start()
    return loop

"""Leaves a system alone for a while that has failed several times in a row.

Written here rather than taken from a library: the ones at hand count on the clock of the wall (which jumps, and which
no test can turn), and after the pause they let every waiting call through at once, where one call should try.
"""

import time
from collections.abc import Callable


class Circuit:
    """Closed (calls pass), open (none does), or trying (one does, and decides). For use from one event loop."""

    def __init__(self, failures: int, pause_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """`failures` in a row open it for `pause_seconds`; `clock` gives seconds that only ever grow."""
        self._most = failures
        self._pause = pause_seconds
        self._clock = clock
        self._failures = 0
        self._open_until: float | None = None
        self._trying = False
        # Counts the times that the circuit opened or let one call try: what was asked before decides nothing any more.
        self._era = 0

    @property
    def seconds_left(self) -> float:
        """How long no call passes; 0 where one does."""
        return 0.0 if self._open_until is None else max(self._open_until - self._clock(), 0.0)

    def admit(self) -> int | None:
        """A ticket for one call, to be handed in with how it ended; None where no call may be made now."""
        if self._open_until is not None:
            if self._trying or self.seconds_left > 0:
                return None
            self._trying = True
            self._era += 1
        return self._era

    def succeeded(self, ticket: int) -> None:
        """The call was answered."""
        if ticket == self._era:
            self._failures, self._open_until, self._trying = 0, None, False

    def failed(self, ticket: int) -> None:
        """The call was not answered."""
        if ticket != self._era:
            return
        self._failures += 1
        if self._trying or self._failures >= self._most:
            self._open_until, self._trying = self._clock() + self._pause, False
            self._era += 1

    def given_up(self, ticket: int) -> None:
        """Nobody waited for the end of the call; where it was the one that tries, the next one does."""
        if ticket == self._era:
            self._trying = False

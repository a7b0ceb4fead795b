"""What is wrong with a callback; the sender is told nothing of it but a status."""


class CallbackRefused(Exception):  # noqa: N818 - it is how the platform's protocol names it
    """A request that did not come from the platform, or not now, or that cannot be read.

    The message is for the log, and holds nothing of what was sent.
    """

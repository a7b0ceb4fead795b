"""Keeps the libraries' chatter away from people at the terminal; errors still come through."""

import logging
import warnings

_CHATTY = ("rasa", "rasa_sdk", "tensorflow", "matplotlib", "jieba", "apscheduler", "sanic", "alembic")


def quiet() -> None:
    """Call it before Rasa is imported: its import warns about its own dependencies."""
    # Filters are reset by libraries while they are imported; this is not.
    warnings.showwarning = lambda *_args, **_kwargs: None
    import jieba  # sets the level of its own logger while it is imported
    import structlog

    del jieba
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.ERROR)
    # Rasa writes a debug entry for every graph node and every state through structlog, to stdout.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

"""Options that name a day."""

from datetime import date

from actions.settings import today
from bot.errors import UsageError
from knowledge.facts import FactValueError, parse_date


def day_option(option: str, text: str | None) -> date:
    """The day an option names; without it the pretend-today setting, else today in Asia/Shanghai.

    Raises `UsageError` where it is no date.
    """
    if text is None:
        return today()
    try:
        return parse_date(text)
    except FactValueError as error:
        raise UsageError(f"{option} 的值{error}。") from error

"""What a user typed, made safe to process: nothing that breaks storage, and nothing Rasa would take for a command."""

import unicodedata

# Line breaks and tabs are what people paste; every other control character is noise.
_KEPT_CONTROLS = "\n\t"
# A message of which nothing is left still has to be a message, because Rasa treats an empty one as no message at all.
_NOTHING_SAID = "？"


def clean_text(text: str) -> str:
    """The text without control characters, NUL and lone surrogates, and without blanks around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in text if char in _KEPT_CONTROLS or not _breaks_storage(char)).strip()


def _breaks_storage(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cs")


def without_command(text: str) -> str:
    """The text without the leading `/` that would make Rasa run an intent straight away.

    Characters that a later normalisation removes or turns into `/` (full-width, invisible) count as well.
    """
    start = 0
    while start < len(text) and _may_lead_to_command(text[start]):
        start += 1
    return text[start:] or _NOTHING_SAID


def says_nothing(text: str) -> bool:
    """Whether the text is empty once everything that cannot begin a message is taken away."""
    return all(_may_lead_to_command(char) for char in text)


def _may_lead_to_command(char: str) -> bool:
    return (
        char.isspace()
        or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Mn")
        or unicodedata.normalize("NFKC", char).lstrip().startswith("/")
    )

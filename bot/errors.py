"""Errors that a user of the command line caused."""


class UsageError(Exception):
    """Bad usage or bad input; the message is one clear Chinese line that says what and where. Exit code 2."""

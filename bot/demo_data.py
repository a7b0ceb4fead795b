"""The accounts database as every start finds it: on the newest schema, and in demo mode with the demo accounts."""

from actions.accounts.demo import prepare_demo_accounts
from actions.accounts.migrations import upgrade
from actions.settings import settings


def prepare_accounts() -> None:
    """Makes or migrates the accounts database, and loads the demo accounts in demo mode.

    Raises `AccountsError` where the database cannot be used.
    """
    upgrade(settings().accounts_url)
    if settings().demo:
        prepare_demo_accounts(settings().accounts_url)

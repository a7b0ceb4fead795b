"""The accounts database as every start finds it: on the newest schema, and in demo mode with the demo accounts."""

import sys

from actions.accounts.demo import prepare_demo_accounts
from actions.accounts.migrations import upgrade
from actions.accounts.opening import open_source
from actions.settings import settings


def prepare_accounts() -> None:
    """Makes or migrates the accounts database, and loads the demo accounts in demo mode; says where there are none.

    Raises `AccountsError` where the database cannot be used, or the file of the account sources is not sound: that is
    said at the start, not to the first customer.
    """
    upgrade(settings().accounts_url)
    if settings().accounts_sources:
        open_source(settings().accounts)
    if settings().demo and not prepare_demo_accounts(settings().accounts_url):
        print(f"这套规则没有演示账户（{settings().demo_data}）。", file=sys.stderr)

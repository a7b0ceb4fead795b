"""The ways in which a look at accounts fails, as answers of the interface."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from actions.accounts.errors import AccountsError
from actions.audit.errors import AuditError
from actions.eligibility.companies import UnknownCustomer
from bot.gateway.errors import GatewayError
from knowledge.conditions import NoEligibilityRules, UnknownOperation

logger = logging.getLogger("bot.desk")


@contextmanager
def look_failures() -> Iterator[None]:
    """Turns what looks raise into `GatewayError`; what only developers may see goes to the log."""
    try:
        yield
    except UnknownCustomer as error:
        raise GatewayError(404, "unknown_customer", "账户资料里没有这个客户编号。") from error
    except NoEligibilityRules as error:
        raise GatewayError(400, "not_covered", "这项业务还没有可以按账户判断的条件。") from error
    except UnknownOperation as error:
        raise GatewayError(400, "wrong_parameter", "operation 不是规则库里的业务编号。") from error
    except AccountsError as error:
        logger.error("The accounts cannot be read: %s", error)
        raise GatewayError(503, "accounts_unavailable", "账户资料现在查不了，请稍后再试。") from error
    except AuditError as error:
        logger.error("A look cannot be put on record: %s", error)
        raise GatewayError(503, "look_not_recorded", "现在登记不了这次查看，所以不能显示，请稍后再试。") from error

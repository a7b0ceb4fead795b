"""Which member of staff makes a request, and what that person may do."""

from dataclasses import dataclass
from typing import Final, Literal

from aiohttp import web

from bot.gateway.errors import GatewayError

# What each may do: a clerk answers people; a supervisor also sees everybody's work; a rule owner reviews questions.
StaffRole = Literal["clerk", "supervisor", "rule_owner"]
# Who may look at accounts, wherever they ask.
LOOKING: Final[tuple[StaffRole, ...]] = ("clerk", "supervisor")


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A signed-in member of staff."""

    name: str
    role: StaffRole


STAFF: Final = web.RequestKey("staff", StaffMember)


def staff_of(request: web.Request, *roles: StaffRole) -> StaffMember:
    """The member of staff who makes this request, in one of these roles (any, where none is named).

    Raises `GatewayError` 401 where nobody is signed in, 403 where the role is another.
    """
    member: StaffMember | None = request.get(STAFF)
    if member is None:
        raise GatewayError(401, "not_signed_in", "请先登录员工工作台。")
    if roles and member.role not in roles:
        raise GatewayError(403, "not_allowed", "您的岗位没有这项权限。")
    return member

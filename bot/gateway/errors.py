"""Errors a caller of the HTTP interface sees: a status, a stable code and one Chinese sentence."""


class GatewayError(Exception):
    """Answered as `{"error": {"code", "message"}}` with this status.

    Args:
        session: a session that was opened for the failed request.
        retry_after: seconds after which trying again makes sense.
    """

    def __init__(
        self, status: int, code: str, message: str, *, session: str | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.session = session
        self.retry_after = retry_after

    def to_json(self) -> dict[str, object]:
        """The body; a session that was opened for the failed request comes along, so that a retry continues it."""
        body: dict[str, object] = {"error": {"code": self.code, "message": self.message}}
        if self.session is not None:
            body["session"] = self.session
        return body


def unknown_session() -> GatewayError:
    """The session was never there, has been signed out, or has not been used for too long."""
    return GatewayError(401, "unknown_session", "会话不存在或已过期。请重新开始；之前登录过的，请重新登录。")

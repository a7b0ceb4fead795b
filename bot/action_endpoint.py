"""The action server as Rasa calls it, over connections that stay open and without the history of the conversation."""

from typing import Any, Final

import aiohttp
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig

# The servers end a connection that was idle for five seconds; one that is about to be ended must not be used.
_IDLE_SECONDS: Final = 2.0
# Together with those of other Rasa servers fewer than the action server's accept queue holds (100).
_CONNECTIONS: Final = 24


class ActionServer(EndpointConfig):  # type: ignore[misc]  # Rasa has no type information
    """An action endpoint for actions that look at the last message and the slots only, as all of ours do.

    So a call does not grow with the conversation, and what was said before is sent nowhere.
    """

    def __init__(self, endpoint: EndpointConfig) -> None:
        self.__dict__.update(endpoint.__dict__)
        self._connections: aiohttp.TCPConnector | None = None

    def session(self) -> aiohttp.ClientSession:
        """A session of its own for each call, on connections that all calls share."""
        # Made on first use, because it belongs to the running event loop.
        if self._connections is None:
            self._connections = aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_IDLE_SECONDS)
        return aiohttp.ClientSession(
            connector=self._connections,
            connector_owner=False,
            headers=self.headers,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
        )

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Sends the call without the events of the conversation."""
        call = kwargs["json"]
        kwargs["json"] = {**call, "tracker": {**call["tracker"], "events": []}}
        return await super().request(*args, **kwargs)

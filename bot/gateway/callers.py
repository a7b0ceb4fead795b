"""Who calls, as far as the network tells: the client's address and scheme, believed only from proxies that are trusted."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp import web

from actions.settings import DoorSettings, Network

DOOR: Final = web.AppKey("door", DoorSettings)
Address = IPv4Address | IPv6Address
_MOST_HOPS: Final = 20


@dataclass(frozen=True, slots=True)
class Caller:
    """The client of one request.

    Args:
        address: None where there is none (a Unix socket).
        secure: whether the client came by https, to the gateway or to a trusted proxy.
        proxied: whether a trusted proxy passed the request on.
    """

    address: Address | None
    secure: bool
    proxied: bool

    @property
    def network(self) -> str:
        """What one client is counted by: its address, in IPv6 the /64 that it may choose addresses from at will."""
        return network_of(self.address)


_CALLER: Final = web.RequestKey("caller", Caller)


def caller(request: web.Request) -> Caller:
    """Who makes this request."""
    found: Caller | None = request.get(_CALLER)
    if found is None:
        found = request[_CALLER] = _find(request, request.app[DOOR].trusted_proxies)
    return found


def own_origin(request: web.Request) -> str:
    """The origin under which this request reached the gateway; the configured public one where there is one."""
    door = request.app[DOOR]
    return door.public_url or f"{'https' if caller(request).secure else 'http'}://{request.host.lower()}"


def absolute_url(request: web.Request, path: str) -> str:
    """The address of one of the gateway's paths, for links that leave the page."""
    return own_origin(request) + path


def parse_address(text: str) -> Address | None:
    """An address as proxies and sockets write it, with or without a port; None where it is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def network_of(address: Address | None) -> str:
    """What an address is counted by; see `Caller.network`."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def is_trusted(address: Address | None, trusted: Iterable[Network]) -> bool:
    """Whether an address is one of the trusted proxies."""
    return address is not None and any(address in network for network in trusted)


def _find(request: web.Request, trusted: tuple[Network, ...]) -> Caller:
    transport = request.transport
    peer = transport.get_extra_info("peername") if transport is not None else None
    address = parse_address(peer[0]) if isinstance(peer, tuple) else None
    if not is_trusted(address, trusted):
        return Caller(address, request.secure, proxied=False)
    # Each proxy adds at the end whom it got the request from: the last one who is no proxy of ours is the client.
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    for hop in reversed(hops[-_MOST_HOPS:]):
        further = parse_address(hop)
        if further is None:
            break
        address = further
        if not is_trusted(address, trusted):
            break
    scheme = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
    return Caller(address, scheme == "https" or request.secure, proxied=True)

"""Where a push may go. A phone names the address, so it is somebody's wish and not to be trusted: it must not make this
server speak to its own network.

The check is made twice: when a phone subscribes, to refuse with words, and by every new connection (`client`), which
resolves the name itself, checks every address it finds and connects to one of these and no other. A name that points
elsewhere a second later helps nobody.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

from django.conf import settings
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_DEFAULT_PORTS = {"https": 443, "http": 80}


class EndpointRefused(Exception):  # noqa: N818 (an answer, rather than an error)
    """Not an address of a push service. The message is for the person who reads the outcome."""


class EndpointUnknown(Exception):  # noqa: N818
    """Its name is found nowhere, perhaps only for now."""


@dataclass(frozen=True)
class Endpoint:
    """`origin` is the audience of the VAPID token (RFC 8292, RFC 6454)."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def parse(url: str) -> Endpoint:
    """The same parser as the client's. Raises EndpointRefused."""
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise EndpointRefused("it is not a web address") from error
    if parts.auth is not None or not parts.host or parts.host.startswith("["):
        raise EndpointRefused("it is not a web address of a push service")
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.PUSH_LOOPBACK):
        raise EndpointRefused("it does not begin with https://")
    return Endpoint(parts.scheme, parts.host.lower(), parts.port or _DEFAULT_PORTS[parts.scheme])


def check(url: str) -> Endpoint:
    """Raises EndpointRefused, or EndpointUnknown when the name cannot be resolved."""
    endpoint = parse(url)
    try:
        resolve(endpoint.scheme, endpoint.host, endpoint.port)
    except OSError as error:
        raise EndpointUnknown(str(error)) from error
    return endpoint


def resolve(scheme: str, host: str, port: int) -> list[tuple[socket.AddressFamily, str]]:
    """Every address of `host`, each checked; the resolver's order.

    Raises EndpointRefused if a single one is not allowed: a name that points both outside and inside is no push
    service. Raises OSError where the name is not found.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that no name may have
        raise EndpointRefused("it is not a web address") from error
    addresses = [(family, str(where[0])) for family, _, _, _, where in found]
    for _, address in addresses:
        if not allowed(scheme, ipaddress.ip_address(address)):
            raise EndpointRefused("it is not on the public internet")
    return addresses


def allowed(scheme: str, address: Address) -> bool:
    if settings.PUSH_LOOPBACK and address.is_loopback:
        return True
    return scheme == "https" and is_public(address)


def is_public(address: Address) -> bool:
    """Whether everybody on the internet means the same machine by it. An IPv6 address that carries an IPv4 one is what
    that is."""
    if isinstance(address, ipaddress.IPv6Address):
        if (inner := _carried(address)) is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)

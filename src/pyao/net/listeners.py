"""Opening the listening sockets: several addresses, one port, errors an operator can act on."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl

from pyao.config import ServerSettings
from pyao.errors import ConfigError
from pyao.net.socket_options import BACKLOG, prepare_listener

_FREE_PORT_TRIES = 10

Place = tuple[socket.AddressFamily, str]


async def open_listeners(settings: ServerSettings) -> list[socket.socket]:
    """Return listening sockets, one per address, all on the same port.

    Port 0 is a free one; `fallback_ports` are tried in order when the port is taken. ConfigError
    says what is wrong with the settings; nothing stays open then.
    """
    places = await _places(settings.host)
    # With port 0, what is free on the first address may be taken on the second.
    free = [0] * _FREE_PORT_TRIES
    ports = [settings.port, *settings.fallback_ports] if settings.port else free
    taken: ConfigError | None = None
    for port in ports:
        try:
            return _listen(places, port)
        except ConfigError as error:
            cause = error.__cause__
            if not isinstance(cause, OSError) or cause.errno != errno.EADDRINUSE:
                raise
            taken = taken or error
    raise taken or ConfigError("no address to listen on; set PYAO_HOST (server.host)")


def tls_context(settings: ServerSettings) -> ssl.SSLContext | None:
    """Return what encrypts connections, or None when no certificate is set."""
    if settings.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"tls_cert {settings.tls_cert} with tls_key {settings.tls_key} cannot be used "
            f"({error}); expected a certificate chain and its unencrypted private key, both PEM"
        ) from error
    return context


async def _places(hosts: list[str]) -> list[Place]:
    """Return the addresses that the hosts stand for, each once."""
    loop = asyncio.get_running_loop()
    places: dict[Place, None] = {}
    for host in hosts:
        try:
            found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise ConfigError(
                f"host {host} is unknown ({error}); set PYAO_HOST (server.host) to an "
                "IPv4 or IPv6 address of this machine"
            ) from error
        for family, _, _, _, address in found:
            if family in (socket.AF_INET, socket.AF_INET6):
                places[family, str(address[0])] = None
    return list(places)


def _listen(places: list[Place], port: int) -> list[socket.socket]:
    listeners: list[socket.socket] = []
    for family, host in places:
        try:
            listeners.append(_listener(family, host, port))
        except OSError as error:
            for listener in listeners:
                listener.close()
            raise ConfigError(_advice(error, host, port)) from error
        port = listeners[0].getsockname()[1]
    return listeners


def _listener(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        prepare_listener(listener)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _advice(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"port {port} is taken on {host}; "
                "set PYAO_PORT (server.port) or stop the other process"
            )
        case errno.EACCES | errno.EPERM:
            return (
                f"port {port} on {host} needs privileges this process does not have; "
                "set PYAO_PORT (server.port) to one above 1023"
            )
        case errno.EADDRNOTAVAIL | errno.EAFNOSUPPORT:
            return (
                f"{host} is no address of this machine; "
                "set PYAO_HOST (server.host) to one of its own, or 0.0.0.0 for all IPv4 ones"
            )
        case _:
            return f"cannot listen on {host} port {port}: {error.strerror}"

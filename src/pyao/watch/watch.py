"""The whole watch of one server: the stall watch and the pages. Started and stopped by the app."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from http import HTTPStatus
from importlib import import_module
from typing import Final

import msgspec
import structlog

from pyao.config import WatchSettings
from pyao.errors import ConfigError
from pyao.watch.health import Health, loop_health, store_health
from pyao.watch.listener import Listener, Page
from pyao.watch.metrics import Metric, Reading, Sources, collect
from pyao.watch.pulse import Pulse
from pyao.watch.stalls import StallWatch

log = structlog.get_logger(__name__)

COLLECT_S: Final = 1.0
_JSON: Final = "application/json"
_STARTING: Final = Page(HTTPStatus.SERVICE_UNAVAILABLE, b"starting\n")


class Watch:
    """Answers from the moment it is made; ConfigError when the address cannot be listened on.

    `pulse` is for the tick; `address` is where the pages are, or None.
    """

    def __init__(self, settings: WatchSettings) -> None:
        self.pulse = Pulse()
        self.stalls = StallWatch(self.pulse, settings.stall_ms / 1000)
        self.address: tuple[str, int] | None = None
        self._loop = asyncio.get_running_loop()
        self._sources: Sources | None = None
        self._listener: Listener | None = None
        self._taken_port = 0
        if settings.metrics_enabled:
            self._listener = self._listen(settings.metrics_host, settings.metrics_port)
            self.address = self._listener.address

    def start(self, sources: Sources) -> None:
        """Begin to watch a server that is complete now."""
        self.pulse.begin()
        self._sources = sources
        self.stalls.start()
        if self._taken_port and self.address is not None:
            log.warning(
                "the port for monitoring is taken; a free one serves instead",
                metrics_port=self._taken_port,
                instead=self.address[1],
            )

    def apply(self, settings: WatchSettings) -> None:
        """Take over what may change while the server runs."""
        self.stalls.threshold_s = settings.stall_ms / 1000

    async def stop(self) -> None:
        """End the threads."""
        await asyncio.to_thread(self.stalls.stop)
        if self._listener is not None:
            await asyncio.to_thread(self._listener.stop)

    def _listen(self, host: str, port: int) -> Listener:
        """Listen on the port or, when it is taken, on a free one: the game matters more."""
        pages = {"/healthz": self._healthz, "/readyz": self._readyz, "/metrics": self._metrics}
        try:
            return Listener(host, port, pages)
        except OSError as error:
            if not port:
                raise _unusable(host, error) from error
        try:
            listener = Listener(host, 0, pages)
        except OSError as error:
            raise _unusable(host, error) from error
        self._taken_port = port  # said once the start succeeds
        return listener

    # --- the pages, made in the listener's threads --------------------------------------------

    def _healthz(self, _accept: str) -> Page:
        return _page(loop_health(self.pulse))

    def _readyz(self, _accept: str) -> Page:
        if self._sources is None:
            return _STARTING
        game = self._sources.game
        return _page(store_health(self.pulse, game.writer, stopping=game.stopping))

    def _metrics(self, accept: str) -> Page:
        """Let the loop read the figures in one go, and write the page here."""
        if self._sources is None:
            return _STARTING
        answer: Future[list[tuple[Metric, Reading]]] = Future()
        try:
            self._loop.call_soon_threadsafe(_collect, self._sources, answer)
            readings = answer.result(COLLECT_S)
        except (TimeoutError, RuntimeError):  # it hangs, or it is closed
            return Page(HTTPStatus.SERVICE_UNAVAILABLE, b"the loop does not answer\n")
        render: Callable[..., tuple[bytes, str]] = import_module("pyao.watch.exposition").render
        return Page(HTTPStatus.OK, *render(readings, accept))


def _collect(sources: Sources, answer: Future[list[tuple[Metric, Reading]]]) -> None:
    answer.set_result(collect(sources))


def _page(health: Health) -> Page:
    status = HTTPStatus.OK if health.good else HTTPStatus.SERVICE_UNAVAILABLE
    body = msgspec.json.encode({"status": health.status, **health.figures}) + b"\n"
    return Page(status, body, _JSON)


def _unusable(host: str, error: OSError) -> ConfigError:
    return ConfigError(
        f"metrics_host {host}: cannot be listened on ({error.strerror or error}); give an address "
        "of this machine, or set metrics_enabled to false"
    )

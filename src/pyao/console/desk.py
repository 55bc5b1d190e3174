"""What a console command works with: the parts of the running server, and the call it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from pyao.config import SETTINGS, ConfigurationManager
from pyao.console.command import COMMANDS, Command
from pyao.facade import Facade
from pyao.game import Game
from pyao.logs import LogRing
from pyao.modules import ModuleManager
from pyao.net import ArgentumServer
from pyao.rules.roles import PERMISSIONS
from pyao.staff import act_row
from pyao.storage.values import Hash
from pyao.world.clock import Job

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Desk:
    """Everything a command may look at and change.

    `stop(reason, grace_s)` ends the server, within its own grace time when that is None. `noted`
    hears of each act in words, without secrets.
    """

    game: Game
    facade: Facade
    modules: ModuleManager
    configuration: ConfigurationManager
    server: ArgentumServer
    logs: LogRing
    stop: Callable[[str, float | None], None]
    noted: Callable[[str], None]
    countdown: Job | None = None  # the next step of a shutdown that was announced

    def offers(self, kind: str) -> Iterable[str]:
        """Return the words that complete an argument of this kind."""
        events = self.game.events
        offered: dict[str, Callable[[], Iterable[str]]] = {
            "players": lambda: [player.name for player in self.game.world.players.values()],
            "modules": lambda: self.modules.records,
            "clients": lambda: self.facade.clients,
            "rooms": lambda: self.game.world.rooms.rooms,
            "guilds": self.game.world.guilds.names,
            "settings": lambda: SETTINGS,
            "commands": COMMANDS.names,
            "permissions": lambda: PERMISSIONS,
            "events": lambda: {one.event_type for one in events.get_event_history(limit=1_000)},
        }
        return offered[kind]() if kind in offered else ()


@dataclass(slots=True)
class Call:
    """One command while it runs: the desk, who asked, and its row of the audit."""

    desk: Desk
    operator: str
    command: Command
    arguments: str  # without secrets
    recorded: bool = False

    @property
    def game(self) -> Game:
        """The running game."""
        return self.desk.game

    def row(self, target: str = "") -> Hash:
        """Return the row of the audit; whoever takes it stores it with the effect."""
        self.recorded = True
        name = self.command.name
        self.desk.noted(f"{name} {self.arguments}".rstrip())
        log.info("console_act", who=self.operator, act=name, arguments=self.arguments)
        return act_row(self.operator, f"console {name}", target, self.arguments)

    def record(self, target: str = "") -> None:
        """Put the row into the game's ledger, to be stored with the next cut."""
        self.game.changes.note(self.row(target))

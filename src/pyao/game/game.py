"""The running game: the world, its accounts, its store and its settings, in one place.

Tasks reach everything through it. It knows who is connected as whom, how characters come in and
leave. It knows no packets from clients.
"""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Collection, Iterable, Mapping
from enum import Enum, auto
from functools import partial
from typing import Any

import structlog

from pyao.accounts import (
    AccountRecord,
    Accounts,
    LoginRefusal,
    Refusal,
    Verdicts,
    Why,
    refusal_of,
)
from pyao.config import Settings
from pyao.content.texts import Catalogue
from pyao.errors import StorageCorrupt, StorageUnavailable
from pyao.events.payloads import (
    BeforeLogin,
    CharacterCreated,
    LoginFailed,
    SessionEnded,
    SessionStarted,
)
from pyao.game.boards import Boards
from pyao.game.changes import Changes
from pyao.game.client import Client
from pyao.game.operations import Operations
from pyao.game.options import options_of
from pyao.game.parties import quit_party
from pyao.game.polls import Polls
from pyao.game.trades import break_off
from pyao.modules import CommandRegistry
from pyao.protocol import msg
from pyao.protocol.enums import Font
from pyao.protocol.packet import ServerPacket
from pyao.protocol.server_packets import ConsoleMsg
from pyao.protocol.text import TextEncoding, neutralise_bbcode, strip_controls
from pyao.rules import conduct, creation
from pyao.rules.centinel import Centinels
from pyao.rules.character import Attributes, Character, Section, UserId
from pyao.rules.creation import Choice, Origins
from pyao.rules.inventory import GOLD_ITEM, GOLD_MAX
from pyao.rules.names import name_key
from pyao.rules.numbers import Roll
from pyao.rules.options import Options
from pyao.rules.social import is_staff
from pyao.storage import records
from pyao.storage.keys import character_keys
from pyao.storage.ledger import NOBODY, of_player
from pyao.storage.snapshot import SnapshotWriter
from pyao.storage.values import Hash
from pyao.world import Player, World
from pyao.world.npc import Npc
from pyao.world.player import NOWHERE

log = structlog.get_logger(__name__)

DEFAULT_START = (1, 50, 50)
ADDRESSES_KEPT = 5
_LAST_SEED = 2**31 - 1


class PasswordChange(Enum):
    """How a change of password ended."""

    DONE = auto()
    WRONG = auto()
    BUSY = auto()
    NOT_SAVED = auto()


class Game:
    """One world with everything around it."""

    operations: Operations  # set by the application, which has the game

    def __init__(
        self,
        settings: Settings,
        world: World,
        accounts: Accounts,
        writer: SnapshotWriter,
        *,
        reserved_commands: Collection[str] = (),
        remembered: Mapping[str, Mapping[str, Hash]] | None = None,
    ) -> None:
        self.settings = settings
        self.world = world
        self.events = world.events
        self.accounts = accounts
        self.writer = writer
        self.texts = Catalogue(settings.game.language)
        self.clients: dict[UserId, Client] = {}
        self._played: dict[str, UserId] = {}  # by account: its character that somebody plays
        # Who plays, as the store shows it: kept, for it looks at all of them each second.
        self.sessions: dict[int, Hash] = {}
        self.connected: dict[str, Client] = {}  # by client id, the lobby included
        self.commands = CommandRegistry(world.events.bulkhead, reserved_commands)
        self.started_ms = world.clock.now()
        self.changes = Changes(world, writer, remembered or {})
        self.book = self.changes.book
        self.centinels = Centinels()
        self.guards: dict[int, Npc] = {}  # the centinels that stand in the world, by number
        self.closed_to_players: bool | None = None  # staff decided it, whatever the settings say
        self.polls = Polls(self.changes.saved_data)
        self.boards = Boards(self.changes.saved_data)
        self.stopping = False
        self.under_way: set[asyncio.Future[Any]] = set()  # orders of staff that wait for the store
        self.client_numbers = itertools.count(1)
        self.verdicts = Verdicts()
        self._entering: dict[UserId, Client] = {}  # for whom a character was read that is not in
        self._dice = world.dice
        world.roll = self.roll
        self._options = self._read_rules()

    @property
    def encoding(self) -> TextEncoding:
        """How texts to clients are encoded."""
        return self.settings.server.text_encoding

    @property
    def staff_only(self) -> bool:
        """Whether only staff may log in."""
        decided = self.closed_to_players
        return self.settings.game.staff_only if decided is None else decided

    @property
    def motd(self) -> list[str]:
        """The message of the day: written in the game, else the operator's, else the world's."""
        own = self.settings.game.motd if self.book.motd is None else self.book.motd
        return list(own) or self.world.data.motd

    @property
    def options(self) -> Options:
        """The rules of this world, as its operator wants them now."""
        if self.settings is not self._read_from:
            self._options = self._read_rules()
        return self._options

    def _read_rules(self) -> Options:
        self._read_from = settings = self.settings
        options = options_of(settings.rules, settings.effects, self.world.data.rulebook.balance)
        self.world.options = options
        return options

    def roll(self, low: int, high: int) -> int:
        """Throw an even die with both ends included."""
        return self._dice.randint(low, high)

    def accepts_version(self, version: str) -> bool:
        """Tell whether a client of this version may come in."""
        rules = self.settings.game
        return not rules.check_version or version == rules.client_version

    def muted(self, player: Player) -> bool:
        """Tell whether a player may not speak now."""
        return player.muted_until > self.world.unix_time()

    def muted_minutes(self, player: Player) -> int:
        """Return for how many more minutes, the started one included, a player is silent."""
        return max(0, int(player.muted_until - self.world.unix_time()) // 60 + 1)

    # --- speaking to players -----------------------------------------------------------------

    def send(self, player: Player, packet: ServerPacket | bytes) -> None:
        """Send a packet to one player; nothing happens while its connection is gone."""
        client = self.clients.get(player.user_id)
        if client is not None:
            client.reply(packet)

    def tell(self, player: Player, key: str, /, font: Font = Font.INFO, **values: object) -> None:
        """Write a text of the catalogue into one player's console."""
        client = self.clients.get(player.user_id)
        if client is not None:
            client.tell(key, font=font, **values)

    def tell_all(
        self, players: Iterable[Player], key: str, /, font: Font = Font.INFO, **values: object
    ) -> None:
        """Write a text of the catalogue into the consoles of many: encoded once for all."""
        line = self.line(key, font, **values)
        for player in players:
            player.outlet.append(line)

    def line(self, key: str, /, font: Font = Font.INFO, **values: object) -> bytes:
        """Encode a text of the catalogue as a line for a console.

        What players had a say in, such as names, is neutralised: the console renders markup, and
        a NUL would cut the line.
        """
        safe = {
            name: neutralise_bbcode(strip_controls(str(value))) for name, value in values.items()
        }
        return ConsoleMsg(self.texts(key, **safe), font).encode(self.encoding)

    def show(self, player: Player, packet: ServerPacket, *, but: Player | None = None) -> None:
        """Give a packet that tells of a player to everybody who sees it, but to `but`."""
        self.world.show_of(player, packet.encode(self.encoding), but)

    # --- coming in ---------------------------------------------------------------------------

    async def load(self, name: str, password: str, client: Client) -> Character | Refusal:
        """Check a password and read the character of that name from the store.

        A character that is in the world already is returned as it lives, not as it was stored.
        """
        try:
            account = await self.accounts.verify(name, password, client.address)
            if isinstance(account, LoginRefusal):
                why = account.why.name.lower()
                failed = LoginFailed(client.client_id, name, client.address, why)
                self.events.announce(failed, "game")
                return refusal_of(account)
            return await self._read(account, name, client)
        except StorageUnavailable:
            return Refusal("login.store_unavailable")
        except StorageCorrupt as error:
            log.error("a character is set aside", name=name, error=str(error))  # noqa: TRY400 - the text says all
            return Refusal("login.corrupt_character")

    async def _read(self, account: AccountRecord, name: str, client: Client) -> Character | Refusal:
        wanted = name_key(name)
        user_id = next(
            (n for n, own in account.characters.items() if name_key(own) == wanted), None
        )
        if user_id is None:
            return Refusal("login.no_such_character")
        staff = is_staff(account.privileges)
        if self.staff_only and not staff:
            return Refusal("login.staff_only")
        live = self.world.players.get(user_id)
        if live is not None:
            live.exceptions = account.exceptions
            return live
        if self._is_awaited(user_id, client):
            return Refusal("login.already_online")
        self._entering[user_id] = client
        edits = self.verdicts.edited.get(user_id, 0)
        try:
            hashes = await self.writer.read(character_keys(user_id))
            character = records.load_character(user_id, hashes)
        except BaseException:
            if self._entering.get(user_id) is client:  # else it has gone, and made room for another
                del self._entering[user_id]
            raise
        character.privileges = account.privileges
        player = Player.of(character)
        player.exceptions = account.exceptions
        player.edits_seen = edits
        return player

    def _is_awaited(self, user_id: UserId, client: Client) -> bool:
        """Tell whether another connection has read a character, or reads it, to come in with.

        What was read is good only as long as nobody plays the character before it comes in.
        """
        other = self._entering.get(user_id)
        return other is not None and other is not client and other.client_id in self.connected

    def create(
        self, choice: Choice, dice: Attributes, password: str
    ) -> Awaitable[Character | Refusal]:
        """Make an account with its first character; both are stored when the answer comes."""
        # A die drawn now: it must not depend on what is thrown until the password is hashed.
        own = random.Random(self.roll(0, _LAST_SEED))
        return self._create(choice, dice, password, own.randint)

    async def _create(
        self, choice: Choice, dice: Attributes, password: str, roll: Roll
    ) -> Character | Refusal:
        try:
            created = await self.accounts.create_with_character(
                choice.name,
                password,
                email=choice.email,
                make=partial(self._new_character, choice, dice, roll),
            )
        except StorageUnavailable:
            return Refusal("login.store_unavailable")
        if isinstance(created, LoginRefusal):
            return refusal_of(created)
        self.accounts.counts.created += 1
        self.events.announce(
            CharacterCreated(int(created.user_id), created.name, created.account), "game"
        )
        return created

    def _new_character(
        self, choice: Choice, dice: Attributes, roll: Roll, user_id: UserId
    ) -> Character:
        balance = self.world.data.rulebook.balance
        character = creation.new_character(
            choice,
            dice,
            roll,
            user_id=user_id,
            account=choice.name,
            created=int(self.world.unix_time()),
            origins=Origins(balance.races, balance.classes),
        )
        character.map, character.x, character.y = self.start_of(choice.home)
        return character

    def start_of(self, home: int) -> tuple[int, int, int]:
        """Return map, x and y where a character without a place begins."""
        rules = self.settings.game
        if rules.start_mode == "fixed":
            return rules.start_map, rules.start_x, rules.start_y
        city = self.world.data.cities.get(home) or next(iter(self.world.data.cities.values()), None)
        return DEFAULT_START if city is None else (city.map, city.x, city.y)

    def admit(self, character: Character, client: Client) -> Player | Refusal:
        """Place a loaded character in the world as this client's player; shows nothing yet.

        An account plays one character, and a character lives once: if it is in the world already,
        this client takes it over. Or it is refused, as the settings say.
        """
        refusal = self._keep_out(character, client)
        if refusal is not None:
            return refusal
        account = name_key(character.account)
        other = self._played.get(account)
        if other is not None and self.settings.game.second_login == "refuse":
            return Refusal("login.already_online")
        if other is not None and other != character.user_id:
            self._replace(self.world.players[other])
        player = self.world.players.get(character.user_id)
        if player is not None:
            self._take_over(player)
        else:
            player = character if isinstance(character, Player) else Player.of(character)
        player.exceptions = self.verdicts.exceptions.get(account, player.exceptions)
        player.outlet = client.outlet
        guild = self.world.guilds.of(player.user_id)
        player.guild_name = "" if guild is None else guild.name
        self.world.dress(player)
        if not self.world.place(player):
            player.map, player.x, player.y = self.start_of(player.home)
            if not self.world.place(player):
                player.outlet = NOWHERE
                return Refusal("login.no_place")
        player.last_packet_ms = self.world.clock.now()
        if self.verdicts.silence(player):
            self.world.mark(player, Section.FLAGS)
        self._note_address(player, client.address)
        self.clients[player.user_id] = client
        self._played[account] = player.user_id
        self.sessions[int(player.user_id)] = {
            "name": player.name,  # nobody who plays is given another
            "account": player.account,
            "address": client.address,
            "since": str(client.since),
        }
        return player

    def _keep_out(self, character: Character, client: Client) -> Refusal | None:
        """Return why a character that was loaded must not come in now, or None."""
        if self.stopping:
            return Refusal("server.stopping")
        late = self._decided_meanwhile(character)
        if late is not None:
            return late
        away = character.user_id not in self.world.players
        if away and self._is_awaited(character.user_id, client):
            return Refusal("login.already_online")
        self._entering.pop(character.user_id, None)
        asked = self.events.announce(
            BeforeLogin(client.client_id, character.name, client.address), "game"
        )
        return Refusal("login.vetoed", {"reason": asked.veto_reason}) if asked.vetoed else None

    def _note_address(self, player: Player, address: str) -> None:
        """Remember where a character came from lately, the newest first."""
        lately = dict.fromkeys([address, *player.addresses.split()])
        addresses = " ".join(list(lately)[:ADDRESSES_KEPT])
        if addresses != player.addresses:
            player.addresses = addresses
            self.world.mark(player, Section.PROFILE)

    def _decided_meanwhile(self, character: Character) -> Refusal | None:
        """Say why staff keeps out one who was read for a log-in before it acted."""
        late = self.verdicts.refusal_of(character, self.world.unix_time())
        if late is not None:
            return refusal_of(late)
        seen = character.edits_seen if isinstance(character, Player) else 0
        changed = self.verdicts.edited.get(character.user_id, 0) != seen
        absent = character.user_id not in self.world.players
        return Refusal("login.changed_meanwhile") if changed and absent else None

    def entered(self, player: Player) -> None:
        """Tell everybody interested that a player has come in and been shown the world."""
        client = self.clients[player.user_id]
        self.accounts.counts.entered += 1
        self.events.announce(
            SessionStarted(client.client_id, int(player.user_id), player.name, client.address),
            "game",
        )

    def _replace(self, player: Player) -> None:
        """End the session of a character whose account plays another one from now on."""
        client = self.clients[player.user_id]
        self.disconnected(player)
        client.dismiss(msg.error_msg(self.texts("login.replaced")), "login.replaced")

    def _take_over(self, player: Player) -> None:
        """Free a character of the connection that plays it, and take it off its map."""
        if player.leaving is not None:
            player.leaving.cancel()
            player.leaving = None
        old = self._unhook(player, "login.replaced", lost=True)
        if old is not None:
            old.dismiss(msg.error_msg(self.texts("login.replaced")), "login.replaced")
        self.world.remove(player)

    # --- going out ---------------------------------------------------------------------------

    def disconnected(self, player: Player) -> None:
        """Let a character whose connection is gone leave as the rules say.

        Where players may be attacked its body stays for a while, so that pulling the plug is no
        escape.
        """
        self._unhook(player, "connection lost", lost=True)
        seconds = self._seconds_to_leave(player)
        if seconds == 0 or self.stopping:
            self.leave(player)
        else:
            self._count_down(player, seconds)

    def start_leaving(self, player: Player) -> None:
        """Begin to log out at the player's wish."""
        client = self.clients[player.user_id]
        seconds = self._seconds_to_leave(player)
        if seconds == 0:
            self.leave(player)
        elif player.leaving is not None:
            left = max(1, (player.leaving.due - self.world.clock.now() + 999) // 1000)
            client.tell("logout.already", seconds=left)
        else:
            self._count_down(player, seconds)
            client.tell("logout.countdown", seconds=seconds)

    def stay(self, player: Player) -> None:
        """Call off a log-out: the player did something, or something was done to it.

        A body that nobody plays any more cannot stay: its time begins anew.
        """
        if player.leaving is None:
            return
        player.leaving.cancel()
        player.leaving = None
        client = self.clients.get(player.user_id)
        if client is not None:
            client.tell("logout.cancelled", Font.WARNING)
        else:
            self._count_down(player, self._seconds_to_leave(player))

    def leave(self, player: Player) -> None:
        """Take a character out of the world, write it, and close its connection."""
        if player.leaving is not None:
            player.leaving.cancel()
            player.leaving = None
        client = self._unhook(player, "left the game")
        if client is not None:
            client.tell("logout.farewell", name=player.name)
        quit_party(self.tell, self.world, player)
        self.book.listening.pop(player.user_id, None)  # it may come back without that right
        self.world.remove(player)
        self.changes.snapshot()
        if client is not None:
            client.dismiss(msg.disconnect(), "left the game")

    def kick(self, player: Player, key: str, /, **values: object) -> None:
        """Throw a player out with an error box, whatever the place."""
        client = self._unhook(player, key)
        self.leave(player)
        if client is not None:
            client.dismiss(msg.error_msg(self.texts(key, **values)), key)

    def kick_idle(self) -> None:
        """Throw out who has done nothing for the idle time."""
        minutes = self.settings.server.idle_minutes
        if not minutes:
            return
        oldest = self.world.clock.now() - int(minutes * 60_000)
        for player in list(self.world.players.values()):
            if player.journey is not None:
                continue
            if player.meditating:
                player.last_packet_ms = self.world.clock.now()
            if player.last_packet_ms < oldest and player.user_id in self.clients:
                self.kick(player, "logout.idle", minutes=round(minutes))

    def clear_ground(self) -> None:
        """Take away what has lain about for longer than the settings allow."""
        minutes = self.settings.game.ground_minutes
        if minutes:
            self.changes.clear_ground(minutes * 60_000)

    def close(self) -> None:
        """Send everybody home at the stop of the server; nobody comes in any more."""
        self.stopping = True
        key = "server.stopping" if self.writer.healthy else "server.stopping_unsaved"
        farewell = msg.error_msg(self.texts(key))
        for player in list(self.world.players.values()):
            client = self._unhook(player, "server stops")
            self.world.remove(player)
            if client is not None:
                client.dismiss(farewell, "server stops")
        self.changes.snapshot(moves=True)

    def _unhook(self, player: Player, reason: str, *, lost: bool = False) -> Client | None:
        """Part a character from its client; what is shown to it from now on goes nowhere.

        Rooms keep the place only of one that did not go of its own will.
        """
        break_off(self.send, self.tell, self.world, player)
        self.world.hang_up(player)
        player.dealer, player.trading = None, False
        client = self.clients.pop(player.user_id, None)
        if self._played.get(name_key(player.account)) == player.user_id:
            del self._played[name_key(player.account)]
        self.sessions.pop(int(player.user_id), None)
        if client is not None:
            if lost:
                self.world.rooms.drop(player.member_id)
            else:
                self.world.rooms.leave_all(player.member_id, reason)
            self.events.announce(
                SessionEnded(client.client_id, int(player.user_id), player.name, reason), "game"
            )
        return client

    def _seconds_to_leave(self, player: Player) -> int:
        room = self.world.maps[player.map]
        safe = room.is_safe(player.x, player.y)
        return conduct.seconds_to_leave(player, self.settings.game.logout_s, safe=safe)

    def _count_down(self, player: Player, seconds: int) -> None:
        if player.leaving is not None:
            player.leaving.cancel()
        leave = partial(self.leave, player)
        player.leaving = self.world.schedule.after(seconds * 1000, leave, name="log out")

    # --- for modules and staff ---------------------------------------------------------------

    def give_gold(self, player: Player, amount: int, cause: str) -> int:
        """Add gold within what a purse holds, or take it down to nothing; return the change."""
        before = player.gold
        player.gold = min(max(before + amount, 0), GOLD_MAX)
        change = player.gold - before
        if change:
            purse = of_player(player.user_id)
            source, target = (NOBODY, purse) if change > 0 else (purse, NOBODY)
            amount = abs(change)
            self.changes.record(cause, player, GOLD_ITEM, amount, source=source, target=target)
            self.world.mark(player, Section.STATS)
            self.changes.snapshot()
            player.outlet.append(msg.update_gold(player.gold))
        return change

    def broadcast(self, line: str) -> None:
        """Write a line into everybody's console."""
        packet = ConsoleMsg(neutralise_bbcode(line), Font.SERVER).encode(self.encoding)
        for player in self.world.players.values():
            player.outlet.append(packet)

    async def change_password(
        self, player: Player, old: str, new: str, address: str
    ) -> PasswordChange:
        """Replace the password of a player's account; DONE only when it is stored."""
        try:
            refusal = await self.accounts.change_password(player.account, old, new, address)
        except StorageUnavailable:
            return PasswordChange.NOT_SAVED
        if refusal is None:
            return PasswordChange.DONE
        return PasswordChange.BUSY if refusal.why is Why.BUSY else PasswordChange.WRONG

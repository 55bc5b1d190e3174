"""What changed since the last snapshot, and the ledger of value: what the next cut will hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import structlog

from pyao.content.world_data import SIDE, tile_index, tile_place
from pyao.errors import StorageCorrupt
from pyao.game.own_data import adopt
from pyao.game.rankings import Rankings
from pyao.game.staff_book import StaffBook
from pyao.modules import SavedData
from pyao.rooms import GenericRoom
from pyao.rules.character import Character, Section
from pyao.rules.guild import Guild
from pyao.rules.inventory import STACK_MAX, Pile
from pyao.storage import records
from pyao.storage.guild_records import guild_records, load_guild
from pyao.storage.keys import RedisKeys
from pyao.storage.ledger import NOBODY, Entry, Holder, of_map
from pyao.storage.snapshot import SnapshotWriter
from pyao.storage.values import Hash, Value
from pyao.world import MapRoom, Player, World
from pyao.world.clock import TICK_MS

log = structlog.get_logger(__name__)

_STATS = int(Section.STATS)
_POSITION = int(Section.POSITION)
# Characters and maps that a cut may wait for: 500 who fight change all within a second, and to
# write them down in one go takes 10 to 18 ms.
CUT_AT = 40


class Changes:
    """Everything that waits to be written, and the way it becomes one consistent cut."""

    def __init__(
        self,
        world: World,
        writer: SnapshotWriter,
        remembered: Mapping[str, Mapping[str, Hash]],
    ) -> None:
        self.world = world
        self.writer = writer
        self.rooms: set[GenericRoom] = set()  # those with changed variables
        self.data: dict[str, Hash | None] = {}  # other records, such as those of modules, by key
        self.saved_data = SavedData(self._remember, remembered)
        adopt(self.saved_data)
        self.book = StaffBook(self.write)
        self.ledger: list[Hash] = []
        self.rankings = Rankings()
        self._unknown_ground: dict[int, Hash] = {}

    def snapshot(self, *, moves: bool = False) -> int:
        """Hand what changed since the last time to the writer, as one cut.

        Whoever did nothing but move stays for its turn (see `snapshot_in_turn`) unless `moves` asks
        for all: a place alone is of no value, and where a thousand walk, each trade, death and
        farewell would write hundreds of them. Returns the number of the commit that will hold it.
        """
        dirty = self.world.dirty
        return self._hand_over(
            self._written([each for each in dirty if moves or each.dirty != _POSITION])
        )

    def snapshot_in_turn(self, turn: int, turns: int, *, cut_at: int = CUT_AT) -> None:
        """Hand over a part of what changed; after all `turns` nothing older is left.

        Whoever did nothing but move comes in a turn of its own, everything else together in the
        first, or as soon as `cut_at` characters and maps have changed: a thousand would otherwise
        be written down in one go each time, and the loop would stand still for that long. A place
        alone is of no value, so the cut without the others is consistent.
        """
        movers, others = [], []
        for player in self.world.dirty:
            if player.dirty != _POSITION:
                others.append(player)
            elif player.user_id % turns == turn:
                movers.append(player)
        whole = turn == 0 or len(others) + len(self.world.dirty_ground) >= cut_at
        cut = self._written([*movers, *others] if whole else movers)
        if whole:
            self._hand_over(cut)
        elif cut:
            self.writer.submit(cut)

    def _written(self, players: Iterable[Player]) -> dict[str, Value | None]:
        """Return what changed of these players, which are clean now."""
        cut: dict[str, Value | None] = {}
        dirty = self.world.dirty
        for player in players:
            cut.update(records.sections(player, player.dirty))
            if player.dirty & _STATS:
                cut.update(self.rankings.changed(player))
            player.dirty = 0
            dirty.discard(player)
        return cut

    def _hand_over(self, cut: dict[str, Value | None]) -> int:
        """Submit changed players together with everything else that changed."""
        for room in self.rooms:
            # A room that is gone may have a successor of the same name by now.
            living = self.world.rooms.get_room(room.id) or room
            cut[RedisKeys.room_vars(room.id)] = living.stored_variables()
        self.rooms.clear()
        for place in self.world.dirty_ground:
            cut[RedisKeys.map_ground(place.number)] = self._ground(place)
        self.world.dirty_ground.clear()
        for guild in self.world.guilds.dirty:
            cut.update(guild_records(guild))
        self.world.guilds.dirty.clear()
        cut.update(self.data)
        self.data.clear()
        ledger, self.ledger = self.ledger, []
        return self.writer.submit(cut, ledger)

    @property
    def unsaved(self) -> bool:
        """Whether anything changed since the last snapshot."""
        world = self.world
        changed = world.dirty or world.dirty_ground or world.guilds.dirty
        return bool(changed or self.rooms or self.data or self.ledger)

    def _remember(self, module: str, key: str) -> None:
        record = self.saved_data.get(module, key)
        self.data[RedisKeys.module_data(module, key)] = record or None

    def record(
        self, cause: str, who: Character, item: int, amount: int, *, source: Holder, target: Holder
    ) -> None:
        """Write a movement of value into the ledger, stored in the same cut as what it tells of.

        `source` and `target` are holders (`pyao.storage.ledger`), `NOBODY` for what comes into
        being or is gone. Gold is the item `GOLD_ITEM`, also in a purse.
        """
        place = f"{who.map}:{who.x},{who.y}"
        self._enter(Entry(cause, str(int(who.user_id)), item, amount, source, target, place))

    def _enter(self, entry: Entry) -> None:
        tick = self.world.clock.now() // TICK_MS
        self.ledger.append(entry.to_row(int(self.world.unix_time()), tick))

    def write(self, changed: Mapping[str, Hash | None]) -> None:
        """Let records be written with the next cut that no living thing will write: None = gone."""
        self.data.update(changed)

    def note(self, row: Hash) -> None:
        """Write a row that is made already into the ledger; see `pyao.staff.act_row`."""
        self.ledger.append(row)

    def rename_guild(self, guild: Guild, name: str) -> None:
        """Give a guild another name; what is stored under the old one goes."""
        old = guild_records(guild)
        heard_by = [one for one, heard in self.book.listening.items() if heard == guild.name]
        self.world.guilds.rename(guild, name)
        self.book.listening.update(dict.fromkeys(heard_by, guild.name))
        self.write(dict.fromkeys(old.keys() - guild_records(guild).keys()))

    def _ground(self, room: MapRoom) -> Hash | None:
        unknown, known = self._unknown_ground.get(room.number), ground_record(room)
        return {**unknown, **(known or {})} if unknown else known

    def restore_ground(self, number: int, record: Hash) -> None:
        """Lay out what lay on a map when it was stored.

        It goes before what the map brings anew and anybody may take, and beside what nobody can
        move. What this world does not know is reported, and stays in the store until one does.
        """
        room = self.world.maps.get(number)
        if room is None:
            for place, body in record.items():
                self._set_aside(number, place, body)
            return
        aside: list[tuple[str, str]] = []
        for place, body in record.items():
            x, y, pile = _read_pile(place, body)
            known = pile.item in self.world.data.items and pile.amount > 0
            if not known or not (1 <= x <= SIDE and 1 <= y <= SIDE):
                self._set_aside(number, place, body)
            elif (there := room.ground.get(tile_index(x, y))) is not None and there.item.fixed:
                aside.append((place, body))
            else:
                self.world.set_ground(room, x, y, pile)
        for place, body in aside:
            if not self.world.lay_near(room, *_read_pile(place, body)):
                self._set_aside(number, place, body)

    def _set_aside(self, number: int, place: str, body: str) -> None:
        log.warning("something on the ground is unknown", map=number, at=place, pile=body)
        self._unknown_ground.setdefault(number, {})[place] = body

    def restore_guilds(self, stored: Mapping[str, Mapping[str, Hash]]) -> None:
        """Bring back the guilds from their parts, by name; one that cannot be read is set aside."""
        guilds = self.world.guilds
        for name, parts in stored.items():
            try:
                guilds.add(load_guild(name, parts))
            except StorageCorrupt as error:
                guilds.unreadable.add(name)
                log.error("a guild is set aside", error=str(error))  # noqa: TRY400 - the text says all

    def clear_ground(self, older_than_ms: int) -> None:
        """Take away what players left lying for so long, and write it down as destroyed."""
        for room, at, pile in self.world.clear_ground(older_than_ms):
            x, y = tile_place(at)
            source, place = of_map(room.number), f"{room.number}:{x},{y}"
            self._enter(Entry("cleaned", "0", pile.item.number, pile.amount, source, NOBODY, place))

    def everything(self) -> dict[str, Value | None]:
        """Return all that lives, for a store that has lost it.

        Characters in the game, variables of rooms, what lies on the ground, guilds, what modules
        remember.
        """
        all_of_it: dict[str, Value | None] = {}
        self.rankings.forget()
        for player in self.world.players.values():
            all_of_it.update(records.sections(player, Section.everything()))
            all_of_it.update(self.rankings.changed(player))
        for room_id, variables in self.world.rooms.stored_variables():
            all_of_it[RedisKeys.room_vars(room_id)] = variables
        for place in self.world.maps.values():
            if (record := self._ground(place)) is not None:
                all_of_it[RedisKeys.map_ground(place.number)] = record
        for guild in self.world.guilds:
            all_of_it.update(guild_records(guild))
        all_of_it.update(self.book.records())
        for module, key, remembered in self.saved_data:
            all_of_it[RedisKeys.module_data(module, key)] = remembered
        return all_of_it


def _read_pile(place: str, body: str) -> tuple[int, int, Pile]:
    """Read a field of stored ground: the tile, and what lies there; zeros for what is no number."""
    x, y, item, amount = (
        int(part) if part.isascii() and part.isdigit() else 0
        for part in (*place.partition(",")[::2], *body.partition("x")[::2])
    )
    return x, y, Pile(item, min(amount, STACK_MAX))


def ground_record(room: MapRoom) -> Hash | None:
    """Return what lies on a map as it is stored: a field per tile; what the map brings is not."""
    record = {
        "{},{}".format(*tile_place(at)): f"{pile.item.number}x{pile.amount}"
        for at, pile in room.ground.items()
        if not pile.fixed
    }
    return record or None

"""What a Godot client believes after what it was sent, and the rules that what is sent must keep.

Written from the protocol pages. `read` takes one read of the socket; a stream the client could not
have followed raises `BrokenStreamError` with the rule that it breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field

from tests.support import client_facts as facts
from tests.support.client_stream import Reader, Rule, Seen, Value, expect

DICE_ROLL = 67
CHANGE_MAP, POS_UPDATE, CONSOLE_MSG, ERROR_MSG = 21, 22, 24, 55
CHAR_INDEX, CREATE, REMOVE, MOVE, CHANGE = 28, 29, 30, 32, 34
CHAT, UPDATE_STATS, LOGGED, PONG, FORCE_MOVE = 23, 45, 0, 88, 33
LEVEL_UP, CREATE_FX, ATRIBUTES = 63, 44, 50
OBJECT, OBJECT_GONE, BLOCK = 35, 36, 37
BAG_SLOT, BANK_SLOT, SPELL_SLOT, SHOP_SLOT = 47, 48, 49, 59
COMMERCE_INIT, BANK_INIT = 7, 8
TOGGLES = {3: "sailing", 42: "paused", 54: "resting", 68: "meditating", 82: "paralysed"}
ENDED_BY_DEATH = {"resting", "meditating", "paralysed"}
TRANCES = (4, 5, 6, 16, 34)
ON_THE_MAP = {CREATE, REMOVE, MOVE, CHANGE, OBJECT, OBJECT_GONE, BLOCK, POS_UPDATE, FORCE_MOVE}
NAMES_INDEX = {23: 1, 31: 0, 32: 0, 34: 0, 44: 0, 89: 0}  # where others name a character
JOURNEY = {21: True, 22: False, 23: False}  # begins, is broken off, is over
TELLS_INDEX = {14, 15, 16, 18, 19}  # the coded messages that name a character
BAG, BANK, SPELLS, SHOP = 25, 40, 35, 50
BURST_BYTES, FIGURE_BYTES = 6_000, 60  # of a log-in: without those in view, and for each of them
FAR_TILES = 27

NORTH, EAST, SOUTH, WEST = 1, 2, 3, 4
DELTAS = {NORTH: (0, -1), EAST: (1, 0), SOUTH: (0, 1), WEST: (-1, 0)}
HEADINGS = {step: heading for heading, step in DELTAS.items()}


@dataclass
class Figure:
    """A character as this client knows it."""

    x: int
    y: int
    heading: int
    name: str
    body: int
    head: int
    worn: tuple[Value, ...] = ()  # weapon, shield and helmet
    color: int = 0
    glows: bool = False  # with the light of a trance


@dataclass
class Picture:
    """All a client knows of the world, and what came since it was last looked at."""

    in_game: bool = False
    map: int = 0
    index: int = 0
    x: int = 0
    y: int = 0
    hp: int = 0
    figures: dict[int, Figure] = field(default_factory=dict)
    objects: dict[tuple[int, int], int] = field(default_factory=dict)
    blocked: dict[tuple[int, int], bool] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    graphics: Container[int] = facts.GRAPHICS
    burst: list[Seen] = field(default_factory=list)  # all packets until the log-in was checked
    burst_bytes: int = 0
    logged: bool = False
    asked: set[int] = field(default_factory=set)  # ids that the client may have sent
    grids: dict[int, set[int]] = field(default_factory=dict)  # slots told, by packet
    most: dict[str, int] = field(default_factory=dict)  # the maximum of a bar
    bag: dict[int, tuple[Value, ...]] = field(default_factory=dict)  # slots, as told
    book: dict[int, int] = field(default_factory=dict)  # spells by slot
    bars: dict[str, int] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)  # characters shown invisible
    vault: dict[int, tuple[Value, ...]] = field(default_factory=dict)  # slots of the bank
    goods: dict[int, tuple[Value, ...]] = field(default_factory=dict)  # slots of a merchant
    window: int = 0  # the packet that opened what is open
    travelling: bool = False  # home, as a ghost
    points: int = 0  # skill points to spend
    own_told: bool = False  # the own character, and then its index, since the last map
    ended: bool = False

    def read(self, chunk: bytes) -> list[Seen]:
        """Take in one read of the socket and return its packets."""
        lobby = not self.in_game
        came: list[Seen] = []
        for packet in Reader(chunk).packets(in_game=self.in_game):
            self._follow(packet)
            came.append(packet)
        ids = {packet.id for packet in came}
        if lobby and ERROR_MSG in ids:
            expect(ids <= {ERROR_MSG, DICE_ROLL}, Rule.REFUSAL_ALONE, ids)
        if not self.logged:
            self.burst += came
            self.burst_bytes += len(chunk)
        return came

    def check(self) -> None:
        """Look at the whole picture, when everything that was asked has been answered."""
        left = [
            *(one for one in self.figures.values() if not facts.sees(self.x, self.y, one.x, one.y)),
            *(place for place in self.objects if not facts.sees(self.x, self.y, *place)),
        ]
        expect(not left, Rule.LEFT_BEHIND, f"out of view of ({self.x},{self.y}): {left}")
        expect("paused" not in self.flags, Rule.PAIRED_PAUSE)
        own = self.figures.get(self.index)
        trance = own is not None and own.glows
        expect(trance == ("meditating" in self.flags), Rule.PAIRED_TRANCE, self.flags)
        if own is not None:
            expect("sailing" not in self.flags or own.head == 0, Rule.PAIRED_SAILING, own)
            ghost = self.hp == 0 and own.head in (500, 0)
            expect(not ghost or not self.flags & ENDED_BY_DEATH, Rule.DEAD_DO_NOTHING, self.flags)

    def check_log_in(self) -> None:
        """Look at the burst of a log-in, once it has come as a whole."""
        ids = [packet.id for packet in self.burst]
        figure = self.figures.get(self.index)
        expect(figure is not None, Rule.OWN_FIRST, "the own character must exist")
        expect(self.hp > 0 or (figure and figure.head in (500, 0)), Rule.ALIVE_TOLD)
        expect(LEVEL_UP in ids, Rule.POINTS_TOLD, ids)
        slots = [
            (packet.id, packet.values[0], packet.values[1])
            for packet in self.burst[: ids.index(LOGGED)]
            if packet.id in (BAG_SLOT, SPELL_SLOT)
        ]
        expect(all(item for _, _, item in slots), Rule.COMPACT_LOGIN, "an empty slot")
        told = {slot[:2] for slot in slots}
        expect(len(told) == len(slots), Rule.COMPACT_LOGIN, "a slot was told twice")
        most = BURST_BYTES + FIGURE_BYTES * len(self.figures)
        expect(self.burst_bytes <= most, Rule.COMPACT_LOGIN, self.burst_bytes)
        self.logged = True
        self.burst.clear()

    def _follow(self, packet: Seen) -> None:
        expect(not self.ended, Rule.ERROR_LAST, packet)
        if packet.id in ON_THE_MAP:
            expect(self.map, Rule.MAP_FIRST, packet)
            early = packet.id != CREATE or bool(self.figures)
            expect(self.own_told or not early, Rule.OWN_FIRST, packet)
        if packet.id == ERROR_MSG:
            self.ended = self.in_game
        elif packet.id != DICE_ROLL:
            self.in_game = True
        told_of = packet.values[NAMES_INDEX[packet.id]] if packet.id in NAMES_INDEX else 0
        expect(told_of not in self.hidden, Rule.HIDDEN_IS_GONE, packet)
        handler = FOLLOW.get(packet.id)
        if handler is not None:
            handler(self, *packet.values)
        if packet.id in TOGGLES:
            self.flags ^= {TOGGLES[packet.id]}


def _change_map(client: Picture, number: int, _version: int) -> None:
    expect(1 <= number <= facts.MAPS, Rule.KNOWN_MAP, number)
    client.map = number
    client.figures.clear()
    client.hidden.clear()
    client.objects.clear()
    client.blocked.clear()
    client.own_told = False


def _create(client: Picture, index: int, body: int, head: int, heading: int, *rest: Value) -> None:
    x, y, weapon, shield, helmet, _fx, _loops, name, color, privileges = rest
    expect(index > 0 and index not in client.figures, Rule.REMOVED_FIRST, f"character {index}")
    _check_look(body, head, heading, weapon, shield, helmet)
    expect(privileges not in (64, 128), Rule.PRIVILEGES, privileges)
    assert isinstance(x, int)
    assert isinstance(y, int)
    _check_near(client, x, y)
    worn = (weapon, shield, helmet)
    client.figures[index] = Figure(x, y, heading, str(name), body, head, worn, int(str(color)))
    if index == client.index:
        client.x, client.y = x, y


def _check_place(x: int, y: int) -> None:
    expect(1 <= x <= 100 and 1 <= y <= 100, Rule.PLACES, (x, y))


def _check_near(client: Picture, x: int, y: int) -> None:
    """Check that what is created can be seen; nothing is known of a place that is left."""
    _check_place(x, y)
    if client.own_told and client.index in client.figures:
        far = max(abs(x - client.x), abs(y - client.y))
        expect(far <= FAR_TILES, Rule.ONLY_IN_VIEW, (x, y, client.x, client.y))


def _check_look(body: Value, head: Value, heading: Value, *worn: Value) -> None:
    expect(heading in DELTAS, Rule.HEADINGS, heading)
    expect(body in facts.BODIES, Rule.LOOKS, f"body {body}")
    expect(head == 0 or head in facts.HEADS, Rule.LOOKS, f"head {head}")
    for number, known in zip(worn, (facts.WEAPONS, facts.SHIELDS, facts.HELMETS), strict=True):
        expect(number == 0 or number in known, Rule.LOOKS, f"worn {number}")


def _own_index(client: Picture, index: int) -> None:
    expect(index in client.figures, Rule.OWN_FIRST, f"index {index} is not created yet")
    client.own_told = True
    client.index = index
    client.x, client.y = client.figures[index].x, client.figures[index].y


def _remove(client: Picture, index: int) -> None:
    _known(client, index)
    client.hidden.discard(index)
    del client.figures[index]


def _move(client: Picture, index: int, x: int, y: int) -> None:
    _known(client, index)
    expect(index != client.index, Rule.NOT_OWN_MOVE)
    _check_place(x, y)
    figure = client.figures[index]
    step = (x - figure.x, y - figure.y)
    expect(step in HEADINGS, Rule.ONE_TILE, step)
    figure.x, figure.y, figure.heading = x, y, HEADINGS[step]


def _force_move(client: Picture, heading: int) -> None:
    expect(heading in DELTAS, Rule.HEADINGS, heading)
    dx, dy = DELTAS[heading]
    _position(client, client.x + dx, client.y + dy)
    client.figures[client.index].heading = heading


def _look(client: Picture, index: int, body: int, head: int, heading: int, *worn: int) -> None:
    _known(client, index)
    _check_look(body, head, heading, *worn[:3])
    figure = client.figures[index]
    figure.body, figure.head, figure.heading = body, head, heading
    figure.worn = worn[:3]


def _known(client: Picture, index: int, *_rest: Value) -> None:
    expect(index in client.figures, Rule.KNOWN_INDEX, index)


def _coded(client: Picture, code: int, *values: Value) -> None:
    if code in TELLS_INDEX:
        expect(values[0] in client.figures, Rule.KNOWN_INDEX, (code, *values))
    if code in JOURNEY:
        client.travelling = JOURNEY[code]


def _invisible(client: Picture, index: int, invisible: int) -> None:
    _known(client, index)
    expect(index != client.index or not invisible, Rule.OWN_SIGHT, index)
    if invisible:
        client.hidden.add(index)
    else:
        client.hidden.discard(index)


def _tag(client: Picture, index: int, color: int, name: str) -> None:
    _known(client, index)
    client.figures[index].name, client.figures[index].color = name, color


def _nick(client: Picture, index: int, name: str) -> None:
    _known(client, index)
    client.figures[index].name = name


def _object(client: Picture, x: int, y: int, graphic: int) -> None:
    _check_near(client, x, y)
    expect((x, y) not in client.objects, Rule.REMOVED_FIRST, f"the object on ({x},{y})")
    expect(graphic in client.graphics, Rule.GRAPHICS, graphic)
    client.objects[x, y] = graphic


def _object_gone(client: Picture, x: int, y: int) -> None:
    _check_place(x, y)
    client.objects.pop((x, y), None)


def _block(client: Picture, x: int, y: int, blocked: int) -> None:
    _check_place(x, y)
    client.blocked[x, y] = bool(blocked)


def _position(client: Picture, x: int, y: int) -> None:
    _check_place(x, y)
    _known(client, client.index)
    client.x, client.y = x, y
    figure = client.figures[client.index]
    figure.x, figure.y = x, y


def _sound(_client: Picture, _wave: int, x: int, y: int) -> None:
    if (x, y) != (0, 0):  # heard from everywhere
        _check_place(x, y)


def _stats(client: Picture, *figures: int) -> None:
    max_hp, hp, max_mana, mana, max_stamina, stamina, gold, level, following, experience = figures
    client.most = {"hp": max_hp, "mana": max_mana, "stamina": max_stamina}
    told = {"hp": hp, "mana": mana, "stamina": stamina, "gold": gold, "experience": experience}
    for name, value in told.items():
        _bar(name)(client, value)
    expect(level >= 1, Rule.FIGURES, figures)
    maxima = {f"max_{name}": most for name, most in client.most.items()}
    client.bars |= maxima | {"level": level, "next": following}


def _bar(name: str) -> Callable[..., None]:
    def check(client: Picture, value: int) -> None:
        most = client.most.get(name, value)
        expect(0 <= value <= most, Rule.FIGURES, f"{name}: {value} of {most}")
        client.bars[name] = value
        if name == "hp":
            client.hp = value

    return check


def _needs(client: Picture, max_thirst: int, thirst: int, max_hunger: int, hunger: int) -> None:
    expect(thirst <= max_thirst and hunger <= max_hunger, Rule.FIGURES, (thirst, hunger))
    client.bars |= {"thirst": thirst, "hunger": hunger}


def _power(*names: str) -> Callable[..., None]:
    def take(client: Picture, *values: int) -> None:
        client.bars |= dict(zip(names, values, strict=True))

    return take


def _points(client: Picture, points: int) -> None:
    expect(points >= 0, Rule.FIGURES, f"{points} skill points")
    client.points = points


def _logged(client: Picture, _class: int) -> None:
    expect(client.own_told, Rule.OWN_FIRST, "LOGGED before the own character")
    expect(client.most, Rule.ALIVE_TOLD)


def _slot(packet_id: int, limit: int, graphic_at: int = 0) -> Callable[..., None]:
    def check(client: Picture, slot: int, *rest: Value) -> None:
        expect(1 <= slot <= limit, Rule.SLOTS, f"slot {slot} of {limit}")
        graphic = rest[graphic_at - 1] if graphic_at else 0
        expect(graphic == 0 or graphic in client.graphics, Rule.GRAPHICS, graphic)
        client.grids.setdefault(packet_id, set()).add(slot)
        if packet_id == BAG_SLOT:
            client.bag[slot] = rest
        elif packet_id == SPELL_SLOT:
            client.book[slot] = int(str(rest[0]))
        elif packet_id == BANK_SLOT:
            client.vault[slot] = rest
        else:
            client.goods[slot] = rest

    return check


def _window(packet_id: int, limit: int) -> Callable[..., None]:
    def check(client: Picture, *gold: int) -> None:
        told = len(client.grids.pop(packet_id, ()))
        expect(told == limit, Rule.FULL_WINDOWS, f"{told} of {limit} slots")
        client.window = COMMERCE_INIT if packet_id == SHOP_SLOT else BANK_INIT
        if gold:
            client.bars["bank"] = gold[0]

    return check


def _shut(client: Picture) -> None:
    client.window = 0


def _effect(client: Picture, index: int, effect: int, loops: int) -> None:
    _known(client, index)
    expect(0 <= effect <= facts.EFFECTS, Rule.EFFECTS, effect)
    if effect == 0 or effect in TRANCES:
        client.figures[index].glows = effect in TRANCES and loops < 0


def _chat(client: Picture, _text: str, index: int, *_color: int) -> None:
    _known(client, index)


def _console(_client: Picture, words: str, font: int) -> None:
    expect(0 <= font <= facts.FONTS, Rule.FONTS, font)
    expect("[" not in words, Rule.NO_MARKUP, words)


def _asked(client: Picture, request: int, what: str) -> None:
    expect(request in client.asked, Rule.ANSWERS_ONLY, what)


FOLLOW: dict[int, Callable[..., None]] = {
    2: _known,
    5: _shut,
    6: _shut,
    COMMERCE_INIT: _window(SHOP_SLOT, SHOP),
    BANK_INIT: _window(BANK_SLOT, BANK),
    15: _bar("stamina"),
    16: _bar("mana"),
    17: _bar("hp"),
    18: _bar("gold"),
    19: _bar("bank"),
    20: _bar("experience"),
    CHANGE_MAP: _change_map,
    CREATE: _create,
    CHAR_INDEX: _own_index,
    REMOVE: _remove,
    31: _nick,
    MOVE: _move,
    FORCE_MOVE: _force_move,
    CHANGE: _look,
    OBJECT: _object,
    OBJECT_GONE: _object_gone,
    BLOCK: _block,
    POS_UPDATE: _position,
    39: _sound,
    UPDATE_STATS: _stats,
    LOGGED: _logged,
    CREATE_FX: _effect,
    BAG_SLOT: _slot(BAG_SLOT, BAG, graphic_at=5),
    BANK_SLOT: _slot(BANK_SLOT, BANK, graphic_at=4),
    SPELL_SLOT: _slot(SPELL_SLOT, SPELLS),
    ATRIBUTES: lambda client, *_: _asked(client, 13, "ATRIBUTES"),
    SHOP_SLOT: _slot(SHOP_SLOT, SHOP, graphic_at=4),
    60: _needs,
    LEVEL_UP: _points,
    100: _power("strength", "agility"),
    101: _power("strength"),
    102: _power("agility"),
    66: _invisible,
    PONG: lambda client: _asked(client, 119, "PONG"),
    89: _tag,
    104: _coded,
    CHAT: _chat,
    CONSOLE_MSG: _console,
}

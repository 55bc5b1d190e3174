"""What a click on a tile says or does: looking, doors, signs."""

from __future__ import annotations

import math

from pyao.content.items import Item
from pyao.content.world_data import SIDE, tile_index
from pyao.protocol import msg
from pyao.protocol.client_packets import DoubleClick, LeftClick
from pyao.protocol.enums import Font, Sound
from pyao.protocol.server_packets import ChatOverHead
from pyao.rules import social
from pyao.rules.areas import in_vision
from pyao.rules.board import REACH as BOARD_REACH
from pyao.rules.character import UserId
from pyao.rules.gathering import TWIGS
from pyao.rules.inventory import Pile
from pyao.rules.kinds import Faction, ObjectType, Privilege, Skill
from pyao.rules.looking import condition, struck_down
from pyao.rules.movement import inside
from pyao.storage.ledger import NOBODY, of_map
from pyao.tasks.boards import open_board
from pyao.tasks.factions import title_of
from pyao.tasks.fire import light
from pyao.tasks.living import kill
from pyao.tasks.states import PRIESTS, ask_priest
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import serve
from pyao.world import MapRoom
from pyao.world.npc import Npc
from pyao.world.player import Player

DOOR_REACH = 2

# What everybody sees for itself.
UNNAMED = frozenset(
    {
        ObjectType.DOOR,
        ObjectType.FORUM,
        ObjectType.SIGN,
        ObjectType.TREE,
        ObjectType.ELVEN_TREE,
        ObjectType.ORE_DEPOSIT,
        ObjectType.TELEPORT,
    }
)

# A door is two tiles wide and its picture reaches above and left of its own tile.
DOOR_TILES = ((0, 0), (1, 0), (1, 1), (0, 1))


@on(LeftClick)
def left_click(turn: Turn, packet: LeftClick) -> None:
    """Say what is seen on a tile: what lies there and who stands there."""
    x, y = packet.x, packet.y
    if not visible(turn.player, x, y):
        return
    who = standing_at(turn, x, y)
    turn.player.clicked = who
    turn.player.aimed_at = (x, y)
    describe(turn, x, y, who)
    if isinstance(who, Npc) and struck_down(turn.player, who.kind):
        turn.tell("look.struck_down", Font.FIGHT, name=who.kind.name)
        kill(turn.game, turn.player, killer=who.kind.name)


@on(DoubleClick, cost=12)  # it may open a vault
def double_click(turn: Turn, packet: DoubleClick) -> None:
    """Act on a tile: deal with who stands there, else with what lies there.

    Only priests deal with the dead.
    """
    x, y = packet.x, packet.y
    if not visible(turn.player, x, y):
        return
    who = standing_at(turn, x, y)
    if isinstance(who, Npc):
        turn.player.clicked = who
    if isinstance(who, Npc) and who.kind.role in PRIESTS:
        ask_priest(turn, healing=True)
    elif turn.player.dead:
        turn.tell("action.dead")
    elif not (isinstance(who, Npc) and serve(turn, who)):
        act_on_ground(turn, x, y)


def act_on_ground(turn: Turn, x: int, y: int) -> None:
    """Open or close a door, read a sign or a board, light a fire."""
    pile = turn.room.ground.get(tile_index(x, y))
    if pile is None or pile.item.kind == ObjectType.DOOR:
        door = door_at(turn.room, x, y)
        if door is not None:
            use_door(turn, *door)
    elif pile.item.kind == ObjectType.SIGN:
        read_sign(turn, pile.item)
    elif pile.item.kind == ObjectType.FORUM:
        if within(turn.player, x, y, BOARD_REACH):
            open_board(turn, pile.item)
        else:
            turn.tell("action.too_far")
    elif pile.item.number == TWIGS:
        light(turn, x, y)


def door_at(room: MapRoom, x: int, y: int) -> tuple[int, int] | None:
    """Return the tile of the door that a click on a tile means."""
    for dx, dy in DOOR_TILES:
        at = (x + dx, y + dy)
        pile = room.ground.get(tile_index(*at)) if inside(*at) else None
        if pile is not None and pile.item.kind == ObjectType.DOOR:
            return at
    return None


def standing_at(turn: Turn, x: int, y: int) -> Player | Npc | None:
    """Return whom a click means; a body is drawn a tile high, so also who stands below.

    Who is veiled is not found by clicking about.
    """
    for at_y in (y, y + 1):
        who = turn.room.occupant(x, at_y) if inside(x, at_y) else None
        if who is not None and not (isinstance(who, Player) and not turn.player.sees(who)):
            return who
    return None


def describe(turn: Turn, x: int, y: int, who: Player | Npc | None) -> None:
    """Say what lies on a tile and who is meant by the click, as far as that one is seen."""
    found = describe_ground(turn, x, y)
    if isinstance(who, Player) and turn.player.sees(who):
        describe_player(turn, who)
    elif isinstance(who, Npc):
        describe_npc(turn, who)
    elif not found:
        turn.reply(msg.multi_dont_see_anything())


def describe_player(turn: Turn, who: Player) -> None:
    """Say who a player is: name, army and title, guild, description, standing."""
    if who.shown_as:
        turn.tell("look.player_shown", name=who.shown_as)
        return
    marks = "".join(f" <{mark}>" for mark in marks_of(turn, who))
    text = f"{who.name}{marks}"
    if who.description:
        text += f" - {who.description}"
    key, font = standing_of(who)
    turn.tell("look.player", font, name=f"{text} <{turn.text(key)}>")


def marks_of(turn: Turn, who: Player) -> list[str]:
    """Return what stands behind a name that is clicked: newcomer, army, title, guild."""
    marks = [turn.text("look.newbie")] if who.newbie else []
    if who.faction is not Faction.NONE:
        royal = who.faction is Faction.ROYAL
        marks.append(turn.text("look.royal" if royal else "look.chaos"))
        marks.append(title_of(turn.game, who))
    if who.guild_name:
        marks.append(who.guild_name)
    return marks


def standing_of(who: Player) -> tuple[str, Font]:
    """Return the key of what somebody counts for, and the font that tells it: the highest first."""
    ranks: tuple[tuple[int, str, Font], ...] = (
        (Privilege.ROYAL_COUNCIL, "look.royal_council", Font.COUNCIL_SEEN),
        (Privilege.CHAOS_COUNCIL, "look.chaos_council", Font.CHAOS_COUNCIL_SEEN),
        (social.GODS, "look.staff", Font.GOD),
        (Privilege.DEMIGOD, "look.staff", Font.GM),
        (social.STAFF, "look.staff", Font.COUNSELLOR),
    )
    for bits, key, font in ranks:
        if who.privileges & bits:
            return key, font
    return ("look.criminal", Font.FIGHT) if who.criminal else ("look.citizen", Font.CITIZEN)


def describe_npc(turn: Turn, who: Npc) -> None:
    """Let an npc say its words; one without is named, with whose it is and how it seems to be."""
    if words := who.words or who.kind.description:
        turn.reply(ChatOverHead(words, who.index, *social.PLAYER_COLOR))
        return
    player, players = turn.player, turn.world.players
    name = who.kind.name
    master, owner = players.get(UserId(who.master)), players.get(UserId(who.owner))
    if master is not None:
        name = turn.text("look.npc_pet", name=name, master=master.name)
    elif owner is not None:
        name = turn.text("look.npc_owned", name=name, owner=owner.name)
    if player.dead:
        turn.tell("look.npc", name=name)
        return
    max_hp = who.kind.max_hp
    seems = condition(who.hp, max_hp, player.skill(Skill.SURVIVAL), staff=player.staff)
    how = turn.text(seems.value, hp=who.hp, max_hp=max_hp)
    turn.tell("look.npc_condition", name=name, condition=how)
    attacker = players.get(UserId(who.attacked_by)) or owner
    if player.staff and attacker is not None:
        turn.tell("look.npc_attacker", name=attacker.name)


def describe_ground(turn: Turn, x: int, y: int) -> bool:
    """Name what lies on a tile, if it is worth a word; return whether anything does lie there."""
    pile = turn.room.ground.get(tile_index(x, y))
    if pile is None:
        return False
    if pile.item.kind in UNNAMED:
        return True
    key = "look.items" if pile.amount > 1 else "look.item"
    turn.tell(key, item=pile.item.name, amount=pile.amount)
    return True


def use_door(turn: Turn, x: int, y: int) -> None:
    """Open a closed door, or close an open one that nobody stands in."""
    room = turn.room
    pile = room.ground[tile_index(x, y)]
    door = pile.item
    if not within(turn.player, x, y, DOOR_REACH):
        turn.tell("door.too_far")
        return
    if door.locked:
        turn.tell("door.locked")
        return
    other = turn.world.data.items.get(door.open_item if door.closed else door.closed_item)
    if other is None:
        return
    tiles = [(at, y) for at in (x, x - 1) if inside(at, y)]
    if not door.closed and any(room.occupant(*at) is not None for at in tiles):
        turn.tell("door.occupied")
        return
    if pile.fixed:
        turn.world.replace_ground(room, x, y, other)
    else:  # one that was laid there is something of value
        here, record = of_map(room.number), turn.game.changes.record
        record("used", turn.player, door.number, pile.amount, source=here, target=NOBODY)
        record("made", turn.player, other.number, pile.amount, source=NOBODY, target=here)
        turn.world.set_ground(room, x, y, Pile(other.number, pile.amount))
    for at in tiles:
        turn.world.block(room, *at, blocked=not door.closed)
    turn.world.sound(room, Sound.DOOR, x, y)


def read_sign(turn: Turn, sign: Item) -> None:
    """Read a sign aloud to the one who clicked; this client has no window for it."""
    if sign.text:
        turn.tell("sign.text", text=sign.text)
    else:
        turn.tell("sign.empty")


def visible(player: Player, x: int, y: int) -> bool:
    """Tell whether a player can click there: on the map and on its screen."""
    return 1 <= x <= SIDE and 1 <= y <= SIDE and in_vision(x - player.x, y - player.y)


def within(player: Player, x: int, y: int, reach: int) -> bool:
    """Tell whether a tile is at most so many tiles away, as the crow flies."""
    return math.hypot(x - player.x, y - player.y) <= reach

"""Using what lies in a slot: eat, drink, learn, unlock, blow, board, take a tool to hand.

One function per kind of thing, in the table at the end. What is used up leaves the inventory in the
same rule call that gives its effect, and is written into the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pyao.content.items import Item
from pyao.content.world_data import SIDE, tile_index
from pyao.protocol import msg
from pyao.protocol.client_packets import UseItem
from pyao.protocol.enums import Font, Sound
from pyao.rules import crafting as crafting_rules
from pyao.rules import inventory, sailing, using
from pyao.rules.areas import in_vision
from pyao.rules.character import Section
from pyao.rules.gathering import DAGGER
from pyao.rules.inventory import Pile
from pyao.rules.kinds import DELTAS, Faction, ObjectType, Potion, Skill, TileFlag
from pyao.rules.movement import inside
from pyao.rules.sailing import Sailed, SailProblem
from pyao.rules.spells import LearnProblem
from pyao.rules.using import Drunk, Used, UseProblem
from pyao.storage.ledger import NOBODY, of_map, of_player
from pyao.tasks import living
from pyao.tasks.acts import in_sight, refuse
from pyao.tasks.belongings import (
    show_figures,
    show_gold,
    show_needs,
    show_slots,
    show_spell,
)
from pyao.tasks.clicks import DOOR_REACH, door_at, within
from pyao.tasks.crafting import open_bench, open_forge
from pyao.tasks.fire import aims_at_logs, cut_twigs
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.work import SMELTING, ask_target

UNPLACED = (0, 0)  # a sound from everywhere and nowhere

# What a tool asks a target for, by the number of the classic items.
TOOLS: Mapping[int, int] = MappingProxyType(
    {
        **dict.fromkeys((138, 563, 543), Skill.FISHING),
        **dict.fromkeys((127, 561, 1005), Skill.WOODCUTTING),
        **dict.fromkeys((187, 562), Skill.MINING),
        **dict.fromkeys((389, 565), Skill.BLACKSMITHING),
    }
)

Use = Callable[[Turn, int, Item], None]


@on(UseItem)
def use_item(turn: Turn, packet: UseItem) -> None:
    """Use what lies in a slot."""
    game, player, items = turn.game, turn.player, turn.world.data.items
    if player.trading:
        if player.trade is not None:  # of that the Godot client shows no window
            turn.tell("action.trading")
        return
    began = using.begin_use(player, packet.slot, items, turn.now, game.options.intervals)
    if began is UseProblem.MEDITATING:
        turn.reply(msg.multi_cant_use_while_meditating())
    elif isinstance(began, UseProblem):
        refuse(game, player, began.value)
    else:
        use = USES.get(began.kind)
        if use is not None:
            use(turn, packet.slot, items[began.number])


def used_up(turn: Turn, slot: int, item: Item, other_slot: int = 0) -> None:
    """Show and write down that one unit of a slot is gone, and the slot that got what it became."""
    source = of_player(turn.player.user_id)
    turn.game.changes.record("used", turn.player, item.number, 1, source=source, target=NOBODY)
    show_slots(turn.game, turn.player, sorted({slot, other_slot} - {0}))


def became(turn: Turn, cause: str, number: int, other_slot: int) -> None:
    """Write down what a used thing became, in a slot or on the ground beside one."""
    target = of_player(turn.player.user_id) if other_slot else of_map(turn.room.number)
    turn.game.changes.record(cause, turn.player, number, 1, source=NOBODY, target=target)


def sound(turn: Turn, wave: int) -> None:
    """Let a sound be heard around the player."""
    if wave:
        turn.world.sound_of(turn.player, wave)


# --- food and drink ----------------------------------------------------------------------------


def eat(turn: Turn, slot: int, item: Item) -> None:
    """Still hunger."""
    used = using.eat(turn.player, slot, item)
    consumed(turn, item, used)


def drink(turn: Turn, slot: int, item: Item) -> None:
    """Slake thirst; an empty bottle remains of a full one."""
    used = using.drink(turn.player, slot, item, lay(turn))
    if isinstance(used, UseProblem):
        refuse(turn.game, turn.player, used.value)
        return
    if item.kind == ObjectType.FULL_BOTTLE and item.closed_item:
        became(turn, "emptied", item.closed_item, used.other_slot)
    consumed(turn, item, used)


def consumed(turn: Turn, item: Item, used: Used) -> None:
    """Show what eating or drinking did."""
    used_up(turn, used.slot, item, used.other_slot)
    turn.mark(Section.STATS)
    show_needs(turn.game, turn.player)
    sound(turn, used.sound)


def fill_bottle(turn: Turn, slot: int, item: Item) -> None:
    """Fill a bottle from the water that was clicked last."""
    player = turn.player
    x, y = player.aimed_at
    near = inside(x, y) and in_vision(x - player.x, y - player.y)
    water = near and bool(turn.room.flag(x, y) & TileFlag.WATER)
    used = using.fill_bottle(player, slot, item, lay(turn), at_water=water)
    if isinstance(used, UseProblem):
        refuse(turn.game, player, used.value)
        return
    if item.open_item:
        became(turn, "filled", item.open_item, used.other_slot)
    used_up(turn, slot, item, used.other_slot)


def lay(turn: Turn) -> Callable[[Pile], bool]:
    """Return what puts a pile on the ground near the player."""
    player = turn.player
    return lambda pile: turn.world.lay_near(turn.room, player.x, player.y, pile)


def drink_potion(turn: Turn, slot: int, item: Item) -> None:
    """Drink a potion, whose effect shows at once."""
    game, player = turn.game, turn.player
    drunk = using.drink_potion(player, slot, item, turn.now, game.roll, game.options.intervals)
    if not isinstance(drunk, Drunk):
        refuse(game, player, drunk.value)
        return
    used_up(turn, slot, item)
    turn.mark(Section.STATS | Section.FLAGS)
    if drunk.deadly:
        turn.tell("item.deadly", Font.FIGHT)
        living.kill(game, player)
        return
    sound(turn, Sound.DRINK)
    show_figures(game, player)
    if drunk.potion == Potion.AGILITY:
        turn.reply(msg.update_dexterity(player.current.agility))
    elif drunk.potion == Potion.STRENGTH:
        turn.reply(msg.update_strenght(player.current.strength))
    elif drunk.potion == Potion.CURE:
        turn.tell("item.cured")


# --- tools and other things --------------------------------------------------------------------


def use_weapon(turn: Turn, slot: int, item: Item) -> None:
    """Ask what to shoot at, or what to use a tool on; other arms may be melted down."""
    player = turn.player
    skill = Skill.PROJECTILES if item.ranged else TOOLS.get(item.number, 0)
    held = inventory.at(player.inventory, slot)
    tool = skill or item.number in crafting_rules.SAWS
    if tool and (held is None or not held.equipped):
        turn.tell("item.not_equipped")
    elif skill:
        take_to_hand(turn, skill)
    elif item.number in crafting_rules.SAWS:
        open_bench(turn)
    elif item.number == DAGGER and aims_at_logs(turn):
        if held is None or not held.equipped:
            turn.tell("item.not_equipped")
        else:
            cut_twigs(turn)
    elif item.smithing_skill:
        player.work_slot = (slot, item.number)
        ask_target(turn, SMELTING)


def take_to_hand(turn: Turn, skill: int) -> None:
    """Ask what to use a tool on; with an anvil in sight a hammer needs no asking."""
    if skill == Skill.BLACKSMITHING and in_sight(turn.room, turn.player, ObjectType.ANVIL):
        open_forge(turn)
        return
    ask_target(turn, skill)
    if skill == Skill.BLACKSMITHING:
        turn.tell("work.anvil")  # the client shows no line of its own for this skill


def use_ore(turn: Turn, slot: int, item: Item) -> None:
    """Ask for the forge to smelt an ore in."""
    turn.player.work_slot = (slot, item.number)
    ask_target(turn, SMELTING)


def pocket_gold(turn: Turn, slot: int, item: Item) -> None:
    """Put a stack of gold into the purse."""
    amount = inventory.pocket_gold(turn.player, slot)
    if not amount:
        turn.tell("item.wallet_full")
        return
    mine = of_player(turn.player.user_id)
    turn.game.changes.record("pocketed", turn.player, item.number, amount, source=mine, target=mine)
    show_slots(turn.game, turn.player, (slot,))
    show_gold(turn.game, turn.player)


def read_scroll(turn: Turn, slot: int, item: Item) -> None:
    """Learn a spell."""
    player = turn.player
    spell = turn.world.data.spells.get(item.spell)
    if spell is None:
        turn.tell("action.not_possible")
        return
    learned = using.read_scroll(player, slot, item)
    if isinstance(learned, LearnProblem):
        turn.tell(learned.value)
        return
    used_up(turn, slot, item)
    turn.mark(Section.SPELLS)
    show_spell(turn.game, player, learned)
    turn.tell("spell.learned", name=spell.name)


def use_key(turn: Turn, _slot: int, key: Item) -> None:
    """Lock or unlock the door that was clicked last."""
    door = door_at(turn.room, *turn.player.aimed_at)
    if door is None:
        refuse(turn.game, turn.player, UseProblem.NO_DOOR.value)
    else:
        turn_key(turn, key, *door)


def turn_key(turn: Turn, key: Item, x: int, y: int) -> None:
    """Lock or unlock the door on a tile."""
    if not within(turn.player, x, y, DOOR_REACH):
        turn.tell("door.too_far")
        return
    door = turn.room.ground[tile_index(x, y)].item
    outcome = using.turn_key(key, door)
    if isinstance(outcome, UseProblem):
        refuse(turn.game, turn.player, outcome.value)
        return
    other = turn.world.data.items.get(outcome)
    if other is None:
        turn.tell("action.not_possible")
        return
    turn.world.replace_ground(turn.room, x, y, other)
    turn.tell("door.unlocked" if door.locked else "door.now_locked")


def blow_horn(turn: Turn, _slot: int, item: Item) -> None:
    """Play an instrument; the horns of the factions call their own over the whole map."""
    game, player = turn.game, turn.player
    wave = item.sounds[0] if item.sounds else 0
    called = using.blow_horn(player, item, living.spot(game, player))
    if isinstance(called, UseProblem):
        refuse(game, player, called.value)
    elif called is Faction.NONE:
        sound(turn, wave)
    else:
        call_faction(turn, called, wave)


def call_faction(turn: Turn, faction: Faction, wave: int) -> None:
    """Let a horn be heard on the whole map, and tell its faction where from."""
    player = turn.player
    royal = faction is Faction.ROYAL
    font = Font.COUNCIL if royal else Font.CHAOS_COUNCIL
    for other in turn.room.players():
        if wave:
            place = (player.x, player.y) if other.sees(player) else UNPLACED
            other.outlet.append(msg.play_wave(wave, *place))
        if other is not player and other.faction is faction:
            where = using.compass(other.x, other.y, player.x, player.y)
            key = "horn.royal" if royal else "horn.chaos"
            turn.game.tell(other, key, font, where=turn.text(f"compass.{where}"))


# --- boats -------------------------------------------------------------------------------------


def use_boat(turn: Turn, slot: int, _item: Item) -> None:
    """Board a boat where there is water, or land from it where there is land."""
    game, player, room, world = turn.game, turn.player, turn.room, turn.world
    shore = near_land(turn)
    before = [number for number, held in inventory.numbered(player.inventory) if held.equipped]
    outcome = sailing.use_boat(
        player,
        slot,
        world.data.items,
        water_near=water_near(turn),
        land_near=shore is not None,
    )
    if isinstance(outcome, SailProblem):
        refuse(game, player, outcome.value)
        return
    game.stay(player)
    turn.reply(msg.navigate_toggle())
    if outcome is Sailed.LANDED and shore is not None and shore != (player.x, player.y):
        world.warp(player, room.number, *shore)
    world.refresh_veil(player)
    living.show_look(game, player)
    after = [number for number, held in inventory.numbered(player.inventory) if held.equipped]
    show_slots(game, player, sorted(set(before) ^ set(after)))
    turn.mark(Section.FLAGS)


def water_near(turn: Turn) -> bool:
    """Tell whether a tile beside the player is water to sail on."""
    player, room = turn.player, turn.room
    return any(
        room.flag(player.x + dx, player.y + dy) & (TileFlag.WATER | TileFlag.BLOCKED)
        == TileFlag.WATER
        for dx, dy in DELTAS.values()
    )


def near_land(turn: Turn) -> tuple[int, int] | None:
    """Return where the player can set foot on land: its own tile or a free one beside it."""
    player, room = turn.player, turn.room
    if not room.flag(player.x, player.y) & TileFlag.WATER:
        return player.x, player.y
    for dx, dy in DELTAS.values():
        x, y = player.x + dx, player.y + dy
        if not (1 <= x <= SIDE and 1 <= y <= SIDE):
            continue
        if not room.flag(x, y) & (TileFlag.WATER | TileFlag.BLOCKED) and not room.occupant(x, y):
            return x, y
    return None


USES: Mapping[int, Use] = MappingProxyType(
    {
        ObjectType.USE_ONCE: eat,
        ObjectType.WEAPON: use_weapon,
        ObjectType.MONEY: pocket_gold,
        ObjectType.KEY: use_key,
        ObjectType.POTION: drink_potion,
        ObjectType.DRINK: drink,
        ObjectType.MINERAL: use_ore,
        ObjectType.SCROLL: read_scroll,
        ObjectType.INSTRUMENT: blow_horn,
        ObjectType.BOAT: use_boat,
        ObjectType.EMPTY_BOTTLE: fill_bottle,
        ObjectType.FULL_BOTTLE: drink,
    }
)

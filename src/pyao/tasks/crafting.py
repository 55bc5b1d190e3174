"""Smelting, melting down, forging, building and improving, over the wire.

The Godot client shows no window for it and sends no orders: its player is told in the console what
can be made, and orders it with /forjar and /construir. Other clients send the packets.
"""

from __future__ import annotations

from collections.abc import Callable

from pyao.content.items import Item
from pyao.content.world_data import tile_index
from pyao.game import Game
from pyao.game.trades import break_off
from pyao.protocol import msg
from pyao.protocol.client_packets import (
    CraftBlacksmith,
    CraftCarpenter,
    InitCrafting,
    ItemUpgrade,
)
from pyao.protocol.enums import Sound
from pyao.protocol.server_window_packets import (
    BlacksmithArmors,
    BlacksmithWeapons,
    CarpenterItem,
    CarpenterObjects,
    ForgeItem,
)
from pyao.rules import crafting, inventory, reputation
from pyao.rules.crafting import Craft, CraftProblem, Made
from pyao.rules.fight import Lesson
from pyao.rules.kinds import ObjectType, Skill
from pyao.storage.ledger import NOBODY, of_player
from pyao.tasks.acts import Act, act, in_sight, lay_by, refuse
from pyao.tasks.belongings import show_slots
from pyao.tasks.commands import command
from pyao.tasks.growth import show_standing, teach
from pyao.tasks.living import show_look, show_stamina
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.work import SMELTING, aimed
from pyao.world import Player

I16_MAX = 32_767
DIGITS = 6  # of how many are ordered by word
LIST_COST = 10  # packets that a list of all that can be made counts as
CRAFT_SKILL = {Craft.SMITH: Skill.BLACKSMITHING, Craft.CARPENTER: Skill.CARPENTRY}
CRAFT_SOUND = {Craft.SMITH: Sound.BLACKSMITH_HAMMER, Craft.CARPENTER: Sound.CARPENTER_SAW}


# --- the windows -------------------------------------------------------------------------------


@aimed(Skill.BLACKSMITHING)
def choose_anvil(turn: Turn, x: int, y: int) -> None:
    """Show what can be forged at the anvil that was clicked."""
    pile = turn.room.ground.get(tile_index(x, y))
    if pile is None or pile.item.kind != ObjectType.ANVIL:
        refuse(turn.game, turn.player, CraftProblem.NO_ANVIL.value)
    elif crafting.tool_in_hand(turn.player) not in crafting.HAMMERS:
        refuse(turn.game, turn.player, CraftProblem.NO_TOOL.value)
    else:
        open_forge(turn)


def open_forge(turn: Turn) -> None:
    """Show what a player can forge."""
    recipes = turn.world.data.rulebook.recipes
    weapons, armours = (
        [forge_item(item) for item in makeable(turn, numbers, Craft.SMITH)]
        for numbers in (recipes.smith_weapons, recipes.smith_armours)
    )
    turn.reply(BlacksmithWeapons(weapons))
    turn.reply(BlacksmithArmors(armours))
    turn.reply(msg.show_blacksmith_form())
    tell_makeable(turn, [thing.name for thing in (*weapons, *armours)])


def open_bench(turn: Turn) -> None:
    """Show what a player can build."""
    recipes = turn.world.data.rulebook.recipes
    things = [
        CarpenterItem(
            item.name,
            item.graphic,
            short(item.wood),
            short(item.elven_wood),
            item.number,
            item.upgrade,
        )
        for item in makeable(turn, recipes.carpenter, Craft.CARPENTER)
    ]
    turn.reply(CarpenterObjects(things))
    turn.reply(msg.show_carpenter_form())
    tell_makeable(turn, [thing.name for thing in things])


def forge_item(item: Item) -> ForgeItem:
    """Build the row of a thing to forge."""
    return ForgeItem(
        item.name,
        item.graphic,
        short(item.iron),
        short(item.silver),
        short(item.gold),
        item.number,
        item.upgrade,
    )


def short(amount: int) -> int:
    """Return an amount as far as the packet has room for it."""
    return min(amount, I16_MAX)


def makeable(turn: Turn, numbers: tuple[int, ...], craft: Craft) -> list[Item]:
    """Return the things of a list of recipes that a player has the skill for."""
    items, able = turn.world.data.items, crafting.ability(turn.player, craft)
    known = [items[number] for number in numbers if number in items]
    return [item for item in known if 0 < crafting.required(item, craft) <= able]


def tell_makeable(turn: Turn, names: list[str]) -> None:
    """Write into the console what could be made: this client opens no window for it."""
    if names:
        turn.tell("work.can_make", things=", ".join(names))
    else:
        turn.tell("work.can_make_nothing")


# --- orders ------------------------------------------------------------------------------------


@on(InitCrafting, alive=True)
def init_crafting(turn: Turn, packet: InitCrafting) -> None:
    """Remember how many are to be made in all, and how many at once."""
    player = turn.player
    player.order = crafting.begin_order(player, packet.total_items, packet.items_per_cycle)


@on(CraftBlacksmith, alive=True)
def craft_blacksmith(turn: Turn, packet: CraftBlacksmith) -> None:
    """Forge a thing, hammer in hand and an anvil in sight."""
    forge(turn, packet.item)


@on(CraftCarpenter, alive=True)
def craft_carpenter(turn: Turn, packet: CraftCarpenter) -> None:
    """Build a thing, saw in hand."""
    build(turn, packet.item)


@command("forjar")
def forjar(turn: Turn, rest: str) -> None:
    """Forge what is named; a number before the name says how many, as far as one goes at once."""
    recipes = turn.world.data.rulebook.recipes
    by_word(turn, rest, (*recipes.smith_weapons, *recipes.smith_armours), Craft.SMITH, forge)


@command("construir")
def construir(turn: Turn, rest: str) -> None:
    """Build what is named; a number before the name says how many, as far as one goes at once."""
    by_word(turn, rest, turn.world.data.rulebook.recipes.carpenter, Craft.CARPENTER, build)


def by_word(
    turn: Turn, rest: str, numbers: tuple[int, ...], craft: Craft, do: Callable[[Turn, int], None]
) -> None:
    """Carry out an order that was typed; without a name, say what could be made."""
    if turn.player.dead:
        turn.tell("action.dead")
        return
    first, _, name = rest.partition(" ")
    amount, wanted = (int(first), name) if first.isdecimal() and len(first) < DIGITS else (1, rest)
    things = makeable(turn, numbers, craft)
    wanted = wanted.strip().casefold()
    item = next((item for item in things if item.name.casefold() == wanted), None)
    if item is None:
        turn.session.connection.charge(LIST_COST)
        tell_makeable(turn, [item.name for item in things])
        return
    turn.player.order = crafting.begin_order(turn.player, amount, amount)
    do(turn, item.number)


def forge(turn: Turn, number: int) -> None:
    """Forge one cycle of an order."""
    recipes = turn.world.data.rulebook.recipes
    known = number in recipes.smith_weapons or number in recipes.smith_armours
    if known and not in_sight(turn.room, turn.player, ObjectType.ANVIL):
        stop(turn, CraftProblem.NO_ANVIL)
    elif known:
        make(turn, number, Craft.SMITH, crafting.HAMMERS)


def build(turn: Turn, number: int) -> None:
    """Build one cycle of an order."""
    if number in turn.world.data.rulebook.recipes.carpenter:
        make(turn, number, Craft.CARPENTER, crafting.SAWS)


def make(turn: Turn, number: int, craft: Craft, tools: tuple[int, ...]) -> None:
    """Make one cycle of an order, if the last time is long enough ago."""
    game, player = turn.game, turn.player
    item = game.world.data.items.get(number)
    if item is None or not crafting.required(item, craft):
        return
    if not player.intervals.may_work(turn.now, game.options.intervals):
        return
    if crafting.tool_in_hand(player) not in tools:
        stop(turn, CraftProblem.NO_TOOL)
        return
    act(game, player, Act.WORK)
    break_off(game.send, game.tell, game.world, player)
    made = crafting.make(player, item, craft, player.order, lay_by(game, player))
    if isinstance(made, CraftProblem):
        stop(turn, made)
    else:
        show_work(turn, made, craft)


@on(ItemUpgrade, alive=True)
def item_upgrade(turn: Turn, packet: ItemUpgrade) -> None:
    """Improve a thing one carries."""
    game, player = turn.game, turn.player
    items = game.world.data.items
    old = items.get(packet.item)
    if old is None or not old.upgrade:
        return
    if not player.intervals.may_work(turn.now, game.options.intervals):
        return
    act(game, player, Act.WORK)
    break_off(game.send, game.tell, game.world, player)
    made = crafting.upgrade(player, old, items, lay_by(game, player))
    if isinstance(made, CraftProblem):
        stop(turn, made)
        return
    new = items[old.upgrade]
    show_work(turn, made, Craft.SMITH if new.smithing_skill else Craft.CARPENTER, everyone=True)


def show_work(turn: Turn, made: Made, craft: Craft, *, everyone: bool = False) -> None:
    """Show what was made, and what it taught and was worth to a good name."""
    game, player = turn.game, turn.player
    settle(game, player, made)
    show_stamina(game, player)
    for pile in made.made:
        turn.tell("work.made", item=game.world.data.items[pile.item].name, amount=pile.amount)
    game.world.sound_of(player, CRAFT_SOUND[craft])
    teach(game, player, [Lesson(CRAFT_SKILL[craft], success=True)])
    if everyone or not player.criminal:
        show_standing(game, player, reputation.work(player))


def stop(turn: Turn, problem: CraftProblem) -> None:
    """Tell why work is over; the client then stops by itself."""
    refuse(turn.game, turn.player, problem.value)
    turn.reply(msg.stop_working())


def settle(game: Game, player: Player, made: Made) -> None:
    """Show the slots that changed, and write both sides into the ledger: one job is done."""
    player.work.add(player.pace.steps)
    mine = of_player(player.user_id)
    for pile in made.used:
        game.changes.record("used_up", player, *pile, source=mine, target=NOBODY)
    for pile in made.made:
        game.changes.record("made", player, *pile, source=NOBODY, target=mine)
    before = player.look
    game.world.dress(player)
    show_slots(game, player, made.slots)
    if player.look != before:
        show_look(game, player)


# --- the forge ---------------------------------------------------------------------------------


@aimed(SMELTING)
def smelt(turn: Turn, x: int, y: int) -> None:
    """Put what was used last, an ore or a weapon, into the forge that was clicked."""
    game, player = turn.game, turn.player
    pile = turn.room.ground.get(tile_index(x, y))
    if pile is None or pile.item.kind != ObjectType.FORGE:
        refuse(game, player, CraftProblem.NO_FORGE.value)
        return
    if not player.intervals.may_work(turn.now, game.options.intervals):
        return
    slot, number = player.work_slot
    held = inventory.at(player.inventory, slot)
    item = game.world.data.items.get(number)
    if item is None or held is None or held.item != number:
        stop(turn, CraftProblem.NO_ORE)
        return
    act(game, player, Act.WORK)
    lay = lay_by(game, player)
    if item.kind == ObjectType.MINERAL:
        made = crafting.smelt(player, slot, item, lay)
    else:
        made = crafting.melt(player, slot, item, lay, game.roll)
    if isinstance(made, CraftProblem):
        refuse(game, player, made.value)
        return
    settle(game, player, made)
    for out in made.made:
        turn.tell("work.made", item=game.world.data.items[out.item].name, amount=out.amount)
    if item.kind != ObjectType.MINERAL:
        turn.tell("work.melted", item=item.name, percent=made.percent)

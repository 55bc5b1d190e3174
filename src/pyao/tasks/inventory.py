"""What a player does with what it carries: drop, pick up, put on, move around.

Whatever moves value changes both sides in one rule call, writes the ledger, and is stored with the
next cut as a whole.
"""

from __future__ import annotations

from pyao.content.world_data import tile_index
from pyao.events.payloads import BeforeDrop, ItemDropped, ItemPickedUp
from pyao.protocol.client_packets import Drop, EquipItem, MoveItem, MoveSpell, PickUp
from pyao.protocol.enums import Font, Sound
from pyao.rules import equipment, inventory, spells
from pyao.rules.character import Section
from pyao.rules.equipment import WearProblem
from pyao.rules.inventory import GOLD_SLOT, Dropped, DropProblem, Picked, PickProblem, Pile
from pyao.rules.kinds import ObjectType
from pyao.storage.ledger import NOBODY, of_map, of_player
from pyao.tasks.belongings import show_figures, show_gold, show_slots
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world.map_room import GroundItem

INVENTORY_KINDS = (0, 1)  # the client's own drag says 0, where its enumeration says 1


@on(PickUp, alive=True)
def pick_up(turn: Turn, _packet: PickUp) -> None:
    """Take what lies under one's feet into the inventory, or gold into the purse."""
    player, room = turn.player, turn.room
    lying = room.ground.get(tile_index(player.x, player.y))
    pile = None if lying is None else Pile(lying.item.number, lying.amount)
    if lying is not None and lying.fixed and lying.item.fixed:
        pile = None
    outcome = inventory.pick_up(player, pile, turn.world.data.items)
    if not isinstance(outcome, Picked) or pile is None:
        if isinstance(outcome, PickProblem) and outcome.value:
            full = outcome is PickProblem.FULL
            turn.tell(outcome.value, Font.FIGHT if full else Font.INFO)
        return
    find(turn, lying)
    taken = pile.amount - (outcome.left.amount if outcome.left else 0)
    turn.world.set_ground(room, player.x, player.y, outcome.left)
    if outcome.gold:
        show_gold(turn.game, turn.player)
    else:
        show_slots(turn.game, turn.player, (outcome.slot,))
    source, target = of_map(room.number), of_player(player.user_id)
    turn.game.changes.record("pick up", player, pile.item, taken, source=source, target=target)
    turn.game.events.announce(
        ItemPickedUp(int(player.user_id), pile.item, taken, room.number, player.x, player.y),
        "world",
    )


@on(Drop, alive=True)
def drop(turn: Turn, packet: Drop) -> None:
    """Put something on the ground: a slot's content on one's own tile, gold nearby."""
    player = turn.player
    gold = packet.slot == GOLD_SLOT
    held = None if gold else inventory.at(player.inventory, packet.slot)
    if gold or held is not None:
        number = inventory.GOLD_ITEM if held is None else held.item
        what = BeforeDrop(int(player.user_id), number, packet.amount, player.map)
        if not turn.allowed(what, "item.vetoed"):
            return
    if gold:
        drop_gold(turn, packet.amount)
    else:
        drop_slot(turn, packet.slot, packet.amount)


def drop_slot(turn: Turn, number: int, amount: int) -> None:
    """Put (part of) a slot on one's own tile."""
    player, room = turn.player, turn.room
    lying = room.ground.get(tile_index(player.x, player.y))
    under = None if lying is None else Pile(lying.item.number, lying.amount)
    outcome = inventory.drop(player, number, amount, under, turn.world.data.items)
    if not isinstance(outcome, Dropped):
        refuse(turn, outcome)
        return
    find(turn, lying)
    turn.world.set_ground(room, player.x, player.y, outcome.pile)
    if outcome.unequipped:
        redress(turn)
    show_slots(turn.game, turn.player, (number,))
    note_drop(turn, outcome.pile.item, outcome.amount)
    if turn.world.data.items[outcome.pile.item].kind == ObjectType.BOAT:
        turn.tell("item.boat_dropped", Font.TALK)


def find(turn: Turn, lying: GroundItem | None) -> None:
    """Write down that what a map brought is anybody's from now on, and stored with the rest."""
    if lying is not None and lying.fixed:
        found = (lying.item.number, lying.amount)
        here = of_map(turn.room.number)
        turn.game.changes.record("found", turn.player, *found, source=NOBODY, target=here)


def drop_gold(turn: Turn, amount: int) -> None:
    """Put gold on the nearest tile that has room for it."""
    player, room = turn.player, turn.room
    outcome = inventory.drop_gold(
        player, amount, lambda pile: turn.world.lay_near(room, player.x, player.y, pile)
    )
    if not isinstance(outcome, int):
        refuse(turn, outcome)
        return
    show_gold(turn.game, turn.player)
    note_drop(turn, inventory.GOLD_ITEM, outcome)


def refuse(turn: Turn, problem: DropProblem) -> None:
    """Tell why nothing was dropped, where there is something to tell."""
    if problem.value:
        forbidden = problem in (DropProblem.NEWBIE, DropProblem.BOUND)
        turn.tell(problem.value, Font.FIGHT if forbidden else Font.INFO)


def note_drop(turn: Turn, item: int, amount: int) -> None:
    """Write a drop into the ledger and announce it."""
    player = turn.player
    source, target = of_player(player.user_id), of_map(player.map)
    turn.game.changes.record("drop", player, item, amount, source=source, target=target)
    turn.game.events.announce(
        ItemDropped(int(player.user_id), item, amount, player.map, player.x, player.y), "world"
    )


@on(EquipItem, alive=True)
def equip_item(turn: Turn, packet: EquipItem) -> None:
    """Put on what lies in a slot, or take it off."""
    outcome = equipment.toggle(turn.player, packet.slot, turn.world.data.items)
    if isinstance(outcome, WearProblem):
        if outcome.value:
            turn.tell(outcome.value)
        return
    show_slots(turn.game, turn.player, outcome.slots)
    if not outcome.visible:
        return
    redress(turn)
    if outcome.place in ("armour", "helmet", "shield"):
        show_figures(turn.game, turn.player)
    if outcome.on and outcome.place == "weapon":
        turn.world.sound_of(turn.player, Sound.DRAW_WEAPON)


def redress(turn: Turn) -> None:
    """Work out the player's look anew and show it to everybody in view."""
    turn.world.dress(turn.player)
    turn.world.show_look(turn.player)


@on(MoveItem)
def move_item(turn: Turn, packet: MoveItem) -> None:
    """Swap two slots of the inventory.

    A drag in the bank or merchant window sends the same packet with slots of another grid, so it
    is ignored while one of them is open.
    """
    player = turn.player
    if player.trade is not None:  # of that the Godot client shows no window
        turn.tell("action.trading")
    if player.trading or packet.move_type not in INVENTORY_KINDS:
        return
    if inventory.move(player.inventory, packet.from_slot, packet.to_slot):
        show_slots(turn.game, turn.player, (packet.from_slot, packet.to_slot))


@on(MoveSpell)
def move_spell(turn: Turn, packet: MoveSpell) -> None:
    """Swap a spell with the one before (flag true) or behind it.

    The client has swapped its rows already: an answer would undo the next move it makes meanwhile.
    """
    if spells.move_spell(turn.player, packet.slot, up=packet.upwards):
        turn.mark(Section.SPELLS)
    else:
        turn.tell("spell.cannot_move")

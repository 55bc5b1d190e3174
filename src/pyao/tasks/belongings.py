"""The packets that show a player what it carries, knows and is worth; used by many tasks."""

from __future__ import annotations

from collections.abc import Iterable

from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.server_packets import ChangeInventorySlot, ChangeSpellSlot
from pyao.rules.character import Section, Slot
from pyao.world import Player

NO_SPELL = "(None)"  # the client reads this text before it lets its player cast
SALE_SHARE = 3  # a merchant pays a third of the price


def show_slots(game: Game, player: Player, numbers: Iterable[int]) -> None:
    """Send inventory slots as they are now and mark the inventory as changed."""
    for number in numbers:
        game.send(player, slot_packet(game, number, player.inventory[number - 1]))
    game.world.mark(player, Section.INVENTORY)


def slot_packet(game: Game, number: int, slot: Slot | None) -> ChangeInventorySlot:
    """Build the packet of an inventory slot; one whose item is unknown shows its number."""
    if slot is None:
        return ChangeInventorySlot(number, 0, "", 0, False, 0, 0, 0, 0, 0, 0, 0.0)  # noqa: FBT003 - the packet's own field
    item = game.world.data.items.get(slot.item)
    if item is None:
        return ChangeInventorySlot(
            number, slot.item, f"({slot.item})", slot.amount, slot.equipped, 0, 0, 0, 0, 0, 0, 0.0
        )
    return ChangeInventorySlot(
        number,
        slot.item,
        item.name,
        slot.amount,
        slot.equipped,
        item.graphic,
        item.kind,
        item.max_hit,
        item.min_hit,
        item.max_defense,
        item.min_defense,
        item.price / SALE_SHARE,
    )


def show_spell(game: Game, player: Player, number: int) -> None:
    """Send one row of the spell book."""
    spell = player.spells[number - 1]
    kind = game.world.data.spells.get(spell)
    name = kind.name if kind else f"({spell})" if spell else NO_SPELL
    game.send(player, ChangeSpellSlot(number, spell, name))


def show_belongings(game: Game, player: Player) -> None:
    """Send the used slots of inventory and spell book; the client's own start empty."""
    for number, slot in enumerate(player.inventory, start=1):
        if slot is not None:
            game.send(player, slot_packet(game, number, slot))
    for number, spell in enumerate(player.spells, start=1):
        if spell:
            show_spell(game, player, number)


def show_gold(game: Game, player: Player) -> None:
    """Send the purse and mark it as changed."""
    game.send(player, msg.update_gold(player.gold))
    game.world.mark(player, Section.STATS)


def show_figures(game: Game, player: Player) -> None:
    """Send the bars: life, mana, stamina, gold, level and experience."""
    game.send(
        player,
        msg.update_user_stats(
            player.max_hp,
            player.hp,
            player.max_mana,
            player.mana,
            player.max_stamina,
            player.stamina,
            player.gold,
            player.level,
            player.experience_next,
            player.experience,
        ),
    )


def show_needs(game: Game, player: Player) -> None:
    """Send hunger and thirst."""
    packet = msg.update_hunger_and_thirst(
        player.max_thirst, player.thirst, player.max_hunger, player.hunger
    )
    game.send(player, packet)


def show_strength(game: Game, player: Player) -> None:
    """Send strength and agility as they are now, temporary changes in."""
    current = player.current
    game.send(player, msg.update_strenght_and_dexterity(current.strength, current.agility))

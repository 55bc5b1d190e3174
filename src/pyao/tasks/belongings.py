"""The packets that show a player what it carries, knows and is worth; used by many tasks."""

from __future__ import annotations

from collections.abc import Iterable

from pyao.protocol import msg
from pyao.protocol.server_packets import ChangeInventorySlot, ChangeSpellSlot
from pyao.rules.character import Section, Slot
from pyao.tasks.turn import Turn

SALE_SHARE = 3  # a merchant pays a third of the price


def show_slots(turn: Turn, numbers: Iterable[int]) -> None:
    """Send inventory slots as they are now and mark the inventory as changed."""
    for number in numbers:
        turn.reply(slot_packet(turn, number, turn.player.inventory[number - 1]))
    turn.mark(Section.INVENTORY)


def slot_packet(turn: Turn, number: int, slot: Slot | None) -> ChangeInventorySlot:
    """Build the packet of an inventory slot; one whose item is unknown shows its number."""
    if slot is None:
        return ChangeInventorySlot(number, 0, "", 0, False, 0, 0, 0, 0, 0, 0, 0.0)  # noqa: FBT003 - the packet's own field
    item = turn.world.data.items.get(slot.item)
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


def show_spell(turn: Turn, number: int) -> None:
    """Send one row of the spell book."""
    spell = turn.player.spells[number - 1]
    kind = turn.world.data.spells.get(spell)
    turn.reply(ChangeSpellSlot(number, spell, kind.name if kind else f"({spell})" if spell else ""))


def show_belongings(turn: Turn) -> None:
    """Send the used slots of inventory and spell book; the client's own start empty."""
    for number, slot in enumerate(turn.player.inventory, start=1):
        if slot is not None:
            turn.reply(slot_packet(turn, number, slot))
    for number, spell in enumerate(turn.player.spells, start=1):
        if spell:
            show_spell(turn, number)


def show_gold(turn: Turn) -> None:
    """Send the purse and mark it as changed."""
    turn.reply(msg.update_gold(turn.player.gold))
    turn.mark(Section.STATS)


def show_figures(turn: Turn) -> None:
    """Send the bars: life, mana, stamina, gold, level, hunger, strength and agility."""
    player = turn.player
    turn.reply(
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
        )
    )
    turn.reply(
        msg.update_hunger_and_thirst(
            player.max_thirst, player.thirst, player.max_hunger, player.hunger
        )
    )
    turn.reply(msg.update_strenght_and_dexterity(player.current.strength, player.current.agility))

"""Orders that show what a character is, has and knows, in the game or not.

The client cannot read the windows of the classic staff client, so all of it is console lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from pyao.accounts import AccountRecord
from pyao.protocol.enums import Font
from pyao.protocol.gm_packets import (
    GmCheckSlot,
    GmIpToNick,
    GmLastIp,
    GmNickToIp,
    GmRequestCharBank,
    GmRequestCharGold,
    GmRequestCharInfo,
    GmRequestCharInventory,
    GmRequestCharMail,
    GmRequestCharSkills,
    GmRequestCharStats,
)
from pyao.rules import reputation
from pyao.rules.character import Character, Slot
from pyao.rules.inventory import numbered
from pyao.rules.kinds import Skill
from pyao.rules.orders import is_god
from pyao.tasks.gm.door import AT, Form, later, order
from pyao.tasks.gm.ranks import demigods, gods
from pyao.tasks.gm.targets import anybody, name_in, present
from pyao.tasks.information import tell_doings, tell_state
from pyao.tasks.turn import Turn
from pyao.world import Player

INSPECT, INSPECT_STRICT = demigods("people.inspect"), demigods("people.inspect", masters=False)
ADDRESSES = demigods("people.see", masters=False)


@order(GmRequestCharStats, "stat", INSPECT_STRICT, cost=6)
def request_char_stats(turn: Turn, packet: GmRequestCharStats) -> None:
    """Show the figures of a character."""
    anybody(turn, packet.username, partial(show_stats, turn))


@order(GmRequestCharInfo, "info", INSPECT, cost=10)
def request_char_info(turn: Turn, packet: GmRequestCharInfo) -> None:
    """Show all that is known of a character."""

    def show(who: Character) -> None:
        show_stats(turn, who)
        show_gold(turn, who)
        guild = turn.world.guilds.of(who.user_id)
        turn.tell(
            "gm.person",
            race=who.race,
            gender=who.gender,
            char_class=who.char_class,
            guild=guild.name if guild is not None else "-",
            penalties=len(turn.game.book.penalties.get(who.user_id, [])),
            jail=who.jail_minutes,
        )
        turn.tell(
            "gm.reputation",
            average=reputation.average(who),
            noble=who.noble,
            plebeian=who.plebeian,
            bourgeois=who.bourgeois,
            bandit=who.bandit,
            thief=who.thief,
            assassin=who.assassin,
        )

    anybody(turn, packet.username, show)


def show_stats(turn: Turn, who: Character) -> None:
    """Write level, life, place and kills into the console."""
    tell_state(turn, who)
    turn.tell("stats.hit", min_hit=who.min_hit, max_hit=who.max_hit)
    tell_doings(turn, who, who.map)


@order(GmRequestCharGold, "bal", INSPECT)
def request_char_gold(turn: Turn, packet: GmRequestCharGold) -> None:
    """Show the gold of a character."""
    anybody(turn, packet.username, partial(show_gold, turn))


def show_gold(turn: Turn, who: Character) -> None:
    """Write purse and vault into the console."""
    turn.tell("gm.gold", name=who.name, gold=who.gold, bank_gold=who.bank_gold)


@order(GmRequestCharInventory, "inv", INSPECT, cost=10)
def request_char_inventory(turn: Turn, packet: GmRequestCharInventory) -> None:
    """Show what a character carries."""

    def show(who: Character) -> None:
        turn.tell("gm.carries", Font.INFO_BOLD, name=who.name)
        show_slots(turn, who.inventory)

    anybody(turn, packet.username, show)


@order(GmRequestCharBank, "bov", INSPECT, cost=16)
def request_char_bank(turn: Turn, packet: GmRequestCharBank) -> None:
    """Show what a character keeps in its vault."""

    def show(who: Character) -> None:
        turn.tell("gm.keeps", Font.INFO_BOLD, name=who.name)
        show_slots(turn, who.bank)

    anybody(turn, packet.username, show)


def show_slots(turn: Turn, slots: list[Slot | None]) -> None:
    """Write the used slots into the console."""
    used = [described(turn, number, slot) for number, slot in numbered(slots)]
    show_list(turn, used)


def described(turn: Turn, number: int, slot: Slot) -> str:
    """Return a slot in words."""
    item = turn.world.data.items.get(slot.item)
    name = item.name if item is not None else f"({slot.item})"
    worn = "*" if slot.equipped else ""
    return f"{number}{worn}: {name} x{slot.amount} ({slot.item})"


def show_list(turn: Turn, parts: Iterable[str], most: int = 300) -> None:
    """Write many short texts into as few lines as hold them; say so when there are none."""
    line = ""
    for part in parts:
        if line and len(line) + len(part) > most:
            turn.tell("gm.list", text=line)
            line = ""
        line = f"{line}, {part}" if line else part
    turn.tell("gm.list", text=line) if line else turn.tell("gm.none")


@order(GmRequestCharSkills, "skills", INSPECT, cost=6)
def request_char_skills(turn: Turn, packet: GmRequestCharSkills) -> None:
    """Show the skills of a character."""

    def show(who: Character) -> None:
        turn.tell("gm.skills", Font.INFO_BOLD, name=who.name, free=who.free_skill_points)
        pairs = zip(Skill, who.skills, strict=True)
        show_list(turn, (f"{turn.text(f'skill.name.{s.name.lower()}')} {n}" for s, n in pairs))

    anybody(turn, packet.username, show)


@order(GmCheckSlot, "slot", INSPECT, AT)
def check_slot(turn: Turn, packet: GmCheckSlot) -> None:
    """Show what lies in one slot of a player."""
    target = present(turn, packet.username)
    if target is None:
        return
    if not 1 <= packet.slot <= len(target.inventory):
        turn.tell("gm.no_slot", most=len(target.inventory))
        return
    slot = target.inventory[packet.slot - 1]
    show_list(turn, [] if slot is None else [described(turn, packet.slot, slot)])


# --- where people come from ----------------------------------------------------------------------


def address_of(turn: Turn, player: Player) -> str:
    """Return from where a player is connected; empty while its connection is gone."""
    client = turn.game.clients.get(player.user_id)
    return "" if client is None else client.address


@order(GmNickToIp, "nick2ip", ADDRESSES)
def nick_to_ip(turn: Turn, packet: GmNickToIp) -> None:
    """Show from where a player is connected, and who else is from there."""
    target = present(turn, packet.username)
    if target is not None:
        address = address_of(turn, target)
        turn.tell("gm.address", name=target.name, address=address or "-")
        show_list(turn, names_from(turn, address))


def dotted(_turn: Turn, parts: list[str]) -> list[str]:
    """Take the four numbers of an address apart."""
    return [part for word in parts for part in word.split(".")]


@order(GmIpToNick, "ip2nick", ADDRESSES, Form(".", fill=dotted))
def ip_to_nick(turn: Turn, packet: GmIpToNick) -> None:
    """Show who is connected from an address."""
    show_list(turn, names_from(turn, f"{packet.a}.{packet.b}.{packet.c}.{packet.d}"))


def names_from(turn: Turn, address: str) -> list[str]:
    """Return the names of those who are connected from an address; gods are shown to gods only."""
    god = is_god(turn.player.privileges)
    return sorted(
        one.name
        for one in turn.world.players.values()
        if address and address_of(turn, one) == address and (god or not is_god(one.privileges))
    )


@order(GmLastIp, "lastip", ADDRESSES)
def last_ip(turn: Turn, packet: GmLastIp) -> None:
    """Show from where a character came lately; of staff only gods are told."""

    def show(who: Character) -> None:
        if who.privileges > 1 and not is_god(turn.player.privileges):
            turn.tell("gm.higher_rank", name=who.name)
        else:
            turn.tell("gm.addresses", name=who.name)
            show_list(turn, who.addresses.split())

    anybody(turn, packet.username, show)


@order(GmRequestCharMail, "lastemail", gods("people.inspect"))
def request_char_mail(turn: Turn, packet: GmRequestCharMail) -> None:
    """Show the mail address of an account."""
    name = name_in(packet.username)

    def show(account: AccountRecord | None) -> None:
        if account is None:
            turn.tell("gm.nobody", name=name)
        else:
            turn.tell("gm.mail", name=name, mail=account.email or "-")

    later(turn, turn.game.accounts.read(name), show)

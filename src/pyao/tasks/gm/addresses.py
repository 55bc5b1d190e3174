"""Orders that shut addresses out and let them in again.

Follows ao-libre/ao-server, Admin.bas (BanIpAgrega). A banned address is closed without a word.
"""

from __future__ import annotations

import ipaddress

from pyao import staff
from pyao.accounts import FOREVER
from pyao.game.staff_book import AddressBan
from pyao.protocol.gm_packets import GmBanIp, GmUnbanIp
from pyao.protocol.gm_world_packets import GmBannedIpList, GmBannedIpReload
from pyao.rules.penalties import Kind
from pyao.tasks.gm.discipline import write_down
from pyao.tasks.gm.door import later, order, row_of
from pyao.tasks.gm.inspection import address_of, show_list
from pyao.tasks.gm.ranks import gods
from pyao.tasks.gm.targets import is_above, lower, reason_in
from pyao.tasks.turn import Turn
from pyao.world import Player

BAN, BAN_STRICT = gods("people.ban"), gods("people.ban", masters=False)


@order(GmBanIp, "banip", BAN)
def ban_ip(turn: Turn, packet: GmBanIp) -> None:
    """Shut out an address, or that of a player, with every character online from it."""
    address = plain_address(packet.ip_or_name)
    if not address:
        target = lower(turn, packet.ip_or_name)
        address = "" if target is None else address_of(turn, target)
        if not address:
            return
    own = turn.game.clients.get(turn.player.user_id)
    if own is not None and own.address == address:
        turn.tell("gm.own_address")
        return
    there = [one for one in turn.world.players.values() if address_of(turn, one) == address]
    if any(is_above(turn, one) for one in there):
        return
    reason = reason_in(packet.reason)
    entry = AddressBan(int(turn.world.unix_time()), turn.player.name, reason)
    turn.game.book.shut_out(address, entry)
    turn.tell("gm.address_banned", address=address)
    banned = [one for one in there if not one.staff]
    for one in banned:
        write_down(turn, one.user_id, Kind.BAN, reason)
    later(turn, ban_all(turn, banned, reason), lambda _none: None)


async def ban_all(turn: Turn, people: list[Player], reason: str) -> None:
    """Ban everybody who is there from an address."""
    for one in people:
        row = row_of(turn, "banip", one.name)
        await staff.ban(turn.game, one.name, FOREVER, reason, row)


def plain_address(text: str) -> str:
    """Return an address as connections have it; empty for what is none."""
    if "%" in text:  # the zone of an IPv6 address is any text, and belongs to one machine
        return ""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""


@order(GmUnbanIp, "unbanip", BAN_STRICT)
def unban_ip(turn: Turn, packet: GmUnbanIp) -> None:
    """Let an address in again."""
    address = plain_address(packet.ip)
    found = turn.game.book.let_in(address)
    key = "gm.address_unbanned" if found else "gm.address_not_banned"
    turn.tell(key, address=address or packet.ip[:40])


@order(GmBannedIpList, "baniplist", BAN_STRICT, cost=10)
def banned_ip_list(turn: Turn, _packet: GmBannedIpList) -> None:
    """List the addresses that are shut out."""
    bans = turn.game.book.addresses
    show_list(turn, [f"{address} ({bans[address].by})" for address in sorted(bans)][:200])


@order(GmBannedIpReload, "banipreload", BAN_STRICT, cost=10)
def banned_ip_reload(turn: Turn, _packet: GmBannedIpReload) -> None:
    """List them as well: there is no file to read, every change holds at once."""
    banned_ip_list(turn, GmBannedIpList())

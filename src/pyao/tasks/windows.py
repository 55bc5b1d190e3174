"""The windows of trade: opened, kept as the goods are, and closed.

The client never closes one by itself, and walks no step while one is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pyao.content.npcs import NpcKind
from pyao.game import Game
from pyao.game.own_data import KEYS_SOLD
from pyao.game.trades import break_off
from pyao.protocol.server_packets import ChatOverHead
from pyao.protocol.server_window_packets import (
    BankEnd,
    BankInit,
    ChangeBankSlot,
    ChangeNpcInventorySlot,
    CommerceEnd,
    CommerceInit,
)
from pyao.rules import social
from pyao.rules.character import BANK_SLOTS, Section
from pyao.rules.commerce import MERCHANT_RANGE, MERCHANT_SLOTS, Stock, unit_price
from pyao.rules.inventory import at
from pyao.rules.kinds import NpcRole, Skill
from pyao.rules.person import distance
from pyao.tasks.belongings import show_figures
from pyao.tasks.turn import Turn
from pyao.world import Player
from pyao.world.npc import Npc


def is_merchant(kind: NpcKind) -> bool:
    """Tell whether a townsman buys and sells."""
    return kind.trades


def is_banker(kind: NpcKind) -> bool:
    """Tell whether a townsman keeps what others own."""
    return kind.role == NpcRole.BANKER


def find_townsman(turn: Turn, serves: Callable[[NpcKind], bool], reach: int) -> Npc | None:
    """Return the clicked townsman of a trade, else the nearest; tell if none is in reach."""
    player, room = turn.player, turn.room
    near = [npc for npc in room.npcs_in(room.seen_from(player.zone)) if serves(npc.kind)]
    clicked = player.clicked
    found = (
        clicked
        if isinstance(clicked, Npc) and clicked in near
        else min(near, key=lambda npc: _away(player, npc), default=None)
    )
    if found is None:
        turn.tell("action.no_target")
    elif _away(player, found) > reach:
        turn.tell("action.too_far")
    else:
        return found
    return None


def say(turn: Turn, npc: Npc, key: str, /, **values: object) -> None:
    """Let a townsman speak to the player."""
    turn.reply(ChatOverHead(turn.text(key, **values), npc.index, *social.PLAYER_COLOR))


# --- opening and closing -------------------------------------------------------------------------


def serve(turn: Turn, npc: Npc) -> bool:
    """Open the window of a townsman who was clicked twice; False when it has none."""
    window = open_shop if is_merchant(npc.kind) else open_vault if is_banker(npc.kind) else None
    if window is not None and not turn.player.trading:
        if _away(turn.player, npc) > MERCHANT_RANGE:
            turn.tell("action.too_far")
        else:
            window(turn, npc)
    return window is not None


def open_shop(turn: Turn, npc: Npc) -> None:
    """Show a merchant's goods: all slots, for the client keeps those of the merchant before."""
    _deal_with(turn.player, npc)
    show_goods(turn.game, turn.player, npc, range(1, MERCHANT_SLOTS + 1))
    turn.reply(CommerceInit())


def open_vault(turn: Turn, npc: Npc) -> None:
    """Show what a player keeps at the bank."""
    _deal_with(turn.player, npc)
    show_vault(turn.game, turn.player, range(1, BANK_SLOTS + 1))
    show_figures(turn.game, turn.player)
    turn.reply(BankInit(turn.player.bank_gold))


def close_window(game: Game, player: Player) -> None:
    """Close the window a player has open, if any, for whatever reason."""
    break_off(game.send, game.tell, game.world, player)
    dealer = player.dealer
    player.dealer, player.trading = None, False
    if dealer is not None:
        player.window_closed_ms = game.world.clock.now()
        game.send(player, CommerceEnd() if is_merchant(dealer.kind) else BankEnd())


def dealer_of(turn: Turn, serves: Callable[[NpcKind], bool]) -> Npc | None:
    """Return whose window is open; one whose owner is not at hand any more is closed."""
    player, dealer = turn.player, turn.player.dealer
    if dealer is None or not serves(dealer.kind):
        turn.tell("commerce.no_window")
        return None
    if not at_hand(player, dealer):
        close_window(turn.game, player)
        turn.tell("action.too_far")
        return None
    return dealer


def at_hand(player: Player, dealer: Npc) -> bool:
    """Tell whether a townsman still stands near enough to deal with."""
    near = _away(player, dealer) <= MERCHANT_RANGE
    return near and dealer.map == player.map and not dealer.gone


def leave_strayed_from(game: Game, player: Player) -> None:
    """Close a window whose other side is not at hand any more."""
    strayed = player.dealer is not None and not at_hand(player, player.dealer)
    if strayed or (player.trade is not None and not player.trade.stands):
        close_window(game, player)


def _deal_with(player: Player, npc: Npc) -> None:
    player.dealer, player.trading = npc, True


def _away(player: Player, npc: Npc) -> int:
    return distance(player.x, player.y, npc.x, npc.y)


# --- what is shown -------------------------------------------------------------------------------


def goods_of(game: Game, npc: Npc) -> Stock:
    """Return what a merchant has; a key that was sold once is not among it again."""
    if npc.stock is None:
        for sold in game.changes.saved_data.get(*KEYS_SOLD):
            merchant, _, key = sold.partition(":")
            if merchant == str(npc.kind.number):
                npc.goods.forget(int(key))
    return npc.goods


def note_key(game: Game, npc: Npc, key: int) -> None:
    """Remember for good that a merchant has sold a key."""
    kept = game.changes.saved_data.get(*KEYS_SOLD)
    game.changes.saved_data.put(*KEYS_SOLD, {**kept, f"{npc.kind.number}:{key}": "sold"})


def show_goods(game: Game, player: Player, npc: Npc, numbers: Iterable[int]) -> None:
    """Send slots of a merchant as they are now, at the price this player pays."""
    skill = player.skills[Skill.TRADE - 1]
    goods = goods_of(game, npc)
    for number in numbers:
        slot = at(goods.slots, number)
        item = game.world.data.items.get(slot.item) if slot else None
        if slot is None or item is None:
            packet = ChangeNpcInventorySlot(number, "", 0, 0.0, 0, 0, 0, 0, 0, 0, 0)
        else:
            packet = ChangeNpcInventorySlot(
                number,
                item.name,
                slot.amount,
                unit_price(item.price, skill),
                item.graphic,
                item.number,
                item.kind,
                item.max_hit,
                item.min_hit,
                item.max_defense,
                item.min_defense,
            )
        game.send(player, packet)


def show_prices(game: Game, player: Player) -> None:
    """Send all slots of the merchant whose window is open anew: its customer trades better now."""
    if player.dealer is not None and is_merchant(player.dealer.kind):
        show_goods(game, player, player.dealer, range(1, MERCHANT_SLOTS + 1))


def show_to_customers(game: Game, npc: Npc, numbers: Iterable[int]) -> None:
    """Send changed slots of a merchant to all whose window shows them."""
    changed = tuple(numbers)
    for player in game.world.maps[npc.map].players():
        if player.dealer is npc:
            show_goods(game, player, npc, changed)


def show_vault(game: Game, player: Player, numbers: Iterable[int]) -> None:
    """Send slots of a player's vault as they are now."""
    for number in numbers:
        slot = at(player.bank, number)
        item = game.world.data.items.get(slot.item) if slot else None
        if slot is None:
            packet = ChangeBankSlot(number, 0, "", 0, 0, 0, 0, 0, 0, 0, 0)
        elif item is None:
            unknown = f"({slot.item})"
            packet = ChangeBankSlot(number, slot.item, unknown, slot.amount, 0, 0, 0, 0, 0, 0, 0)
        else:
            packet = ChangeBankSlot(
                number,
                item.number,
                item.name,
                slot.amount,
                item.graphic,
                item.kind,
                item.max_hit,
                item.min_hit,
                item.max_defense,
                item.min_defense,
                item.price,
            )
        game.send(player, packet)


def show_moved(game: Game, player: Player, numbers: Iterable[int]) -> None:
    """Send changed slots of a vault and mark it as changed."""
    show_vault(game, player, numbers)
    game.world.mark(player, Section.BANK)

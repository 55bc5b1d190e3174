from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from tests.support.by_hand import check_ledger
from tests.support.byte_client import BrokenStreamError
from tests.support.dealing import (
    GOLD_PLACE,
    GOLD_SLOT,
    WEALTH,
    BeginDealing,
    Dealing,
    count,
    told,
    values,
)
from tests.support.market import BANKER, MERCHANT, POTION, RELIC, SWORD
from tests.support.world import ManualClock

from pyao.events import Event, EventTypes
from pyao.events.payloads import BeforeTrade, TradeDone
from pyao.protocol import client_packets as said
from pyao.protocol.packet import ClientPacket
from pyao.protocol.server_window_packets import ChangeUserTradeSlot
from pyao.rules.character import INVENTORY_SLOTS, Slot
from pyao.rules.inventory import GOLD_ITEM
from pyao.rules.kinds import Privilege
from pyao.rules.trade import WISH_MS
from pyao.tasks import renewed
from pyao.tasks.living import kill
from pyao.tasks.trading import end_strays, offer_packet

INIT, END, CONFIRMED, CHAT, GOLD, BAG, OFFERED, CANCELLED = 9, 10, 11, 12, 18, 47, 86, 106
START, CONFIRM, OK = said.CommerceStart(), said.UserCommerceConfirm(), said.UserCommerceOk()


def offer(slot: int, amount: int, place: int = 1) -> said.UserCommerceOffer:
    return said.UserCommerceOffer(slot, amount, place)


def gold(amount: int) -> said.UserCommerceOffer:
    return offer(GOLD_SLOT, amount, GOLD_PLACE)


# --- beginning -----------------------------------------------------------------------------------


async def test_a_trade_is_proposed_by_one_and_begun_by_the_other(dealing: Dealing) -> None:
    dealing.a.clicked = dealing.b
    await dealing.send(dealing.ana, START)
    assert "Has propuesto a Bob comerciar" in told(dealing.ana)
    assert "Ana quiere comerciar contigo" in told(dealing.bob)
    assert dealing.b.clicked is dealing.a
    assert dealing.apart
    assert not count(dealing.bob, INIT)
    await dealing.send(dealing.bob, START)
    assert values(dealing.ana, INIT) == [("Bob",)]
    assert values(dealing.bob, INIT) == [("Ana",)]
    assert count(dealing.ana, BAG) == count(dealing.bob, BAG) == INVENTORY_SLOTS
    assert dealing.a.trading
    assert dealing.b.trading
    assert dealing.a.trade is dealing.b.trade is not None
    assert dealing.running.app.game.world.trades == {dealing.a.trade}


async def test_a_proposal_is_told_once_and_expires(begin_dealing: BeginDealing) -> None:
    clock = ManualClock()
    dealing = await begin_dealing(clock=clock)
    dealing.a.clicked = dealing.b
    await dealing.send(dealing.ana, START, START, START)
    assert told(dealing.bob).count("quiere comerciar") == 1
    assert told(dealing.ana).count("Ya se lo has propuesto") == 2
    clock.advance(WISH_MS)
    await dealing.send(dealing.bob, START)
    assert dealing.apart
    assert "Bob quiere comerciar contigo" in told(dealing.ana)


async def test_who_is_not_asked_cannot_accept(dealing: Dealing) -> None:
    dealing.a.clicked = dealing.b
    await dealing.send(dealing.ana, START)
    dealing.e.clicked = dealing.a
    await dealing.send(dealing.eva, START)
    assert dealing.e.trade is None
    assert "Eva quiere comerciar contigo" in told(dealing.ana)


async def test_a_newer_wish_takes_the_place_of_the_older(dealing: Dealing) -> None:
    dealing.a.clicked = dealing.b
    await dealing.send(dealing.ana, START)
    dealing.a.clicked = dealing.e
    await dealing.send(dealing.ana, START)
    dealing.b.clicked = dealing.a
    await dealing.send(dealing.bob, START)
    assert dealing.apart, "Ana wants to trade with Eva by now"
    await dealing.send(dealing.eva, START)
    assert dealing.a.trade is dealing.e.trade is not None


async def test_who_cannot_be_asked(dealing: Dealing) -> None:
    a, b = dealing.a, dealing.b
    a.clicked = b
    b.hp = 0
    await dealing.send(dealing.ana, START)
    assert "No puedes comerciar con un muerto" in told(dealing.ana)
    b.hp = 10
    a.privileges |= Privilege.COUNSELLOR
    await dealing.send(dealing.ana, START)
    assert "consejeros" in told(dealing.ana)
    a.privileges = 1
    dealing.running.app.game.world.warp(b, 1, 60, 60)
    await dealing.send(dealing.ana, START)
    assert "demasiado lejos" in told(dealing.ana)
    a.hp = 0
    await dealing.send(dealing.ana, START)
    assert "muerto" in told(dealing.ana)
    assert a.wish is None
    assert dealing.apart


async def test_oneself_and_who_left_are_nobody_to_trade_with(dealing: Dealing) -> None:
    dealing.a.clicked = dealing.a
    await dealing.send(dealing.ana, START)
    assert dealing.a.wish is None
    assert dealing.a.dealer is not None, "the nearest merchant instead"
    await dealing.send(dealing.ana, said.CommerceEnd())
    dealing.a.clicked = dealing.b
    await dealing.send(dealing.bob, said.Quit())
    await dealing.send(dealing.ana, START)
    assert dealing.a.wish is None


async def test_one_window_at_a_time(trading: Dealing) -> None:
    shop, vault = said.DoubleClick(*MERCHANT), said.DoubleClick(*BANKER)
    await trading.send(trading.ana, shop, vault, START, said.BankStart())
    assert trading.a.dealer is None
    assert told(trading.ana).count("Antes debes terminar el comercio") == 2
    trading.e.clicked = trading.a
    await trading.send(trading.eva, START)
    assert "Ana est" in told(trading.eva)
    await trading.send(trading.eva, said.DoubleClick(*MERCHANT))
    trading.a.clicked = trading.e
    await trading.send(trading.ana, said.UserCommerceEnd(), START)
    assert "Eva est" in told(trading.ana), "she is with the merchant"
    assert trading.a.wish is None


# --- offering ------------------------------------------------------------------------------------


async def test_why_nothing_can_be_used_meanwhile_is_told_to_who_has_no_window(
    trading: Dealing,
) -> None:
    trading.forget()
    await trading.send(trading.ana, said.UseItem(1), said.MoveItem(1, 2, 0))
    assert told(trading.ana).count("Antes debes terminar el comercio") == 2
    assert not count(trading.ana, BAG)


async def test_offers_are_told_to_who_has_no_window(trading: Dealing) -> None:
    await trading.send(trading.ana, offer(1, 4), gold(60), offer(0, 6), offer(0, -3))
    assert "Ana ofrece: 7 Pocima, 60 monedas de oro" in told(trading.bob)
    assert "Ofreces: 7 Pocima, 60 monedas de oro" in told(trading.ana)
    assert not count(trading.bob, OFFERED), "the Godot client cannot read it"
    assert trading.wealth() == WEALTH


async def test_offers_are_shown_to_who_has_a_window(begin_dealing: BeginDealing) -> None:
    dealing = await begin_dealing(trade_window=True)
    await dealing.begin()
    dealing.forget()
    await dealing.send(dealing.ana, said.CommerceChat("hola"))
    assert values(dealing.bob, CHAT) == [("Ana> hola", 6)]
    assert not told(dealing.bob)
    with pytest.raises(BrokenStreamError, match=f"packet {OFFERED}"):
        await dealing.send(dealing.ana, offer(1, 4, 2), gold(60), offer(0, -1, 2))
    dealing.bob.error = None
    game, deal = dealing.running.app.game, dealing.a.trade
    assert deal is not None
    own = deal.sides[0]
    shown = offer_packet(game, own, 2)
    assert (shown.object, shown.amount, shown.name, shown.price) == (POTION.number, 3, "Pocima", 6)
    assert offer_packet(game, own, GOLD_PLACE).amount == 60
    assert offer_packet(game, own, 1) == ChangeUserTradeSlot(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, "")


@pytest.mark.parametrize(
    ("packet", "words"),
    [
        (offer(1, 11), "No tienes tantas"),
        (offer(9, 1), "no llevas nada"),
        (offer(255, 1), "no llevas nada"),
        (gold(101), "No tienes tanto oro"),
        (offer(2, 1, 5), "no se puede dar"),
        (offer(1, 0), ""),
        (offer(1, 1, 0), ""),
        (offer(1, 1, 255), ""),
        (offer(1, -5), ""),
        (gold(-5), ""),
        (offer(1, -2_147_483_648), ""),
    ],
)
async def test_what_cannot_be_offered_is_not(
    trading: Dealing, packet: ClientPacket, words: str
) -> None:
    trading.a.inventory[1] = Slot(RELIC.number, 1)
    await trading.send(trading.ana, packet)
    assert words in told(trading.ana)
    assert bool(words) == bool(count(trading.ana, CANCELLED))
    deal = trading.a.trade
    assert deal is not None
    assert not list(deal.sides[0].goods())
    assert deal.sides[0].gold == 0


async def test_changing_a_confirmed_offer_ends_the_trade(trading: Dealing) -> None:
    await trading.send(trading.ana, offer(1, 10), CONFIRM, offer(0, -10))
    assert trading.apart
    assert count(trading.ana, END) == count(trading.bob, END) == 1
    assert "ya confirmada" in told(trading.ana)
    assert "ha terminado sin cambios" in told(trading.bob)
    assert trading.wealth() == WEALTH


# --- agreeing ------------------------------------------------------------------------------------


async def test_goods_and_gold_change_hands_once_both_accept(trading: Dealing) -> None:
    await trading.send(trading.ana, offer(1, 10), gold(60), CONFIRM)
    assert count(trading.bob, CONFIRMED) == 1
    assert "Ana ha confirmado su oferta: 10 Pocima, 60 monedas de oro" in told(trading.bob)
    await trading.send(trading.bob, offer(1, 1), gold(50), CONFIRM, CONFIRM)
    assert count(trading.ana, CONFIRMED) == 1
    await trading.send(trading.ana, OK, OK)
    assert trading.wealth() == WEALTH
    trading.forget()
    trading.bob.send(OK.encode())
    await trading.bob.get(END)
    await trading.ana.get(END)
    assert (trading.a.gold, trading.a.inventory[0]) == (90, Slot(SWORD.number, 1))
    assert (trading.b.gold, trading.b.inventory[0]) == (60, Slot(POTION.number, 10))
    assert trading.apart
    await check_ledger(trading.running.app)
    rows = [
        row for row in trading.running.app.writer.repository.audit(9) if row["cause"] == "trade"
    ]
    assert {(row["item"], row["amount"], row["from"], row["to"]) for row in rows} == {
        (str(POTION.number), "10", "player:1", "player:2"),
        (str(GOLD_ITEM), "60", "player:1", "player:2"),
        (str(SWORD.number), "1", "player:2", "player:1"),
        (str(GOLD_ITEM), "50", "player:2", "player:1"),
    }


async def test_what_each_is_shown_is_what_it_has(trading: Dealing) -> None:
    await trading.send(trading.ana, offer(1, 10), gold(60))
    await trading.send(trading.bob, offer(1, 1), gold(50))
    trading.forget()
    await trading.agree()
    assert [row[:4] for row in values(trading.ana, BAG)] == [(1, SWORD.number, "Espada", 1)]
    assert [row[:4] for row in values(trading.bob, BAG)] == [(1, POTION.number, "Pocima", 10)]
    assert values(trading.ana, GOLD) == [(90,)]
    assert values(trading.bob, GOLD) == [(60,)]


async def test_nothing_is_accepted_before_both_have_confirmed(trading: Dealing) -> None:
    await trading.send(trading.ana, offer(1, 10), OK, CONFIRM, OK)
    assert told(trading.ana).count("Antes ambos tienen que confirmar") == 2
    await trading.send(trading.bob, OK, offer(1, 1), CONFIRM, OK)
    assert trading.wealth() == WEALTH
    assert "Falta que aceptes" in told(trading.ana)
    await trading.send(trading.ana, OK)
    assert trading.a.inventory[0] == Slot(SWORD.number, 1)


async def test_gifts_are_trades_too(trading: Dealing) -> None:
    await trading.send(trading.ana, gold(100))
    await trading.agree()
    assert (trading.a.gold, trading.b.gold) == (0, 150)
    await check_ledger(trading.running.app)


async def test_what_was_worn_comes_off(dealing: Dealing) -> None:
    dealing.b.inventory[0] = Slot(SWORD.number, 1, equipped=True)
    dealing.running.app.game.world.dress(dealing.b)
    await dealing.begin()
    await dealing.send(dealing.bob, offer(1, 1))
    await dealing.agree()
    assert dealing.b.gear.weapon is None
    assert dealing.a.inventory[1] == Slot(SWORD.number, 1)


@pytest.mark.parametrize("packet", [said.UserCommerceEnd(), said.UserCommerceReject()])
async def test_either_may_leave_at_any_time(trading: Dealing, packet: ClientPacket) -> None:
    await trading.send(trading.ana, offer(1, 10), CONFIRM)
    await trading.send(trading.bob, CONFIRM, OK, packet)
    assert trading.apart
    assert count(trading.ana, END) == count(trading.bob, END) == 1
    assert "Bob ha " in told(trading.ana)
    await trading.send(trading.ana, OK)
    assert trading.wealth() == WEALTH


async def test_packets_without_a_trade_do_nothing(dealing: Dealing) -> None:
    chat = said.CommerceChat("hola")
    await dealing.send(dealing.ana, offer(1, 1), CONFIRM, OK, chat)
    assert told(dealing.ana).count("No est") == 4
    await dealing.send(dealing.ana, said.UserCommerceEnd(), said.UserCommerceReject())
    assert count(dealing.ana, END) == 2, "a window that thinks it is open closes"
    assert not dealing.bob.seen


# --- what happens meanwhile ----------------------------------------------------------------------


async def test_what_was_offered_is_looked_at_again(trading: Dealing) -> None:
    await trading.send(trading.ana, offer(1, 10), gold(60))
    trading.a.inventory[0] = Slot(POTION.number, 9)
    await trading.agree()
    assert trading.apart
    for client in (trading.ana, trading.bob):
        assert "Ana ya no tiene todo lo que ofreci" in told(client)
        assert count(client, END) == 1
    assert trading.wealth() == ((100, [Slot(POTION.number, 9)]), WEALTH[1])


async def test_what_has_no_place_stays_where_it_is(trading: Dealing) -> None:
    await trading.send(trading.ana, offer(1, 5))
    trading.b.inventory[:] = [Slot(SWORD.number, 1) for _ in trading.b.inventory]
    await trading.agree()
    assert trading.apart
    assert "Bob no puede llevar" in told(trading.ana)
    assert trading.a.inventory[0] == Slot(POTION.number, 10)


async def test_bags_are_closed_while_one_trades(trading: Dealing) -> None:
    await trading.send(trading.ana, offer(1, 10), gold(100))
    slot = said.Drop(1, 1)
    purse = said.Drop(GOLD_SLOT, 1)
    await trading.send(trading.ana, slot, purse, said.UseItem(1), said.MoveItem(1, 2, 1))
    await trading.send(trading.ana, said.CommerceSell(1, 1), said.BankDeposit(1, 1))
    await trading.send(trading.ana, said.PickUp())
    assert trading.wealth() == WEALTH


async def test_gold_that_was_banked_meanwhile_is_missed(trading: Dealing) -> None:
    await trading.send(trading.ana, gold(100), said.BankDepositGold(1))
    await trading.agree()
    assert "Ana ya no tiene todo" in told(trading.bob)
    assert (trading.a.gold, trading.a.bank_gold, trading.b.gold) == (99, 1, 50)


End = Callable[[Dealing], Awaitable[None]]


async def end_by_another_map(dealing: Dealing) -> None:
    dealing.running.app.game.world.warp(dealing.b, 2, 50, 50)
    await dealing.send(dealing.ana, OK)


async def end_by_death(dealing: Dealing) -> None:
    dealing.b.hp = 0
    kill(dealing.running.app.game, dealing.b)


async def end_by_quitting(dealing: Dealing) -> None:
    await dealing.send(dealing.bob, said.Quit())


async def end_by_a_lost_line(dealing: Dealing) -> None:
    await dealing.bob.reset()
    dealing.running.clients.remove(dealing.bob)
    dealing.bob.closed = True
    await dealing.ana.get(END)


async def end_by_another_log_in(dealing: Dealing) -> None:
    other = await dealing.running.connect()
    await other.enter("Bob")
    dealing.bob.closed = True


async def end_by_a_kick(dealing: Dealing) -> None:
    dealing.running.app.game.kick(dealing.b, "logout.kicked")
    dealing.bob.closed = True


async def end_by_a_fight(dealing: Dealing) -> None:
    await dealing.send(dealing.bob, said.Attack())


async def end_by_changed_content(dealing: Dealing) -> None:
    game = dealing.running.app.game
    renewed.take_over(game, game.world.data)


ENDS = (
    end_by_another_map,
    end_by_death,
    end_by_quitting,
    end_by_a_lost_line,
    end_by_another_log_in,
    end_by_a_kick,
    end_by_a_fight,
    end_by_changed_content,
)


@pytest.mark.parametrize("end", ENDS)
async def test_a_trade_ends_for_both_and_nothing_changes(trading: Dealing, end: End) -> None:
    await trading.send(trading.ana, offer(1, 10), gold(60), CONFIRM)
    await trading.send(trading.bob, CONFIRM, OK)
    await end(trading)
    await trading.hear()
    assert trading.apart
    assert trading.a.inventory[0] == Slot(POTION.number, 10)
    assert trading.a.gold == 100
    await trading.send(trading.ana, OK, CONFIRM, OK)
    assert trading.a.inventory[0] == Slot(POTION.number, 10)
    await check_ledger(trading.running.app)


async def test_walking_away_ends_it_at_once(trading: Dealing) -> None:
    ana = trading.ana
    trading.running.app.game.world.warp(trading.a, 1, trading.b.x - 3, trading.b.y)
    await trading.hear()
    assert trading.a.trade is not None
    ana.walk(4)
    await trading.hear()
    assert trading.apart
    assert "ha terminado sin cambios" in told(trading.bob)


async def test_the_tick_ends_the_trade_of_those_put_apart(trading: Dealing) -> None:
    game = trading.running.app.game
    game.world.warp(trading.b, 1, 80, 80)
    end_strays(game)
    await trading.hear()
    assert trading.apart


# --- talking and modules -------------------------------------------------------------------------


async def test_both_hear_what_is_said_in_a_trade(trading: Dealing) -> None:
    await trading.send(trading.ana, said.CommerceChat("[b]barato"))
    for client in (trading.ana, trading.bob):
        assert values(client, CHAT) == [("Ana> [b]barato", 6)]
        assert "Ana> (b]barato" in told(client)
    assert not trading.eva.seen
    trading.a.muted_until = 2**40
    trading.forget()
    await trading.send(trading.ana, said.CommerceChat("otra vez"))
    assert not trading.bob.seen


async def test_a_module_hears_of_trades_and_may_forbid_them(trading: Dealing) -> None:
    heard: list[object] = []
    events = trading.running.app.game.events

    def ask_first(event: Event[BeforeTrade]) -> None:
        heard.append((event.data.user_id, event.data.partner_id, event.data.partner))
        heard.append((event.data.offer, event.data.demand))
        event.veto("hoy no")

    def note(event: Event[TradeDone]) -> None:
        heard.append((event.data.given, event.data.received, event.data.partner_id))

    events.register_handler(EventTypes.BEFORE_TRADE, ask_first, "test")
    events.register_handler(EventTypes.TRADE_DONE, note, "test")
    await trading.send(trading.ana, offer(1, 10), gold(60))
    await trading.send(trading.bob, offer(1, 1))
    await trading.agree()
    given = ((POTION.number, 10), (GOLD_ITEM, 60))
    assert heard == [(1, 2, "Bob"), (given, ((SWORD.number, 1),))]
    for client in (trading.ana, trading.bob):
        assert "hoy no" in told(client)
    assert trading.apart
    assert trading.wealth() == WEALTH
    events.unregister_handler(EventTypes.BEFORE_TRADE, "test")
    heard.clear()
    await trading.begin()
    await trading.send(trading.ana, offer(1, 10), gold(60))
    await trading.send(trading.bob, offer(1, 1))
    await trading.agree()
    assert heard == [(given, ((SWORD.number, 1),), 2)]


async def test_a_module_that_puts_two_apart_when_it_is_asked_ends_their_trade(
    trading: Dealing,
) -> None:
    game = trading.running.app.game

    def part(_event: Event[BeforeTrade]) -> None:
        game.world.warp(trading.a, trading.a.map, trading.a.x + 8, trading.a.y)

    game.events.register_handler(EventTypes.BEFORE_TRADE, part, "test")
    await trading.send(trading.ana, offer(1, 10), gold(60))
    await trading.agree()
    assert trading.apart
    assert trading.wealth() == WEALTH


async def test_what_is_traded_is_promised_only_when_it_is_stored(
    begin_dealing: BeginDealing, tmp_path: Path
) -> None:
    dealing = await begin_dealing(commit_wait_s=0.2)
    await dealing.begin()
    await dealing.send(dealing.ana, gold(60))
    with contextlib.closing(
        sqlite3.connect(tmp_path / "data" / "world.db", isolation_level=None)
    ) as blocker:
        blocker.execute("BEGIN EXCLUSIVE")
        await dealing.agree()
        assert (dealing.a.gold, dealing.b.gold) == (40, 110)
        await dealing.ana.until(lambda seen: "no se puede guardar" in str(seen.values[:1]))
        assert not count(dealing.ana, END)
        blocker.execute("ROLLBACK")
    await dealing.ana.get(END)
    await dealing.bob.get(END)
    await dealing.hear()
    assert "no se puede guardar" not in told(dealing.ana), "once is enough"

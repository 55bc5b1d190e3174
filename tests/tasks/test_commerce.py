from __future__ import annotations

import pytest
from msgspec import structs
from tests.support.by_hand import check_ledger
from tests.support.byte_client import CONSOLE_MSG, ByteClient
from tests.support.market import (
    BANKER,
    MERCHANT,
    POTION,
    RELIC,
    SMITH,
    SWORD,
    ask,
    console,
    rows,
    townsman,
)
from tests.tasks.conftest import OpenMarket

from pyao.content.fields import Pile as FilePile
from pyao.content.items import Item
from pyao.events import Event, EventTypes
from pyao.events.payloads import BeforeTrade, TradeDone
from pyao.rules.character import Slot
from pyao.rules.commerce import MERCHANT_SLOTS
from pyao.rules.inventory import GOLD_ITEM
from pyao.rules.kinds import ObjectType, Skill
from pyao.tasks.living import kill

DOUBLE_CLICK, LEFT_CLICK = 27, 26
START, BUY, SELL, END = 84, 40, 42, 17
CLOSED, OPEN, GOLD, SLOT, GOODS, DONE, SPOKEN = 5, 7, 18, 47, 59, 84, 23
MOVE_ITEM, DROP, QUIT = 129, 24, 71
VAULT_OPEN, MODIFY = 8, 38
TRADE = Skill.TRADE - 1


def deal(packet: int, slot: int, amount: int) -> bytes:
    return bytes((packet, slot)) + amount.to_bytes(2, "little", signed=True)


async def open_shop(client: ByteClient, at: tuple[int, int] = MERCHANT) -> None:
    await ask(client, bytes((DOUBLE_CLICK, *at)), end=OPEN)


async def test_a_double_click_shows_all_goods_and_opens_the_window(market: OpenMarket) -> None:
    _, client, player = await market()
    came = await ask(client, bytes((DOUBLE_CLICK, *MERCHANT)), end=OPEN)
    goods = rows(came, GOODS)
    assert [row[0] for row in goods] == list(range(1, MERCHANT_SLOTS + 1))
    assert goods[0] == (1, "Pocima", 10, 20.0, 700, POTION.number, 11, 0, 0, 0, 0)
    assert goods[1][:6] == (2, "Espada", 1, 100.0, 701, SWORD.number)
    assert goods[2] == (3, "", 0, 0.0, 0, 0, 0, 0, 0, 0, 0)
    assert player.trading


async def test_buying_moves_goods_and_gold_and_is_confirmed_when_stored(
    market: OpenMarket,
) -> None:
    running, client, player = await market()
    await open_shop(client)
    came = await ask(client, deal(BUY, 1, 3), end=DONE)
    assert rows(came, SLOT)[0][:4] == (1, POTION.number, "Pocima", 3)
    assert rows(came, GOLD) == [(940,)]
    assert rows(came, GOODS)[0][:3] == (1, "Pocima", 7)
    assert (player.gold, player.inventory[0]) == (940, Slot(POTION.number, 3))
    ledger = running.app.writer.repository.audit(2)
    await check_ledger(running.app)
    bought = [row for row in ledger if row["cause"] == "buy"]
    assert [(row["item"], row["amount"], row["from"], row["to"]) for row in bought] == [
        (str(POTION.number), "3", "", "player:1"),
        (str(GOLD_ITEM), "60", "player:1", ""),
    ]


async def test_who_learns_to_trade_is_shown_the_lower_prices_at_once(market: OpenMarket) -> None:
    _, client, player = await market()
    player.assigned_points, player.skill_experience[TRADE] = 10, 1_000_000
    await open_shop(client)
    came = await ask(client, deal(BUY, 1, 1), end=DONE)
    assert player.skills[TRADE] == 1
    assert rows(came, GOODS)[-MERCHANT_SLOTS][:4] == (1, "Pocima", 9, pytest.approx(2000 / 101))
    player.free_skill_points = 9
    client.send(bytes((MODIFY, *(9 if at == TRADE else 0 for at in range(20)))))
    came = await client.settle()
    assert rows(came, GOODS)[1][:4] == (2, "Espada", 1, pytest.approx(10_000 / 110))


async def test_a_module_hears_of_deals_and_may_forbid_them(market: OpenMarket) -> None:
    running, client, player = await market()
    heard: list[tuple[object, object]] = []

    def ask_first(event: Event[BeforeTrade]) -> None:
        heard.append((event.data.offer, event.data.demand))
        if event.data.demand[0][0] == SWORD.number or event.data.offer[0][1] > 1:
            event.veto("hoy no")

    def note(event: Event[TradeDone]) -> None:
        heard.append((event.data.given, event.data.received))

    running.app.game.events.register_handler(EventTypes.BEFORE_TRADE, ask_first, "test")
    running.app.game.events.register_handler(EventTypes.TRADE_DONE, note, "test")
    await open_shop(client)
    assert "hoy no" in console(await ask(client, deal(BUY, 2, 1)))
    assert (player.gold, player.inventory[0]) == (1_000, None)
    assert heard.pop() == (((GOLD_ITEM, 100),), ((SWORD.number, 1),))
    await ask(client, deal(BUY, 99, 1))
    assert heard == []
    running.app.game.events.unregister_handler(EventTypes.BEFORE_TRADE, "test")
    await ask(client, deal(BUY, 1, 3), end=DONE)
    assert heard.pop() == (((GOLD_ITEM, 60),), ((POTION.number, 3),))
    running.app.game.events.register_handler(EventTypes.BEFORE_TRADE, ask_first, "test")
    assert "hoy no" in console(await ask(client, deal(SELL, 1, 2)))
    assert (player.gold, player.inventory[0]) == (940, Slot(POTION.number, 3))
    heard.clear()
    await ask(client, deal(SELL, 1, 1), end=DONE)
    assert heard == [(((POTION.number, 1),), ((GOLD_ITEM, 6),))] * 2


async def test_the_stock_is_shared_and_the_last_one_is_sold_once(market: OpenMarket) -> None:
    running, ana, player = await market()
    bob = await running.newcomer("Bob")
    running.player("Bob").gold = 1_000
    await open_shop(ana)
    await open_shop(bob)
    await ask(ana, deal(BUY, 2, 1), end=DONE)
    assert (await bob.get(GOODS)).values[:3] == (2, "", 0)
    assert "ya no queda" in console(await ask(bob, deal(BUY, 2, 1)))
    assert running.player("Bob").gold == 1_000
    assert player.inventory[0] == Slot(SWORD.number, 1)


@pytest.mark.parametrize(("slot", "amount"), [(1, 0), (1, -1), (0, 1), (51, 1), (255, 32_767)])
async def test_impossible_purchases_change_nothing(
    market: OpenMarket, slot: int, amount: int
) -> None:
    _, client, player = await market()
    await open_shop(client)
    came = await ask(client, deal(BUY, slot, amount), deal(SELL, slot, amount))
    assert (player.gold, player.inventory[0]) == (1_000, None)
    assert not rows(came, GOLD)
    slots = [row[0] for row in rows(came, GOODS)]
    assert all(1 <= int(str(number)) <= MERCHANT_SLOTS for number in slots)


async def test_too_little_gold_and_a_full_bag_are_told(market: OpenMarket) -> None:
    _, client, player = await market()
    await open_shop(client)
    player.gold = 10
    assert "suficiente oro" in console(await ask(client, deal(BUY, 1, 1)))
    player.gold = 1_000
    player.inventory[:] = [Slot(SWORD.number, 1) for _ in player.inventory]
    assert "No puedes llevar" in console(await ask(client, deal(BUY, 1, 1)))
    assert player.gold == 1_000


async def test_selling_takes_off_what_was_worn_and_fills_the_shop(market: OpenMarket) -> None:
    _, client, player = await market()
    player.inventory[0] = Slot(SWORD.number, 1, equipped=True)
    player.inventory[1] = Slot(RELIC.number, 1)
    await open_shop(client)
    came = await ask(client, deal(SELL, 1, 1), end=DONE)
    assert rows(came, GOLD) == [(1_033,)]
    assert rows(came, GOODS)[0][:3] == (2, "Espada", 2)
    assert player.inventory[0] is None
    assert player.gear.weapon is None
    assert "no se puede vender" in console(await ask(client, deal(SELL, 2, 1)))
    assert player.inventory[1] == Slot(RELIC.number, 1)


async def test_without_an_open_window_nothing_is_dealt(market: OpenMarket) -> None:
    _, client, player = await market()
    came = await ask(client, deal(BUY, 1, 1), deal(SELL, 1, 1))
    assert console(came).count("Primero habla") == 2
    came = await ask(client, bytes((DOUBLE_CLICK, *BANKER)), deal(BUY, 1, 1))
    assert "Primero habla" in console(came)
    assert player.gold == 1_000


async def test_who_is_carried_off_deals_no_more(market: OpenMarket) -> None:
    running, client, player = await market()
    await open_shop(client)
    running.app.game.world.warp(player, 1, 80, 80)
    assert rows(await ask(client, deal(BUY, 1, 1)), CLOSED)
    assert (player.gold, player.trading) == (1_000, False)


async def test_who_walks_away_leaves_the_window(market: OpenMarket) -> None:
    running, client, player = await market()
    running.app.game.world.warp(player, 1, 50, 51)
    await client.settle()
    await open_shop(client)
    client.walk(3)
    assert rows(await client.settle(), CLOSED)
    assert not player.trading


async def test_closing_is_answered_and_a_second_time_does_no_harm(market: OpenMarket) -> None:
    _, client, player = await market()
    await open_shop(client)
    assert len(rows(await ask(client, bytes((END,))), CLOSED)) == 1
    assert len(rows(await ask(client, bytes((END,))), CLOSED)) == 1
    assert not player.trading


async def test_an_open_window_keeps_hands_still(market: OpenMarket) -> None:
    _, client, player = await market()
    player.inventory[0] = Slot(SWORD.number, 1)
    await open_shop(client)
    await ask(client, bytes((MOVE_ITEM, 1, 2, 0)), deal(DROP, 1, 1), deal(DROP, 31, 5))
    assert (player.inventory[0], player.gold) == (Slot(SWORD.number, 1), 1_000)
    came = await ask(client, bytes((START,)), bytes((DOUBLE_CLICK, *BANKER)))
    assert "terminar el comercio" in console(came)
    assert not rows(came, VAULT_OPEN), "no vault opens over a shop"


async def test_the_command_finds_the_merchant_and_says_who_is_none(market: OpenMarket) -> None:
    running, client, player = await market()
    await ask(client, bytes((START,)), end=OPEN)
    came = await ask(client, bytes((END,)), bytes((LEFT_CLICK, 48, 50)), bytes((START,)))
    assert "nada que vender" in str(rows(came, SPOKEN)[-1])
    await running.newcomer("Bob")
    other = running.player("Bob")
    came = await ask(client, bytes((LEFT_CLICK, other.x, other.y)), bytes((START,)))
    assert "Has propuesto a Bob comerciar" in console(came)
    running.app.game.world.warp(player, 1, 50, 64)
    packets = ((LEFT_CLICK, *SMITH), (START,), (DOUBLE_CLICK, *SMITH))
    came = await ask(client, *map(bytes, packets))
    assert console(came).count("demasiado lejos") == 2
    running.app.game.world.warp(player, 1, 80, 80)
    assert "Antes haz clic" in console(await ask(client, bytes((START,))))


async def test_a_smith_buys_no_potions(market: OpenMarket) -> None:
    running, client, player = await market()
    player.inventory[0] = Slot(POTION.number, 2)
    running.app.game.world.warp(player, 1, 50, 68)
    await open_shop(client, SMITH)
    assert "no compran" in console(await ask(client, deal(SELL, 1, 1)))
    assert player.inventory[0] == Slot(POTION.number, 2)


async def test_the_dead_deal_with_nobody_and_death_closes_the_window(market: OpenMarket) -> None:
    running, client, player = await market()
    await open_shop(client)
    kill(running.app.game, player)
    came = await ask(client, bytes((DOUBLE_CLICK, *MERCHANT)), bytes((START,)), deal(BUY, 1, 1))
    assert len(rows(came, CLOSED)) == 1
    assert not rows(came, OPEN)
    assert not player.trading


async def test_a_lost_connection_leaves_no_window_behind(market: OpenMarket) -> None:
    running, client, player = await market()
    await open_shop(client)
    assert player.dealer is townsman(running, MERCHANT)
    again = await running.connect()
    await again.enter("Ana")
    back = running.player("Ana")
    assert (back.dealer, back.trading) == (None, False)


@pytest.mark.parametrize("window_closed_first", [True, False])
async def test_the_key_that_closes_the_window_does_not_leave_the_game(
    market: OpenMarket, *, window_closed_first: bool
) -> None:
    running, client, player = await market()
    await open_shop(client)
    if window_closed_first:  # what the client does: the key closes it, and quits when it comes up
        client.send(bytes((END,)))
    came = await ask(client, bytes((QUIT,)), end=CONSOLE_MSG)
    assert [packet.id for packet in came].count(CLOSED) == 1
    assert not player.trading
    player.window_closed_ms = running.app.game.world.clock.now() - 1_000
    client.send(bytes((QUIT,)))
    await client.until_closed()


async def test_a_key_that_was_sold_is_never_for_sale_again(market: OpenMarket) -> None:
    running, client, player = await market()
    key = Item(number=33, name="Llave", kind=ObjectType.KEY, price=3, crucial=True)
    running.app.game.world.data.items[key.number] = key
    merchant = townsman(running, MERCHANT)
    merchant.kind = structs.replace(
        merchant.kind, stock=(FilePile(key.number, 1), FilePile(POTION.number, 9))
    )
    await open_shop(client)
    came = await ask(client, deal(BUY, 1, 1), end=DONE)
    assert player.inventory[0] == Slot(key.number, 1)
    assert rows(came, GOODS)[0][:3] == (1, "", 0)
    await ask(client, bytes((END,)))
    merchant.stock = None  # as after a start of the server
    came = await ask(client, bytes((DOUBLE_CLICK, *MERCHANT)), end=OPEN)
    assert [row[1] for row in rows(came, GOODS)[:2]] == ["", "Pocima"]

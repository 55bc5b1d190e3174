from __future__ import annotations

import pytest
from tests.support.by_hand import changed_by_hand, check_ledger
from tests.support.byte_client import ByteClient
from tests.support.market import BANKER, MERCHANT, POTION, SWORD, ask, console, rows
from tests.tasks.conftest import OpenMarket

from pyao.rules.character import BANK_SLOTS, Slot

DOUBLE_CLICK = 27
START, DEPOSIT, EXTRACT, END, MOVE = 85, 43, 41, 21, 46
GOLD_OUT, GOLD_IN, BALANCE = 111, 112, 73
CLOSED, OPEN, GOLD, BANK_GOLD, SLOT, VAULT, DONE, SPOKEN = 6, 8, 18, 19, 47, 48, 85, 23
SHOP_OPEN = 7


def item(packet: int, slot: int, amount: int) -> bytes:
    return bytes((packet, slot)) + amount.to_bytes(2, "little", signed=True)


def gold(packet: int, amount: int) -> bytes:
    return bytes((packet,)) + amount.to_bytes(4, "little", signed=True)


async def open_vault(client: ByteClient) -> None:
    await ask(client, bytes((DOUBLE_CLICK, *BANKER)), end=OPEN)


async def test_a_double_click_shows_the_whole_vault_and_its_gold(market: OpenMarket) -> None:
    _, client, player = await market()
    player.bank[1], player.bank[2] = Slot(SWORD.number, 4), Slot(9_999, 1)
    player.bank_gold = 77
    came = await ask(client, bytes((DOUBLE_CLICK, *BANKER)), end=OPEN)
    assert came[-1].values == (77,)
    slots = rows(came, VAULT)
    assert rows(came, 45)[0][6] == 1_000, "gold in the purse"
    assert [row[0] for row in slots] == list(range(1, BANK_SLOTS + 1))
    assert slots[1] == (2, SWORD.number, "Espada", 4, 701, 2, 0, 0, 0, 0, 100)
    assert slots[0] == (1, 0, "", 0, 0, 0, 0, 0, 0, 0, 0)
    assert slots[2][:4] == (3, 9_999, "(9999)", 1), "kept although this world does not know it"
    assert len(rows(await ask(client, bytes((END,)), bytes((END,))), CLOSED)) == 2
    assert not player.trading


async def test_things_go_into_the_vault_and_out_again(market: OpenMarket) -> None:
    running, client, player = await market()
    with changed_by_hand(running.app, player):
        player.inventory[0] = Slot(SWORD.number, 3, equipped=True)
    await open_vault(client)
    came = await ask(client, item(DEPOSIT, 1, 3), end=DONE)
    assert rows(came, SLOT)[0][:4] == (1, 0, "", 0)
    assert rows(came, VAULT)[0][:4] == (1, SWORD.number, "Espada", 3)
    assert player.gear.weapon is None
    await ask(client, item(EXTRACT, 1, 2), end=DONE)
    assert (player.inventory[0], player.bank[0]) == (Slot(SWORD.number, 2), Slot(SWORD.number, 1))
    causes = [row["cause"] for row in running.app.writer.repository.audit(2)]
    assert causes == ["deposit", "extract"]
    await check_ledger(running.app)


@pytest.mark.parametrize(
    ("slot", "amount"), [(0, 1), (26, 1), (41, 1), (255, 1), (1, 0), (1, -5), (2, 1)]
)
async def test_impossible_moves_change_nothing(market: OpenMarket, slot: int, amount: int) -> None:
    _, client, player = await market()
    player.inventory[0] = Slot(POTION.number, 2)
    player.bank[0] = Slot(SWORD.number, 2)
    await open_vault(client)
    moves = (bytes((MOVE, *at)) for at in ((1, 1), (0, 40), (1, 0)))
    came = await ask(client, item(DEPOSIT, slot, amount), item(EXTRACT, slot, amount), *moves)
    assert (player.inventory[0], player.bank[0]) == (Slot(POTION.number, 2), Slot(SWORD.number, 2))
    assert not rows(came, VAULT)
    assert not rows(came, SLOT)


async def test_full_bags_and_vaults_are_told(market: OpenMarket) -> None:
    _, client, player = await market()
    player.inventory[:] = [Slot(POTION.number, 1) for _ in player.inventory]
    player.bank[:] = [Slot(SWORD.number, 1) for _ in player.bank]
    await open_vault(client)
    told = console(await ask(client, item(DEPOSIT, 1, 1), item(EXTRACT, 1, 1)))
    assert "lugar en la" in told
    assert "No puedes llevar" in told


async def test_slots_of_the_vault_change_places(market: OpenMarket) -> None:
    _, client, player = await market()
    player.bank[0] = Slot(SWORD.number, 1)
    await open_vault(client)
    came = await ask(client, bytes((MOVE, 0, 1)), end=DONE)
    assert [row[:2] for row in rows(came, VAULT)] == [(1, 0), (2, SWORD.number)]
    await ask(client, bytes((MOVE, 1, 2)), end=DONE)
    assert player.bank[0] == Slot(SWORD.number, 1)


async def test_gold_is_kept_with_and_without_a_window(market: OpenMarket) -> None:
    running, client, player = await market()
    came = await ask(client, gold(GOLD_IN, 400), end=DONE)
    assert rows(came, BANK_GOLD) == [(400,)]
    assert rows(came, GOLD) == [(600,)]
    assert "400" in str(rows(came, SPOKEN)[-1])
    await ask(client, gold(GOLD_OUT, 150), end=DONE)
    assert (player.gold, player.bank_gold) == (750, 250)
    stored = (await running.app.writer.read(["player:1:stats"]))["player:1:stats"]
    assert (stored["gold"], stored["bank_gold"]) == ("750", "250")


@pytest.mark.parametrize("amount", [0, -1, 1_001, 2**31 - 1, -(2**31)])
async def test_a_sum_one_has_not_is_refused_by_word(market: OpenMarket, amount: int) -> None:
    _, client, player = await market()
    came = await ask(client, gold(GOLD_IN, amount), gold(GOLD_OUT, amount))
    assert [row[0] for row in rows(came, SPOKEN)] == ["No dispones de esa cantidad."] * 2
    assert (player.gold, player.bank_gold) == (1_000, 0)


async def test_without_a_banker_near_nothing_moves(market: OpenMarket) -> None:
    running, client, player = await market()
    running.app.game.world.warp(player, 1, 80, 80)
    came = await ask(client, gold(GOLD_IN, 5), bytes((BALANCE,)), bytes((START,)))
    assert console(came).count("Antes haz clic") == 3
    assert not rows(came, OPEN)
    assert "Primero habla" in console(await ask(client, item(DEPOSIT, 1, 1)))
    assert player.gold == 1_000


async def test_commands_open_the_vault_and_ask_for_the_balance(market: OpenMarket) -> None:
    _, client, player = await market()
    player.bank_gold = 31
    came = await ask(client, bytes((BALANCE,)), bytes((START,)), end=OPEN)
    assert "31" in str(rows(came, SPOKEN)[-1])
    came = await ask(client, bytes((START,)), bytes((DOUBLE_CLICK, *MERCHANT)))
    assert "terminar el comercio" in console(came)
    assert not rows(came, SHOP_OPEN), "no shop opens over a vault"

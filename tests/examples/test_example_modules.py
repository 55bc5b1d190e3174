"""The example modules do what their first lines say, and survive a reload."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.small_server import SmallServer, Visitor, Workshop

from pyao.events.payloads import (
    BeforeChat,
    BeforeExperience,
    PlayerDied,
    SessionEnded,
    SessionStarted,
)

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "modules"
DAY_S = 86_400


@pytest.fixture
def workshop() -> Workshop:
    return Workshop(EXAMPLES)


def enter(server: SmallServer, name: str, user_id: int = 1) -> Visitor:
    visitor = server.add_client(name, user_id)
    started = SessionStarted(
        client_id=visitor.client_id, user_id=user_id, name=name, address=visitor.address
    )
    server.event_manager.announce(started)
    return visitor


def leave(server: SmallServer, visitor: Visitor) -> None:
    del server.clients[visitor.client_id]
    ended = SessionEnded(
        client_id=visitor.client_id, user_id=visitor.user_id, name=visitor.name, reason="left"
    )
    server.event_manager.announce(ended)


def experience(server: SmallServer) -> int:
    gained = BeforeExperience(user_id=1, amount=101, cause="wolf")
    return server.event_manager.announce(gained).data.amount


def say(server: SmallServer, text: str, user_id: int = 1) -> str:
    said = BeforeChat(user_id=user_id, name="Ana", channel="say", map=1, text=text)
    event = server.event_manager.announce(said)
    return f"vetoed: {event.veto_reason}" if event.vetoed else event.data.text


async def test_all_examples_work_together_and_unload_without_a_trace(workshop: Workshop) -> None:
    before = workshop.server.registered()
    names = ["arena_duel", "chat_filter", "daily_reward", "double_experience", "welcome"]
    assert await workshop.manager.load_all_modules() == names
    for name in names:
        assert await workshop.manager.reload_module(name), workshop.error(name)
    assert workshop.server.bulkhead.failures == {}
    await workshop.manager.shutdown()
    assert workshop.server.registered() == before


async def test_welcome_greets_the_first_time_and_then_as_a_friend(workshop: Workshop) -> None:
    workshop.configs["welcome"] = {"settings": {"text": "Hola {name}!", "announce": True}}
    assert await workshop.manager.enable_module("welcome")
    assert enter(workshop.server, "Ana").lines == ["Hola Ana!"]
    assert enter(workshop.server, "Ana").lines == ["Good to see you again, Ana."]
    assert workshop.server.said == ["Ana enters the world."] * 2
    assert workshop.server.dirty_data == [("welcome", "1")] * 2


async def test_experience_is_doubled_at_the_weekend_and_said_so_once(workshop: Workshop) -> None:
    server = workshop.server
    assert await workshop.manager.enable_module("double_experience")
    assert experience(server) == 202
    assert await workshop.manager.reload_module("double_experience")
    assert server.said == ["Experience times 2 begins!"]
    server.unix.now += 2 * DAY_S
    server.advance(60)
    assert experience(server) == 101
    assert server.said[1:] == ["Experience times 2 is over!"]
    ana = server.add_client("Ana")
    server.commands.run(ana, "experience", "")
    assert ana.lines == ["Experience times 1 today."]


async def test_a_senseless_factor_is_not_accepted(workshop: Workshop) -> None:
    assert await workshop.manager.enable_module("double_experience")
    workshop.configs["double_experience"] = {"settings": {"factor": -1}}
    assert not await workshop.manager.apply_config("double_experience")
    workshop.configs["double_experience"] = {"settings": {"factor": 3}}
    assert await workshop.manager.apply_config("double_experience")
    assert experience(workshop.server) == 303


async def test_the_filter_masks_words_and_silences_who_goes_on(workshop: Workshop) -> None:
    server = workshop.server
    workshop.configs["chat_filter"] = {"settings": {"words": ["orco", "a.b"]}}
    assert await workshop.manager.enable_module("chat_filter")
    assert say(server, "hola") == "hola"
    assert say(server, "un ORCO porco a.b aXb") == "un *** porco *** aXb"
    assert say(server, "orco") == "***"
    assert say(server, "orco", user_id=2) == "***"
    assert say(server, "orco") == "***"
    assert say(server, "hola") == "vetoed: You have been asked to mind your words."
    assert say(server, "hola", user_id=2) == "hola"
    server.advance(120)
    assert say(server, "hola") == "hola"


async def test_the_reward_is_given_once_a_day_and_grows(workshop: Workshop) -> None:
    server = workshop.server
    assert await workshop.manager.enable_module("daily_reward")
    ana = enter(server, "Ana")
    assert ana.ledger == [(100, "daily reward")]
    assert enter(server, "Ana").gold == 0
    ana = enter(server, "Ana")
    server.advance(DAY_S)
    assert ana.lines == ["Day 2 in a row: you receive 150 gold coins."]
    server.unix.now += 5 * DAY_S
    assert enter(server, "Ana").gold == 100
    assert server.saved_data.get("daily_reward", "1")["in_a_row"] == "1"


async def test_a_duel_is_fought_watched_reloaded_and_won(workshop: Workshop) -> None:
    server = workshop.server
    assert await workshop.manager.enable_module("arena_duel")
    ana, bea = server.add_client("Ana", 1), server.add_client("Bea", 2, place=(5, 20, 30))
    watcher = Visitor("tcp:9", "Eva", 9)
    server.commands.run(ana, "duel", "bea")
    assert bea.lines == ["Ana challenges you to a duel. /accept within a minute!"]
    assert await workshop.manager.reload_module("arena_duel")
    server.commands.run(bea, "accept", "")
    assert (ana.place, bea.place) == ((1, 40, 50), (1, 60, 50))
    [room] = server.rooms.find_rooms("duel")
    assert server.rooms.join(room.id, watcher) is None
    assert watcher.messages == [(room.id, "fighters", ["Ana", "Bea"])]
    server.commands.run(bea, "duel", "ana")
    assert bea.lines[-1] == "One of you is fighting already."
    assert await workshop.manager.reload_module("arena_duel")
    died = PlayerDied(user_id=1, name="Ana", map=1, killer="Bea")
    server.event_manager.announce(died)
    assert watcher.messages[-3:-2] == [(room.id, "winner", "Bea")]
    assert (ana.place, bea.place) == ((1, 50, 50), (5, 20, 30))
    assert server.said == ["Bea wins the duel!"]
    assert server.rooms.find_rooms("duel") == []
    assert server.event_types()[-1] == "game:ended"
    server.advance(600)
    assert server.said == ["Bea wins the duel!"]


async def test_a_challenge_lapses_and_a_wrong_one_is_refused(workshop: Workshop) -> None:
    server = workshop.server
    assert await workshop.manager.enable_module("arena_duel")
    ana, bea = server.add_client("Ana", 1), server.add_client("Bea", 2)
    for wrong in ("", "ana", "nobody"):
        server.commands.run(ana, "duel", wrong)
    assert ana.lines == ["Challenge whom? /duel NAME"] * 3
    server.commands.run(ana, "duel", "Bea")
    server.advance(60)
    server.commands.run(bea, "accept", "")
    assert bea.lines[-1] == "Nobody here challenges you."


async def test_leaving_the_server_is_losing_and_one_comes_back_at_home(workshop: Workshop) -> None:
    server = workshop.server
    assert await workshop.manager.enable_module("arena_duel")
    ana, bea = server.add_client("Ana", 1), server.add_client("Bea", 2)
    server.commands.run(ana, "duel", "Bea")
    server.commands.run(bea, "accept", "")
    leave(server, ana)
    assert server.said == ["Ana wins the duel!".replace("Ana", "Bea")]
    again = enter(server, "Ana")
    assert again.place == (1, 50, 50)


async def test_a_duel_without_a_winner_ends_with_its_time_or_its_module(
    workshop: Workshop,
) -> None:
    server = workshop.server
    assert await workshop.manager.enable_module("arena_duel")
    ana, bea = server.add_client("Ana", 1), server.add_client("Bea", 2)
    for end in (lambda: server.advance(300), None):
        server.commands.run(ana, "duel", "Bea")
        server.commands.run(bea, "accept", "")
        assert ana.place == (1, 40, 50)
        if end is not None:
            end()
        else:
            assert await workshop.manager.disable_module("arena_duel")
        assert (ana.place, server.said[-1]) == ((1, 50, 50), "A duel ends without a winner.")


async def test_who_watches_a_duel_hears_that_its_time_is_almost_up(workshop: Workshop) -> None:
    server = workshop.server
    assert await workshop.manager.enable_module("arena_duel")
    ana, bea = server.add_client("Ana", 1), server.add_client("Bea", 2)
    server.commands.run(ana, "duel", "Bea")
    server.commands.run(bea, "accept", "")
    server.advance(269)
    assert ("time", "30 seconds are left") not in [each[1:] for each in ana.messages]
    server.advance(1)
    assert ("time", "30 seconds are left") in [each[1:] for each in ana.messages]
    (state,) = server.event_manager.get_event_history("game:state_updated")
    assert state.data["state"] == "last seconds"


async def test_a_closed_arena_sends_nobody_away(workshop: Workshop) -> None:
    server = workshop.server
    workshop.configs["arena_duel"] = {"settings": {"map": 0}}
    assert await workshop.manager.enable_module("arena_duel")
    ana, bea = server.add_client("Ana", 1), server.add_client("Bea", 2)
    server.commands.run(ana, "duel", "Bea")
    server.commands.run(bea, "accept", "")
    assert bea.lines[-1] == "The arena is closed."
    assert ana.place == bea.place == (1, 50, 50)

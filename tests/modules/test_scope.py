"""What a module sees of the server, and that everything it does there is its own."""

from __future__ import annotations

import asyncio

import pytest
from tests.support.small_server import Knock, SmallServer

from pyao.errors import ModuleError, RoomError
from pyao.events import Event
from pyao.events.payloads import GameStarted
from pyao.modules import ModuleServer
from pyao.rooms import GenericRoom


@pytest.fixture
def server() -> SmallServer:
    return SmallServer()


@pytest.fixture
def mine(server: SmallServer) -> ModuleServer:
    return ModuleServer(server, "mine", settings={"a": 1})


async def nothing() -> None:
    """Do nothing."""


def ignore(_event: Event[dict[str, int]]) -> None:
    """Do nothing."""


def ignore_too(_event: Event[dict[str, int]]) -> None:
    """Do nothing."""


def test_registrations_take_effect_while_the_scope_is_open(
    server: SmallServer, mine: ModuleServer
) -> None:
    empty = server.registered()
    mine.event_manager.register_handler("x", ignore)
    mine.timers.every(1, print)
    assert server.registered() == empty
    mine.open()
    full = server.registered()
    assert full != empty
    mine.close()
    assert server.registered() == empty
    mine.open()
    assert server.registered() == full


def test_what_cannot_be_registered_undoes_the_rest(server: SmallServer, mine: ModuleServer) -> None:
    empty = server.registered()
    mine.commands.register("hola", lambda _caller, _arguments: "hola")
    mine.commands.register("salir", lambda _caller, _arguments: "no")
    with pytest.raises(ModuleError, match="/salir: /salir is a command of the server"):
        mine.open()
    assert server.registered() == empty
    assert mine.commands.unregister("salir")
    mine.open()
    assert [each.name for each in server.commands.commands("mine")] == ["hola"]


def test_handlers_can_be_taken_back_one_by_one_or_together(
    server: SmallServer, mine: ModuleServer
) -> None:
    server.event_manager.register_handler("x", ignore, "theirs")
    mine.open()
    for kind in ("x", "y"):
        mine.event_manager.register_handler(kind, ignore, "a wrong name")
        mine.event_manager.register_handler(kind, ignore_too)
    assert len(server.event_manager.handlers("mine")) == 4
    assert mine.event_manager.unregister_handler("x", "a wrong name", ignore) == 1
    assert mine.event_manager.unregister_handler("x") == 1
    assert mine.event_manager.unregister_all_handlers("theirs") == 2
    assert [each.module_name for each in server.event_manager.handlers()] == ["theirs"]


async def test_a_module_emits_in_its_own_name(server: SmallServer, mine: ModuleServer) -> None:
    assert not mine.event_manager.hears("game:started")
    mine.event_manager.announce(GameStarted(room_id="r", game="duel", members=()))
    mine.event_manager.emit(Event("mine:thing", "mine", {"n": 1}))
    assert await mine.event_manager.emit_and_wait(Event("mine:other", "mine"), 1)
    history = mine.event_manager.get_event_history(source="mine")
    assert [event.event_type for event in history] == ["game:started", "mine:thing", "mine:other"]
    assert server.event_types() == ["game:started", "mine:thing", "mine:other"]


def test_rooms_and_tasks_need_an_enabled_module(server: SmallServer, mine: ModuleServer) -> None:
    with pytest.raises(ModuleError, match="from `enable` on"):
        mine.rooms.create_room()
    with pytest.raises(ModuleError, match="from `enable` on"):
        mine.spawn(nothing())
    assert server.rooms.rooms == {}


async def test_rooms_of_a_module_go_when_it_rests_and_others_are_not_its_own(
    server: SmallServer, mine: ModuleServer
) -> None:
    theirs = server.rooms.create_room()
    visitor = server.add_client("Ana")
    mine.open()
    room = mine.rooms.create_room(room_id="hall")
    assert mine.rooms.create_room(room_id="hall") is room
    assert mine.rooms.get_room("hall") is room
    assert mine.rooms.get_public_rooms() == [theirs, room]
    assert mine.rooms.find_rooms() == [room]
    assert mine.rooms.join("hall", visitor) is None
    assert mine.rooms.leave("hall", visitor.member_id) is None
    with pytest.raises(RoomError, match="is server's"):
        mine.rooms.delete_room(theirs.id)
    with pytest.raises(RoomError, match="is server's"):
        mine.rooms.change_settings(theirs.id, {"public": False})
    mine.rooms.change_settings("hall", {"capacity": 3})
    assert room.settings.capacity == 3
    assert not mine.rooms.delete_room("nothing")
    other = mine.rooms.create_room()
    assert mine.rooms.delete_room(other.id)
    mine.spawn(asyncio.Event().wait())
    mine.rest()
    assert list(server.rooms.rooms) == [theirs.id]
    await server.bulkhead.close()
    assert server.bulkhead.pending("mine") == 0


def test_creatures_of_a_module_need_an_enabled_one_and_go_when_it_rests(
    server: SmallServer, mine: ModuleServer
) -> None:
    with pytest.raises(ModuleError, match="from `enable` on"):
        mine.spawn_creature(5, 1, 50, 50)
    mine.open()
    assert mine.spawn_creature(5, 1, 50, 50)
    assert not mine.spawn_creature(5, 0, 50, 50)
    assert server.creatures.kept == [("mine", 5)]
    mine.rest()
    assert server.creatures.kept == []


def test_what_was_asked_for_while_enabled_is_asked_for_again_next_time(
    server: SmallServer, mine: ModuleServer
) -> None:
    mine.timers.every(5, print, name="lasting")
    mine.open()
    mine.timers.every(5, print, name="passing")
    mine.event_manager.register_handler("x", ignore)
    server.advance(3)
    mine.rest()
    mine.open()
    assert [(each.name, each.due) for each in server.timers.timers()] == [("lasting", 8.0)]
    assert server.event_manager.handlers() == []


def test_a_named_timer_takes_the_place_of_its_namesake(
    server: SmallServer, mine: ModuleServer
) -> None:
    mine.open()
    first = mine.timers.after(5, print, name="end")
    second = mine.timers.after(9, print, name="end")
    assert (first.cancelled, server.timers.timers()) == (True, [second])


def test_the_rest_of_the_server_is_passed_on(server: SmallServer, mine: ModuleServer) -> None:
    ana = server.add_client("Ana")
    assert mine.client("ANA") is ana
    assert mine.client("nobody") is None
    server.add_client("", 0)
    assert mine.client("") is None, "one in the lobby has no name yet"
    mine.broadcast_message("hola")
    mine.shutdown()
    assert (server.said, server.stopped) == (["hola"], "a module asked for it")
    assert mine.config is server.config
    assert mine.module("other") is None
    assert mine.tasks.original(Knock) is server.tasks.rows[Knock.key]
    mine.saved_data.put("k", {"a": "1"})
    assert (mine.saved_data.keys(), server.saved_data.get("mine", "k")) == (["k"], {"a": "1"})


def test_one_map_can_be_borrowed(server: SmallServer, mine: ModuleServer) -> None:
    class Castle(GenericRoom):
        pass

    server.rooms.add(GenericRoom("map:1"))
    mine.rooms.bind_class("map:1", Castle)
    mine.open()
    assert type(server.rooms.rooms["map:1"]) is Castle
    mine.rest()
    assert type(server.rooms.rooms["map:1"]) is GenericRoom

"""One room: members, variables, broadcasts."""

from __future__ import annotations

import asyncio

import pytest
from tests.support.rooms import Listener, Rooms

from pyao.errors import RoomError, StorageCorrupt
from pyao.events import Event, EventTypes
from pyao.events.payloads import RoomVariableChanged
from pyao.rooms import GenericRoom, Hook, Plain, RoomMember, RoomRefusal, RoomSettings
from pyao.rooms.room import MAX_VARIABLES


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


def with_members(
    rooms: Rooms, count: int, **settings: object
) -> tuple[GenericRoom, list[Listener]]:
    room = rooms.manager.create_room(settings=settings)
    members = [Listener(f"m{number}", f"Member {number}") for number in range(count)]
    for member in members:
        assert rooms.manager.join(room.id, member) is None
    for member in members:
        member.heard.clear()
    return room, members


def test_a_variable_reads_as_it_was_written(rooms: Rooms) -> None:
    room = rooms.manager.create_room()
    assert room.get_variable("weather") is None
    assert room.get_variable("weather", "dry") == "dry"
    room.set_variable("weather", "rain")
    assert room.get_variable("weather") == "rain"


def test_a_flagged_variable_reaches_every_member_of_its_room_only(rooms: Rooms) -> None:
    room, members = with_members(rooms, 3)
    other, others = with_members(rooms, 1)
    room.set_variable("weather", "rain", broadcast=True)
    room.set_variable("secret", 7)
    assert [member.heard for member in members] == [[(room.id, "weather", "rain")]] * 3
    assert others[0].heard == []
    assert other.get_variable("weather") is None


def test_a_flag_stays_until_it_is_changed(rooms: Rooms) -> None:
    room, [member] = with_members(rooms, 1)
    room.set_variable("n", 1, broadcast=True)
    room.set_variable("n", 2)
    room.set_variable("n", 3, broadcast=False)
    room.set_variable("n", 4)
    assert [value for _, _, value in member.heard] == [1, 2]
    assert not room.is_loud("n")


def test_a_value_that_does_not_change_is_not_told_again(rooms: Rooms) -> None:
    room, [member] = with_members(rooms, 1)
    for value in (1, 1, 1.0, True, [1], [1]):
        room.set_variable("n", value, broadcast=True)
    assert [value for _, _, value in member.heard] == [1, 1.0, True, [1]]


def test_new_variables_are_loud_where_the_default_says_so() -> None:
    rooms = Rooms(broadcast_default=True)
    room, [member] = with_members(rooms, 1)
    room.set_variable("n", 1)
    room.set_variable("m", 1, broadcast=False)
    assert member.names() == ["n"]


def test_nothing_is_sent_where_broadcasts_are_switched_off() -> None:
    rooms = Rooms(broadcast_enabled=False)
    room, [member] = with_members(rooms, 1)
    room.set_variable("n", 1, broadcast=True)
    assert member.heard == []
    assert room.get_variable("n") == 1


def test_a_value_cannot_be_changed_behind_the_rooms_back(rooms: Rooms) -> None:
    room, [member] = with_members(rooms, 1)
    scores = [1]
    room.set_variable("scores", scores, broadcast=True)
    scores.append(2)
    assert room.get_variable("scores") == [1]
    room.set_variable("scores", scores)
    assert [value for _, _, value in member.heard] == [[1], [1, 2]]


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("", 1, "expected a letter"),
        ("_loud", 1, "expected a letter"),
        ("room:joined", 1, "expected a letter"),
        ("x" * 65, 1, "expected a letter"),
        ("x", object(), "is a object"),
        ("x", {1: 2}, "expected text"),
        ("x", [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]], "nested deeper"),
        ("x", "y" * 20_000, "longer than"),
        ("x", float("nan"), "NaN or infinite"),
        ("x", {"n": [1.5, float("-inf")]}, "NaN or infinite"),
        pytest.param("x", 10**5_000, "longer than", id="a huge number"),
        pytest.param("x", {"n": [10**5_000]}, "longer than", id="a huge number inside"),
    ],
)
def test_a_wrong_variable_is_refused_with_the_reason(
    rooms: Rooms, name: str, value: object, problem: str
) -> None:
    room = rooms.manager.create_room()
    with pytest.raises(RoomError, match=problem) as refused:
        room.set_variable(name, value)
    assert refused.value.code == RoomRefusal.INVALID_ARGUMENT
    assert room.variables() == {}


def test_a_counter_that_no_store_can_hold_is_refused_and_keeps_its_value(rooms: Rooms) -> None:
    """A number that cannot be written would keep everything else from being saved."""
    room = rooms.manager.create_room()
    room.set_variable("n", 1)
    with pytest.raises(RoomError, match="longer than"):
        room.set_variable("n", 10**5_000)
    assert room.stored_variables() == {"n": "1"}


def test_a_room_holds_a_bounded_number_of_variables(rooms: Rooms) -> None:
    room = rooms.manager.create_room()
    for number in range(MAX_VARIABLES):
        room.set_variable(f"v{number}", number)
    with pytest.raises(RoomError, match="already"):
        room.set_variable("more", 1)
    assert room.delete_variable("v0")
    assert not room.delete_variable("v0")
    room.set_variable("more", 1)


def test_each_change_is_marked_for_the_store_once(rooms: Rooms) -> None:
    room = rooms.manager.create_room()
    room.set_variable("n", 1)
    room.set_variable("n", 1)
    room.set_variable("n", 2)
    assert rooms.dirty == [room, room]
    quiet = rooms.manager.create_room(settings={"stored": False})
    quiet.set_variable("n", 1)
    assert rooms.dirty == [room, room]


def test_variables_survive_being_stored(rooms: Rooms) -> None:
    room = rooms.manager.create_room()
    room.set_variable("weather", "lluvia ñ", broadcast=True)
    room.set_variable("scores", {"ana": [1, 2.5, None, True]})
    stored = room.stored_variables()
    assert stored == {
        "weather": '"lluvia ñ"',
        "scores": '{"ana": [1, 2.5, null, true]}',
        "_loud": "weather",
    }
    again = GenericRoom("room:again")
    again.restore_variables(stored)
    assert again.variables() == room.variables()
    assert again.is_loud("weather")
    assert not again.is_loud("scores")


def test_a_passing_variable_is_told_but_not_stored(rooms: Rooms) -> None:
    room, [member] = with_members(rooms, 1)
    for count in range(3):
        room.set_variable("count", count, broadcast=True, stored=False)
    room.set_variable("count", 9)
    assert [value for _, _, value in member.heard] == [0, 1, 2, 9]
    assert rooms.dirty == []
    assert room.stored_variables() == {}


def test_a_stored_variable_that_cannot_be_read_is_named(rooms: Rooms) -> None:
    room = rooms.manager.create_room()
    with pytest.raises(StorageCorrupt, match="room:1: variable weather is not JSON"):
        room.restore_variables({"n": "1", "weather": "rain"})
    assert room.variables() == {}


def test_changes_of_variables_are_events_while_somebody_listens(rooms: Rooms) -> None:
    seen: list[RoomVariableChanged] = []

    def note(event: Event[RoomVariableChanged]) -> None:
        seen.append(event.data)

    room = rooms.manager.create_room()
    room.set_variable("n", 1)
    rooms.events.register_handler(EventTypes.ROOM_VARIABLE_CHANGED, note, "test")
    room.set_variable("n", 2)
    assert seen == [RoomVariableChanged(room_id=room.id, name="n", value=2)]


def test_a_newcomer_gets_the_loud_variables_and_the_others_hear_of_it(rooms: Rooms) -> None:
    room, [first] = with_members(rooms, 1)
    room.set_variable("weather", "rain", broadcast=True)
    room.set_variable("secret", 7)
    first.heard.clear()
    second = Listener("b", "Bea")
    rooms.manager.join(room.id, second)
    assert second.heard == [(room.id, "weather", "rain")]
    assert first.heard == [(room.id, "room:joined", {"id": "b", "name": "Bea"})]


def test_a_room_class_may_greet_and_keep_metadata(rooms: Rooms) -> None:
    greeted: list[str] = []

    class CustomRoom(GenericRoom):
        def on_join(self, client: RoomMember) -> Hook:
            super().on_join(client)
            greeted.append(client.name)
            self.send(client, "welcome", "Welcome!")
            self.metadata["last"] = client.name
            return None

    room = rooms.manager.create_room(CustomRoom)
    ana = Listener("a", "Ana")
    rooms.manager.join(room.id, ana)
    assert greeted == ["Ana"]
    assert ana.heard == [(room.id, "welcome", "Welcome!")]
    assert room.describe()["metadata"] == {"last": "Ana"}
    assert room.kind == "customroom"


async def test_hooks_may_be_coroutines(rooms: Rooms) -> None:
    greeted: set[str] = set()
    done = asyncio.Event()

    class Slow(GenericRoom):
        async def on_join(self, member: RoomMember) -> None:
            await asyncio.sleep(0)
            greeted.add(member.name)
            done.set()

    room = rooms.manager.create_room(Slow)
    assert rooms.manager.join(room.id, Listener("a", "Ana")) is None
    assert "a" in room.members
    await asyncio.wait_for(done.wait(), 10)
    assert greeted == {"Ana"}


def test_a_failing_hook_does_not_keep_the_member_out(rooms: Rooms) -> None:
    class Broken(GenericRoom):
        def on_join(self, member: RoomMember) -> Hook:
            raise ZeroDivisionError(member.name)

    room = rooms.manager.create_room(Broken, owner="broken_module")
    assert rooms.manager.join(room.id, Listener("a")) is None
    assert "a" in room.members
    assert rooms.events.bulkhead.failures == {"broken_module": 1}


def test_a_room_class_may_choose_how_it_speaks_to_a_member(rooms: Rooms) -> None:
    class Loud(GenericRoom):
        def send(self, member: RoomMember, name: str, value: Plain) -> None:
            member.room_message(self.id, name.upper(), value)

    room = rooms.manager.create_room(Loud)
    ana = Listener("a")
    rooms.manager.join(room.id, ana)
    room.broadcast("hello", 1)
    assert ana.heard == [(room.id, "HELLO", 1)]


def test_a_room_class_that_fails_to_speak_hurts_nobody_else(rooms: Rooms) -> None:
    class Mute(GenericRoom):
        def send(self, member: RoomMember, name: str, value: Plain) -> None:
            if member.member_id == "a":
                raise ValueError(name)
            super().send(member, name, value)

    room = rooms.manager.create_room(Mute)
    ana, bea = Listener("a"), Listener("b")
    for member in (ana, bea):
        assert rooms.manager.join(room.id, member) is None
    room.set_variable("door", "open", broadcast=True)
    assert bea.heard == [(room.id, "door", "open")]
    assert rooms.hub.bulkhead.last_failure["server"].startswith("mute:1.send: ValueError: door")


def test_a_room_in_no_index_keeps_variables_but_calls_nobody() -> None:
    room = GenericRoom("loose", RoomSettings(broadcast_default=True), name="Loose")
    room.set_variable("n", 1)
    assert room.get_variable("n") == 1
    with pytest.raises(RoomError, match="in no index"):
        room.run_hook(room.on_create)


def test_the_ring_of_broadcasts_is_bounded(rooms: Rooms) -> None:
    room = rooms.manager.create_room(settings={"recent": 2})
    for number in range(5):
        room.broadcast("n", number)
    assert [(each.sequence, each.value) for each in room.recent()] == [(4, 3), (5, 4)]
    assert [each.value for each in room.recent(since=4)] == [4]

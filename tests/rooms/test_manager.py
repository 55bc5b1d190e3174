"""The index of rooms: create, list, find, join, leave, lose and delete."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs
from tests.support.rooms import Listener, Rooms

from pyao.errors import RoomError, StorageCorrupt
from pyao.rooms import GenericRoom, RoomManager, RoomMember, RoomRefusal, RoomSettings


class Duel(GenericRoom):
    """A room class that counts what happens to it."""

    def __init__(self, room_id: str, settings: RoomSettings) -> None:
        super().__init__(room_id, settings)
        self.calls: list[str] = []

    def on_create(self) -> None:
        self.calls.append("create")

    def on_leave(self, member: RoomMember) -> None:
        self.calls.append(f"leave {member.name}")

    def on_drop(self, member: RoomMember) -> None:
        self.calls.append(f"drop {member.name}")

    def on_reconnect(self, member: RoomMember) -> None:
        self.calls.append(f"back {member.name}")

    def on_dispose(self) -> None:
        self.calls.append("dispose")

    def tick(self, now: float) -> None:
        self.calls.append(f"tick {now:g}")


@pytest.fixture
def rooms() -> Rooms:
    return Rooms()


def test_a_room_without_arguments_is_generic_with_the_default_settings() -> None:
    rooms = Rooms(capacity=3)
    room = rooms.manager.create_room()
    assert type(room) is GenericRoom
    assert room.settings.capacity == 3
    assert rooms.manager.get_room(room.id) is room


def test_class_and_settings_are_honoured_over_the_kinds_defaults(rooms: Rooms) -> None:
    rooms.manager.kinds["duel"] = {"capacity": 2, "grace_s": 5.0}
    room = rooms.manager.create_room(Duel, {"capacity": 4})
    assert isinstance(room, Duel)
    assert (room.settings.capacity, room.settings.grace_s) == (4, 5.0)


def test_wrong_classes_and_settings_are_refused_clearly(rooms: Rooms) -> None:
    with pytest.raises(RoomError, match="not a room class"):
        rooms.manager.create_room(int)  # type: ignore[arg-type] # on purpose
    with pytest.raises(RoomError, match="no kind of room 'duel'; known: none"):
        rooms.manager.create_room("duel")
    with pytest.raises(RoomError, match="no room setting color; known: auto_dispose"):
        rooms.manager.create_room(settings={"color": 1})
    assert rooms.manager.rooms == {}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("public", "no", "True or False"),
        ("public", 1, "True or False"),
        ("credential", None, "text"),
        ("capacity", "many", "a whole number, 0 or more"),
        ("capacity", -1, "a whole number, 0 or more"),
        ("capacity", True, "a whole number, 0 or more"),
        ("recent", 2.5, "a whole number, 0 or more"),
        ("grace_s", "10", "a number of seconds, 0 or more"),
        ("grace_s", float("nan"), "a number of seconds, 0 or more"),
        ("grace_s", float("inf"), "a number of seconds, 0 or more"),
        ("grace_s", False, "a number of seconds, 0 or more"),
        ("metadata", {1: 2}, "plain data by name"),
        ("metadata", [1], "plain data by name"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_refused_where_the_room_is_made(
    rooms: Rooms, name: str, value: object, expected: str
) -> None:
    with pytest.raises(RoomError, match=f"room setting {name}: expected {expected}") as refused:
        rooms.manager.create_room(settings={name: value})
    assert refused.value.code is RoomRefusal.INVALID_ARGUMENT
    assert rooms.manager.rooms == {}


@pytest.mark.parametrize("room_id", ["", "two words", "two\nlines", "\ud800", "\x1b[2J", "x" * 65])
def test_an_id_that_nobody_could_type_or_store_is_refused(rooms: Rooms, room_id: str) -> None:
    with pytest.raises(RoomError, match="expected 1 to 64 visible characters") as refused:
        rooms.manager.create_room(room_id=room_id)
    assert refused.value.code is RoomRefusal.INVALID_ARGUMENT
    assert rooms.manager.rooms == {}


def test_a_living_room_can_be_closed_to_the_public_and_opened_again(rooms: Rooms) -> None:
    room = rooms.manager.create_room()
    rooms.manager.join(room.id, Listener("a"))
    rooms.manager.change_settings(room.id, {"public": False})
    assert rooms.manager.get_public_rooms() == []
    assert list(room.members) == ["a"]
    assert rooms.manager.join(room.id, Listener("b"), "guess") is RoomRefusal.BAD_CREDENTIAL
    assert rooms.manager.join(room.id, Listener("b"), room.settings.credential) is None
    rooms.manager.change_settings(room.id, {"public": True, "credential": ""})
    assert rooms.manager.get_public_rooms() == [room]
    assert rooms.manager.join(room.id, Listener("c")) is None


def test_who_was_put_out_does_not_come_back_once_the_credential_is_another(rooms: Rooms) -> None:
    room = rooms.manager.create_room(settings={"public": False, "credential": "first"})
    rooms.manager.join(room.id, Listener("a"), "first")
    rooms.manager.leave(room.id, "a", "put out")
    rooms.manager.change_settings(room.id, {"credential": "second"})
    assert rooms.manager.join(room.id, Listener("a"), "first") is RoomRefusal.BAD_CREDENTIAL


def test_wrong_changes_of_settings_change_nothing(rooms: Rooms) -> None:
    room = rooms.manager.create_room()
    before = room.settings
    with pytest.raises(RoomError, match="no room setting color"):
        rooms.manager.change_settings(room.id, {"color": 1, "capacity": 2})
    with pytest.raises(RoomError, match="expected a whole number"):
        rooms.manager.change_settings(room.id, {"capacity": "2"})
    with pytest.raises(RoomError, match="there is no room room:9"):
        rooms.manager.change_settings("room:9", {"capacity": 2})
    assert room.settings is before


def test_fewer_broadcasts_are_remembered_when_the_setting_says_so(rooms: Rooms) -> None:
    room = rooms.manager.create_room()
    for number in range(5):
        room.broadcast("n", number)
    rooms.manager.change_settings(room.id, {"recent": 2})
    assert [each.value for each in room.recent()] == [3, 4]
    rooms.manager.change_settings(room.id, {"recent": 0})
    room.broadcast("n", 5)
    assert room.recent() == []


def test_rooms_that_come_and_go_stand_in_the_log_and_no_value_does(rooms: Rooms) -> None:
    with capture_logs() as lines:
        room = rooms.manager.create_room(room_id="hall", owner="halls")
        room.set_variable("password", "hunter2")
        rooms.manager.delete_room("hall", "closed")
    assert [(each["event"], each["room"]) for each in lines] == [
        ("room_created", "hall"),
        ("room_variable", "hall"),
        ("room_deleted", "hall"),
    ]
    assert "hunter2" not in repr(lines)


def test_an_id_is_never_used_again(rooms: Rooms) -> None:
    first = rooms.manager.create_room()
    assert rooms.manager.delete_room(first.id)
    assert not rooms.manager.delete_room(first.id)
    assert rooms.manager.create_room().id != first.id
    with pytest.raises(RoomError, match="already"):
        rooms.manager.create_room(room_id="room:2")


def test_a_private_room_is_not_listed_but_can_be_joined_with_its_credential(rooms: Rooms) -> None:
    public = rooms.manager.create_room()
    private = rooms.manager.create_room(settings={"public": False})
    credential = private.settings.credential
    assert rooms.manager.get_public_rooms() == [public]
    assert len(credential) >= 16
    assert rooms.manager.join(private.id, Listener("a")) is RoomRefusal.BAD_CREDENTIAL
    assert rooms.manager.join(private.id, Listener("a"), "é") is RoomRefusal.BAD_CREDENTIAL
    assert rooms.manager.join(private.id, Listener("a"), credential) is None
    assert private.describe()["members"] == 1
    assert credential not in str(private.describe())


def test_a_room_refuses_when_full_locked_or_joined_already(rooms: Rooms) -> None:
    room = rooms.manager.create_room(settings={"capacity": 2})
    ana = Listener("a")
    assert rooms.manager.join(room.id, ana) is None
    assert rooms.manager.join(room.id, ana) is RoomRefusal.ALREADY_IN
    room.locked = True
    assert rooms.manager.join(room.id, Listener("b")) is RoomRefusal.LOCKED
    room.locked = False
    assert rooms.manager.join(room.id, Listener("b")) is None
    assert rooms.manager.join(room.id, Listener("c")) is RoomRefusal.FULL
    assert rooms.manager.join("none", ana) is RoomRefusal.NOT_FOUND
    assert rooms.manager.rooms_of("c") == []


def test_a_member_is_in_a_bounded_number_of_rooms(rooms: Rooms) -> None:
    ana = Listener("a")
    answers = [rooms.manager.join(rooms.manager.create_room().id, ana) for _ in range(33)]
    assert answers == [None] * 32 + [RoomRefusal.TOO_MANY]


def test_leaving_removes_and_is_called_once(rooms: Rooms) -> None:
    room = rooms.manager.create_room(Duel)
    assert isinstance(room, Duel)
    rooms.manager.join(room.id, Listener("a", "Ana"))
    assert rooms.manager.leave(room.id, "a") is None
    assert rooms.manager.leave(room.id, "a") is RoomRefusal.NOT_IN
    assert rooms.manager.leave("none", "a") is RoomRefusal.NOT_FOUND
    assert room.calls == ["create", "leave Ana"]
    assert rooms.manager.rooms_of("a") == []


def test_a_lost_connection_without_grace_leaves_once(rooms: Rooms) -> None:
    room = rooms.manager.create_room(Duel)
    assert isinstance(room, Duel)
    rooms.manager.join(room.id, Listener("a", "Ana"))
    rooms.manager.drop("a")
    rooms.manager.drop("a")
    assert room.calls == ["create", "leave Ana"]


def test_a_lost_connection_keeps_its_place_for_the_grace_period(rooms: Rooms) -> None:
    room = rooms.manager.create_room(Duel, {"grace_s": 10, "capacity": 1})
    assert isinstance(room, Duel)
    rooms.manager.join(room.id, Listener("a", "Ana"))
    rooms.manager.drop("a")
    assert rooms.manager.join(room.id, Listener("b")) is RoomRefusal.FULL
    rooms.advance(9)
    assert rooms.manager.rooms_of("a") == [room.id]
    rooms.advance(1)
    assert rooms.manager.rooms_of("a") == []
    assert [call for call in room.calls if "Ana" in call] == ["drop Ana", "leave Ana"]


def test_whoever_comes_back_in_time_gets_what_was_missed(rooms: Rooms) -> None:
    room = rooms.manager.create_room(settings={"grace_s": 10})
    old, other = Listener("a", "Ana"), Listener("b", "Bea")
    for member in (old, other):
        rooms.manager.join(room.id, member)
    rooms.manager.drop("a")
    room.broadcast("chat", "one")
    room.set_variable("n", 1, broadcast=True)
    again = Listener("a", "Ana")
    assert rooms.manager.reconnect(again) == [room.id]
    assert [(name, value) for _, name, value in again.heard] == [
        ("chat", "one"),
        ("n", 1),
    ]
    assert other.names()[-2:] == ["n", "room:back"]
    assert old.heard[-1][1] == "room:joined"
    rooms.advance(60)
    assert room.members["a"] is again


def test_who_was_left_out_of_a_message_does_not_get_it_afterwards(rooms: Rooms) -> None:
    room = rooms.manager.create_room(settings={"grace_s": 10})
    for member in (Listener("a"), Listener("b")):
        rooms.manager.join(room.id, member)
    rooms.manager.drop("a")
    room.broadcast("vote", "put Ana out?", leave_out="a")
    room.broadcast("vote", "for everybody")
    again = Listener("a")
    rooms.manager.reconnect(again)
    assert again.values("vote") == ["for everybody"]


def test_whoever_missed_too_much_gets_the_present_values(rooms: Rooms) -> None:
    room = rooms.manager.create_room(settings={"grace_s": 10, "recent": 2})
    rooms.manager.join(room.id, Listener("a"))
    rooms.manager.drop("a")
    for number in range(5):
        room.set_variable("n", number, broadcast=True)
    again = Listener("a")
    assert rooms.manager.join(room.id, again) is None
    assert again.heard == [(room.id, "n", 4)]


def test_deleting_lets_everybody_leave(rooms: Rooms) -> None:
    room = rooms.manager.create_room(Duel, {"grace_s": 10})
    assert isinstance(room, Duel)
    rooms.manager.join(room.id, Listener("a", "Ana"))
    rooms.manager.join(room.id, Listener("b", "Bea"))
    rooms.manager.drop("b")
    rooms.manager.delete_room(room.id)
    assert room.calls[-3:] == ["leave Ana", "leave Bea", "dispose"]
    assert room.disposed
    assert rooms.dirty == [room]
    rooms.advance(60)
    assert rooms.manager.rooms_of("a") == rooms.manager.rooms_of("b") == []


def test_a_room_that_says_so_goes_with_its_last_member(rooms: Rooms) -> None:
    room = rooms.manager.create_room(settings={"auto_dispose": True})
    rooms.manager.join(room.id, Listener("a"))
    rooms.manager.join(room.id, Listener("b"))
    rooms.manager.leave(room.id, "a")
    assert rooms.manager.get_room(room.id) is room
    rooms.manager.leave(room.id, "b")
    assert rooms.manager.get_room(room.id) is None


def test_leave_all_empties_kept_places_too(rooms: Rooms) -> None:
    ids = [rooms.manager.create_room(settings={"grace_s": 5}).id for _ in range(3)]
    for room_id in ids:
        rooms.manager.join(room_id, Listener("a"))
    rooms.manager.leave(ids[0], "a")
    rooms.manager.drop("a")
    assert rooms.manager.leave_all("a") == 2


def test_only_rooms_with_a_tick_are_ticked_each_at_its_own_pace(rooms: Rooms) -> None:
    class Slow(Duel):
        tick_interval_s = 1.0

    rooms.manager.create_room()
    fast = rooms.manager.create_room(Duel)
    slow = rooms.manager.create_room(Slow)
    assert isinstance(fast, Duel)
    assert isinstance(slow, Slow)
    rooms.advance(10)
    for _ in range(4):
        rooms.advance(0.5)
    assert fast.calls[1:] == ["tick 10", "tick 10.5", "tick 11", "tick 11.5", "tick 12"]
    assert slow.calls[1:] == ["tick 10", "tick 11", "tick 12"]


def test_what_happens_to_rooms_is_told(rooms: Rooms) -> None:
    room = rooms.manager.create_room(settings={"grace_s": 5})
    rooms.manager.join(room.id, Listener("a"))
    rooms.manager.drop("a")
    rooms.manager.reconnect(Listener("a"))
    rooms.manager.leave(room.id, "a")
    rooms.manager.delete_room(room.id)
    assert rooms.event_types() == [
        "room:created",
        "room:joined",
        "room:dropped",
        "room:reconnected",
        "room:left",
        "room:deleted",
    ]


def test_rooms_are_found_by_kind_owner_and_metadata(rooms: Rooms) -> None:
    duel = rooms.manager.create_room(Duel, {"metadata": {"level": 3}}, owner="arena")
    rooms.manager.create_room(Duel)
    assert rooms.manager.find_rooms("duel", level=3) == [duel]
    assert rooms.manager.find_rooms(owner="arena") == [duel]
    assert rooms.manager.delete_owned("arena", "unloaded") == 1
    assert len(rooms.manager.find_rooms("duel")) == 1


def test_saved_variables_come_back_with_their_room(rooms: Rooms) -> None:
    saved = {"map:1": {"weather": '"rain"'}, "map:2": {"weather": "rain"}}
    manager = RoomManager(rooms.hub, rooms.clock, saved=saved)
    room = GenericRoom("map:1", name="Town")
    manager.add(room)
    assert room.get_variable("weather") == "rain"
    assert rooms.dirty == []
    with pytest.raises(StorageCorrupt, match="map:2"):
        manager.add(GenericRoom("map:2"))


def test_a_registered_kind_can_be_created_by_name_until_it_is_unregistered(rooms: Rooms) -> None:
    rooms.manager.register_class(Duel, "arena")
    assert rooms.manager.create_room("duel").owner == "arena"
    assert rooms.manager.create_room(Duel).owner == "arena"
    with pytest.raises(RoomError, match="belong to arena"):
        rooms.manager.register_class(Duel, "other")
    rooms.manager.unregister_class("duel")
    with pytest.raises(RoomError, match="no kind"):
        rooms.manager.create_room("duel")


def test_a_module_can_take_over_one_map_and_give_it_back(rooms: Rooms) -> None:
    class Castle(GenericRoom):
        def tick(self, now: float) -> None:
            self.set_variable("siege", now)

    room = rooms.manager.create_room(room_id="map:7")
    ana = Listener("a")
    rooms.manager.join("map:7", ana)
    rooms.manager.bind_class("map:7", Castle, "siege")
    rooms.advance(5)
    assert (room.owner, room.get_variable("siege")) == ("siege", 5)
    with pytest.raises(RoomError, match="belongs to siege"):
        rooms.manager.bind_class("map:7", Castle, "other")
    rooms.manager.unbind_class("map:7")
    rooms.advance(5)
    assert type(room) is GenericRoom
    assert (room.owner, room.get_variable("siege")) == ("server", 5)
    assert room.members == {"a": ana}


def test_a_map_can_only_become_a_subclass_of_itself_with_the_same_layout(rooms: Rooms) -> None:
    class Slotted(GenericRoom):
        __slots__ = ("more",)

    room = rooms.manager.create_room(Duel, room_id="map:7")
    with pytest.raises(RoomError, match="must be a subclass of Duel"):
        rooms.manager.bind_class("map:7", GenericRoom, "m")
    with pytest.raises(RoomError, match="no room map:8"):
        rooms.manager.bind_class("map:8", Duel, "m")
    with pytest.raises(RoomError, match="cannot change its class"):
        rooms.manager.change_class(room, Slotted, "m")


# --- stored variables over the life of rooms --------------------------------------------------


def test_a_deleted_room_takes_its_stored_variables_along(rooms: Rooms) -> None:
    room = rooms.manager.create_room(room_id="lobby:main")
    room.set_variable("topic", "duels")
    assert dict(rooms.manager.stored_variables()) == {"lobby:main": {"topic": '"duels"'}}
    rooms.dirty.clear()
    rooms.manager.delete_room("lobby:main")
    assert rooms.dirty == [room]
    assert room.stored_variables() == {}
    assert dict(rooms.manager.stored_variables()) == {}
    assert rooms.manager.create_room(room_id="lobby:main").variables() == {}


def test_variables_of_a_modules_named_room_wait_for_it_to_be_made_again(rooms: Rooms) -> None:
    named = rooms.manager.create_room(room_id="lobby:main", owner="lobbies")
    numbered = rooms.manager.create_room(owner="lobbies")
    for room in (named, numbered):
        room.set_variable("topic", "duels")
    rooms.manager.delete_owned("lobbies", "module stopped")
    assert dict(rooms.manager.stored_variables()) == {"lobby:main": {"topic": '"duels"'}}
    assert numbered.stored_variables() == {}
    again = rooms.manager.create_room(room_id="lobby:main", owner="lobbies")
    assert again.variables() == {"topic": "duels"}


def test_a_new_room_never_gets_the_number_of_one_whose_variables_are_stored() -> None:
    rooms = Rooms()
    rooms.manager = RoomManager(
        rooms.hub, rooms.clock, saved={"room:1": {"topic": '"old"'}, "room:3": {"topic": '"old"'}}
    )
    made = [rooms.manager.create_room() for _ in range(3)]
    assert [room.id for room in made] == ["room:2", "room:4", "room:5"]
    assert all(room.variables() == {} for room in made)


def test_the_list_of_rooms_counts_members_and_shows_metadata() -> None:
    rooms = Rooms()
    hall = rooms.manager.create_room(None, {"capacity": 5, "metadata": {"game": "dice"}})
    rooms.manager.create_room(None, {"public": False})
    for number in range(3):
        assert rooms.manager.join(hall.id, Listener(f"m{number}")) is None
    rooms.manager.leave(hall.id, "m1")
    (listed,) = [room.describe() for room in rooms.manager.get_public_rooms()]
    assert (listed["id"], listed["members"], listed["capacity"]) == (hall.id, 2, 5)
    assert listed["metadata"] == {"game": "dice"}


def test_a_check_that_fails_or_comes_too_late_lets_nobody_in() -> None:
    class Broken(GenericRoom):
        def check_join(self, member: RoomMember, credential: str | None) -> RoomRefusal | None:
            raise ValueError(member, credential)

    class Late(GenericRoom):
        async def check_join(self, member: RoomMember, credential: str | None) -> None:  # type: ignore[override] # the mistake
            """Decide when it is too late."""

    async def knock() -> list[RoomRefusal | None]:
        rooms = Rooms()
        made = [rooms.manager.create_room(each) for each in (Broken, Late)]
        return [rooms.manager.join(room.id, Listener("a")) for room in made]

    assert asyncio.run(knock()) == [RoomRefusal.INTERNAL] * 2

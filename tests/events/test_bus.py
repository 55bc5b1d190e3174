"""The event manager: order, filters, vetoes, history, and that nobody can hurt somebody else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from pyao.events import Bulkhead, Event, EventManager, EventPriority, EventTypes
from pyao.events.payloads import BeforeChat, ClientConnected, ClientMessage, PlayerMoved


@pytest.fixture
def events() -> EventManager:
    return EventManager(Bulkhead(hang_s=0.02), clock=lambda: 1_000.0)


def noting(into: list[str], word: str) -> Callable[[Event[Any]], None]:
    def note(_event: Event[Any]) -> None:
        into.append(word)

    return note


def noting_later(into: list[str], word: str) -> Callable[[Event[Any]], Any]:
    async def note(_event: Event[Any]) -> None:
        into.append(word)

    return note


CHAT = BeforeChat(user_id=1, name="Ana", channel="say", map=1, text="hola")


def test_handlers_are_called_from_critical_to_low_in_any_order_of_registration(
    events: EventManager,
) -> None:
    heard: list[str] = []
    for priority in (
        EventPriority.NORMAL,
        EventPriority.CRITICAL,
        EventPriority.LOW,
        EventPriority.HIGH,
    ):
        events.register_handler("x", noting(heard, priority.name), "m", priority)
    events.emit(Event("x", "test"))
    assert heard == ["CRITICAL", "HIGH", "NORMAL", "LOW"]


def test_handlers_of_one_priority_are_called_first_come_first(events: EventManager) -> None:
    heard: list[str] = []
    for word in "abc":
        events.register_handler("x", noting(heard, word), "m")
    events.emit(Event("x", "test"))
    assert heard == ["a", "b", "c"]


async def test_priorities_hold_between_plain_and_coroutine_callbacks(events: EventManager) -> None:
    heard: list[str] = []
    events.register_handler("x", noting(heard, "low"), "m", EventPriority.LOW)
    events.register_handler("x", noting_later(heard, "high"), "m", EventPriority.HIGH)
    events.register_handler("x", noting(heard, "critical"), "m", EventPriority.CRITICAL)
    assert await events.emit_and_wait(Event("x", "test"), 1)
    assert heard == ["critical", "high", "low"]


@pytest.mark.parametrize("make", [noting, noting_later])
async def test_a_stopped_event_does_not_reach_lower_priorities(
    events: EventManager, make: Callable[..., Any]
) -> None:
    heard: list[str] = []

    def stop(event: Event[Any]) -> None:
        event.stop_propagation()

    async def stop_later(event: Event[Any]) -> None:
        event.stop_propagation()

    events.register_handler("x", make(heard, "low"), "m", EventPriority.LOW)
    stopper = stop if make is noting else stop_later
    events.register_handler("x", stopper, "m", EventPriority.HIGH)
    await events.emit(Event("x", "test"))
    assert heard == []


def test_a_filter_lets_only_matching_events_through(events: EventManager) -> None:
    heard: list[str] = []
    events.register_handler(
        EventTypes.CLIENT_CONNECTED,
        lambda event: heard.append(event.data.client_id),
        "m",
        filter_condition=lambda event: event.data["client_id"] == "b",
    )
    for client_id in "abc":
        events.announce(ClientConnected(client_id=client_id, address="::1"))
    assert heard == ["b"]


def test_the_history_keeps_the_last_thousand_also_unheard(events: EventManager) -> None:
    for number in range(1_100):
        events.emit(Event("odd" if number % 2 else "even", f"s{number % 10}", {"n": number}))
    history = events.get_event_history(limit=5_000)
    assert [event.data["n"] for event in history] == list(range(100, 1_100))
    assert len(events.get_event_history()) == 100
    odd = events.get_event_history("odd", "s3", limit=2)
    assert [event.data["n"] for event in odd] == [1_083, 1_093]
    assert events.get_event_history(limit=0) == []


def test_an_unheard_step_leaves_no_trace_in_the_history(events: EventManager) -> None:
    assert not events.hears(EventTypes.PLAYER_MOVED)
    events.announce(PlayerMoved(user_id=1, map=1, x=2, y=3, heading=1))
    assert events.get_event_history() == []


def test_a_failing_handler_does_not_keep_the_others_from_hearing(events: EventManager) -> None:
    heard: list[str] = []

    def broken(_event: Event[Any]) -> None:
        raise ZeroDivisionError

    events.register_handler("x", broken, "bad", EventPriority.HIGH)
    events.register_handler("x", noting(heard, "ok"), "good")
    events.register_handler("x", noting(heard, "no"), "bad", filter_condition=broken)  # type: ignore[arg-type] # a filter that fails
    events.emit(Event("x", "test"))
    assert heard == ["ok"]
    assert events.bulkhead.failures == {"bad": 2}


async def test_a_hanging_handler_is_cancelled_and_delays_nobody(events: EventManager) -> None:
    heard = asyncio.Event()

    async def hang(_event: Event[Any]) -> None:
        await asyncio.Event().wait()

    events.register_handler("x", hang, "bad", EventPriority.HIGH)
    events.register_handler("x", lambda _event: heard.set(), "good")
    event = events.emit(Event("x", "test"))
    await heard.wait()
    assert events.bulkhead.pending("bad") == 1
    await event
    assert events.bulkhead.pending("bad") == 0
    assert "no answer within" in events.bulkhead.last_failure["bad"]


async def test_waiting_for_an_event_nobody_hears_returns_at_once(events: EventManager) -> None:
    assert await events.emit_and_wait(Event("x", "test"), timeout=0)


async def test_waiting_tells_whether_the_time_was_enough(events: EventManager) -> None:
    gate = asyncio.Event()

    async def wait(_event: Event[Any]) -> None:
        await gate.wait()

    events.register_handler("x", wait, "m")
    assert not await events.emit_and_wait(Event("x", "test"), timeout=0.001)
    gate.set()
    assert await events.emit_and_wait(Event("x", "test"), timeout=1)


def test_a_before_event_can_be_vetoed_with_a_reason(events: EventManager) -> None:
    heard: list[str] = []
    events.register_handler(EventTypes.BEFORE_CHAT, lambda event: event.veto("shh"), "m")
    events.register_handler(
        EventTypes.BEFORE_CHAT, noting(heard, "low"), "other", EventPriority.LOW
    )
    said = events.announce(CHAT)
    assert (said.vetoed, said.veto_reason, heard) == (True, "shh", [])
    assert not events.announce(ClientConnected(client_id="1", address="::1")).vetoed


def test_a_veto_of_what_already_happened_is_the_modules_mistake(events: EventManager) -> None:
    events.register_handler("client:connected", lambda event: event.veto("no"), "m")
    assert not events.announce(ClientConnected(client_id="1", address="::1")).vetoed
    assert events.bulkhead.failures["m"] == 1


def test_a_coroutine_cannot_be_asked_for_a_veto(events: EventManager) -> None:
    with pytest.raises(TypeError, match="plain def"):
        events.register_handler(EventTypes.BEFORE_CHAT, noting_later([], "x"), "m")
    assert not events.hears(EventTypes.BEFORE_CHAT)


def test_a_veto_after_the_decision_is_refused(events: EventManager) -> None:
    said = events.announce(CHAT)
    with pytest.raises(ValueError, match="decided already"):
        said.veto("late")


def test_a_modules_handlers_can_be_removed_together(events: EventManager) -> None:
    for kind in ("x", "y"):
        events.register_handler(kind, noting([], "mine"), "mine")
        events.register_handler(kind, noting([], "theirs"), "theirs")
    assert events.unregister_all_handlers("mine") == 2
    assert {handler.module_name for handler in events.handlers()} == {"theirs"}
    assert events.unregister_handler("x", "theirs") == 1
    assert not events.hears("x")


def test_registering_twice_does_not_call_twice(events: EventManager) -> None:
    heard: list[str] = []
    callback = noting(heard, "once")
    events.register_handler("x", callback, "m")
    events.register_handler("x", callback, "m", EventPriority.HIGH)
    events.emit(Event("x", "test"))
    assert heard == ["once"]
    assert events.handlers("m")[0].priority is EventPriority.HIGH


def test_a_handler_may_unregister_another_while_the_event_runs(events: EventManager) -> None:
    heard: list[str] = []
    events.register_handler("x", noting(heard, "gone"), "other", EventPriority.LOW)
    events.register_handler("x", lambda _event: events.unregister_all_handlers("other"), "m")
    events.emit(Event("x", "test"))
    assert heard == []


def test_the_documents_client_message_handler_reads_its_data(events: EventManager) -> None:
    seen: list[tuple[object, object]] = []

    def handle(event: Event[Any]) -> None:
        seen.append((event.data.get("message", {}), event.data.get("client_id")))

    events.register_handler(
        EventTypes.CLIENT_MESSAGE.value, handle, "CustomModule", EventPriority.NORMAL
    )
    events.announce(ClientMessage(client_id="7", message={"type": "ping"}, authenticated=False))
    assert seen == [({"type": "ping"}, "7")]


def test_an_event_says_what_it_is(events: EventManager) -> None:
    event = events.emit(Event("x", "test", {"n": 1}))
    assert repr(event) == "Event(x from test: {'n': 1})"
    assert (event.number, event.timestamp) == (1, 1_000.0)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.sockets import ManualClock

from pyao.config import ServerSettings
from pyao.net.limits import AddressBook, Limits, LogGate, TokenBucket
from pyao.net.stats import Reason


def limits(**settings: object) -> Limits:
    made = Limits()
    made.apply(ServerSettings.model_validate(settings))
    return made


class TestTokenBucket:
    def test_a_burst_is_granted_and_then_the_rate(self) -> None:
        bucket = TokenBucket(limits(packet_rate=40, packet_burst=80))
        assert [bucket.take(1, 5.0) for _ in range(81)] == [True] * 80 + [False]
        assert not bucket.ready(5.02)
        assert bucket.ready(5.0251)
        assert bucket.take(4, 5.1001)
        assert not bucket.take(1, 5.1001)

    def test_more_than_there_is_takes_nothing(self) -> None:
        bucket = TokenBucket(limits(packet_rate=10, packet_burst=5))
        assert not bucket.take(6, 0.0)
        assert bucket.take(5, 0.0)

    def test_tokens_of_packets_that_had_to_wait_come_back(self) -> None:
        bucket = TokenBucket(limits(packet_rate=10, packet_burst=5))
        assert bucket.take(5, 0.0)
        bucket.give_back(3)
        assert bucket.take(3, 0.0)
        assert not bucket.take(1, 0.0)

    def test_an_expensive_request_may_leave_a_debt(self) -> None:
        bucket = TokenBucket(limits(packet_rate=10, packet_burst=5))
        bucket.charge(15, 0.0)
        assert not bucket.ready(1.05)
        assert bucket.ready(1.101)

    def test_a_rate_of_zero_is_no_limit(self) -> None:
        bucket = TokenBucket(limits(packet_rate=0, packet_burst=1))
        assert bucket.take(1_000_000, 0.0)
        assert bucket.ready(0.0)

    def test_a_changed_rate_holds_at_once(self) -> None:
        shared = limits(packet_rate=1, packet_burst=1)
        bucket = TokenBucket(shared)
        assert bucket.take(1, 0.0)
        assert not bucket.take(1, 0.0)
        shared.apply(ServerSettings(packet_rate=0))
        assert bucket.take(1, 0.0)

    @given(
        st.integers(1, 100),
        st.integers(1, 100),
        st.lists(st.tuples(st.floats(0, 3), st.integers(1, 20)), max_size=60),
    )
    def test_no_pattern_gets_more_than_burst_and_rate_together(
        self, rate: int, burst: int, asked: list[tuple[float, int]]
    ) -> None:
        bucket = TokenBucket(limits(packet_rate=rate, packet_burst=burst))
        now, granted = 100.0, 0
        for pause, count in asked:
            now += pause
            granted += count * bucket.take(count, now)
        assert granted <= burst + rate * (now - 100.0) + 0.01


class TestLogGate:
    def test_a_few_lines_pass_then_one_per_second_with_the_number_of_the_others(self) -> None:
        clock = ManualClock()
        gate = LogGate(clock)
        assert [gate.admit() for _ in range(8)] == [0, 0, 0, 0, 0, None, None, None]
        clock.advance(1)
        assert [gate.admit() for _ in range(2)] == [3, None]


class TestAddressBook:
    def book(self, clock: ManualClock, **settings: object) -> AddressBook:
        return AddressBook(limits(**settings), clock)

    def test_one_address_has_a_few_connections_and_gets_a_place_back(self) -> None:
        book = self.book(ManualClock(), connections_per_address=2, accept_spacing_ms=0)
        seen = [book.admit("192.0.2.1") for _ in range(3)]
        assert seen == [None, None, Reason.ADDRESS_FULL]
        assert book.admit("192.0.2.2") is None
        book.release("192.0.2.1")
        assert book.admit("192.0.2.1") is None

    def test_connections_of_one_address_come_at_a_pace(self) -> None:
        clock = ManualClock()
        book = self.book(clock, accept_spacing_ms=200, connections_per_address=10)
        assert book.admit("192.0.2.1") is None
        clock.advance(0.19)
        assert book.admit("192.0.2.1") is Reason.ADDRESS_PACE
        clock.advance(0.02)  # a refused attempt does not start the pause anew
        assert book.admit("192.0.2.1") is None

    def test_zero_turns_the_limits_off(self) -> None:
        book = self.book(ManualClock(), connections_per_address=0, accept_spacing_ms=0)
        assert {book.admit("192.0.2.1") for _ in range(100)} == {None}

    @pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
    def test_this_machine_is_exempt_unless_it_is_limited_too(self, address: str) -> None:
        book = self.book(ManualClock(), connections_per_address=1)
        assert [book.admit(address) for _ in range(3)] == [None, None, None]
        book = self.book(ManualClock(), connections_per_address=1, limit_loopback=True)
        assert [book.admit(address) for _ in range(2)] == [None, Reason.ADDRESS_FULL]

    def test_a_network_of_64_bits_counts_as_one_address(self) -> None:
        book = self.book(ManualClock(), connections_per_address=1, accept_spacing_ms=0)
        assert book.admit("2001:db8:1:2::1") is None
        assert book.admit("2001:db8:1:2:ffff::9") is Reason.ADDRESS_FULL
        assert book.admit("2001:db8:1:3::1") is None
        assert book.admit("fe80::1%eth0") is None

    def test_an_address_that_left_is_forgotten(self) -> None:
        clock = ManualClock()
        book = self.book(clock)
        book.admit("192.0.2.1")
        book.admit("192.0.2.2")
        book.release("192.0.2.1")
        book.forget_idle()
        assert len(book) == 2
        clock.advance(0.2)
        book.forget_idle()
        assert len(book) == 1

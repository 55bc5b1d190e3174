"""The book of wrong passwords."""

from __future__ import annotations

import pytest

from pyao.accounts.lockout import FORGET_S, MAX_COUNTS, Count, LockoutBook, network_of

NOW = 1_700_000_000


def test_the_limit_locks_and_the_time_unlocks() -> None:
    book = LockoutBook()
    for _ in range(2):
        book.fail("a", NOW, 3, 60)
        assert book.seconds_left("a", NOW) == 0
    book.fail("a", NOW, 3, 60)
    assert book.seconds_left("a", NOW) == 60
    assert book.seconds_left("a", NOW + 60) == 0
    assert book.seconds_left("b", NOW) == 0


def test_old_failures_are_forgotten() -> None:
    book = LockoutBook()
    book.fail("a", NOW, 2, 60)
    book.fail("a", NOW + FORGET_S + 1, 2, 60)
    assert book.seconds_left("a", NOW + FORGET_S + 1) == 0


def test_what_the_book_knows_is_not_overwritten_by_the_store() -> None:
    book = LockoutBook()
    book.learn("a", Count(failures=1, last=NOW).to_hash())
    book.fail("a", NOW, 3, 60)
    book.learn("a", Count().to_hash())
    book.fail("a", NOW, 3, 60)
    assert book.seconds_left("a", NOW) == 60


def test_the_book_is_bounded() -> None:
    book = LockoutBook()
    for number in range(MAX_COUNTS + 5):
        book.fail(str(number), NOW, 3, 60)
    assert not book.knows("0")
    assert book.knows(str(MAX_COUNTS + 4))


def test_a_count_that_cannot_be_read_counts_as_nothing() -> None:
    assert Count.of({"failures": "-1", "until": "x", "last": "9" * 30}) == Count()
    count = Count(2, NOW, NOW)
    assert Count.of(count.to_hash()) == count


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("not an address", "not an address"),
    ],
)
def test_addresses_of_one_customer_are_counted_together(address: str, counted: str) -> None:
    assert network_of(address) == counted

"""Who may give which order: rank, the mark of a role master, exceptions of one account."""

from __future__ import annotations

import pytest

from pyao.rules.kinds import Privilege
from pyao.rules.orders import Right, enters_unseen, hidden_from, may_order, outranks
from pyao.rules.roles import NO_EXCEPTIONS

C, S, G, A = Privilege.COUNSELLOR, Privilege.DEMIGOD, Privilege.GOD, Privilege.ADMIN
P, M = Privilege.PLAYER, Privilege.ROLE_MASTER


@pytest.mark.parametrize(
    ("privileges", "needed", "allowed"),
    [
        (P, Right("x", C, C), False),
        (P | C, Right("x", C, C), True),
        (P | C, Right("x", S, S), False),
        (P | A, Right("x", S, S), True),
        (P | A | M, Right("x", S, None), False),
        (P | C | M, Right("x", G, C), True),
        (P | M, Right("x", G, C), False),
    ],
)
def test_a_rank_may_order(privileges: int, needed: Right, allowed: bool) -> None:
    assert may_order(privileges, NO_EXCEPTIONS, needed) is allowed


def test_what_an_operator_granted_or_denied_is_the_last_word() -> None:
    needed = Right("people.kick", S, None)
    assert may_order(P | M, NO_EXCEPTIONS.with_grant("people.kick"), needed)
    assert not may_order(P | A, NO_EXCEPTIONS.with_denial("people.kick"), needed)


def test_gods_are_hidden_from_lower_ranks_only() -> None:
    assert hidden_from(P | S, P | G)
    assert not hidden_from(P | A, P | G)
    assert not hidden_from(P, P | S)


def test_a_higher_rank_is_told_from_an_equal_one() -> None:
    assert outranks(P | S, P | G)
    assert not outranks(P | G, P | G)


@pytest.mark.parametrize(
    ("privileges", "unseen"), [(P, False), (P | C, True), (P | G, True), (P | G | M, False)]
)
def test_staff_comes_unseen_but_for_role_masters(privileges: int, unseen: bool) -> None:
    assert enters_unseen(privileges) is unseen

"""Roles, permissions, and the exceptions of one account."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pyao.rules.kinds import Privilege
from pyao.rules.roles import (
    NO_EXCEPTIONS,
    PERMISSIONS,
    ROLE_NAMES,
    ROLES,
    Exceptions,
    allows,
    is_permission_name,
    permissions_of,
    role_of,
)


def test_the_roles_are_the_five_of_the_game() -> None:
    assert list(ROLE_NAMES) == ["player", "counsellor", "demigod", "god", "admin"]


def test_each_role_may_more_than_the_one_below_it() -> None:
    sets = [set(permissions_of(role, NO_EXCEPTIONS)) for role in ROLES]
    assert sets[0] == set()
    assert all(lower < higher for lower, higher in pairwise(sets))
    assert sets[-1] == set(PERMISSIONS)


@pytest.mark.parametrize(
    ("bits", "role"),
    [
        (0, Privilege.PLAYER),
        (1, Privilege.PLAYER),
        (1 | 2, Privilege.COUNSELLOR),
        (1 | 16, Privilege.ADMIN),
        (1 | 64, Privilege.PLAYER),
        (1 | 32, Privilege.PLAYER),
        (1 | 8 | 32, Privilege.GOD),
    ],
)
def test_councils_and_role_masters_are_no_roles(bits: int, role: Privilege) -> None:
    assert role_of(bits) is role


def test_a_grant_gives_what_the_role_has_not() -> None:
    given = NO_EXCEPTIONS.with_grant("people.kick")
    assert allows(1, given, "people.kick")
    assert not allows(1, given, "people.ban")
    assert permissions_of(1, given) == ["people.kick"]


def test_a_denial_takes_what_the_role_has_even_from_an_admin() -> None:
    denied = NO_EXCEPTIONS.with_denial("people.kick")
    assert not allows(1 | 16, denied, "people.kick")
    assert allows(1 | 16, denied, "people.ban")


def test_the_last_word_on_a_permission_counts() -> None:
    changed = NO_EXCEPTIONS.with_grant("people.kick").with_denial("people.kick")
    assert changed == Exceptions(denied=frozenset({"people.kick"}))
    assert changed.without("people.kick") == NO_EXCEPTIONS
    assert changed.with_grant("people.kick").denied == frozenset()


def test_a_permission_that_both_lists_name_is_denied() -> None:
    both = Exceptions(frozenset({"people.kick"}), frozenset({"people.kick"}))
    assert (len(both), len(Exceptions())) == (2, 0)
    assert not allows(1 | 16, both, "people.kick")


def test_a_permission_of_a_module_belongs_to_the_ranks_it_names_else_to_admins() -> None:
    assert allows(1 | 16, NO_EXCEPTIONS, "arena.open")
    assert not allows(1 | 8, NO_EXCEPTIONS, "arena.open")
    assert allows(1 | 2, NO_EXCEPTIONS, "arena.open", privileged=Privilege.COUNSELLOR)
    assert allows(1, NO_EXCEPTIONS.with_grant("arena.open"), "arena.open")


@pytest.mark.parametrize("name", ["people.kick", "arena", "a.b_c.d9", "x" * 64])
def test_names_of_permissions_are_words_with_dots(name: str) -> None:
    assert is_permission_name(name)


@pytest.mark.parametrize(
    "name", ["", "People.kick", ".kick", "people.", "people..kick", "a,b", "a b", "x" * 65, "a\n"]
)
def test_other_names_are_no_permissions(name: str) -> None:
    assert not is_permission_name(name)


def test_the_table_holds_only_such_names_and_roles() -> None:
    assert all(is_permission_name(name) and one.role in ROLES for name, one in PERMISSIONS.items())

"""Owners: whether the process they name still lives."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from pyao.storage.owner import Owner

ME = Owner.this_process()

linux = pytest.mark.skipif(not ME.place, reason="this system does not tell its boot id (no /proc)")


def test_an_owner_comes_back_as_it_was() -> None:
    assert Owner.from_hash(ME.to_hash()) == ME


def test_odd_fields_of_an_owner_read_as_unknown() -> None:
    odd = Owner.from_hash({"pid": "-3", "x": "y"})
    assert odd == Owner(host="?", pid=0, since="?", what="?")
    assert odd.is_dead() is None


@linux
def test_this_process_is_alive() -> None:
    assert ME.is_dead() is False


@linux
def test_an_ended_process_is_dead() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    assert replace(ME, pid=child.pid, started="1").is_dead() is True


@linux
def test_another_process_with_the_same_number_is_not_the_owner() -> None:
    assert replace(ME, started="1").is_dead() is True


def test_nothing_is_known_of_a_process_elsewhere() -> None:
    assert replace(ME, place="another/place", pid=999_999_999).is_dead() is None

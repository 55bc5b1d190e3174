from __future__ import annotations

from pathlib import Path

import pytest

from pyao.bots.role import bot_name, creation, log_in
from pyao.content.starter import load_starter
from pyao.rules.creation import check_creation
from pyao.rules.names import check_name, check_password

MANY = 20_000


def test_every_bot_has_a_name_of_its_own_that_servers_accept(tmp_path: Path) -> None:
    forbidden = load_starter(tmp_path).forbidden_names
    names = {bot_name(number) for number in range(MANY)}
    assert len(names) == MANY
    assert [name for name in names if check_name(name, forbidden) is not None] == []


def test_the_first_word_of_the_names_can_be_chosen() -> None:
    assert bot_name(0, "Prueba") == "Prueba Dadada"


@pytest.mark.parametrize("number", range(120))
def test_every_bot_asks_for_a_character_that_can_be_created(number: int) -> None:
    form = creation(number, bot_name(number), "bots play too")
    assert check_creation(form.race, form.gender, form.char_class, form.head, form.home) is None
    assert check_password(form.password)
    assert form.encode()


def test_a_bot_logs_in_as_the_current_client() -> None:
    packet = log_in("Bot Dadada", "word")
    assert (packet.ver_major, packet.ver_minor, packet.ver_revision) == (0, 13, 0)

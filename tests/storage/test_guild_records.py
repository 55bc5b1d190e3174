from __future__ import annotations

import pytest

from pyao.errors import StorageCorrupt
from pyao.rules.character import UserId
from pyao.rules.guild import Alignment, Application, Guild
from pyao.storage.guild_records import guild_records, load_guild
from pyao.storage.values import Hash


def guild() -> Guild:
    return Guild(
        name="Los Faros",
        alignment=Alignment.CRIMINAL,
        founder=UserId(3),
        founder_name="Ana",
        founded=1_700_000_000,
        leader=UserId(4),
        website="faros.example",
        description="uno\ndos",
        news="hoy: ñandú",
        codex=("a", "", "c", "", "", "", "", "h"),
        members={UserId(3): "Ana", UserId(4): "Bob"},
        applicants={UserId(5): Application("Eva", "por favor: dos")},
        notices={UserId(6): "no"},
    )


def parts(one: Guild) -> dict[str, Hash]:
    return {key.split(":")[2]: dict(record) for key, record in guild_records(one).items() if record}


def test_a_guild_comes_back_as_it_was() -> None:
    stored = guild_records(guild())
    assert list(stored) == [
        f"guild:los%20faros:{part}" for part in ("profile", "members", "applicants", "notices")
    ]
    assert stored["guild:los%20faros:members"] == {"3": "Ana", "4": "Bob"}
    back = load_guild("los faros", parts(guild()))
    assert guild_records(back) == stored


def test_empty_parts_are_no_records() -> None:
    one = guild()
    one.applicants.clear()
    one.notices.clear()
    stored = guild_records(one)
    assert stored["guild:los%20faros:applicants"] is None
    assert load_guild("los faros", parts(one)).applicants == {}


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("profile", "leader", "9"),
        ("profile", "leader", "nobody"),
        ("profile", "alignment", "77"),
        ("profile", "name", "Otro"),
        ("profile", "founder", None),
        ("members", "4", None),
        ("members", "four", "Bob"),
    ],
)
def test_what_no_rule_has_written_is_not_guessed(part: str, field: str, value: str | None) -> None:
    stored = parts(guild())
    if value is None:
        del stored[part][field]
    else:
        stored[part][field] = value
    with pytest.raises(StorageCorrupt, match="los faros"):
        load_guild("los faros", stored)
    del stored[part]
    with pytest.raises(StorageCorrupt):
        load_guild("los faros", stored)

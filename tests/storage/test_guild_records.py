from __future__ import annotations

import pytest

from pyao.errors import StorageCorrupt
from pyao.rules.character import UserId
from pyao.rules.guild import Alignment, Application, Guild, Relation, Wish
from pyao.storage.guild_records import guild_records, load_guild
from pyao.storage.values import Hash

PARTS = (
    *("profile", "members", "former", "applicants", "notices", "votes", "relations"),
    "proposals",
)


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
        former={UserId(7): "Rui"},
        applicants={UserId(5): Application("Eva", "por favor: dos")},
        notices={UserId(6): "no"},
        points=3,
        election_until=1_700_000_001,
        votes={UserId(3): UserId(4)},
        relations={"arcos": Relation.WAR, "torres": Relation.ALLIANCE},
        proposals={(Wish.PEACE, "arcos"): "basta: ya"},
    )


def parts(one: Guild) -> dict[str, Hash]:
    return {key.split(":")[2]: dict(record) for key, record in guild_records(one).items() if record}


def test_a_guild_comes_back_as_it_was() -> None:
    stored = guild_records(guild())
    assert list(stored) == [f"guild:los%20faros:{part}" for part in PARTS]
    assert stored["guild:los%20faros:relations"] == {"arcos": "war", "torres": "alliance"}
    assert stored["guild:los%20faros:proposals"] == {"peace:arcos": "basta: ya"}
    assert stored["guild:los%20faros:members"] == {"3": "Ana", "4": "Bob"}
    back = load_guild("los faros", parts(guild()))
    assert guild_records(back) == stored


def test_a_guild_of_a_version_that_kept_no_former_members_has_none() -> None:
    old = parts(guild())
    del old["former"]
    assert load_guild("los faros", old).former == {}


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
        ("relations", "arcos", "love"),
        ("proposals", "hate:arcos", ""),
        ("votes", "3", "x"),
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


@pytest.mark.parametrize("part", ["profile", "members"])
def test_a_guild_without_a_part_it_needs_cannot_be_read(part: str) -> None:
    stored = parts(guild())
    del stored[part]
    with pytest.raises(StorageCorrupt):
        load_guild("los faros", stored)


def test_a_guild_of_before_elections_and_wars_is_read() -> None:
    stored = parts(guild())
    for part in ("votes", "relations", "proposals"):
        del stored[part]
    for field in ("points", "election_until"):
        del stored["profile"][field]
    one = load_guild("los faros", stored)
    assert (one.points, one.election_until, one.votes, one.relations) == (0, 0, {}, {})

"""The stored form of characters and accounts."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyao.errors import StorageCorrupt
from pyao.rules.character import Attributes, Character, Section, Slot, UserId
from pyao.rules.kinds import CharClass, Faction, Gender, Heading, Race
from pyao.rules.roles import NO_EXCEPTIONS, Exceptions
from pyao.storage.keys import PARTS, character_keys
from pyao.storage.records import AccountRecord, Fields, TokenRecord, load_character, sections
from pyao.storage.values import Hash

ID = UserId(7)


def pepe() -> Character:
    return Character(
        user_id=ID, name="Pepe", account="Pepe", race=1, gender=2, char_class=3, head=4
    )


slot = st.none() | st.builds(Slot, st.integers(1, 65_535), st.integers(1, 10_000), st.booleans())
small = st.integers(0, 32_767)
characters = st.builds(
    Character,
    user_id=st.just(ID),
    name=st.text(max_size=20),
    account=st.text(max_size=20),
    race=st.integers(1, 5),
    gender=st.integers(1, 2),
    char_class=st.integers(1, 12),
    head=small,
    email=st.text(max_size=20),
    description=st.text(max_size=40),
    map=st.integers(1, 290),
    x=st.integers(1, 100),
    y=st.integers(1, 100),
    heading=st.integers(1, 4),
    hp=small,
    gold=st.integers(0, 2**40),
    attributes=st.builds(Attributes, *[st.integers(1, 40)] * 5),
    skills=st.lists(st.integers(0, 100), min_size=20, max_size=20),
    skill_experience=st.lists(small, min_size=20, max_size=20),
    inventory=st.lists(slot, min_size=25, max_size=30),
    bank=st.lists(slot, min_size=40, max_size=40),
    spells=st.lists(small, min_size=35, max_size=35),
    poisoned=st.booleans(),
    hidden=st.booleans(),
    jail_minutes=small,
    pet_2=small,
    faction=st.sampled_from(Faction),
    faction_rank=st.integers(0, 14),
    enlistments=st.integers(0, 255),
    welcomed_chaos=st.booleans(),
)


@given(characters)
def test_a_character_comes_back_as_it_was(who: Character) -> None:
    assert load_character(ID, sections(who, Section.everything())) == who


def test_who_was_stored_before_armies_were_serves_nobody() -> None:
    hashes = sections(pepe(), Section.everything())
    flags = hashes["player:7:flags"]
    for name in [name for name in flags if "faction" in name or "welcomed" in name]:
        del flags[name]
    del flags["enlistments"]
    back = load_character(ID, hashes)
    assert back.faction is Faction.NONE
    assert back == pepe()


def test_a_position_reads_as_people_expect_it() -> None:
    assert sections(pepe(), Section.POSITION) == {
        "player:7:position": {"map": "1", "x": "50", "y": "50", "heading": "3"}
    }


def test_only_dirty_sections_are_written() -> None:
    assert list(sections(pepe(), Section.STATS | Section.BANK)) == [
        "player:7:stats",
        "player:7:bank",
    ]
    assert set(sections(pepe(), Section.everything())) == set(character_keys(ID))


LISTS: dict[str, object] = {
    "skills": 50,
    "skill_experience": 51,
    "skill_next": 52,
    "spells": 9,
    "inventory": Slot(460, 1, equipped=True),
    "bank": Slot(467, 3),
}


def other_value(value: object) -> object:
    """Return a legal value that differs."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value + "x"
    return Attributes(1, 2, 3, 4, 5)


def test_every_field_of_a_character_is_stored() -> None:
    changed = pepe()
    names = [entry.name for entry in fields(Character) if entry.name not in {"user_id", "unknown"}]
    for name in names:
        if name in LISTS:
            getattr(changed, name)[3] = LISTS[name]
        else:
            setattr(changed, name, other_value(getattr(changed, name)))
        again = load_character(ID, sections(changed, Section.everything()))
        assert getattr(again, name) == getattr(changed, name), name
        assert again == changed


def test_enum_members_are_stored_by_number() -> None:
    who = pepe()
    who.heading = Heading.WEST
    who.race, who.gender, who.char_class = Race.DROW, Gender.FEMALE, CharClass.BARD
    records = sections(who, Section.everything())
    assert records["player:7:position"]["heading"] == "4"
    assert records["player:7:profile"]["race"] == "3"
    assert not any(isinstance(text, Enum) for hash_ in records.values() for text in hash_.values())


@given(
    st.sampled_from(sorted(PARTS.values())),
    st.dictionaries(st.text(min_size=1, max_size=8).map("x_".__add__), st.text(max_size=8)),
)
def test_unknown_fields_survive_a_round_trip(part: str, extra: Hash) -> None:
    records = sections(pepe(), Section.everything())
    records[f"player:7:{part}"].update(extra)
    again = sections(load_character(ID, records), Section.everything())
    assert again == records


def test_a_record_of_an_older_version_gets_defaults_for_what_it_lacks() -> None:
    records = sections(pepe(), Section.everything())
    del records["player:7:stats"]["deaths"]
    del records["player:7:flags"]
    records["player:7:profile"]["parts"] = "position stats inventory spells skills bank"
    assert load_character(ID, records) == pepe()


@pytest.mark.parametrize(
    ("part", "field", "text", "expected"),
    [
        ("stats", "gold", "-5", "a whole number from 0 to"),
        ("stats", "gold", "1e3", "a whole number"),
        ("stats", "gold", "", "a whole number"),
        ("stats", "gold", "9" * 400, "a whole number"),
        ("stats", "gold", "٣", "a whole number"),
        ("stats", "level", "0", "from 1 to 255"),
        ("stats", "strength", None, "from 1 to 255, got nothing"),
        ("position", "x", "101", "from 1 to 100"),
        ("position", "map", None, "got nothing"),
        ("position", "heading", "5", "from 1 to 4"),
        ("inventory", "slot_1", "467", "2 numbers separated by colons"),
        ("inventory", "slot_1", "467:0", "from 1 to 10000"),
        ("inventory", "slot_1", "467:10001", "from 1 to 10000"),
        ("inventory", "slot_1", "0:1", "from 1 to 65535"),
        ("inventory", "slot_26", "467:1", "a slot from 1 to 25"),
        ("inventory", "slot_01", "467:1", "a slot from 1 to 25"),
        ("inventory", "slots", "100000", "from 1 to 250"),
        ("bank", "slots", None, "got nothing"),
        ("spells", "slot_3", "fire", "a whole number"),
        ("skills", "magic", "1:2", "3 numbers"),
        ("skills", "magic", "300:0:0", "from 0 to 255"),
        ("flags", "poisoned", "yes", "from 0 to 1"),
        ("profile", "name", None, "a text"),
        ("profile", "race", "0", "from 1 to 255"),
    ],
)
def test_a_value_no_rule_could_write_sets_that_record_aside(
    part: str, field: str, text: str | None, expected: str
) -> None:
    records = sections(pepe(), Section.everything())
    records[f"player:7:{part}"].pop(field, None)
    if text is not None:
        records[f"player:7:{part}"][field] = text
    with pytest.raises(StorageCorrupt) as caught:
        load_character(ID, records)
    message = str(caught.value)
    assert message.startswith(f"player:7:{part}, field {field}: expected ")
    assert expected in message
    assert f"HSET player:7:{part} {field}" in message
    assert len(message) < 400


def test_a_part_that_was_written_and_is_missing_is_a_loss_not_a_default() -> None:
    records = sections(pepe(), Section.everything())
    del records["player:7:inventory"]
    with pytest.raises(
        StorageCorrupt, match=r"player:7:inventory is missing .*'Pepe' is set aside"
    ):
        load_character(ID, records)


def test_a_character_without_a_profile_is_corrupt() -> None:
    with pytest.raises(StorageCorrupt, match="player:7:profile, field name"):
        load_character(ID, {})


def test_an_account_comes_back_with_its_characters_and_unknown_fields() -> None:
    account = AccountRecord(
        name="Pepe",
        password="$argon2id$x",
        email="a@b",
        privileges=8,
        created=5,
        banned_until=1_800_000_000,
        ban_reason="rude",
        exceptions=Exceptions(frozenset({"people.kick", "arena.open"}), frozenset({"people.ban"})),
        tokens={"ab12": TokenRecord(5, 6, 7, "web"), "cd34": TokenRecord(1, 2, 3)},
        characters={UserId(1): "Pepe", UserId(12): "Juan Perez"},
        unknown={"character_x": "?", "token_bad": "1:2", "later": "field"},
    )
    assert AccountRecord.from_hash("account:pepe", account.to_hash()) == account
    assert "argon2" not in repr(account)


def test_an_account_from_before_bans_existed_is_not_banned_and_gets_the_fields() -> None:
    record = AccountRecord("Pepe", "$argon2id$x", characters={UserId(1): "Pepe"}).to_hash()
    older = {name: text for name, text in record.items() if "ban" not in name}
    account = AccountRecord.from_hash("account:pepe", older)
    assert (account.banned_until, account.ban_reason) == (0, "")
    assert not account.unknown
    assert account.to_hash() == record


def test_an_account_from_before_permissions_and_tokens_has_none() -> None:
    record = AccountRecord("Pepe", "$argon2id$x").to_hash()
    older = {name: text for name, text in record.items() if name not in {"granted", "denied"}}
    account = AccountRecord.from_hash("account:pepe", older)
    assert account.exceptions == NO_EXCEPTIONS
    assert account.tokens == {}
    assert account.to_hash() == record


@pytest.mark.parametrize(
    "text", ["", "1", "1:2:3", "a:b:c:d", "-1:2:3:", "1:2:٣:", "9" * 30 + ":1:1:"]
)
def test_a_token_that_cannot_be_read_lets_nobody_in_and_is_kept(text: str) -> None:
    record = AccountRecord("Pepe", "$argon2id$x").to_hash() | {"token_ab": text}
    account = AccountRecord.from_hash("account:pepe", record)
    assert account.tokens == {}
    assert account.to_hash() == record


def test_a_corrupt_account_is_named_without_its_password() -> None:
    record = AccountRecord("Pepe", "$argon2id$secret").to_hash() | {"privileges": "god"}
    with pytest.raises(StorageCorrupt, match="account:pepe, field privileges") as caught:
        AccountRecord.from_hash("account:pepe", record)
    assert "secret" not in str(caught.value)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8)))
def test_whatever_is_stored_reading_answers_a_character_or_corrupt(record: Hash) -> None:
    for part in PARTS.values():
        records = sections(pepe(), Section.everything())
        records[f"player:7:{part}"] = record
        try:
            load_character(ID, records)
        except StorageCorrupt as error:
            assert f"player:7:{part}" in str(error)  # noqa: PT017 - either way is right


def test_fields_remember_what_was_asked_for() -> None:
    stored = Fields("key", {"a": "1", "b": "2"})
    assert stored.whole("a", (0, 9)) == 1
    assert stored.rest() == {"b": "2"}

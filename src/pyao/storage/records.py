"""Characters and accounts in their stored form: hashes of readable text fields.

What is written here is what `redis-cli HGETALL player:1:position` shows. Reading is strict: a value
no rule could have written quarantines that one record, it is never guessed. Fields this version
does not know are kept and written back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from itertools import chain
from operator import attrgetter
from typing import Final

from pyao.errors import StorageCorrupt
from pyao.rules.character import Attributes, Character, Section, Slot, UserId
from pyao.rules.kinds import Faction, Skill
from pyao.rules.roles import NO_EXCEPTIONS, Exceptions
from pyao.storage.keys import PARTS, RedisKeys
from pyao.storage.values import Hash

_MAX = 2**62
_I32 = 2**31 - 1
MAX_AMOUNT: Final = 10_000
MAX_SLOTS: Final = 250

Range = tuple[int, int]

_STATS: Final[dict[str, Range]] = {
    "level": (1, 255),
    "experience": (0, _MAX),
    "experience_next": (0, _MAX),
    "hp": (-32_768, 32_767),
    "max_hp": (0, 32_767),
    "mana": (0, 32_767),
    "max_mana": (0, 32_767),
    "stamina": (0, 32_767),
    "max_stamina": (0, 32_767),
    "hunger": (0, 255),
    "max_hunger": (0, 255),
    "thirst": (0, 255),
    "max_thirst": (0, 255),
    "min_hit": (0, 32_767),
    "max_hit": (0, 32_767),
    "gold": (0, _MAX),
    "bank_gold": (0, _MAX),
    "assassin": (0, _MAX),
    "bandit": (0, _MAX),
    "bourgeois": (0, _MAX),
    "thief": (0, _MAX),
    "noble": (0, _MAX),
    "plebeian": (0, _MAX),
    "citizens_killed": (0, _MAX),
    "criminals_killed": (0, _MAX),
    "users_killed": (0, _MAX),
    "npcs_killed": (0, _MAX),
    "deaths": (0, _MAX),
}
_ATTRIBUTES: Final = ("strength", "agility", "intelligence", "charisma", "constitution")
_ATTRIBUTE_RANGE: Final = (1, 255)
_POSITION: Final[dict[str, Range]] = {
    "map": (1, 32_767),
    "x": (1, 100),
    "y": (1, 100),
    "heading": (1, 4),
}
_FLAGS: Final = (
    *("poisoned", "paralysed", "sailing", "hidden", "invisible"),
    *("welcomed_royal", "welcomed_chaos"),
)
_TIMES: Final[dict[str, Range]] = {"muted_until": (0, _MAX), "jail_minutes": (0, _I32)}
_PETS: Final[dict[str, Range]] = dict.fromkeys(("pet_1", "pet_2", "pet_3"), (0, 32_767))
_FACTION: Final[dict[str, Range]] = {
    "faction": (0, 2),
    "faction_rank": (0, 14),
    "faction_level": (0, 255),
    "faction_since": (0, _MAX),
    "enlistments": (0, 255),
}
_TEXTS: Final = ("name", "account", "email", "description", "addresses")
_LOOKS: Final[dict[str, Range]] = {
    "race": (1, 255),
    "gender": (1, 255),
    "char_class": (1, 255),
    "head": (0, 32_767),
    "home": (1, 255),
    "created": (0, _MAX),
    "privileges": (1, 255),
}

_get_texts = attrgetter(*_TEXTS)


def _whole_writer(*fields: str) -> Callable[[Character], Hash]:
    """Return what writes whole numbers; `a.b` is stored as `b`.

    One `%` for all of them takes a third of the time of a str() each, and writes an enum member or
    a flag by its number, never by its name.
    """
    names = tuple(name.rpartition(".")[2] for name in fields)
    values: Callable[[Character], tuple[int, ...]] = attrgetter(*fields)
    form = " ".join(["%d"] * len(fields))

    def write(who: Character) -> Hash:
        return dict(zip(names, (form % values(who)).split(" "), strict=True))

    return write


_DIGITS: Final = tuple(map(str, range(256)))  # of tiles and headings, made once for all


def _position(who: Character) -> Hash:
    # By hand: a thousand of these are written each second, and the newest of each is remembered.
    x, y, heading = _DIGITS[who.x], _DIGITS[who.y], _DIGITS[who.heading]
    return {"map": str(who.map), "x": x, "y": y, "heading": heading}


def _slots(slots: list[Slot | None]) -> Hash:
    # The count keeps the hash from being empty, which Redis could not tell from a missing one.
    known = {"slots": str(len(slots))}
    for number, slot in enumerate(slots, 1):
        if slot is not None:
            worn = ":equipped" if slot.equipped else ""
            known[f"slot_{number}"] = f"{slot.item}:{slot.amount}{worn}"
    return known


def _spells(who: Character) -> Hash:
    known = {"slots": str(len(who.spells))}
    for number, spell in enumerate(who.spells, 1):
        if spell:
            known[f"slot_{number}"] = str(int(spell))
    return known


_SKILL_NAMES: Final = ("free_points", "assigned_points", *(skill.name.lower() for skill in Skill))
_SKILLS_FORM: Final = "%d %d" + " %d:%d:%d" * len(Skill)


def _skills(who: Character) -> Hash:
    figures = zip(who.skills, who.skill_experience, who.skill_next, strict=True)
    texts = _SKILLS_FORM % (who.free_skill_points, who.assigned_points, *chain(*figures))
    return dict(zip(_SKILL_NAMES, texts.split(" "), strict=True))


_looks: Final = _whole_writer(*_LOOKS)


def _profile(who: Character) -> Hash:
    known = dict(zip(_TEXTS, _get_texts(who), strict=True))
    known.update(_looks(who))
    known["parts"] = " ".join(PARTS.values())
    return known


_WRITERS: Final[dict[Section, Callable[[Character], Hash]]] = {
    Section.POSITION: _position,
    Section.STATS: _whole_writer(*_STATS, *(f"attributes.{name}" for name in _ATTRIBUTES)),
    Section.INVENTORY: lambda who: _slots(who.inventory),
    Section.SPELLS: _spells,
    Section.SKILLS: _skills,
    Section.BANK: lambda who: _slots(who.bank),
    Section.FLAGS: _whole_writer(*_FLAGS, *_TIMES, *_PETS, *_FACTION),
    Section.PROFILE: _profile,
}
# What to write for each combination of dirty sections: walking over a flag costs more than writing
# a position.
_PLANS: Final = tuple(
    tuple((PARTS[section], write) for section, write in _WRITERS.items() if section & dirty)
    for dirty in range(Section.everything() + 1)
)


def sections(character: Character, dirty: int) -> dict[str, Hash]:
    """Return the stored form of the dirty sections (`Section` bits), by key.

    Cost: about 1 µs for the position alone, 20 µs for everything.
    """
    user_id, unknown = character.user_id, character.unknown
    records = {RedisKeys.player(user_id, part): write(character) for part, write in _PLANS[dirty]}
    for part, extra in unknown.items():
        key = RedisKeys.player(user_id, part)
        if key in records:
            records[key] = {**extra, **records[key]}
    return records


class Fields:
    """One stored hash while it is read: checks each field and remembers which were asked for."""

    def __init__(self, key: str, record: Mapping[str, str]) -> None:
        self.key = key
        self._record = record
        self._known: set[str] = set()

    def corrupt(self, name: str, expected: str) -> StorageCorrupt:
        """Make the error for a field that cannot be."""
        came = self._record.get(name)
        shown = "nothing" if came is None else repr(came[:60])
        return StorageCorrupt(
            f"{self.key}, field {name}: expected {expected}, got {shown}. Only this record is set "
            f"aside and left as it is; repair it (with Redis: HSET {self.key} {name} VALUE) and "
            "try again."
        )

    def text(self, name: str, default: str | None = None) -> str:
        """Return a field as it is; without a default it must exist."""
        self._known.add(name)
        came = self._record.get(name, default)
        if came is None:
            raise self.corrupt(name, "a text")
        return came

    def whole(self, name: str, limits: Range, default: int | None = None) -> int:
        """Return a whole number within limits; without a default it must exist."""
        self._known.add(name)
        came = self._record.get(name)
        if came is None and default is not None:
            return default
        return self._number(name, came or "", limits)

    def numbers(self, name: str, limits: tuple[Range, ...]) -> list[int]:
        """Return numbers separated by colons, as many as there are limits."""
        self._known.add(name)
        parts = self._record.get(name, "").split(":")
        if len(parts) != len(limits):
            raise self.corrupt(name, f"{len(limits)} numbers separated by colons")
        return [self._number(name, part, limit) for part, limit in zip(parts, limits, strict=True)]

    def has(self, name: str) -> bool:
        """Return whether a field is there, and count it as known."""
        self._known.add(name)
        return name in self._record

    def slot_numbers(self, slots: int) -> list[int]:
        """Return which slots are occupied; each must lie within the number of slots."""
        found: list[int] = []
        for name in self._record:
            head, _, digits = name.partition("_")
            if head == "slot" and digits.isascii() and digits.isdigit():
                number = int(digits) if len(digits) < 6 else 0  # noqa: PLR2004 - far above any slot
                if not 1 <= number <= slots or digits != str(number):
                    raise self.corrupt(name, f"a slot from 1 to {slots}")
                found.append(number)
        return found

    def rest(self) -> Hash:
        """Return the fields nobody asked for."""
        return {name: text for name, text in self._record.items() if name not in self._known}

    def _number(self, name: str, text: str, limits: Range) -> int:
        low, high = limits
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdigit() and len(digits) < 20:  # noqa: PLR2004 - 64 bits
            number = int(text)
            if low <= number <= high:
                return number
        raise self.corrupt(name, f"a whole number from {low} to {high}")


def _defaults() -> dict[str, int]:
    found = {
        entry.name: entry.default
        for entry in fields(Character)
        if entry.default is not MISSING and isinstance(entry.default, int)
    }
    return {name: int(number) for name, number in found.items()}


_DEFAULTS: Final = _defaults()


def _load_slots(stored: Fields) -> list[Slot | None]:
    count = stored.whole("slots", (1, MAX_SLOTS))
    slots: list[Slot | None] = [None] * count
    for number in stored.slot_numbers(count):
        name = f"slot_{number}"
        body = stored.text(name)
        equipped = body.endswith(":equipped")
        plain = Fields(stored.key, {name: body.removesuffix(":equipped")})
        item, amount = plain.numbers(name, ((1, 65_535), (1, MAX_AMOUNT)))
        slots[number - 1] = Slot(item, amount, equipped)
    return slots


def _load_spells(stored: Fields) -> list[int]:
    count = stored.whole("slots", (1, MAX_SLOTS))
    spells = [0] * count
    for number in stored.slot_numbers(count):
        spells[number - 1] = stored.whole(f"slot_{number}", (1, 32_767))
    return spells


def _load_skills(stored: Fields, who: Character) -> None:
    who.free_skill_points = stored.whole("free_points", (0, _I32), who.free_skill_points)
    who.assigned_points = stored.whole("assigned_points", (0, _I32), who.assigned_points)
    for skill in Skill:
        name = skill.name.lower()
        if stored.has(name):
            at = skill - 1
            limits = ((0, 255), (0, _MAX), (0, _MAX))
            who.skills[at], who.skill_experience[at], who.skill_next[at] = stored.numbers(
                name, limits
            )


def _load_numbers(stored: Fields, who: Character, ranges: Mapping[str, Range]) -> None:
    for name, limits in ranges.items():
        setattr(who, name, stored.whole(name, limits, _DEFAULTS[name]))


def _load_stats(stored: Fields, who: Character) -> None:
    _load_numbers(stored, who, _STATS)
    who.attributes = Attributes(*(stored.whole(name, _ATTRIBUTE_RANGE) for name in _ATTRIBUTES))


def _load_inventory(stored: Fields, who: Character) -> None:
    who.inventory = _load_slots(stored)


def _load_bank(stored: Fields, who: Character) -> None:
    who.bank = _load_slots(stored)


def _load_spell_book(stored: Fields, who: Character) -> None:
    who.spells = _load_spells(stored)


def _load_position(stored: Fields, who: Character) -> None:
    for name, limits in _POSITION.items():
        setattr(who, name, stored.whole(name, limits))


def _load_flags(stored: Fields, who: Character) -> None:
    for name in _FLAGS:
        setattr(who, name, bool(stored.whole(name, (0, 1), 0)))
    _load_numbers(stored, who, _TIMES)
    _load_numbers(stored, who, _PETS)
    _load_numbers(stored, who, _FACTION)
    who.faction = Faction(who.faction)


_READERS: Final[dict[Section, Callable[[Fields, Character], None]]] = {
    Section.POSITION: _load_position,
    Section.STATS: _load_stats,
    Section.INVENTORY: _load_inventory,
    Section.SPELLS: _load_spell_book,
    Section.SKILLS: _load_skills,
    Section.BANK: _load_bank,
    Section.FLAGS: _load_flags,
}


def _load_profile(user_id: UserId, stored: Fields) -> Character:
    who = Character(
        user_id=user_id,
        name=stored.text("name"),
        account=stored.text("account"),
        email=stored.text("email", ""),
        description=stored.text("description", ""),
        addresses=stored.text("addresses", ""),
        race=stored.whole("race", _LOOKS["race"]),
        gender=stored.whole("gender", _LOOKS["gender"]),
        char_class=stored.whole("char_class", _LOOKS["char_class"]),
        head=stored.whole("head", _LOOKS["head"]),
    )
    _load_numbers(stored, who, {name: _LOOKS[name] for name in ("home", "created", "privileges")})
    return who


def load_character(user_id: UserId, hashes: Mapping[str, Hash]) -> Character:
    """Build a character from its hashes (`keys.character_keys`), or raise `StorageCorrupt`.

    The profile says which parts were written; one of those that is missing is a loss, not a
    default. A part that did not exist when the record was written gets its defaults.
    """
    key = RedisKeys.player(user_id, PARTS[Section.PROFILE])
    stored = Fields(key, hashes.get(key, {}))
    who = _load_profile(user_id, stored)
    written = stored.text("parts", "").split()
    _keep_unknown(who, PARTS[Section.PROFILE], stored)
    for section, read in _READERS.items():
        part = PARTS[section]
        key = RedisKeys.player(user_id, part)
        record = hashes.get(key)
        if record is not None:
            stored = Fields(key, record)
            read(stored, who)
            _keep_unknown(who, part, stored)
        elif part in written:
            raise StorageCorrupt(
                f"{key} is missing although {RedisKeys.player(user_id, 'profile')} lists it. Only "
                f"character {who.name!r} is set aside; restore the key from a backup, or take "
                f"{part!r} out of the field parts to let it begin anew."
            )
    return who


def _keep_unknown(who: Character, part: str, stored: Fields) -> None:
    rest = stored.rest()
    if rest:
        who.unknown[part] = rest


_CHARACTER_FIELD: Final = "character_"
_LOGIN_FIELD: Final = "token_"


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """One log-in that is remembered, by whatever door; times in unix seconds."""

    issued: int
    expires: int
    renewable: int  # until then it can be exchanged for a new one
    door: str = ""

    def to_text(self) -> str:
        """Return the stored form."""
        return f"{self.issued}:{self.expires}:{self.renewable}:{self.door}"

    @classmethod
    def from_text(cls, text: str) -> TokenRecord | None:
        """Read the stored form; None for what nobody can log in with."""
        *numbers, door = text.split(":", 3)
        if len(numbers) != 3 or not all(_is_number(part) for part in numbers):  # noqa: PLR2004 - three times
            return None
        issued, expires, renewable = (int(part) for part in numbers)
        return cls(issued, expires, renewable, door)


@dataclass(slots=True)
class AccountRecord:
    """An account: who may play which characters. `password` is an argon2id hash, never the word.

    `tokens` are kept by the SHA-256 of each; the token itself is stored nowhere.
    """

    name: str
    password: str = field(repr=False)
    email: str = ""
    privileges: int = 1
    created: int = 0  # unix seconds
    banned_until: int = 0  # unix seconds; in the past = not banned
    ban_reason: str = ""
    exceptions: Exceptions = NO_EXCEPTIONS
    tokens: dict[str, TokenRecord] = field(default_factory=dict, repr=False)
    characters: dict[UserId, str] = field(default_factory=dict)
    unknown: Hash = field(default_factory=dict, repr=False)

    def to_hash(self) -> Hash:
        """Return the stored form."""
        return {
            **self.unknown,
            "name": self.name,
            "password": self.password,
            "email": self.email,
            "privileges": str(int(self.privileges)),
            "created": str(self.created),
            "banned_until": str(self.banned_until),
            "ban_reason": self.ban_reason,
            "granted": " ".join(sorted(self.exceptions.granted)),
            "denied": " ".join(sorted(self.exceptions.denied)),
            **{f"{_CHARACTER_FIELD}{number}": name for number, name in self.characters.items()},
            **{f"{_LOGIN_FIELD}{key}": token.to_text() for key, token in self.tokens.items()},
        }

    @classmethod
    def from_hash(cls, key: str, record: Hash) -> AccountRecord:
        """Read the stored form, or raise `StorageCorrupt`."""
        stored = Fields(key, record)
        account = cls(
            name=stored.text("name"),
            password=stored.text("password"),
            email=stored.text("email", ""),
            privileges=stored.whole("privileges", _LOOKS["privileges"], 1),
            created=stored.whole("created", (0, _MAX), 0),
            banned_until=stored.whole("banned_until", (0, _MAX), 0),
            ban_reason=stored.text("ban_reason", ""),
            exceptions=Exceptions.of(stored.text("granted", ""), stored.text("denied", "")),
        )
        for name, text in stored.rest().items():
            number, digest = name.removeprefix(_CHARACTER_FIELD), name.removeprefix(_LOGIN_FIELD)
            token = None if digest == name else TokenRecord.from_text(text)
            if number != name and _is_number(number):
                account.characters[UserId(int(number))] = text
            elif token is not None:
                account.tokens[digest] = token
            else:
                account.unknown[name] = text
        return account


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004 - 64 bits


def field_table() -> dict[str, list[tuple[str, str]]]:
    """Return, part by part, each stored field of a character and what it may hold."""

    def ranges(limits: Mapping[str, Range]) -> list[tuple[str, str]]:
        return [(name, _shown(limit)) for name, limit in limits.items()]

    item = f"`ITEM:AMOUNT`, amount 1 to {MAX_AMOUNT}, and `:equipped` when worn; absent when empty"
    slots = ("slots", f"number of slots, 1 to {MAX_SLOTS}")
    attributes = [(name, _shown(_ATTRIBUTE_RANGE)) for name in _ATTRIBUTES]
    return {
        PARTS[Section.POSITION]: ranges(_POSITION),
        PARTS[Section.STATS]: [*ranges(_STATS), *attributes],
        PARTS[Section.INVENTORY]: [slots, ("slot_N", item)],
        PARTS[Section.BANK]: [slots, ("slot_N", item)],
        PARTS[Section.SPELLS]: [slots, ("slot_N", "spell number; absent when empty")],
        PARTS[Section.SKILLS]: [
            ("free_points, assigned_points", _shown((0, _I32))),
            *((skill.name.lower(), "`LEVEL:EXPERIENCE:NEXT`") for skill in Skill),
        ],
        PARTS[Section.FLAGS]: [
            *((name, "0 or 1") for name in _FLAGS),
            *ranges(_TIMES),
            *ranges(_PETS),
            *ranges(_FACTION),
        ],
        PARTS[Section.PROFILE]: [
            *((name, "text") for name in _TEXTS),
            *ranges(_LOOKS),
            ("parts", "names of the parts that were written; each of them must exist"),
        ],
    }


def _shown(limits: Range) -> str:
    low, high = limits
    return f"{low} or more" if high == _MAX else f"{low} to {high}"

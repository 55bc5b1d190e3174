"""What staff wrote down and what waits for staff: punishments, addresses, files, the help queue.

What is kept is written with the next cut and read again at the start. The help queue, denunciations
and what staff listens to die with the process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import structlog

from pyao.rules.character import UserId
from pyao.storage.keys import RedisKeys
from pyao.storage.values import Hash

log = structlog.get_logger(__name__)

PENALTIES_MAX: Final = 100  # of one character; the oldest go
NOTES_MAX: Final = 50
FILES_MAX: Final = 255  # the number of a file is one byte on the wire
DENOUNCES_MAX: Final = 20
SEPARATOR: Final = "|"

Write = Callable[[Mapping[str, Hash | None]], None]


@dataclass(frozen=True, slots=True)
class Penalty:
    """One entry of a character's record: when (unix seconds), who gave it, what, and why."""

    when: int
    by: str
    kind: str
    reason: str

    def to_text(self) -> str:
        """Return the stored form."""
        return SEPARATOR.join((str(self.when), self.by, self.kind, self.reason))

    @classmethod
    def from_text(cls, text: str) -> Penalty | None:
        """Read the stored form; None for what is none."""
        when, _, rest = text.partition(SEPARATOR)
        by, _, rest = rest.partition(SEPARATOR)
        kind, _, reason = rest.partition(SEPARATOR)
        return cls(int(when), by, kind, reason) if when.isascii() and when.isdigit() else None


@dataclass(frozen=True, slots=True)
class AddressBan:
    """Why an address is shut out, by whom and when (unix seconds)."""

    when: int
    by: str
    reason: str


@dataclass(slots=True)
class File:
    """What staff follows up of one character; `notes` are when, by whom and what."""

    name: str
    when: int
    by: str
    reason: str
    notes: list[Penalty] = field(default_factory=list)


class StaffBook:
    """Everything staff wrote down. `write` puts changed records into the next cut."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self.penalties: dict[UserId, list[Penalty]] = {}
        self.addresses: dict[str, AddressBan] = {}
        self.files: dict[int, File] = {}
        self.motd: list[str] | None = None  # written in the game, before the settings'
        self.queue: dict[UserId, str] = {}  # who asked for help, in that order
        self.denounces: deque[str] = deque(maxlen=DENOUNCES_MAX)
        self.deaf: set[UserId] = set()  # staff that wants no denunciations
        self.listening: dict[UserId, str] = {}  # staff that hears the talk of a guild

    # --- punishments -------------------------------------------------------------------------

    def punish(self, user_id: UserId, penalty: Penalty) -> None:
        """Add an entry to a character's record."""
        entries = self.penalties.setdefault(user_id, [])
        entries.append(penalty)
        del entries[:-PENALTIES_MAX]
        self._keep_penalties(user_id)

    def rewrite(self, user_id: UserId, number: int, text: str) -> Penalty | None:
        """Replace the reason of an entry, counted from 1; return what it was, None: no such."""
        entries = self.penalties.get(user_id, [])
        if not 1 <= number <= len(entries):
            return None
        old = entries[number - 1]
        entries[number - 1] = Penalty(old.when, old.by, old.kind, text)
        self._keep_penalties(user_id)
        return old

    def _keep_penalties(self, user_id: UserId) -> None:
        self._write({RedisKeys.penalties(user_id): penalty_record(self.penalties[user_id])})

    # --- addresses ---------------------------------------------------------------------------

    def shut_out(self, address: str, ban: AddressBan) -> None:
        """Let nobody in from an address."""
        self.addresses[address] = ban
        self._write({RedisKeys.banned_address(address): address_record(ban)})

    def let_in(self, address: str) -> bool:
        """Lift the ban of an address; False when there was none."""
        if self.addresses.pop(address, None) is None:
            return False
        self._write({RedisKeys.banned_address(address): None})
        return True

    # --- files -------------------------------------------------------------------------------

    def open_file(self, entry: File) -> int:
        """Begin a file; return its number, 0 when there are too many."""
        number = next((n for n in range(1, FILES_MAX + 1) if n not in self.files), 0)
        if number:
            self.files[number] = entry
            self.keep_file(number)
        return number

    def keep_file(self, number: int) -> None:
        """Let a file be written as it is now, or be gone."""
        entry = self.files.get(number)
        self._write({RedisKeys.staff_file(number): None if entry is None else file_record(entry)})

    # --- the message of the day --------------------------------------------------------------

    def set_motd(self, lines: list[str]) -> None:
        """Replace the message of the day."""
        self.motd = lines
        self._write({RedisKeys.MOTD: {f"line_{n}": line for n, line in enumerate(lines, 1)}})

    # --- all of it ---------------------------------------------------------------------------

    def records(self) -> Iterator[tuple[str, Hash]]:
        """Go through everything that is kept, as it is stored."""
        for user_id, entries in self.penalties.items():
            yield RedisKeys.penalties(user_id), penalty_record(entries)
        for address, ban in self.addresses.items():
            yield RedisKeys.banned_address(address), address_record(ban)
        for number, entry in self.files.items():
            yield RedisKeys.staff_file(number), file_record(entry)
        if self.motd is not None:
            yield RedisKeys.MOTD, {f"line_{n}": line for n, line in enumerate(self.motd, 1)}

    def restore(self, stored: Iterable[tuple[list[str], Hash]]) -> None:
        """Take in what was kept: the parts of each key behind `staff`, and its record."""
        for parts, record in stored:
            kind, name = parts[1], ":".join(parts[2:])
            try:
                self._take_in(kind, name, record)
            except (ValueError, KeyError):
                log.exception("a record of the staff is set aside", kind=kind, name=name)

    def _take_in(self, kind: str, name: str, record: Hash) -> None:
        if kind == "penalties":
            self.penalties[UserId(int(name))] = entries_in(record)
        elif kind == "address":
            self.addresses[name] = AddressBan(int(record["when"]), record["by"], record["reason"])
        elif kind == "file":
            entry = File(record["name"], int(record["when"]), record["by"], record["reason"])
            entry.notes = entries_in(record, "note_")
            self.files[int(name)] = entry
        elif kind == "motd":
            self.motd = [record[key] for key in sorted(record, key=_number)]


def penalty_record(entries: Iterable[Penalty]) -> Hash:
    """Return the stored form of a character's record: a field per entry."""
    return {str(number): entry.to_text() for number, entry in enumerate(entries, 1)}


def address_record(ban: AddressBan) -> Hash:
    """Return the stored form of a ban of an address."""
    return {"when": str(ban.when), "by": ban.by, "reason": ban.reason}


def file_record(entry: File) -> Hash:
    """Return the stored form of a file, a field per note."""
    notes = {f"note_{n}": note.to_text() for n, note in enumerate(entry.notes, 1)}
    own = {"name": entry.name, "when": str(entry.when), "by": entry.by, "reason": entry.reason}
    return {**own, **notes}


def entries_in(record: Hash, prefix: str = "") -> list[Penalty]:
    """Read numbered entries; what cannot be read is left out."""
    numbered = [key for key in record if key.startswith(prefix) and _number(key)]
    found = (Penalty.from_text(record[key]) for key in sorted(numbered, key=_number))
    return [entry for entry in found if entry is not None]


def _number(key: str) -> int:
    digits = key.rpartition("_")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else 0

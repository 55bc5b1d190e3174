"""The tape: one JSON line per entry, in the order in which they entered the game.

The first line is the `Header`. A recording is a folder with the tape and a copy of the store as it
was before the first entry. Both are for their owner only: there are names, addresses and whispers
in it, and the store has password hashes. Passwords themselves never reach a tape.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Container
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
import structlog

from pyao.errors import ConfigError
from pyao.protocol import ClientPacket

log = structlog.get_logger(__name__)

FORMAT: Final = 1
TAPE_FILE: Final = "tape.jsonl"
STORE_FILE: Final = "world.db"
_MIB: Final = 2**20
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


class Way(StrEnum):
    """What an entry is."""

    OPEN = "open"  # a connection, with its address
    PACKET = "in"  # one packet of a client
    ANSWER = "answer"  # what a session waited for has come: a password was checked, a file read
    STORED = "stored"  # a snapshot that a session waits for is stored, or too late
    LOST = "lost"  # a connection is over, with the reason
    TICK = "tick"  # the time of the game went on
    SENT = "out"  # one or more packets to a client
    OUTSIDE = "outside"  # something no replay does again: a setting was changed, in words
    STOP = "stop"  # the server was told to stop


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One line: `[at, way, who, data]`.

    `at` is in milliseconds of the game's clock; `who` numbers connections from 1. Packets are in
    hexadecimal.
    """

    at: int
    way: Way
    who: int = 0
    data: str = ""


class Header(msgspec.Struct, frozen=True):
    """The first line: what one must know to bring the same game about."""

    version: str
    seed: int
    clock_ms: int
    began: int  # Unix time
    world: str
    data_dir: str
    settings: dict[str, Any]  # by leaf name, as they are written in a file
    format: int = FORMAT


class Tape:
    """Takes entries; over its bound it takes no more, and the game goes on.

    Lines wait in the file's buffer until `flush`. Writing is the only thing that can fail.
    """

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self._file = file
        self._left = max_bytes
        self._encode = msgspec.json.Encoder().encode
        self.running = True

    def note(self, entry: Entry | Header) -> None:
        """Write one line."""
        if not self.running:
            return
        line = self._encode(entry) + b"\n"
        self._left -= len(line)
        if self._left < 0:
            self._end("it has reached log.record_mib")
            return
        try:
            self._file.write(line)
        except OSError as error:
            self._end(str(error))

    def flush(self) -> None:
        """Hand to the system what was written."""
        if self.running:
            try:
                self._file.flush()
            except OSError as error:
                self._end(str(error))

    def close(self) -> None:
        """End the tape; closing twice does no harm."""
        self.flush()
        self.running = False
        try:
            self._file.close()
        except OSError as error:
            log.warning("the end of the recording is not written", why=str(error))

    def _end(self, why: str) -> None:
        self.running = False
        log.warning("the recording ends here; the server goes on", why=why)


def folder_for(to: Path, began: int) -> Path:
    """Return the folder for a recording that begins at that Unix time; none that exists."""
    stem = datetime.fromtimestamp(began, UTC).strftime("%Y%m%d-%H%M%S")
    folder, number = to / stem, 2
    while folder.exists():
        folder = to / f"{stem}-{number}"
        number += 1
    return folder


def create_tape(folder: Path, max_mib: int) -> Tape:
    """Make a folder for one recording, for nobody else to read, and the tape in it."""
    try:
        folder.mkdir(parents=True, mode=0o700)
        path = folder / TAPE_FILE
        path.touch(mode=0o600)
        return Tape(path.open("wb"), max_mib * _MIB)
    except OSError as error:
        raise ConfigError(f"log.record_to: cannot write {folder}: {error.strerror}") from error


def read_tape(folder: Path) -> tuple[Header, list[Entry]]:
    """Read a recording; a last line that a crash cut is left out. ConfigError if it is none."""
    path = folder / TAPE_FILE
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise ConfigError(
            f"{path}: {error.strerror}; expected the folder of a recording, "
            "as log.record_to makes one at each start"
        ) from error
    whole = [line for line in lines if line.endswith(b"\n")]
    decode = msgspec.json.Decoder(Entry).decode
    entries: list[Entry] = []
    try:
        header = msgspec.json.decode(whole[0] if whole else b"", type=Header)
        entries.extend(map(decode, whole[1:]))
    except msgspec.DecodeError as error:
        number = len(entries) + 2 if whole else 1
        raise ConfigError(f"{path}:{number}: not a line of a recording: {error}") from error
    if header.format != FORMAT:
        raise ConfigError(f"{path}: format {header.format}; this build reads format {FORMAT}")
    return header, entries


def veil(
    public: Container[str] = (), addressed: Container[str] = ()
) -> Callable[[ClientPacket], ClientPacket]:
    """Return what puts a password out of sight, always the same one behind the same veil.

    Each becomes letters, as many as it had characters, that depend on it and on a key nobody
    keeps: right and wrong ones can still be told apart in a replay, and nobody learns them.

    What is typed behind a command may be a password too, unless its word is `public`; of those
    that are `addressed` to somebody what stands before the first @ is none.
    """
    key = secrets.token_bytes(32)

    def hide(packet: ClientPacket) -> ClientPacket:
        hidden = {}
        for field in packet.fields:
            if field.secret:
                hidden[field.name] = _letters(key, str(getattr(packet, field.name)))
            elif field.typed:
                hidden[field.name] = typed(str(getattr(packet, field.name)))
        return msgspec.structs.replace(packet, **hidden) if hidden else packet

    def typed(text: str) -> str:
        word, space, rest = text.partition(" ")
        name = word[1:].lower()
        if not word.startswith("/") or name in public:
            return text
        to = rest[: rest.find("@") + 1] if name in addressed else ""
        return f"{word}{space}{to}{_letters(key, rest[len(to) :])}"

    return hide


def _letters(key: bytes, secret: str) -> str:
    stream = b""
    while len(stream) < len(secret):
        block = secret.encode() + len(stream).to_bytes(4, "little")
        stream += hmac.digest(key, block, hashlib.sha256)
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in stream[: len(secret)])

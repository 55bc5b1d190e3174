from __future__ import annotations

import io
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from pyao.errors import ConfigError
from pyao.protocol.client_packets import ChangePassword, LoginExistingChar, Walk
from pyao.protocol.client_social_packets import Talk
from pyao.recording import Entry, Header, Tape, Way, create_tape, read_tape
from pyao.recording.tape import TAPE_FILE, folder_for, veil

HEADER = Header("1.0", 7, 1_000, 1_700_000_000, "Meadows", "/data", {"language": "en"})
ENTRIES = [Entry(1_000, Way.OPEN, 1, "192.0.2.1"), Entry(1_020, Way.PACKET, 1, "0603")]


def written(folder: Path, entries: list[Entry]) -> Path:
    tape = create_tape(folder, 1)
    tape.note(HEADER)
    for entry in entries:
        tape.note(entry)
    tape.close()
    return folder / TAPE_FILE


def test_what_was_noted_is_read_again(tmp_path: Path) -> None:
    written(tmp_path / "one", ENTRIES)
    assert read_tape(tmp_path / "one") == (HEADER, ENTRIES)


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = written(tmp_path / "tapes" / "one", ENTRIES)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_line_that_a_crash_cut_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path / "one", ENTRIES)
    path.write_bytes(path.read_bytes()[:-3])
    assert read_tape(tmp_path / "one")[1] == ENTRIES[:1]


def test_what_is_no_recording_is_refused_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path / "one", ENTRIES)
    path.write_bytes(path.read_bytes() + b'[1,"dance"]\n')
    with pytest.raises(ConfigError, match=rf"{TAPE_FILE}:4: not a line of a recording"):
        read_tape(tmp_path / "one")
    with pytest.raises(ConfigError, match="expected the folder of a recording"):
        read_tape(tmp_path / "none")


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "one", [])
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":2'))
    with pytest.raises(ConfigError, match="this build reads format 1"):
        read_tape(tmp_path / "one")


def test_a_full_tape_ends_and_says_so_once(tmp_path: Path) -> None:
    path = tmp_path / "tape"
    with capture_logs() as logs:
        tape = Tape(path.open("wb"), max_bytes=60)
        for entry in ENTRIES * 10:
            tape.note(entry)
        tape.close()
    assert path.stat().st_size <= 60
    assert [entry["why"] for entry in logs] == ["it has reached log.record_mib"]


class FullDisk(io.BytesIO):
    """A file on a disk without room."""

    def write(self, data: object) -> int:
        del data
        raise OSError(28, "No space left on device")


def test_a_full_disk_ends_the_tape_and_harms_nobody() -> None:
    with capture_logs() as logs:
        tape = Tape(FullDisk(), max_bytes=1_000)
        tape.note(ENTRIES[0])
        tape.note(ENTRIES[1])
        tape.flush()
        tape.close()
    assert len(logs) == 1
    assert "No space left" in logs[0]["why"]


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"log\.record_to: cannot write"):
        create_tape(tmp_path / "file" / "one", 1)


def test_two_recordings_of_one_second_have_two_folders(tmp_path: Path) -> None:
    first = folder_for(tmp_path, 1_700_000_000)
    first.mkdir()
    assert folder_for(tmp_path, 1_700_000_000).name == f"{first.name}-2"


def test_a_password_becomes_letters_that_tell_it_from_others() -> None:
    hide = veil()
    right = hide(LoginExistingChar("Ana", "canary-1", 0, 13, 0))
    again = hide(LoginExistingChar("Ana", "canary-1", 0, 13, 0))
    wrong = hide(LoginExistingChar("Ana", "canary-2", 0, 13, 0))
    assert isinstance(right, LoginExistingChar)
    assert right == again != wrong
    assert "canary" not in right.password
    assert len(right.password) == len("canary-1")
    assert right.username == "Ana"


def test_two_tapes_hide_the_same_password_differently() -> None:
    packet = ChangePassword("old canary, long enough", "new")
    assert veil()(packet) != veil()(packet)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("hola /a todos", "hola /a todos"),
        ("/online", "/online"),
        ("/GMSG a b", "/GMSG a b"),
        ("/apass Ana@canary", "/apass Ana@"),
        ("/apass canary", "/apass "),
        ("/apas Ana@canary", "/apas "),
    ],
)
def test_what_is_typed_behind_a_command_is_kept_where_it_is_no_secret(
    typed: str, kept: str
) -> None:
    hidden = veil({"online", "gmsg"}, {"apass"})(Talk(typed))
    assert isinstance(hidden, Talk)
    assert hidden.text.startswith(kept)
    assert len(hidden.text) == len(typed)
    assert "canary" not in hidden.text


def test_a_packet_without_secrets_stays_as_it_is() -> None:
    assert veil()(Walk(3)) == Walk(3)

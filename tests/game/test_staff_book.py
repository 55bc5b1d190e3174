"""What staff wrote down is stored in readable fields and read again."""

from __future__ import annotations

from collections.abc import Mapping

from pyao.game.staff_book import (
    FILES_MAX,
    PENALTIES_MAX,
    AddressBan,
    File,
    Penalty,
    StaffBook,
)
from pyao.rules.character import UserId
from pyao.storage.keys import unquoted
from pyao.storage.values import Hash

ANA = UserId(7)


class Shelf:
    """Keeps what a book writes."""

    def __init__(self) -> None:
        self.records: dict[str, Hash] = {}

    def write(self, changed: Mapping[str, Hash | None]) -> None:
        for key, record in changed.items():
            if record is None:
                self.records.pop(key, None)
            else:
                self.records[key] = record

    def read(self) -> StaffBook:
        book = StaffBook(self.write)
        book.restore((unquoted(key), record) for key, record in self.records.items())
        return book


def test_all_that_is_kept_comes_back_as_it_was() -> None:
    shelf = Shelf()
    book = StaffBook(shelf.write)
    book.punish(ANA, Penalty(1, "Gandalf", "ban", "a | b"))
    book.shut_out("2001:db8::1", AddressBan(2, "Gandalf", "spam"))
    number = book.open_file(File("Ana", 3, "Gandalf", "gold", [Penalty(4, "Eva", "obs", "x")]))
    book.set_motd(["one", "two"])
    again = shelf.read()
    assert again.penalties == book.penalties
    assert again.addresses == book.addresses
    assert again.files == {number: book.files[number]}
    assert again.motd == ["one", "two"]
    assert dict(again.records()) == shelf.records


def test_what_is_lifted_or_closed_is_gone_from_the_store() -> None:
    shelf = Shelf()
    book = StaffBook(shelf.write)
    book.shut_out("10.0.0.1", AddressBan(2, "Gandalf", ""))
    assert book.let_in("10.0.0.1")
    assert not book.let_in("10.0.0.1")
    number = book.open_file(File("Ana", 3, "Gandalf", ""))
    del book.files[number]
    book.keep_file(number)
    assert shelf.records == {}


def test_an_entry_is_rewritten_and_the_oldest_of_too_many_goes() -> None:
    book = StaffBook(Shelf().write)
    assert book.rewrite(ANA, 1, "x") is None
    for number in range(PENALTIES_MAX + 1):
        book.punish(ANA, Penalty(number, "Gandalf", "ban", ""))
    assert len(book.penalties[ANA]) == PENALTIES_MAX
    assert book.rewrite(ANA, 1, "other") == Penalty(1, "Gandalf", "ban", "")
    assert book.penalties[ANA][0].reason == "other"


def test_there_are_only_so_many_files() -> None:
    book = StaffBook(Shelf().write)
    numbers = [book.open_file(File("Ana", 1, "Gandalf", "")) for _ in range(FILES_MAX + 1)]
    assert numbers[-2:] == [FILES_MAX, 0]


def test_a_record_that_cannot_be_read_is_set_aside() -> None:
    shelf = Shelf()
    shelf.records = {
        "staff:address:10.0.0.1": {"when": "x"},
        "staff:penalties:7": {"1": "no entry", "2": "5|Gandalf|ban|y"},
        "staff:file:n": {},
    }
    again = shelf.read()
    assert again.addresses == {}
    assert again.files == {}
    assert again.penalties == {ANA: [Penalty(5, "Gandalf", "ban", "y")]}

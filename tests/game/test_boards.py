from __future__ import annotations

from pyao.game.boards import Boards
from pyao.game.own_data import BOARDS
from pyao.modules import SavedData
from pyao.rules.board import POSTS_MAX, TEXT_MAX_CHARS, TITLE_MAX_CHARS, Corner, Post


def test_what_is_put_up_is_remembered_and_the_armies_share_their_corners() -> None:
    data = SavedData(lambda _module, _key: None)
    boards = Boards(data)
    boards.add("Candela", Corner.GENERAL, Post("one", "Ana", "a\x1fb: c"), announced=False)
    boards.add("Candela", Corner.GENERAL, Post("two", "Eva", "d"), announced=True)
    boards.add("Puerto", Corner.ROYAL, Post("three", "Bob", "e"), announced=False)
    stored = {BOARDS: {key: record for _, key, record in data}}
    again = Boards(SavedData(lambda _module, _key: None, stored))
    for each in (boards, again):
        corner = each.corner("candela", Corner.GENERAL)
        assert list(corner) == [Post("two", "Eva", "d"), Post("one", "Ana", "a\x1fb: c")]
        assert list(each.corner("Puerto", Corner.GENERAL)) == []
        assert [post.title for post in each.corner("Candela", Corner.ROYAL)] == ["three"]
        assert list(each.corner("Candela", Corner.CHAOS)) == []
    boards.clear("Candela")
    assert list(boards.corner("Candela", Corner.GENERAL)) == []
    assert list(boards.corner("Candela", Corner.ROYAL)) != []


def test_a_full_board_of_the_longest_texts_fits_a_record() -> None:
    boards = Boards(SavedData(lambda _module, _key: None))
    longest = Post("t" * TITLE_MAX_CHARS, "n" * 30, "x" * TEXT_MAX_CHARS)
    for _ in range(POSTS_MAX + 1):
        boards.add("b" * 500, Corner.GENERAL, longest, announced=False)
    assert len(list(boards.corner("b" * 500, Corner.GENERAL))) == POSTS_MAX

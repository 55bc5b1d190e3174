"""Notice boards: read them, put something up.

The Godot client has no window for boards: they are read in its console and written by command.
"""

from __future__ import annotations

from pyao.content.items import Item
from pyao.content.world_data import tile_index
from pyao.protocol.client_packets import ForumPost
from pyao.rules import board as rules
from pyao.rules.board import Corner, Post, PostProblem
from pyao.rules.kinds import ObjectType
from pyao.rules.movement import inside
from pyao.rules.social import chat_text
from pyao.tasks.chat import spoken
from pyao.tasks.commands import command
from pyao.tasks.task import on
from pyao.tasks.turn import Turn

LINES = 7  # the client's console keeps ten paragraphs
LINE_OF = {
    Corner.GENERAL: "board.line_general",
    Corner.ROYAL: "board.line_royal",
    Corner.CHAOS: "board.line_chaos",
}
WORDS = {"armada": Corner.ROYAL, "legion": Corner.CHAOS}


# --- reading -------------------------------------------------------------------------------------


def open_board(turn: Turn, board: Item, page: int = 1) -> None:
    """List what is up on a board, the newest first, as far as the player may read it."""
    found = readable(turn, board)
    if not found:
        turn.tell("board.nothing")
        return
    pages = (len(found) + LINES - 1) // LINES
    page = min(max(page, 1), pages)
    first = (page - 1) * LINES
    for number, (corner, post) in enumerate(found[first : first + LINES], first + 1):
        turn.tell(LINE_OF[corner], number=number, title=post.title, author=post.author)
    turn.tell("board.how" if pages == 1 else "board.how_pages", page=page, pages=pages)


def readable(turn: Turn, board: Item) -> list[tuple[Corner, Post]]:
    """Return everything on a board that the player may read, with its corner."""
    boards = turn.game.boards
    return [
        (corner, post)
        for corner in Corner
        if rules.may_read(turn.player, corner)
        for post in boards.corner(board.forum, corner)
    ]


def board_near(turn: Turn) -> Item | None:
    """Return the board in reach, the clicked one first; tell when there is none."""
    player, ground = turn.player, turn.room.ground
    reach = range(-rules.REACH, rules.REACH + 1)
    around = ((player.x + dx, player.y + dy) for dy in reach for dx in reach)
    for x, y in (player.aimed_at, *around):
        pile = ground.get(tile_index(x, y)) if inside(x, y) else None
        close = max(abs(x - player.x), abs(y - player.y)) <= rules.REACH
        if close and pile is not None and pile.item.kind == ObjectType.FORUM:
            return pile.item
    turn.tell(PostProblem.NO_BOARD.value)
    return None


@command("tablon", cost=4)
def tablon(turn: Turn, rest: str) -> None:
    """List what is up on the board beside one, page by page."""
    board = board_near(turn)
    if board is not None:
        open_board(turn, board, whole(rest))


@command("leer", cost=2)
def leer(turn: Turn, rest: str) -> None:
    """Read what is up under a number."""
    board = board_near(turn)
    if board is None:
        return
    found, number = readable(turn, board), whole(rest)
    if not 1 <= number <= len(found):
        turn.tell("board.no_such")
        return
    _, post = found[number - 1]
    turn.tell("board.post", title=post.title, author=post.author, text=post.text)


def whole(text: str) -> int:
    """Return the whole number that was typed, or 0."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0  # noqa: PLR2004 - far above any number there is


# --- writing -------------------------------------------------------------------------------------


@on(ForumPost, alive=True, cost=20)
def forum_post(turn: Turn, packet: ForumPost) -> None:
    """Put something up on the board beside one; an announcement stays on top."""
    corner, announced = divmod(packet.kind, 2)
    if corner <= max(Corner):
        put_up(turn, Corner(corner), packet.title, packet.body, announced=bool(announced))


def put_up(turn: Turn, corner: Corner, title: str, text: str, *, announced: bool) -> None:
    """Put something up, if there is a board and the player may."""
    board = board_near(turn)
    if board is None:
        return
    title, text = fitted(turn, title, text)
    problem = rules.check_post(turn.player, corner, title, text, announced=announced)
    if problem is not None:
        turn.tell(problem.value)
        return
    title, text = approved(turn, title, text)
    if title and text:
        post = Post(title, turn.player.name, text)
        turn.game.boards.add(board.forum, corner, post, announced=announced)
        turn.tell("board.put_up")


def fitted(turn: Turn, title: str, text: str) -> tuple[str, str]:
    """Return a title and a text as far as they can be put up."""
    most = min(turn.game.settings.game.chat_max_chars, rules.TEXT_MAX_CHARS)
    return chat_text(title, rules.TITLE_MAX_CHARS), chat_text(text, most)


def approved(turn: Turn, title: str, text: str) -> tuple[str, str]:
    """Return what is left of both once modules have read them, in one line; empty for nothing."""
    line = f"{title}: {text}"
    said = spoken(turn, line, "board", len(line))
    if said != line:
        title, _, text = said.partition(":")
    return fitted(turn, title, text)


@command("publicar", cost=20)
def publicar(turn: Turn, rest: str) -> None:
    """Put something up: TITLE: TEXT, with `armada` or `legion` before it for an army's corner."""
    by_word(turn, rest, announced=False)


@command("anunciar", cost=20)
def anunciar(turn: Turn, rest: str) -> None:
    """Put something up that stays on top."""
    by_word(turn, rest, announced=True)


def by_word(turn: Turn, rest: str, *, announced: bool) -> None:
    """Put up what was typed; the dead write nothing."""
    if turn.player.dead:
        turn.tell("action.dead")
        return
    word, _, behind = rest.partition(" ")
    corner = WORDS.get(word.lower(), Corner.GENERAL)
    title, _, text = (rest if corner is Corner.GENERAL else behind).partition(":")
    put_up(turn, corner, title, text, announced=announced)

"""Typing at a terminal, with completion and history. Imported only where there is one.

The library behind it takes 20 MB and a third of a second, which a server without a terminal need
not pay. What the server logs meanwhile appears above the line that is being typed.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import StdoutProxy

from pyao.console.core import keeps_secret
from pyao.console.tty import Backend
from pyao.console.words import split

PROMPT: Final = "pyao> "
HISTORY_FILE: Final = "console_history"
WORDS_FOR_LEAVING: Final = ("exit", "quit")


class Terminal:
    """One operator at one terminal."""

    def __init__(self, backend: Backend, data_dir: Path) -> None:
        self._backend = backend
        self._session: PromptSession[str] = PromptSession(
            history=history_in(data_dir),
            completer=Words(backend),
            complete_while_typing=False,
            enable_history_search=True,
        )

    async def talk(self) -> None:
        """Read lines and show answers until the end of input (Ctrl+D), `exit` or `quit`.

        Raises KeyboardInterrupt on Ctrl+C.
        """
        while True:
            try:
                # Signals and unhandled exceptions are the affair of who runs the loop.
                line = await self._session.prompt_async(
                    PROMPT, handle_sigint=False, set_exception_handler=False
                )
            except EOFError:
                return
            if line.strip() in WORDS_FOR_LEAVING:
                return
            answer = await self._backend.run(line)
            for shown in answer.text():
                sys.stdout.write(shown + "\n")
            sys.stdout.flush()


class Words(Completer):
    """Completes the word before the cursor with what the console offers."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def get_completions(
        self, _document: Document, _complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """Return nothing: completions are asked for below."""
        return iter(())

    async def get_completions_async(
        self, document: Document, _complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """Yield what the word before the cursor may become."""
        text = document.text_before_cursor
        start = -unfinished(text)
        for word in await self._backend.complete(text):
            yield Completion(word, start_position=start)


def unfinished(text: str) -> int:
    """Return how many signs of a text belong to its last, unfinished word."""
    words = split(text)
    if not words or (text[-1].isspace() and not words[-1].open):
        return 0
    return len(text) - words[-1].start


class CarefulHistory(FileHistory):
    """The lines of earlier days; one that holds a password is not kept."""

    def store_string(self, string: str) -> None:
        """Write a line down, unless it holds a secret."""
        if not keeps_secret(string):
            super().store_string(string)


def history_in(data_dir: Path) -> CarefulHistory:
    """Return the history kept in a data folder, for nobody else to read."""
    path = data_dir / HISTORY_FILE
    path.touch(mode=0o600)
    return CarefulHistory(str(path))


@contextmanager
def above_the_prompt(relog: Callable[[], None]) -> Iterator[None]:
    """Let what is written to the terminal meanwhile appear above the line being typed.

    `relog` makes the log find its stream again, at the beginning and at the end.
    """
    with ExitStack() as leaving:
        leaving.callback(relog)
        proxy = leaving.enter_context(StdoutProxy(raw=True))
        leaving.enter_context(redirect_stdout(proxy))
        if sys.stderr.isatty():
            leaving.enter_context(redirect_stderr(proxy))
        relog()
        yield

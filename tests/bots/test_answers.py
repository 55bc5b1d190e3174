from __future__ import annotations

from pyao.bots.answers import Answers, as_received
from pyao.content.texts import LANGUAGES, Catalogue


def test_a_bot_knows_the_answers_of_this_server_in_every_language() -> None:
    answers = Answers.of_this_server()
    for language in LANGUAGES:
        texts = Catalogue(language)
        assert as_received(texts("login.busy")) in answers.busy
        assert as_received(texts("name.taken")) in answers.taken


def test_a_text_is_known_in_the_form_in_which_it_arrives() -> None:
    assert as_received("Ya está") == "Ya esta"


def test_a_wrong_password_is_no_reason_to_try_again() -> None:
    answers = Answers.of_this_server()
    refusal = as_received(Catalogue("es")("login.wrong_password"))
    assert refusal not in answers.busy | answers.taken

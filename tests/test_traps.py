"""Mistakes that servers of this kind are known for, and the test that keeps each out of ours.

An index: the tests stand where their subject is tested. Mistakes of doors this server does not have
yet are named apart, so that whoever builds such a door finds them.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.support.index import TESTS, missing

SOURCES = TESTS.parent / "src" / "pyao"

TRAPS = {
    "coalesced/fragmented AO packets": (
        "protocol/test_decoder.py::test_any_cut_of_a_client_stream_gives_the_same_packets",
        "net/test_client_connection.py::test_glued_packets_are_handled_one_by_one_in_order",
        "net/test_outbox.py::test_no_read_of_a_slow_client_ever_ends_inside_a_packet",
    ),
    "stop() deadlock": (
        "net/test_server.py::test_stopping_does_not_wait_for_ever_for_deaf_clients",
        "test_app.py::test_a_stop_tells_everybody_saves_all_and_can_be_asked_for_twice",
    ),
    "dead back-pressure": (
        "net/test_outbox.py::test_a_client_with_too_much_waiting_is_dropped",
        "net/test_server.py::test_a_client_that_does_not_read_is_dropped",
    ),
    "static password hash": (
        "accounts/test_hashing.py::test_two_hashes_of_one_password_differ",
        "accounts/test_tokens.py::test_the_hash_itself_is_no_token",
    ),
    "reload that keeps the old class": (
        "modules/test_reload.py::test_fifty_cycles_leave_one_of_everything_and_no_old_class",
        "modules/test_reload.py::test_new_code_takes_over_within_the_second_and_at_the_same_size",
    ),
    "defaults declared but not applied": (
        "modules/test_manager.py::test_settings_are_checked_by_the_schema_a_module_brings",
        "documents/test_vampiretcp.py::test_each_default_of_rooms_reaches_the_rooms",
        "integration/test_live_settings.py::test_what_is_called_live_is_live",
    ),
    "events never emitted": (
        "events/test_emitted.py::test_every_event_is_emitted_by_the_server_but_those_of_modules",
        "events/test_bus.py::test_the_history_keeps_the_last_thousand_also_unheard",
    ),
    "handlers registered under a wrong owner": (
        "modules/test_manager.py::test_a_handler_of_a_module_hears_messages_while_enabled",
        "modules/test_reload.py::test_unloading_leaves_nothing_behind",
    ),
    "module config files never read": (
        (
            "documents/test_dracosoft.py"
            "::test_the_modules_file_gives_it_its_settings_and_can_keep_it_off"
        ),
        "modules/test_manager.py::test_settings_reach_the_module_and_cannot_be_changed_by_it",
    ),
    "two apps on one port": (
        "test_app.py::test_a_port_that_is_taken_refuses_the_start_and_nothing_is_written",
        (
            "integration/test_live_settings.py"
            "::test_a_fallback_port_is_used_by_the_whole_server_when_the_first_is_taken"
        ),
    ),
    "GUI/console importing OS-specific modules": (
        "test_traps.py::test_the_console_imports_what_every_system_has",
        "console/test_door.py::test_without_unix_sockets_a_port_opens_with_the_token",
    ),
    "client rejected by its own validation": (
        "bots/test_role.py::test_every_bot_has_a_name_of_its_own_that_servers_accept",
        "cli/test_settings.py::test_init_makes_the_folders_and_commented_files_that_change_nothing",
    ),
    "NameError in a rarely used branch": (
        "integration/test_packet_states.py::test_no_packet_breaks_the_server_in_any_state",
        "bots/test_bot.py::test_a_pinging_bot_asks_again_when_it_is_answered",
    ),
    "chat reaching unauthenticated sockets": (
        "integration/test_events.py::test_what_is_said_reaches_nobody_who_is_not_in_the_game",
        "tasks/test_modules.py::test_the_lobby_cannot_be_told_anything",
    ),
    "any password accepted": (
        (
            "accounts/test_accounts.py"
            "::test_a_wrong_password_and_an_unknown_name_get_the_same_answer_for_the_same_work"
        ),
        "accounts/test_tokens.py::test_what_is_no_token_lets_nobody_in",
    ),
    "log file opened before its directory exists": (
        "test_logs.py::test_what_is_written_is_remembered_and_the_file_has_it_too",
    ),
    "Redis defaults silently overriding": (
        "test_app.py::test_settings_kept_in_the_store_count_from_the_start",
        "config/test_load.py::test_each_source_beats_those_below_it",
        "cli/test_serve.py::test_an_option_that_would_be_lost_is_refused",
    ),
    "counters stale after a crash": (
        (
            "integration/test_redis_keys.py"
            "::test_the_count_of_connections_is_the_live_one_even_after_a_kill"
        ),
    ),
    "connection limit declared but not enforced": (
        "net/test_server.py::test_over_the_limit_a_client_is_told_and_closed",
        "test_app.py::test_a_changed_limit_holds_for_the_next_client",
    ),
    "benchmark numbers that are constants": (
        "benchmarks/test_table.py::test_a_row_finds_its_figure_by_its_path",
        "benchmarks/test_table.py::test_the_table_shows_reasons_instead_of_spoilt_figures",
    ),
}
# Of the message, web and encrypted doors.
OTHER_DOORS = (
    "serial RPC per connection",
    "a slow handler gets its own client dropped by heartbeat",
    "thread per heartbeat",
    "spoofable sender",
    "CORS echo of any origin",
    "explicit encryption key used raw",
)
ONE_SYSTEM_ONLY = {"curses", "fcntl", "msvcrt", "pwd", "readline", "resource", "termios", "tty"}


@pytest.mark.parametrize("trap", TRAPS)
def test_each_trap_has_its_tests(trap: str) -> None:
    assert missing(TRAPS[trap]) == []


def test_no_trap_of_the_list_is_forgotten(shared: Path) -> None:
    text = (shared / "features.md").read_text(encoding="utf-8")
    listed = text.split("## Traps")[1].split("\n", 1)[1].strip().rstrip(".").split(";")
    known = (*TRAPS, *OTHER_DOORS)
    forgotten = [trap for trap in listed if not any(one in trap for one in known)]
    assert forgotten == []
    assert len(listed) == len(known)


def test_the_console_imports_what_every_system_has() -> None:
    for path in (SOURCES / "console").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = (
                {alias.name for alias in getattr(node, "names", ())}
                if isinstance(node, ast.Import)
                else {getattr(node, "module", None)}
            )
            assert not names & ONE_SYSTEM_ONLY, path

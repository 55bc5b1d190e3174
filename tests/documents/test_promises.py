"""What two design documents promise of modules, events, settings, console, accounts and rooms.

An index by topic: the tests stand where their subject is tested. Promises of doors this server does
not have yet (framed messages, UDP, HTTP, a graphical window) are not here.
"""

from __future__ import annotations

import pytest
from tests.support.index import missing

PROMISES = {
    # --- server framework
    "modules that change under players": (
        "tasks/test_modules.py::test_a_reload_takes_new_code_and_old_state_and_no_player_notices",
        "modules/test_under_players.py::test_fifty_edits_of_a_module_under_players",
    ),
    "modules speak by events": (
        "modules/test_manager.py::test_a_module_hears_what_another_emits_also_after_a_reload",
    ),
    "accounts, log-in, sessions": (
        "tasks/test_login.py::test_unknown_names_and_wrong_passwords_get_the_same_answer",
        "integration/test_main_job.py::test_a_wrong_password_is_refused_and_closed",
        "game/test_game.py::test_sessions_are_announced_when_they_begin_and_when_they_end",
    ),
    "database kept over a restart": (
        "modules/test_sqlite_module.py::test_what_is_written_is_read_also_after_a_restart",
    ),
    "console for administrators": (
        (
            "console/test_process.py"
            "::test_every_command_that_is_promised_is_done_answered_in_json_and_audited"
        ),
        "console/test_terminal.py::test_an_operator_types_at_the_servers_own_terminal",
    ),
    "console: wrong words get the usage line": (
        "console/test_command.py::test_wrong_arguments_are_named",
        "console/commands/test_server.py::test_wrong_words_are_answered_with_the_usage",
        "console/commands/test_rooms.py::test_wrong_words_are_answered_with_the_usage",
    ),
    "console: help": (
        (
            "console/commands/test_server.py"
            "::test_help_lists_every_command_with_its_usage_and_first_line"
        ),
        "console/commands/test_server.py::test_help_explains_one_command_or_a_family",
    ),
    "console: status": (
        "console/commands/test_server.py::test_status_tells_how_the_server_is",
        "console/commands/test_modules.py::test_a_module_is_started_looked_at_and_stopped",
    ),
    "console: modules": (
        "console/commands/test_modules.py::test_modules_are_listed_in_short_and_in_detail",
    ),
    "console: start, stop, restart": (
        "console/commands/test_modules.py::test_a_module_is_started_looked_at_and_stopped",
        "console/commands/test_modules.py::test_a_restart_forgets_and_a_reload_keeps_the_state",
    ),
    "console: shutdown": (
        "console/commands/test_server.py::test_shutdown_stops_the_server_in_order",
        "console/commands/test_server.py::test_shutdown_by_force_gives_no_grace",
    ),
    "console: db": (
        "console/commands/test_database.py::test_rows_come_with_their_columns",
        "console/commands/test_database.py::test_everything_but_reading_is_refused",
    ),
    "console: users": (
        "console/commands/test_people.py::test_an_account_is_added_and_its_password_is_nowhere",
        "console/commands/test_people.py::test_accounts_are_listed_and_shown",
        "console/commands/test_people.py::test_one_part_of_an_account_is_modified",
        "console/commands/test_people.py::test_a_removed_account_is_gone_with_its_characters",
    ),
    "console: sessions, clients": (
        "console/commands/test_rooms.py::test_sessions_are_those_in_the_game_clients_are_all",
        "console/commands/test_rooms.py::test_clearing_sessions_logs_everybody_out",
        "console/commands/test_rooms.py::test_a_client_is_disconnected_by_its_id",
    ),
    "console: config": (
        "console/commands/test_settings.py::test_a_setting_of_a_module_is_tried_and_written",
        "console/commands/test_settings.py::test_settings_are_shown_with_their_sources",
    ),
    "console: stats, logs": (
        "console/commands/test_server.py::test_stats_count_what_goes_through",
        "console/commands/test_records.py::test_the_log_is_shown_from_a_level_on_and_bounded",
    ),
    "configuration in YAML, read, changed and saved": (
        "config/test_manager.py::test_a_module_configuration_goes_round",
        "config/test_manager.py::test_a_command_changes_memory_first_and_the_file_when_saved",
    ),
    "configuration read again while the server runs": (
        "config/test_manager.py::test_an_edit_is_seen_within_two_seconds",
        (
            "integration/test_live_settings.py"
            "::test_an_edited_file_counts_within_two_seconds_and_is_told"
        ),
        (
            "integration/test_live_settings.py"
            "::test_an_edit_that_cannot_be_keeps_the_old_value_and_says_file_line_and_field"
        ),
        "integration/test_redis_keys.py::test_a_lower_limit_holds_without_a_restart",
    ),
    "configuration checked by schema": (
        "config/test_schema.py::test_a_mistake_is_named_by_file_line_and_field",
        "config/test_schema.py::test_defaults_of_a_schema_are_filled_in",
        "config/test_schema.py::test_a_schema_may_be_a_pydantic_model",
    ),
    "log file and level from the configuration": (
        "documents/test_dracosoft.py::test_the_logging_block_sets_level_and_file",
        "test_logs.py::test_what_is_written_is_remembered_and_the_file_has_it_too",
    ),
    "folders and commented files by init": (
        "documents/test_dracosoft.py::test_the_folders_it_asks_for_are_made_by_init",
        "cli/test_settings.py::test_an_uncommented_line_of_init_counts",
    ),
    "main file: order and short names": (
        "documents/test_dracosoft.py::test_the_load_order_and_the_short_names_are_honoured",
    ),
    "a file of its own for each module": (
        (
            "documents/test_dracosoft.py"
            "::test_the_modules_file_gives_it_its_settings_and_can_keep_it_off"
        ),
        "modules/test_manager.py::test_settings_reach_the_module_and_cannot_be_changed_by_it",
    ),
    "one command starts and serves": ("integration/test_main_job.py::test_the_main_job",),
    "modules are found": (
        "modules/test_manager.py::test_a_file_dropped_into_the_folder_is_found",
        "modules/test_loading.py::test_modules_of_installed_packages_are_found",
        (
            "integration/test_first_module.py"
            "::test_a_stranger_writes_edits_breaks_and_removes_a_module_while_people_play"
        ),
    ),
    "dependencies": (
        "modules/test_manager.py::test_enabling_without_a_dependency_fails_with_a_message",
        "modules/test_manager.py::test_a_module_that_others_need_cannot_be_taken_away",
        "modules/test_manager.py::test_a_circle_and_a_missing_dependency_are_explained",
        (
            "documents/test_dracosoft.py"
            "::test_the_dependencies_are_loaded_before_the_module_that_names_them"
        ),
    ),
    "events in order of priority": (
        (
            "events/test_bus.py"
            "::test_handlers_are_called_from_critical_to_low_in_any_order_of_registration"
        ),
        "events/test_bus.py::test_priorities_hold_between_plain_and_coroutine_callbacks",
    ),
    "history of events": (
        "events/test_bus.py::test_the_history_keeps_the_last_thousand_also_unheard",
    ),
    "events filtered and stopped": (
        "events/test_bus.py::test_a_filter_lets_only_matching_events_through",
        "events/test_bus.py::test_a_stopped_event_does_not_reach_lower_priorities",
    ),
    "waiting for an event's handlers": (
        "events/test_bus.py::test_waiting_for_an_event_nobody_hears_returns_at_once",
        "events/test_bus.py::test_waiting_tells_whether_the_time_was_enough",
    ),
    "what may be forbidden beforehand": (
        "game/test_game.py::test_a_module_may_keep_somebody_out",
        "tasks/test_events.py::test_what_a_module_forbids_is_said_by_no_channel",
        "tasks/test_events.py::test_what_a_module_forbids_is_not_dropped_and_the_reason_is_told",
    ),
    "database: pool, migrations, calls, backups": (
        (
            "modules/test_sqlite_module.py"
            "::test_fifty_queries_share_the_connections_and_give_them_back"
        ),
        "modules/test_sqlite_module.py::test_migrations_run_once_each_in_order",
        "modules/test_sqlite_module.py::test_a_failed_migration_is_undone_and_named",
        "modules/test_sqlite_module.py::test_backups_are_made_in_rhythm_and_old_ones_go",
    ),
    "tokens and lock-out": (
        "accounts/test_tokens.py::test_a_token_runs_out_and_can_be_renewed_for_a_while",
        "accounts/test_tokens.py::test_one_token_is_withdrawn_and_the_others_stay",
        "accounts/test_tokens.py::test_logging_out_everywhere_ends_every_token_and_is_in_the_audit",
        "accounts/test_accounts.py::test_five_failures_lock_an_account_for_a_minute",
    ),
    "users: permissions, hashes, weak passwords": (
        "accounts/test_accounts.py::test_permissions_are_granted_denied_and_survive_a_restart",
        "accounts/test_hashing.py::test_hashes_are_argon2id_with_the_documented_cost",
        "accounts/test_accounts.py::test_a_password_too_short_or_too_long_is_refused",
    ),
    "life of a module": (
        "documents/test_dracosoft.py::test_the_custom_module_loads_enables_rests_and_unloads",
        "modules/test_manager.py::test_states_follow_the_life_of_a_module",
        (
            "modules/test_manager.py"
            "::test_a_broken_module_is_an_error_with_its_reason_and_leaves_nothing"
        ),
    ),
    "comings and goings of clients are events": (
        (
            "integration/test_events.py"
            "::test_coming_and_going_is_told_once_also_when_a_connection_is_reset"
        ),
    ),
    "what a client sends is an event": (
        "documents/test_dracosoft.py::test_the_event_handler_hears_what_a_client_sends",
    ),
    "every event of the list is emitted": (
        "events/test_emitted.py::test_every_event_is_emitted_by_the_server_but_those_of_modules",
    ),
    "start, stop and words to everybody": (
        "test_app.py::test_the_status_file_says_where_the_server_is_while_it_runs",
        "integration/test_shutdown.py::test_a_stop_tells_everybody_and_saves_everything",
        "modules/test_manager.py::test_dependencies_are_loaded_first_and_unloaded_last",
        "game/test_game.py::test_a_line_to_everybody_is_neutralised",
    ),
    "a log level for one module": (
        "modules/test_manager.py::test_a_modules_log_level_is_its_own",
        "console/commands/test_settings.py::test_the_log_level_of_one_module_is_its_own",
    ),
    "limits of messages and idle sessions": (
        "net/test_limits.py::test_no_pattern_gets_more_than_burst_and_rate_together",
        "tasks/test_leaving.py::test_who_does_nothing_for_long_is_sent_home",
    ),
    "what is wrong is said with its cause and place": (
        "modules/test_sqlite_module.py::test_a_file_that_is_no_database_keeps_the_module_out",
        "modules/test_manager.py::test_a_module_with_a_wrong_file_is_not_loaded",
        "modules/test_manager.py::test_a_name_in_the_load_order_that_is_not_there_stops_nobody",
    ),
    "fallback ports": (
        (
            "integration/test_live_settings.py"
            "::test_a_fallback_port_is_used_by_the_whole_server_when_the_first_is_taken"
        ),
    ),
    # --- room server
    "rooms are created, listed, deleted, and ids never come again": (
        "rooms/test_manager.py::test_an_id_is_never_used_again",
        (
            "rooms/test_manager.py"
            "::test_a_new_room_never_gets_the_number_of_one_whose_variables_are_stored"
        ),
        "rooms/test_manager.py::test_deleting_lets_everybody_leave",
    ),
    "a room without arguments, with a class, with settings": (
        "rooms/test_manager.py::test_a_room_without_arguments_is_generic_with_the_default_settings",
        "rooms/test_manager.py::test_class_and_settings_are_honoured_over_the_kinds_defaults",
        "rooms/test_manager.py::test_wrong_classes_and_settings_are_refused_clearly",
    ),
    "public and private rooms, and what the list shows": (
        (
            "rooms/test_manager.py"
            "::test_a_private_room_is_not_listed_but_can_be_joined_with_its_credential"
        ),
        "rooms/test_manager.py::test_the_list_of_rooms_counts_members_and_shows_metadata",
    ),
    "joining and leaving": (
        "rooms/test_manager.py::test_leaving_removes_and_is_called_once",
        "rooms/test_manager.py::test_a_lost_connection_without_grace_leaves_once",
    ),
    "variables are written and read": (
        "rooms/test_room.py::test_a_variable_reads_as_it_was_written",
        "rooms/test_room.py::test_a_wrong_variable_is_refused_with_the_reason",
    ),
    "flagged variables are sent to their room only": (
        "rooms/test_room.py::test_a_flagged_variable_reaches_every_member_of_its_room_only",
        (
            "documents/test_vampiretcp.py"
            "::test_a_variable_that_is_flagged_is_sent_to_the_room_and_others_are_not"
        ),
    ),
    "defaults and the switch of broadcasting": (
        "documents/test_vampiretcp.py::test_each_default_of_rooms_reaches_the_rooms",
        "rooms/test_room.py::test_new_variables_are_loud_where_the_default_says_so",
        "rooms/test_room.py::test_nothing_is_sent_where_broadcasts_are_switched_off",
    ),
    "remote methods and what they answer": (
        "rooms/test_remote.py::test_a_marked_method_answers_its_caller",
        "rooms/test_remote.py::test_a_method_that_returns_nothing_gives_none_and_knows_its_caller",
    ),
    "only what is marked can be called": (
        "rooms/test_remote.py::test_what_is_not_marked_is_refused",
        "rooms/test_remote.py::test_wrong_arguments_are_refused_before_the_call",
    ),
    "classes of one's own, plain and coroutine": (
        (
            "documents/test_vampiretcp.py"
            "::test_the_custom_room_joins_and_its_method_answers_once_it_is_marked"
        ),
        "rooms/test_room.py::test_hooks_may_be_coroutines",
    ),
    "a greeting and metadata": (
        "rooms/test_room.py::test_a_room_class_may_greet_and_keep_metadata",
    ),
    "a hundred callers at once": ("rooms/test_remote.py::test_a_hundred_members_lose_no_update",),
    "a connection lost in the middle of a message": (
        (
            "test_facade.py"
            "::test_a_line_that_breaks_in_the_middle_of_a_packet_leaves_once_and_nobody_notices"
        ),
    ),
    "the sample configuration": (
        "documents/test_vampiretcp.py::test_the_sample_configuration_starts_a_server_as_it_is",
        "documents/test_vampiretcp.py::test_its_stray_brace_is_refused_with_the_line",
    ),
}


@pytest.mark.parametrize("topic", PROMISES)
def test_each_promise_has_its_tests(topic: str) -> None:
    assert missing(PROMISES[topic]) == []

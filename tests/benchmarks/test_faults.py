"""The table of faults is made of tests that exist, and reads what they say."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from tests.support import redis_faults

from benchmarks import page
from benchmarks.faults import (
    BEGIN,
    CHECKS,
    END,
    FAILS,
    FAULTS,
    FULL,
    HOLDS,
    PAGE,
    Check,
    Outcome,
    chosen,
    held,
    keep,
    kept,
    measured,
    read,
    row,
    run_full,
    run_some,
)

ROOT = Path(__file__).parents[2]
OUTPUT = """\
-------------------------------- live log call ---------------------------------
WARNING  tests.integration.test_x:test_x.py:9 4 trials, 0 violations
WARNING  tests.integration.test_x:test_x.py:9 4 trials, 0 violations
PASSED                                                                   [ 50%]
================= 1 passed, 1 deselected in 395.87s (0:06:35) ==================
"""
CHECK = Check("it", "it holds", ("tests/a.py",), "it and not that", FULL)


def test_every_check_names_tests_that_exist() -> None:
    for check in CHECKS:
        for path in check.tests:
            assert (ROOT / path).exists(), path


def test_every_fault_of_redis_has_a_row() -> None:
    faults = [fault.__name__ for fault in redis_faults.FAULTS]
    for name in faults:
        assert sum(key in name for key in FAULTS) >= 1, name
    assert len(FAULTS) == len(faults) + 1  # one more dies again and again


def test_figures_and_the_outcome_are_read_from_the_output() -> None:
    assert read(OUTPUT) == ("1 passed, 1 deselected", ("4 trials, 0 violations",))
    assert read("no tests at all") == ("did not run", ())


def test_a_row_says_how_to_see_it_oneself() -> None:
    outcome = Outcome(HOLDS, "1 passed", ("a | b",), 3.2)
    assert row(CHECK, outcome, full=True) == (
        "| it holds | `PYAO_TEST_FULL=1 pytest tests/a.py -k 'it and not that'` | holds "
        "| 1 passed<br>a / b | 3 s |"
    )
    assert "`pytest tests/a.py -k" in row(CHECK, outcome, full=False)


def test_a_check_that_fails_is_a_row_like_any_other(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "test_broken.py"
    broken.write_text("def test_it():\n    assert False\n")
    outcome = run(Check("it", "it", (str(broken),)))
    assert (outcome.result, outcome.summary) == (FAILS, "1 failed")
    assert "assert False" in capfd.readouterr().err


def test_a_check_whose_tests_are_all_skipped_holds_nothing(tmp_path: Path) -> None:
    skipped = tmp_path / "test_skipped.py"
    skipped.write_text("import pytest\n\n\ndef test_it():\n    pytest.skip('no')\n")
    assert run(Check("it", "it", (str(skipped),))).result == "not tried"


def test_what_a_check_leaves_running_ends_with_it(tmp_path: Path) -> None:
    """So a run that is ended, or a test that hangs, leaves no servers behind."""
    numbers = tmp_path / "numbers"
    lasting = tmp_path / "test_lasting.py"
    lasting.write_text(
        "import os, subprocess, sys\n\n\ndef test_it():\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"    open({str(numbers)!r}, 'w').write(str(child.pid))\n"
        "    child.returncode = 0\n"
    )
    assert run(Check("it", "it", (str(lasting),))).result == HOLDS
    assert not alive(int(numbers.read_text()))


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def run(check: Check) -> Outcome:
    ((_, outcome),) = run_some([check], full=False, at_once=1)
    return outcome


def test_no_row_is_begun_that_would_not_be_done_in_time() -> None:
    checks = [Check("it", "it", ("tests/a.py",), full_s=60)]
    assert not list(run_full(checks, at_once=1, within_s=59))
    assert not list(run_some(checks, full=True, at_once=1, until=0))


def test_what_was_found_is_kept_row_by_row_and_may_be_continued(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "full.json"
    assert kept(path) == {}
    first = Outcome(HOLDS, "1 passed", ("4 trials",), 30.0, "2026-01-02", "a machine", "abc")
    keep({"crowd": first}, path)
    keep({"kills": Outcome(FAILS, "1 failed", (), 5.0)}, path)
    assert kept(path)["crowd"] == first
    assert list(kept(path)) == ["crowd", "kills"]
    assert held(path) == {"crowd"}
    assert "crowd" not in [check.name for check in chosen((), held(path))]
    assert [check.name for check in chosen(["kills", "crowd"])] == ["kills", "crowd"]


def test_the_page_shows_the_rows_that_are_kept_in_the_order_of_the_checks() -> None:
    text = measured(
        {
            "kills": Outcome(HOLDS, "8 passed", (), 90.0, "2026-01-03", "a machine"),
            "crowd": Outcome(HOLDS, "1 passed", ("200 bots",), 50.0, "2026-01-02", "a machine"),
        }
    )
    assert "2026-01-02 to 2026-01-03, on a machine:\n2 minutes in all" in text
    assert text.index("8 passed") < text.index("200 bots")


def test_the_page_of_faults_has_room_for_what_was_measured(tmp_path: Path) -> None:
    copy = tmp_path / "faults.md"
    copy.write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    page.put(f"{BEGIN}\n\nnew\n\n{END}", copy, (BEGIN, END))
    assert "\n\nnew\n\n" in copy.read_text(encoding="utf-8")

"""The table of faults is made of tests that exist, and reads what they say."""

from __future__ import annotations

from pathlib import Path

from benchmarks.faults import CHECKS, Check, Outcome, read, row

ROOT = Path(__file__).parents[2]
OUTPUT = """\
-------------------------------- live log call ---------------------------------
WARNING  tests.integration.test_x:test_x.py:9 4 trials, 0 violations
WARNING  tests.integration.test_x:test_x.py:9 4 trials, 0 violations
PASSED                                                                   [ 50%]
================= 1 passed, 1 deselected in 395.87s (0:06:35) ==================
"""


def test_every_check_names_tests_that_exist() -> None:
    for check in CHECKS:
        for path in check.tests:
            assert (ROOT / path).exists(), path


def test_figures_and_the_outcome_are_read_from_the_output() -> None:
    assert read(OUTPUT) == ("1 passed, 1 deselected", ("4 trials, 0 violations",))
    assert read("no tests at all") == ("did not run", ())


def test_a_row_says_how_to_see_it_oneself() -> None:
    check = Check("it holds", ("tests/a.py",), (("PYAO_TEST_FULL", "1"),))
    outcome = Outcome(passed=True, summary="1 passed", figures=("a | b",), seconds=3.2)
    assert row(check, outcome, full=True) == (
        "| it holds | `PYAO_TEST_FULL=1 pytest tests/a.py` | holds | 1 passed<br>a / b | 3 s |"
    )
    assert "`pytest tests/a.py`" in row(check, outcome, full=False)

"""The server tests of tasks talk to: a whole one, in this process."""

from __future__ import annotations

from tests.support.dealing import (
    BeginDealing,
    Dealing,
    begin_dealing_fixture,
    dealing_fixture,
    trading_fixture,
)
from tests.support.duel import BeginDuel, Duel, begin_duel_fixture, duel_fixture
from tests.support.fellows import fellows_fixture, gathering_fixture
from tests.support.market import OpenMarket, market_fixture
from tests.support.masters import BeginCourt, Court, begin_court_fixture, court_fixture
from tests.support.running import Running, Start, running_fixture, start_fixture

__all__ = [
    "BeginCourt",
    "BeginDealing",
    "BeginDuel",
    "Court",
    "Dealing",
    "Duel",
    "OpenMarket",
    "Running",
    "Start",
    "begin_court_fixture",
    "begin_dealing_fixture",
    "begin_duel_fixture",
    "court_fixture",
    "dealing_fixture",
    "duel_fixture",
    "fellows_fixture",
    "gathering_fixture",
    "market_fixture",
    "running_fixture",
    "start_fixture",
    "trading_fixture",
]

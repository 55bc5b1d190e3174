from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from tests.support.byte_client import ByteClient
from tests.support.running import Start, start_fixture
from tests.support.waiting import until
from tests.support.world import ManualClock

from pyao.config import EffectsSettings, RulesSettings
from pyao.content.balance import classic_balance
from pyao.game.options import options_of
from pyao.rules.options import Options
from pyao.tasks import living

__all__ = ["start_fixture"]

ATTACK, SWING = b"\x08", 39


RULES, EFFECTS, BALANCE = RulesSettings(), EffectsSettings(), classic_balance()
OTHER_WORDS = {"swing_stamina": "creature", "exp_curve": "0.13.0", "journey_time": "level"}


def test_the_defaults_of_the_settings_are_those_of_the_rules() -> None:
    assert options_of(RULES, EFFECTS, BALANCE) == Options()


def another(name: str, default: object) -> object:
    """Return a value that a setting does not have by default."""
    if not isinstance(default, int):
        return OTHER_WORDS[name]
    return default + 1 if default > 1 else not default


@pytest.mark.parametrize("name", RulesSettings.model_fields)
def test_every_setting_of_the_rules_changes_an_option(name: str) -> None:
    other = another(name, RulesSettings.model_fields[name].default)
    changed = RulesSettings.model_validate({name: other})
    assert options_of(changed, EFFECTS, BALANCE) != Options()


@pytest.mark.parametrize("name", EffectsSettings.model_fields)
def test_every_setting_of_effects_changes_an_option(name: str) -> None:
    other = another(name, EffectsSettings.model_fields[name].default)
    changed = EffectsSettings.model_validate({name: other})
    assert options_of(RULES, changed, BALANCE) != Options()


def test_the_world_has_its_say_where_the_operator_has_none() -> None:
    steep = structs.replace(BALANCE, level_curve="0.13.0", meditation_percent=9)
    options = options_of(RULES, EFFECTS, steep)
    assert (options.ladder.curve, options.meditation_percent) == ("0.13.0", 9)
    chosen = RulesSettings(exp_curve="baseline")
    assert options_of(chosen, EFFECTS, steep).ladder.curve == "baseline"


async def swings(client: ByteClient, clock: ManualClock, every_ms: int) -> int:
    """Strike at the air four times; return how often that was heard."""
    heard = 0
    for _ in range(4):
        client.send(ATTACK)
        heard += sum(packet.id == SWING for packet in await client.settle())
        clock.advance(every_ms)
    return heard


async def test_a_changed_interval_counts_at_once(start: Start, tmp_path: Path) -> None:
    config = tmp_path / "config" / "main.yaml"
    config.parent.mkdir()
    config.write_text("rules:\n  swing_stamina: creature\n", "utf-8")
    clock = ManualClock()
    running = await start(clock=clock)
    ana = await running.newcomer("Ana")
    assert await swings(ana, clock, 750) == 2
    config.write_text(
        "rules:\n  swing_stamina: creature\n  hit_ms: 700\n  hit_after_cast_ms: 700\n", "utf-8"
    )
    await until(lambda: running.app.game.options.intervals.hit == 700)
    clock.advance(10_000)
    assert await swings(ana, clock, 750) == 4


async def test_changed_times_of_effects_count_at_once(start: Start, tmp_path: Path) -> None:
    config = tmp_path / "config" / "main.yaml"
    config.parent.mkdir()
    config.write_text("effects:\n  thirst_ms: 60000\n", "utf-8")
    clock = ManualClock()
    running = await start(clock=clock)
    await running.newcomer("Ana")
    ana, game = running.player("Ana"), running.app.game
    living.live(game, ana, clock.now())
    clock.advance(60_000)
    living.live(game, ana, clock.now())
    assert ana.thirst == 90
    config.write_text("effects:\n  thirst_ms: 5000\n  protection_ms: 7000\n", "utf-8")
    await until(lambda: game.options.times.thirst == 5000)
    clock.advance(5_000)
    living.live(game, ana, clock.now())
    assert ana.thirst == 80
    assert game.world.options.times.protection == 7000

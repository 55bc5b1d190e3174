"""Rain that comes and goes for everybody, and what maps sound like; runs from the tick."""

from __future__ import annotations

from pyao.events.payloads import WeatherChanged
from pyao.game import Game
from pyao.protocol import msg
from pyao.rules import weather
from pyao.rules.weather import AmbientSound
from pyao.world import MapRoom

MINUTE_MS = 60_000
SOUNDS_MS = 4_000
SIDE = 100
DUNGEON = "DUNGEON"
EVERYWHERE = 0  # the map named by an event that is about all of them


def pass_minute(game: Game) -> None:
    """Let a minute of weather pass; a change is shown to everybody in the game, and told."""
    sky = game.world.sky
    if weather.pass_minute(sky, game.roll):
        show_weather(game)


def turn_weather(game: Game) -> None:
    """Let it rain, or stop it, because somebody wants it so."""
    sky = game.world.sky
    sky.raining, sky.minutes = not sky.raining, 0
    show_weather(game)


def show_weather(game: Game) -> None:
    """Show everybody that the rain began or ended, and tell of it."""
    sky = game.world.sky
    toggle = msg.rain_toggle()
    for player in game.world.players.values():
        player.outlet.append(toggle)
    word = "rain" if sky.raining else "clear"
    for room in game.world.maps.values():
        if not is_dungeon(room):
            room.run_hook(room.set_variable, "weather", word)
    game.events.announce(WeatherChanged(map=EVERYWHERE, weather=word), "game")


def play_sounds(game: Game) -> None:
    """Let each map with somebody on it sound as it does in this weather, somewhere."""
    raining = game.world.sky.raining
    for room in game.world.maps.values():
        if not (room.population and room.data.sounds):
            continue
        sounds = [AmbientSound(one.dry_only, one.percent, one.sound) for one in room.data.sounds]
        wave = weather.ambient_sound(sounds, game.roll, raining=raining and not is_dungeon(room))
        if wave:
            packet = msg.play_wave(wave, game.roll(1, SIDE), game.roll(1, SIDE))
            for player in room.players():
                player.outlet.append(packet)


def is_dungeon(room: MapRoom) -> bool:
    """Tell whether a map lies under the ground, where no weather is."""
    return room.data.zone.upper() == DUNGEON

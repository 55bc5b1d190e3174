"""Creatures that serve: pets tamed and commanded, and those a trainer calls.

Who may be tamed and who obeys is in `rules/pets.py`.
"""

from __future__ import annotations

from functools import partial

from pyao.content.npcs import NpcKind
from pyao.game import Game
from pyao.protocol.client_packets import PetFollow, PetStand, ReleasePet, Train, TrainList
from pyao.protocol.enums import Font
from pyao.protocol.server_packets import ChatOverHead
from pyao.protocol.server_window_packets import TrainerCreatureList
from pyao.rules import deeds, ground, pets, social
from pyao.rules.character import Section
from pyao.rules.fight import Lesson
from pyao.rules.kinds import NpcRole, Skill
from pyao.rules.pets import Tamed
from pyao.tasks import creatures
from pyao.tasks.acts import Act, act, target_at
from pyao.tasks.creatures import may_stand, show_arrival, vanish
from pyao.tasks.growth import teach
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import find_townsman
from pyao.tasks.work import aimed
from pyao.world import Player
from pyao.world.npc import Npc

TRAINER_RANGE = 10
TRAINEES_MAX = 7
PET_RADIUS = 3


# --- taming and commands -----------------------------------------------------------------------


@aimed(Skill.TAMING)
def tame(turn: Turn, x: int, y: int) -> None:
    """Try to make the creature on a tile one's pet; another one takes its place in the wild."""
    game, player = turn.game, turn.player
    npc = target_at(turn.room, x, y)
    if not isinstance(npc, Npc) or not player.intervals.may_work(turn.now, game.options.intervals):
        return
    act(game, player, Act.WORK)
    answer = pets.tame(player, npc, [*player.pets, *player.waiting], game.roll)
    if not isinstance(answer, Tamed):
        turn.tell(answer.value)
        return
    tamed = answer is Tamed.TAMED
    turn.tell("tame.done" if tamed else "tame.failed")
    teach(game, player, [Lesson(Skill.TAMING, success=tamed)])
    if tamed:
        creatures.serve(player, npc)
        npc.trainer = None
        creatures.replace(game, npc)
        tend(game, player)


@on(PetStand)
def pet_stand(turn: Turn, _packet: PetStand) -> None:
    """Let the clicked pet stay where it is."""
    pet = obedient(turn)
    if pet is not None:
        pets.stay(pet)
        speak(turn, pet)


@on(PetFollow)
def pet_follow(turn: Turn, _packet: PetFollow) -> None:
    """Let the clicked pet leave what it does and follow."""
    pet = obedient(turn)
    if pet is not None:
        pets.come_back(pet)
        speak(turn, pet)


@on(ReleasePet)
def release_pet(turn: Turn, _packet: ReleasePet) -> None:
    """Let the clicked pet go for good."""
    pet = obedient(turn)
    if pet is not None:
        turn.player.clicked = None
        vanish(turn.game, pet)
        turn.tell("pet.released")


def obedient(turn: Turn) -> Npc | None:
    """Return the clicked pet if it obeys; tell why it does not."""
    pet = turn.player.clicked
    if not isinstance(pet, Npc) or pet.gone or pet.map != turn.player.map:
        turn.tell("action.no_target")
        return None
    problem = pets.check_command(turn.player, pet)
    if problem is not None:
        turn.tell(problem.value)
        return None
    return pet


def speak(turn: Turn, pet: Npc) -> None:
    """Let a pet say one of its phrases, if it has any."""
    phrases = pet.kind.phrases
    if phrases:
        phrase = phrases[turn.game.roll(1, len(phrases)) - 1]
        words = ChatOverHead(phrase, pet.index, *social.PLAYER_COLOR)
        turn.room.show(words.encode(turn.game.encoding), pet.zone)


# --- keeping up with the master ----------------------------------------------------------------


def tend(game: Game, player: Player) -> None:
    """Bring what belongs to a player after it: pets, and the claim to a creature.

    Pets die with their master, those that wait elsewhere too.
    """
    if player.owned is not None and player.owned.map != player.map:
        deeds.release(player)
    if not player.pets_recalled:
        recall(game, player)
    if player.dead:
        player.waiting.clear()
        for pet in list(player.pets):
            vanish(game, pet)
        player.pets.clear()
    else:
        keep_together(game, player)
    tamed = [pet.kind.number for pet in (*player.pets, *player.waiting) if not pet.dies_at]
    if pets.remember(player, tamed):
        game.world.mark(player, Section.FLAGS)


def keep_together(game: Game, player: Player) -> None:
    """Let pets follow to another map, where summoned ones vanish; tamed ones may have to wait."""
    for pet in [pet for pet in player.pets if pet.gone]:
        # It went with its master's log-out, or with its map when that was renewed.
        player.pets.remove(pet)
        player.waiting += [] if pet.dies_at else [pet]
    safe = game.world.maps[player.map].data.safe
    for pet in list(player.pets):
        if safe or pet.map != player.map:
            part(game, player, pet, safe=safe)
    if not safe:
        for pet in list(player.waiting):
            rejoin(game, player, pet)


def recall(game: Game, player: Player) -> None:
    """Let the creatures wait that a player had tamed when it was in the game last."""
    player.pets_recalled = True
    for number in pets.remembered(player):
        kind = game.world.data.npcs.get(number)
        if kind is not None:
            player.waiting.append(Npc.of(kind))


def part(game: Game, player: Player, pet: Npc, *, safe: bool) -> None:
    """Take a pet away from a place its master is not at, or where no pets may be."""
    vanish(game, pet)
    if pet.dies_at:
        game.tell(player, "pet.lost", Font.INFO, name=pet.kind.name)
        return
    player.waiting.append(pet)
    if safe:
        game.tell(player, "pet.waits", Font.INFO, name=pet.kind.name)


def rejoin(game: Game, player: Player, pet: Npc) -> None:
    """Put a tamed creature beside its master, if there is room for it."""
    room = game.world.maps[player.map]
    fits = partial(may_stand, game, room, pet)
    place = ground.nearest(player.x, player.y, fits, PET_RADIUS)
    if place is None:
        return
    player.waiting.remove(pet)
    game.world.jump_npc(pet, room, *place)
    creatures.serve(player, pet)


# --- trainers ----------------------------------------------------------------------------------


@on(TrainList, alive=True)
def train_list(turn: Turn, _packet: TrainList) -> None:
    """Show what a trainer can call."""
    trainer = find_townsman(turn, is_trainer, TRAINER_RANGE)
    if trainer is not None:
        turn.reply(TrainerCreatureList([one.name for one in trainer.kind.creatures]))


@on(Train, alive=True)
def train(turn: Turn, packet: Train) -> None:
    """Let a trainer call a creature of its list, while it has fewer than seven."""
    trainer = find_townsman(turn, is_trainer, TRAINER_RANGE)
    if trainer is None or not 1 <= packet.index <= len(trainer.kind.creatures):
        return
    called = sum(npc.trainer is trainer for npc in turn.room.npcs())
    if called >= TRAINEES_MAX:
        full = ChatOverHead(turn.text("train.full"), trainer.index, *social.PLAYER_COLOR)
        turn.reply(full)
        return
    kind = turn.world.data.npcs.get(trainer.kind.creatures[packet.index - 1].number)
    npc = None
    if kind is not None:
        npc = creatures.spawn(turn.game, kind, turn.room, trainer.x, trainer.y)
    if npc is not None:
        npc.trainer = trainer
        show_arrival(turn.game, npc)


def is_trainer(kind: NpcKind) -> bool:
    """Tell whether a townsman calls creatures to be practised on."""
    return kind.role == NpcRole.TRAINER

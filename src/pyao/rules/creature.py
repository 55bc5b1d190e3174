"""A living creature as the rules see it: what its kind says and what has happened to it.

State only; what it decides is in `npcs.py`. Users are named by their number, so that nothing here
keeps a character alive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from pyao.rules.kinds import Heading, Movement, NpcRole
from pyao.rules.records import CreatureFigures

GUARDS = (NpcRole.ROYAL_GUARD, NpcRole.CHAOS_GUARD)
WATER_ELEMENTAL, FIRE_ELEMENTAL, EARTH_ELEMENTAL = 92, 93, 94


@dataclass(slots=True, kw_only=True, eq=False)
class Creature:
    """One creature. `pool` is the experience it has not given yet, of `experience` in all."""

    kind: CreatureFigures
    hp: int
    experience: int = 0
    pool: int = 0
    map: int = 0
    x: int = 0
    y: int = 0
    heading: int = Heading.SOUTH

    movement: int = 0
    hostile: bool = False
    can_attack: bool = False  # once per period; all creatures get it back together
    attacked_by: int = 0  # the user it defends itself against
    foe: Creature | None = None  # the creature it fights
    master: int = 0  # the user whose pet it is
    owner: int = 0  # the user who fights it and whom it belongs to meanwhile
    owned_until: int = 0

    paralysed: bool = False
    immobilised: bool = False
    paralysis_steps: int = 0
    poisoned: bool = False
    dies_at: int = 0  # of a summoned one; 0 = no end
    path: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, kind: CreatureFigures, *, exp_percent: int = 100) -> Self:
        """Bring one of a kind to life, unhurt."""
        experience = kind.experience * exp_percent // 100
        return cls(
            kind=kind,
            hp=kind.max_hp,
            experience=experience,
            pool=experience,
            movement=kind.movement,
            hostile=kind.hostile,
        )

    @property
    def held(self) -> bool:
        """Paralysed or immobilised."""
        return self.paralysed or self.immobilised

    @property
    def guard(self) -> bool:
        """A guard of either side."""
        return self.kind.role in GUARDS

    @property
    def dragon(self) -> bool:
        """Of the kind that the dragon slayer slays."""
        return self.kind.role == NpcRole.DRAGON

    def provoke(self, user: int) -> None:
        """Defend itself against a user from now on; a pet forgives its master.

        Pretorians go on with what their clan needs.
        """
        if user != self.master:
            self.attacked_by = user
            self.hostile = True
            if self.kind.role != NpcRole.PRETORIAN:
                self.movement = Movement.DEFENDS

    def free(self) -> None:
        """Move and act again."""
        self.paralysed = self.immobilised = False
        self.paralysis_steps = 0

    def restore(self) -> None:
        """Go back to what the kind does and forget who attacked, unless there is a master."""
        if not self.master:
            self.movement = self.kind.movement
            self.hostile = self.kind.hostile
            self.attacked_by = 0

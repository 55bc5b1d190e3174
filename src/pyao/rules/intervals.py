"""How often one may act: hits, spells, shots, potions, items and work, checked together.

Follows ao-libre/ao-server, modNuevoTimer.bas, with the loophole of two spells around one hit
closed (`strict`). An action that comes too early is ignored and restarts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyao.rules.options import IntervalFigures

LONG_AGO = -(1 << 40)


@dataclass(slots=True)
class Intervals:
    """When one player last did what, in milliseconds."""

    hit: int = LONG_AGO
    cast: int = LONG_AGO
    bow: int = LONG_AGO
    hit_after_cast: int = LONG_AGO
    cast_after_hit: int = LONG_AGO
    potion: int = LONG_AGO
    use: int = LONG_AGO
    work: int = LONG_AGO

    def may_hit(self, now: int, figures: IntervalFigures) -> bool:
        """Strike in melee, if a shot, a spell and the last hit are long enough ago."""
        if not _past(now, self.bow, figures.bow, figures):
            return False
        soon = figures.hit_after_cast
        first = self.hit_after_cast <= self.cast and _past(now, self.cast, soon, figures)
        if first and (not figures.strict or _past(now, self.hit, soon, figures)):
            moment = max(now, self.cast + soon)
            if figures.strict:
                moment = max(moment, self.hit + soon)
            self.hit_after_cast = self.hit = self.potion = moment
            return True
        if _past(now, self.hit, figures.hit, figures):
            self.hit = self.potion = max(now, self.hit + figures.hit)
            return True
        return False

    def may_cast(self, now: int, figures: IntervalFigures) -> bool:
        """Cast, if a shot, a hit and the last spell are long enough ago."""
        if not _past(now, self.bow, figures.bow, figures):
            return False
        soon = figures.cast_after_hit
        first = self.cast_after_hit <= self.hit and _past(now, self.hit, soon, figures)
        if first and (not figures.strict or _past(now, self.cast, soon, figures)):
            moment = max(now, self.hit + soon)
            if figures.strict:
                moment = max(moment, self.cast + soon)
            self.cast_after_hit = self.cast = moment
            return True
        if _past(now, self.cast, figures.cast, figures):
            self.cast = max(now, self.cast + figures.cast)
            return True
        return False

    def may_shoot(self, now: int, figures: IntervalFigures) -> bool:
        """Release an arrow, if a hit, a spell and the last shot are long enough ago."""
        if (
            _past(now, self.hit, figures.hit, figures)
            and _past(now, self.cast, figures.cast, figures)
            and _past(now, self.bow, figures.bow, figures)
        ):
            self.bow = max(now, self.bow + figures.bow)
            return True
        return False

    def may_drink(self, now: int, figures: IntervalFigures) -> bool:
        """Drink a potion, if the last hit is long enough ago; only hits make one wait."""
        return _past(now, self.potion, figures.potion_after_hit, figures)

    def may_use(self, now: int, figures: IntervalFigures, *, consume: bool = True) -> bool:
        """Use an item. A bow is looked at without restarting the time (`consume` false)."""
        if not _past(now, self.use, figures.use, figures):
            return False
        if consume:
            self.use = max(now, self.use + figures.use)
        return True

    def may_work(self, now: int, figures: IntervalFigures) -> bool:
        """Fish, cut, mine, steal, craft, tame, smelt or hide."""
        if not _past(now, self.work, figures.work, figures):
            return False
        self.work = max(now, self.work + figures.work)
        return True


def _past(now: int, since: int, span: int, figures: IntervalFigures) -> bool:
    """Tell whether a time is over, give or take how unevenly a network may run.

    Never more than a quarter of it, so that what is quick stays in order.
    """
    return now - since >= span - min(figures.tolerance_ms, span // 4)

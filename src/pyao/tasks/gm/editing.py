"""Orders that change what a character is: /mod, life, names, mail, passwords.

Gold that /mod makes or destroys has its line in the ledger. Follows ao-libre/ao-server,
Protocol.bas.
"""

from __future__ import annotations

import secrets
from functools import partial

from pyao.accounts import AccountRecord, LoginRefusal, Why
from pyao.protocol.gm_packets import (
    GmAlterMail,
    GmAlterName,
    GmAlterPassword,
    GmEditChar,
    GmReviveChar,
)
from pyao.rules import death, edits
from pyao.rules.appearance import Look
from pyao.rules.character import Character, Section
from pyao.rules.edits import EXPERIENCE_MAX, LOOK_MAX, Field, may_edit, whole
from pyao.rules.inventory import GOLD_ITEM
from pyao.rules.leveling import gain_experience
from pyao.rules.names import name_key
from pyao.rules.orders import outranks
from pyao.rules.penalties import Kind
from pyao.rules.social import is_staff
from pyao.storage.ledger import NOBODY, of_bank, of_player
from pyao.tasks.belongings import show_figures
from pyao.tasks.gm.discipline import write_down
from pyao.tasks.gm.door import AT, Form, later, order, row_of
from pyao.tasks.gm.ranks import counsellors, demigods, gods
from pyao.tasks.gm.targets import anybody_lower, keep, name_in, present
from pyao.tasks.gm.travel import ONESELF, bring
from pyao.tasks.living import revive, show_growth, show_look, show_status
from pyao.tasks.turn import Turn
from pyao.world import Player


def by_word(_turn: Turn, parts: list[str]) -> list[str]:
    """Read NAME FIELD A B, the field by its word."""
    field = parts[1].upper() if len(parts) > 1 else ""
    known = edits.WORDS.get(field)
    return parts if known is None else [parts[0], str(int(known)), *parts[2:]]


@order(GmEditChar, "mod", counsellors("people.edit"), Form(fill=by_word))
def edit_char(turn: Turn, packet: GmEditChar) -> None:
    """Change one field of a character, in the game or not."""
    own, name = turn.player, name_in(packet.username)
    if name.upper() == ONESELF:
        name = own.name
    if packet.option not in tuple(Field):
        turn.tell("gm.mod_fields", words=" ".join(edits.WORDS))
        return
    field, oneself = Field(packet.option), turn.world.find(name) is own
    granted = "people.edit" in own.exceptions.granted
    if not (granted or may_edit(own.privileges, field, oneself=oneself)):
        turn.tell("gm.forbidden", order=f"mod {field.name.lower()}")
        return
    anybody_lower(turn, name, partial(apply_edit, turn, field, packet.arg1, packet.arg2))


def apply_edit(turn: Turn, field: Field, first: str, second: str, who: Character) -> None:
    """Change the field, write down what value that made, and show it."""
    before = (who.gold, who.bank_gold)
    if field in (Field.BODY, Field.EXPERIENCE, Field.POSITION):
        done = isinstance(who, Player) and edit_live(turn, field, first, who)
        if not isinstance(who, Player):
            turn.tell("chat.not_online", name=who.name)
            return
        dirty = Section.STATS if done else None
    else:
        dirty = edits.change(who, field, first, second, turn.game.options.ladder)
    if dirty is None:
        turn.tell("gm.bad_value", value=f"{first} {second}".strip())
        return
    account_for(turn, who, before)
    keep(turn, who, dirty)
    if isinstance(who, Player):
        show_look(turn.game, who)
        show_figures(turn.game, who)
        if field in (Field.NOBLE, Field.ASSASSIN):
            show_status(turn.game, who)
        if field is Field.BANK_GOLD:
            turn.game.tell(who, "gm.bank_changed", gold=who.bank_gold)
    turn.game.changes.snapshot()
    turn.tell("gm.changed", name=who.name, field=field.name.lower())


def edit_live(turn: Turn, field: Field, value: str, who: Player) -> bool:
    """Change what only one in the game has: body, more experience, place."""
    if field is Field.BODY:
        body = whole(value, 1, LOOK_MAX)
        if body is None:
            return False
        who.disguise = Look(body, who.look.head, who.look.weapon, who.look.shield, who.look.helmet)
        who.effects.mimicry_until = 2**62
        return True
    if field is Field.EXPERIENCE:
        amount = whole(value, 1, EXPERIENCE_MAX)
        if amount is None or who.dead:
            return False
        growth = gain_experience(who, amount, turn.game.roll, turn.game.options.ladder)
        show_growth(turn.game, who, growth)
        return True
    parts = [whole(part, 1, LOOK_MAX) for part in value.split("-")]
    if len(parts) != 3 or None in parts:  # noqa: PLR2004 - map, x, y
        return False
    map_number, x, y = (part or 0 for part in parts)
    return bring(turn, who, map_number, x, y)


def account_for(turn: Turn, who: Character, before: tuple[int, int]) -> None:
    """Write into the ledger what coins came into being or are gone."""
    held = ((of_player(who.user_id), who.gold), (of_bank(who.user_id), who.bank_gold))
    for (holder, now), was in zip(held, before, strict=True):
        if now != was:
            source, target = (NOBODY, holder) if now > was else (holder, NOBODY)
            turn.game.changes.record(
                "gm mod", who, GOLD_ITEM, abs(now - was), source=source, target=target
            )


@order(GmReviveChar, "revivir", demigods("people.edit"))
def revive_char(turn: Turn, packet: GmReviveChar) -> None:
    """Give a player life and all of its hit points."""
    target = (
        turn.player
        if name_in(packet.username).upper() == ONESELF
        else present(turn, packet.username)
    )
    if target is None:
        return
    was_dead = target.dead
    if was_dead:
        death.revive(target)
    target.hp = target.max_hp
    if was_dead:
        revive(turn.game, target)
    show_figures(turn.game, target)
    turn.world.mark(target, Section.STATS)
    turn.game.tell(target, "gm.revived_you", name=turn.player.name)
    turn.tell("gm.revived", name=target.name)


# --- accounts ------------------------------------------------------------------------------------


def has_keys_of(turn: Turn, account: AccountRecord) -> bool:
    """Tell whether the player may change how one gets into an account.

    Its own, and those of lower ranks: with the keys of one of its own rank it could act in that
    one's name.
    """
    own = turn.player
    if name_key(account.name) == name_key(own.account) or not is_staff(account.privileges):
        return True
    return outranks(account.privileges, own.privileges)


@order(GmAlterPassword, "apass", gods("accounts.manage", masters=False), AT, logged=False)
def alter_password(turn: Turn, packet: GmAlterPassword) -> None:
    """Give an account a new password that is told to the game master once.

    The classic order copies another one's password; a copy would let its owner in.
    """
    name = name_in(packet.username)
    account = turn.game.accounts.read(name)
    later(turn, account, partial(_new_password, turn, name))


def _new_password(turn: Turn, name: str, account: AccountRecord | None) -> None:
    if account is None:
        turn.tell("gm.nobody", name=name)
        return
    if not has_keys_of(turn, account):
        turn.tell("gm.higher_rank", name=name)
        return
    word = secrets.token_hex(5)
    row = row_of(turn, "apass", name)  # what was typed behind the name may be a password

    def tell(refusal: LoginRefusal | None) -> None:
        if refusal is None:
            turn.confide("gm.password", name=name, password=word)
        else:
            turn.tell("gm.not_now")

    later(turn, turn.game.accounts.set_password(name, word, [row]), tell)


@order(GmAlterMail, "aemail", gods("accounts.manage", masters=False), Form("-"), logged=False)
def alter_mail(turn: Turn, packet: GmAlterMail) -> None:
    """Change the mail address of an account."""
    name = name_in(packet.username)

    def change(account: AccountRecord | None) -> None:
        if account is None:
            turn.tell("gm.nobody", name=name)
        elif not has_keys_of(turn, account):
            turn.tell("gm.higher_rank", name=name)
        else:
            row = row_of(turn, "aemail", packet)
            work = turn.game.accounts.set_email(name, packet.email, [row])
            later(turn, work, lambda _account: turn.tell("gm.mail_changed", name=name))

    later(turn, turn.game.accounts.read(name), change)


@order(GmAlterName, "aname", gods("people.edit"), AT, logged=False)
def alter_name(turn: Turn, packet: GmAlterName) -> None:
    """Rename a character that is not in the game and of no guild."""
    old, new = name_in(packet.username), name_in(packet.new_name)
    if turn.world.find(old) is not None:
        turn.tell("gm.must_be_out", name=old)
        return
    row = row_of(turn, "aname", packet)

    def check(who: Character) -> None:
        if isinstance(who, Player):
            turn.tell("gm.must_be_out", name=old)
        elif turn.world.guilds.of(who.user_id) is not None:
            turn.tell("gm.in_guild", name=old)
        else:
            away = partial(still_away, turn, who)
            work = turn.game.accounts.rename(who, new, [row], away=away)
            later(turn, work, partial(_renamed, turn, who, who.name, new))

    anybody_lower(turn, old, check)


def still_away(turn: Turn, who: Character) -> bool:
    """Tell whether a character is not in the game; one that is just coming in is read anew."""
    away = who.user_id not in turn.world.players
    if away:
        turn.game.verdicts.edit(who.user_id)
    return away


def _renamed(turn: Turn, who: Character, old: str, new: str, refusal: LoginRefusal | None) -> None:
    if refusal is not None:
        in_game = refusal.why is Why.BUSY
        turn.tell("gm.must_be_out", name=old) if in_game else turn.tell("gm.name_taken", name=new)
        return
    write_down(turn, who.user_id, Kind.RENAMED, f"{old} > {new}")
    turn.tell("gm.renamed", name=old, new=new)

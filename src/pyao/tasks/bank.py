"""What players keep at the bank, things and gold; what may be moved is in `rules/vault.py`."""

from __future__ import annotations

from pyao.protocol.client_packets import (
    BankDeposit,
    BankDepositGold,
    BankEnd,
    BankExtractGold,
    BankExtractItem,
    BankStart,
    MoveBank,
    RequestAccountState,
)
from pyao.protocol.server_packets import UpdateBankGold
from pyao.protocol.server_window_packets import BankEnd as BankClosed
from pyao.protocol.server_window_packets import BankOk
from pyao.rules import vault
from pyao.rules.commerce import MERCHANT_RANGE
from pyao.rules.inventory import GOLD_ITEM
from pyao.rules.social import is_staff
from pyao.rules.vault import Moved, VaultProblem
from pyao.storage.ledger import of_bank, of_player
from pyao.tasks.belongings import show_gold, show_slots
from pyao.tasks.gambling import is_gambler, tell_house
from pyao.tasks.inventory import redress
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import (
    close_window,
    dealer_of,
    find_townsman,
    is_banker,
    open_vault,
    say,
    show_moved,
)
from pyao.world.npc import Npc

VOICE_RANGE = 10  # gold is asked for and brought by word


@on(BankStart, alive=True, cost=12)
def bank_start(turn: Turn, _packet: BankStart) -> None:
    """Open one's vault at the clicked banker, else at the nearest in view (/boveda)."""
    if turn.player.trading:
        turn.tell("action.trading")
        return
    banker = find_townsman(turn, is_banker, MERCHANT_RANGE)
    if banker is not None:
        open_vault(turn, banker)


@on(BankEnd)
def bank_end(turn: Turn, _packet: BankEnd) -> None:
    """Close the vault; the client waits for the word, and a second one does no harm."""
    if turn.player.dealer is None:
        turn.reply(BankClosed())
    close_window(turn.game, turn.player)


@on(BankDeposit, alive=True)
def bank_deposit(turn: Turn, packet: BankDeposit) -> None:
    """Put (part of) an inventory slot into the vault."""
    if dealer_of(turn, is_banker) is None:
        return
    moved = vault.deposit(turn.player, packet.slot, packet.amount, turn.world.data.items)
    if not isinstance(moved, Moved):
        refuse(turn, moved)
        return
    settle(turn, moved, moved.source, moved.target, "deposit")
    if moved.unequipped:
        redress(turn)


@on(BankExtractItem, alive=True)
def bank_extract_item(turn: Turn, packet: BankExtractItem) -> None:
    """Take (part of) a vault slot into the inventory."""
    if dealer_of(turn, is_banker) is None:
        return
    moved = vault.extract(turn.player, packet.slot, packet.amount)
    if not isinstance(moved, Moved):
        refuse(turn, moved)
        return
    settle(turn, moved, moved.target, moved.source, "extract")


def settle(turn: Turn, moved: Moved, bag_slot: int, vault_slot: int, cause: str) -> None:
    """Show what moved between bag and vault, write it down, and confirm it when stored."""
    show_slots(turn.game, turn.player, (bag_slot,))
    show_moved(turn.game, turn.player, (vault_slot,))
    note_move(turn, *moved.pile, deposit=cause == "deposit")
    turn.confirm(BankOk())


def note_move(turn: Turn, item: int, amount: int, *, deposit: bool) -> None:
    """Write into the ledger what went from a player to its vault or back."""
    player = turn.player
    bag, box = of_player(player.user_id), of_bank(player.user_id)
    cause, source, target = ("deposit", bag, box) if deposit else ("extract", box, bag)
    turn.game.changes.record(cause, player, item, amount, source=source, target=target)


@on(MoveBank, alive=True)
def move_bank(turn: Turn, packet: MoveBank) -> None:
    """Swap a vault slot with the one before (flag true) or behind it."""
    if dealer_of(turn, is_banker) is None:
        return
    other = packet.slot - 1 if packet.upwards else packet.slot + 1
    if vault.shift(turn.player, packet.slot, upwards=packet.upwards):
        show_moved(turn.game, turn.player, (packet.slot, other))
        turn.reply(BankOk())


@on(BankDepositGold, alive=True)
def bank_deposit_gold(turn: Turn, packet: BankDepositGold) -> None:
    """Bring gold to a banker in view (/depositar)."""
    move_gold(turn, packet.amount, deposit=True)


@on(BankExtractGold, alive=True)
def bank_extract_gold(turn: Turn, packet: BankExtractGold) -> None:
    """Ask a banker in view for gold (/retirar)."""
    move_gold(turn, packet.amount, deposit=False)


def move_gold(turn: Turn, amount: int, *, deposit: bool) -> None:
    """Move gold between purse and account, or let the banker say why not."""
    player = turn.player
    banker = find_townsman(turn, is_banker, VOICE_RANGE)
    if banker is None:
        return
    problem = (vault.deposit_gold if deposit else vault.extract_gold)(player, amount)
    if problem is not None:
        say(turn, banker, problem.value)
        return
    say(turn, banker, "bank.balance", gold=player.bank_gold)
    show_gold(turn.game, player)
    turn.reply(UpdateBankGold(player.bank_gold))
    note_move(turn, GOLD_ITEM, amount, deposit=deposit)
    turn.confirm(BankOk())


@on(RequestAccountState, alive=True)
def request_account_state(turn: Turn, _packet: RequestAccountState) -> None:
    """Let a banker say what one has there, or a gambler tell staff how it fares (/balance)."""
    clicked = turn.player.clicked
    if isinstance(clicked, Npc) and is_gambler(clicked.kind) and is_staff(turn.player.privileges):
        tell_house(turn, clicked)
        return
    banker = find_townsman(turn, is_banker, MERCHANT_RANGE)
    if banker is not None:
        say(turn, banker, "bank.balance", gold=turn.player.bank_gold)


def refuse(turn: Turn, problem: VaultProblem) -> None:
    """Tell why nothing moved, where there is something to tell."""
    if problem.value:
        turn.tell(problem.value)

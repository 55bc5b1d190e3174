"""Accounts: who may come in, with which password, and which characters are theirs.

Every door asks here. Sessions and the world are not known.
"""

from __future__ import annotations

from pyao.accounts.accounts import Accounts
from pyao.accounts.hashing import HasherBusy, PasswordHasher, UnreadableHash
from pyao.accounts.lockout import LockoutBook
from pyao.accounts.refusal import FOREVER, LoginRefusal, Refusal, Why, refusal_of
from pyao.accounts.tokens import Token, Tokens
from pyao.accounts.verdicts import Verdicts
from pyao.storage.records import AccountRecord

__all__ = [
    "FOREVER",
    "AccountRecord",
    "Accounts",
    "HasherBusy",
    "LockoutBook",
    "LoginRefusal",
    "PasswordHasher",
    "Refusal",
    "Token",
    "Tokens",
    "UnreadableHash",
    "Verdicts",
    "Why",
    "refusal_of",
]

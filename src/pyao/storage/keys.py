"""The only spelling of every stored key, and what stands under it.

The same keys exist in both back-ends; docs/storage.md is generated from this file, because people
read the store with redis-cli. No other module may build a key by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import quote, unquote

from pyao.rules.character import Section, UserId

Shape = Literal["hash", "string", "stream", "sorted set"]

AUDIT: Final = "audit"
RANKING: Final = "ranking:"

PARTS: Final[dict[Section, str]] = {
    Section.POSITION: "position",
    Section.STATS: "stats",
    Section.INVENTORY: "inventory",
    Section.SPELLS: "spells",
    Section.SKILLS: "skills",
    Section.BANK: "bank",
    Section.FLAGS: "flags",
    Section.PROFILE: "profile",
}


def name_part(name: str) -> str:
    """Write a compared name so that it can stand in a key: one to one, and never a separator.

    Everything but ASCII letters, digits and `_.-~` is percent-encoded, so no name can reach another
    name's key or a key of another kind, whatever bytes it holds.
    """
    return quote(name, safe="", errors="surrogatepass")


class RedisKeys:
    """Every key. Constants are whole keys, functions build one from ids and compared names."""

    CONFIG_SERVER: Final = "config:server:"
    CONFIG_SERVER_HOST: Final = "config:server:host"
    CONFIG_SERVER_PORT: Final = "config:server:port"
    CONFIG_SERVER_MAX_CONNECTIONS: Final = "config:server:max_connections"

    SERVER_CONNECTIONS_COUNT: Final = "server:connections:count"

    WORLD_SCHEMA: Final = "world:schema"
    WORLD_COMMIT: Final = "world:commit"
    WORLD_EPOCH: Final = "world:epoch"
    WORLD_OWNER: Final = "world:owner"
    WORLD_LAST_USER_ID: Final = "world:last_user_id"
    WORLD_MIGRATING: Final = "world:migrating"

    MOTD: Final = "staff:motd"

    @staticmethod
    def config_server(leaf: str) -> str:
        """Return the key of one setting kept in the store."""
        return f"config:server:{leaf}"

    @staticmethod
    def session_active(user_id: int) -> str:
        """Return the key of a character's session; it exists while the character is played."""
        return f"session:{user_id}:active"

    @staticmethod
    def session_last_seen(user_id: int) -> str:
        """Return the key of the time a character was last played, in unix seconds."""
        return f"session:{user_id}:last_seen"

    @staticmethod
    def player(user_id: int, part: str) -> str:
        """Return the key of one part of a character; the parts are named in `PARTS`."""
        return f"player:{user_id}:{part}"

    @staticmethod
    def player_position(user_id: int) -> str:
        """Return the key of a character's place."""
        return f"player:{user_id}:position"

    @staticmethod
    def player_stats(user_id: int) -> str:
        """Return the key of a character's figures."""
        return f"player:{user_id}:stats"

    @staticmethod
    def player_inventory(user_id: int) -> str:
        """Return the key of what a character carries."""
        return f"player:{user_id}:inventory"

    @staticmethod
    def account(name_key: str) -> str:
        """Return the key of an account, from its compared name."""
        return f"account:{name_part(name_key)}"

    @staticmethod
    def name(name_key: str) -> str:
        """Return the key that leads from a character's compared name to its number."""
        return f"name:{name_part(name_key)}"

    @staticmethod
    def token(digest: str) -> str:
        """Return the key that leads from a log-in token's SHA-256 to its account."""
        return f"token:{digest}"

    @staticmethod
    def lockout_account(name_key: str) -> str:
        """Return the key of an account's wrong passwords."""
        return f"lockout:account:{name_part(name_key)}"

    @staticmethod
    def lockout_address(address: str) -> str:
        """Return the key of an address's wrong passwords."""
        return f"lockout:address:{name_part(address)}"

    @staticmethod
    def map_ground(number: int) -> str:
        """Return the key of what lies on the ground of a map."""
        return f"map:{number}:ground"

    @staticmethod
    def guild(name_key: str, part: str) -> str:
        """Return the key of one part of a guild."""
        return f"guild:{name_part(name_key)}:{part}"

    @staticmethod
    def room_vars(room_id: str) -> str:
        """Return the key of a room's stored variables."""
        return f"room:{name_part(room_id)}:vars"

    @staticmethod
    def module_data(module: str, key: str) -> str:
        """Return the key of one record a module remembers."""
        return f"module:{name_part(module)}:{name_part(key)}"

    @staticmethod
    def penalties(user_id: int) -> str:
        """Return the key of what a character was punished for."""
        return f"staff:penalties:{user_id}"

    @staticmethod
    def banned_address(address: str) -> str:
        """Return the key of an address that is shut out."""
        return f"staff:address:{name_part(address)}"

    @staticmethod
    def staff_file(number: int) -> str:
        """Return the key of a file that staff keeps on a character."""
        return f"staff:file:{number}"

    @staticmethod
    def ranking(board: str) -> str:
        """Return the key of a ranking."""
        return f"{RANKING}{board}"

    @staticmethod
    def ranked(board: str, user_id: int) -> str:
        """Return the key of a character's score in a ranking, for a cut: see `Repository.best`."""
        return f"{RANKING}{board}:{user_id}"

    @staticmethod
    def ledger_balance(kind: str, number: str) -> str:
        """Return the key of what trimmed lines of the ledger add up to for one holder."""
        return f"ledger:{kind}:{number}"


def unquoted(key: str) -> list[str]:
    """Return the parts of a key as they were before they were made fit for one."""
    return [unquote(part, errors="surrogatepass") for part in key.split(":")]


def character_keys(user_id: UserId) -> list[str]:
    """Return the keys that together hold one character."""
    return [RedisKeys.player(user_id, part) for part in PARTS.values()]


def is_live(key: str) -> bool:
    """Return whether a key is true only while a server lives: never copied, reset at start."""
    if key in {RedisKeys.SERVER_CONNECTIONS_COUNT, RedisKeys.WORLD_OWNER}:
        return True
    return key.startswith("session:") and key.endswith(":active")


@dataclass(frozen=True, slots=True)
class KeyKind:
    """One line of the reference page."""

    pattern: str
    shape: Shape
    lifetime: str
    purpose: str


_KEPT = "kept"
_LIVE = "live: goes when the server dies"

KINDS: Final[tuple[KeyKind, ...]] = (
    KeyKind(
        "config:server:{setting}",
        "string",
        "kept; never written by the server",
        "A setting by its leaf name (host, port, max_connections, motd, …), read at start and "
        "looked at every 2 s; lists are separated by commas, lines of the motd by line ends",
    ),
    KeyKind(
        "server:connections:count", "string", _LIVE, "Clients connected now; set, never counted up"
    ),
    KeyKind(
        "session:{user_id}:active",
        "hash",
        _LIVE,
        "Exists while the character is played: name, account, address, since",
    ),
    KeyKind(
        "session:{user_id}:last_seen", "string", _KEPT, "When it was last played, in unix seconds"
    ),
    KeyKind("player:{user_id}:position", "hash", _KEPT, "Where it stands: map, x, y, heading"),
    KeyKind("player:{user_id}:stats", "hash", _KEPT, "Level, life, gold, attributes, reputation"),
    KeyKind("player:{user_id}:inventory", "hash", _KEPT, "What it carries, a field per slot"),
    KeyKind("player:{user_id}:spells", "hash", _KEPT, "The spell book, a field per slot"),
    KeyKind("player:{user_id}:skills", "hash", _KEPT, "Free points, and a field per skill"),
    KeyKind("player:{user_id}:bank", "hash", _KEPT, "What lies in its vault, a field per slot"),
    KeyKind("player:{user_id}:flags", "hash", _KEPT, "Poisoned, sailing, muted, in jail, …"),
    KeyKind("player:{user_id}:profile", "hash", _KEPT, "Name, account, race, class, looks"),
    KeyKind(
        "account:{name}",
        "hash",
        _KEPT,
        "Password hash, e-mail, privileges, permissions granted and denied, ban (until when, why), "
        "a field per character, and one per log-in token: issued:expires:renewable:door",
    ),
    KeyKind(
        "token:{sha256}",
        "hash",
        "kept until it is renewed, withdrawn or dropped for newer ones",
        "The account a log-in token belongs to; the token itself is stored nowhere",
    ),
    KeyKind("name:{name}", "hash", _KEPT, "From a character's name to user_id and account"),
    KeyKind("lockout:account:{name}", "hash", _KEPT, "Wrong passwords in a row: failures, until"),
    KeyKind("lockout:address:{address}", "hash", _KEPT, "Wrong passwords from there, as above"),
    KeyKind("map:{number}:ground", "hash", _KEPT, "What lies on the ground of a map"),
    KeyKind(
        "guild:{name}:{part}",
        "hash",
        _KEPT,
        "A guild: profile (name, alignment, founder, leader, texts), members, former members and "
        "applicants by number, notices for those who were refused while they were away, votes, "
        "relations and proposals of other guilds",
    ),
    KeyKind("room:{id}:vars", "hash", _KEPT, "Stored variables of a room"),
    KeyKind(
        "module:{module}:{key}",
        "hash",
        _KEPT,
        "What a module remembers; with a leading `_` the server's own (boards, polls, bets)",
    ),
    KeyKind(
        "staff:penalties:{user_id}",
        "hash",
        _KEPT,
        "What a character was punished for, a field per entry: when, by, kind and reason, with a "
        "bar between them",
    ),
    KeyKind(
        "staff:address:{address}", "hash", _KEPT, "An address that is shut out: when, by, reason"
    ),
    KeyKind(
        "staff:file:{number}",
        "hash",
        _KEPT,
        "What staff follows up of a character: name, when, by, reason, a field per note",
    ),
    KeyKind("staff:motd", "hash", _KEPT, "The message of the day as written in the game"),
    KeyKind(
        "ranking:{board}",
        "sorted set",
        _KEPT,
        "Who is ranked by level, kills or gold: the number of each character with its score (a "
        "level counts 2^32 and the experience is added). SQLite has a row for each character, "
        "`ranking:{board}:{user_id}`",
    ),
    KeyKind("world:schema", "string", _KEPT, "Version of this layout"),
    KeyKind("world:commit", "string", _KEPT, "Number of the last snapshot that was written"),
    KeyKind("world:epoch", "string", _KEPT, "Grows with each server that takes the world"),
    KeyKind(
        "world:owner",
        "hash",
        "renewed every second, gone 5 s after the server died (Redis)",
        "The server that owns the world: host, pid, since",
    ),
    KeyKind("world:last_user_id", "string", _KEPT, "The highest character number given out"),
    KeyKind("world:migrating", "string", "during a migration", "A copy that is not complete yet"),
    KeyKind(
        "ledger:{kind}:{number}",
        "hash",
        _KEPT,
        "What the trimmed lines of the ledger add up to for one holder (player, bank, map): an "
        "amount per item",
    ),
    KeyKind(
        "audit",
        "stream",
        "the newest `ledger_lines` lines",
        "What staff did, and the ledger: a line per movement of value with when, tick, cause, who, "
        "item, amount, from, to; without `from` it came into being, without `to` it is gone",
    ),
)

PREFIXES: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(kind.pattern.split(":")[0] + ":" for kind in KINDS if kind.pattern != AUDIT)
)

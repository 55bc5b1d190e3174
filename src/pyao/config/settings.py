"""Every setting of the server: name, default, unit, range and a sentence.

The tree is plain data. Where values come from is load.py; the reference page, the commented files
and the checks are derived from what stands here, so a new setting is one field and nothing else.
Leaf names are unique in the whole tree: `max_connections` is also PYAO_MAX_CONNECTIONS.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, PrivateAttr, model_validator

from pyao.config.declaring import (
    Address,
    AddressList,
    Lines,
    Number,
    Pairs,
    PortList,
    TextList,
    Whole,
)
from pyao.config.declaring import Group as _Group
from pyao.config.declaring import lower as _lower
from pyao.config.declaring import setting as _setting
from pyao.config.declaring import upper as _upper
from pyao.config.effect_settings import EffectsSettings
from pyao.config.rule_settings import RulesSettings

_REDIS_URL = r"^(redis|rediss|unix)://\S+$"


class ServerSettings(_Group):
    """The listening sockets and what one client may cost."""

    host: AddressList = _setting(
        ["0.0.0.0"],  # noqa: S104 - a game server is there to be reached; documented default
        "Addresses to listen on, IPv4 or IPv6.",
        expects='addresses or host names, as a list or separated by commas ("0.0.0.0, ::")',
        traits=("option",),
        min_length=1,
        max_length=16,
    )
    port: Whole = _setting(
        7666,
        "TCP port for game clients; 0 picks a free one.",
        traits=("option",),
        ge=0,
        le=65_535,
    )
    fallback_ports: PortList = _setting(
        [],
        "Ports tried in this order when `port` is taken.",
        expects="port numbers from 1 to 65535, as a list or separated by commas",
        max_length=16,
    )
    max_connections: Whole = _setting(
        3000,
        "Clients at the same time; one more is told that the server is full and let go.",
        unit="clients",
        live=True,
        ge=1,
        le=100_000,
    )
    connections_per_address: Whole = _setting(
        3,
        "Clients at the same time from one address; 0 is no limit. Raise it for players behind one "
        "router.",
        unit="clients",
        live=True,
        ge=0,
        le=100_000,
    )
    accept_spacing_ms: Whole = _setting(
        200,
        "Least time between two connections from one address; 0 is no limit.",
        unit="ms",
        live=True,
        ge=0,
        le=60_000,
    )
    limit_loopback: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Apply the limits per address to this machine itself too.",
        live=True,
    )
    login_deadline_s: Number = _setting(
        10,
        "A client that has not sent one whole packet by then is let go.",
        unit="s",
        live=True,
        ge=0.05,
        le=600,
    )
    idle_minutes: Number = _setting(
        5,
        "A player who sends nothing for so long is logged out; 0 is never.",
        unit="min",
        live=True,
        ge=0,
        le=1440,
    )
    idle_ignores_ping: bool = _setting(
        True,  # noqa: FBT003 - the value of a setting
        "A ping is no sign that a player is there.",
        live=True,
    )
    lobby_idle_minutes: Number = _setting(
        10,
        "A connected client that is not in the game may be silent for so long; 0 is for ever.",
        unit="min",
        live=True,
        ge=0,
        le=1440,
    )
    packet_rate: Whole = _setting(
        40,
        "Packets a client may send for long; above it the server reads slower, then lets the "
        "client go. 0 turns the limit off.",
        unit="packets/s",
        live=True,
        ge=0,
        le=100_000,
    )
    packet_burst: Whole = _setting(
        80,
        "Packets a client may send at once before `packet_rate` counts.",
        unit="packets",
        live=True,
        ge=1,
        le=100_000,
    )
    outbox_kib: Whole = _setting(
        256,
        "Bytes that may wait for one slow client; a client with more is let go.",
        unit="KiB",
        live=True,
        ge=16,
        le=65_536,
    )
    send_stall_s: Number = _setting(
        10,
        "A client that takes nothing for so long although bytes wait for it is let go.",
        unit="s",
        live=True,
        ge=0.05,
        le=600,
    )
    grace_s: Number = _setting(
        10,
        "Time a stopping server gives itself to tell everybody and to save.",
        unit="s",
        live=True,
        ge=0,
        le=600,
    )
    tls_cert: Path | None = _setting(
        None,
        "Certificate chain (PEM); together with `tls_key` it turns TLS on for every client (in the "
        "Godot client: Use SSL).",
        expects="the path of a PEM file",
    )
    tls_key: Path | None = _setting(
        None, "Private key (PEM) of `tls_cert`.", expects="the path of a PEM file"
    )
    text_encoding: Literal["ascii", "latin-1", "utf-8"] = _setting(
        "ascii",
        "Encoding of text sent to clients; the Godot client shows only ASCII faithfully on every "
        "system.",
    )
    flush_min_ms: Whole = _setting(
        0,
        "Shortest wait before crowd traffic is written; 0 is the end of the current loop pass.",
        unit="ms",
        live=True,
        ge=0,
        le=1000,
    )
    flush_max_ms: Whole = _setting(
        48,
        "Longest wait of crowd traffic, reached at 40,000 packets a second: up to a quarter of it "
        "(6.5 ms at most) until the loop looks at what came in, the rest until what is shown of it "
        "is written. Below 12,000 nothing waits.",
        unit="ms",
        live=True,
        ge=0,
        le=1000,
    )
    udp_enabled: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Ask for the UDP door. This version has none and says so at start.",
    )
    udp_port: Whole | None = _setting(
        None, "Port of the UDP door; needed when `udp_enabled` is on.", ge=1, le=65_535
    )

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if (self.tls_cert is None) != (self.tls_key is None):
            given, missing = ("tls_cert", "tls_key") if self.tls_cert else ("tls_key", "tls_cert")
            raise ValueError(f"{given} is set but {missing} is not: set both, or none for no TLS")
        if self.flush_min_ms > self.flush_max_ms:
            raise ValueError(
                f"flush_min_ms {self.flush_min_ms} is above flush_max_ms {self.flush_max_ms}: "
                "lower the one or raise the other"
            )
        if self.udp_enabled and self.udp_port is None:
            raise ValueError("udp_enabled is on but udp_port is not set: set it, or turn UDP off")
        return self


class StorageSettings(_Group):
    """Where the world is kept, and how often it is written."""

    storage: Annotated[Literal["auto", "sqlite", "redis"], BeforeValidator(_lower)] = _setting(
        "auto",
        "The store: SQLite in the data folder, Redis, or auto (Redis when `redis_url` answers "
        "within half a second, else SQLite; the choice is remembered).",
        traits=("option", "early"),
    )
    redis_url: str = _setting(
        "redis://localhost:6379/0",
        "The Redis server and database.",
        expects="redis://[user:password@]host[:port][/database], rediss://… or unix://…",
        traits=("option", "early", "secret"),
        pattern=_REDIS_URL,
        max_length=1024,
    )
    snapshot_ms: Whole = _setting(
        1000,
        "Period of the snapshots: what a crash may lose at most.",
        unit="ms",
        live=True,
        ge=20,
        le=60_000,
    )
    take_over: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Start although another server seems to own this world; that one can no longer write then.",
        traits=("option", "early"),
    )
    ledger_lines: Whole = _setting(
        500_000,
        "How many lines of the audit are kept (about 200 bytes each); what older lines of the "
        "ledger add up to is carried forward.",
        live=True,
        ge=1000,
        le=100_000_000,
    )
    commit_wait_s: Number = _setting(
        2,
        "How long the confirmation of a trade or deposit waits for a store that is away before it "
        "is refused.",
        unit="s",
        live=True,
        ge=0.05,
        le=60,
    )


class GameSettings(_Group):
    """What players meet: language, characters, who may enter."""

    language: Annotated[Literal["es", "en"], BeforeValidator(_lower)] = _setting(
        "es", "Language of the texts the server sends to players."
    )
    dice_mode: Annotated[Literal["classic", "fixed", "range"], BeforeValidator(_lower)] = _setting(
        "classic",
        "How attributes are thrown: classic dice, always `dice_fixed`, or evenly from `dice_min` "
        "to `dice_max`.",
        live=True,
    )
    dice_fixed: Whole = _setting(
        18, "Every attribute under dice_mode fixed.", live=True, ge=1, le=50
    )
    dice_min: Whole = _setting(
        18, "Lowest attribute under dice_mode range.", live=True, ge=1, le=50
    )
    dice_max: Whole = _setting(
        20, "Highest attribute under dice_mode range.", live=True, ge=1, le=50
    )
    start_mode: Annotated[Literal["home", "fixed"], BeforeValidator(_lower)] = _setting(
        "home",
        "Where new characters appear: in their home town, or at `start_map`, `start_x`, `start_y`.",
        live=True,
    )
    start_map: Whole = _setting(
        1, "Map of new characters under start_mode fixed.", live=True, ge=1, le=32_767
    )
    start_x: Whole = _setting(
        50,
        "Column of new characters under start_mode fixed.",
        unit="tiles",
        live=True,
        ge=1,
        le=100,
    )
    start_y: Whole = _setting(
        50, "Row of new characters under start_mode fixed.", unit="tiles", live=True, ge=1, le=100
    )
    second_login: Annotated[Literal["kick", "refuse"], BeforeValidator(_lower)] = _setting(
        "kick",
        "When an account logs in a second time: end the first session, or refuse the second.",
        live=True,
    )
    creation_enabled: bool = _setting(
        True,  # noqa: FBT003 - the value of a setting
        "Allow new characters.",
        live=True,
    )
    staff_only: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Let only game masters in; others are told that the server is closed for maintenance.",
        live=True,
    )
    check_version: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Refuse clients whose version is not `client_version`.",
        live=True,
    )
    client_version: str = _setting(
        "0.13.0",
        "Version asked for when `check_version` is on.",
        live=True,
        pattern=r"^\d{1,3}\.\d{1,3}\.\d{1,3}$",
        expects='a version of three numbers in quotes, such as "0.13.0"',
    )
    lockout_failures: Whole = _setting(
        5,
        "Wrong passwords in a row before a character is locked; 0 is never.",
        live=True,
        ge=0,
        le=1000,
    )
    lockout_s: Whole = _setting(
        60, "How long a character stays locked.", unit="s", live=True, ge=1, le=86_400
    )
    lockout_ip_failures: Whole = _setting(
        10,
        "Wrong passwords from one address before it is locked; 0 is never.",
        live=True,
        ge=0,
        le=100_000,
    )
    lockout_ip_s: Whole = _setting(
        600, "How long an address stays locked.", unit="s", live=True, ge=1, le=86_400
    )
    password_min_chars: Whole = _setting(
        3,
        "Least length of a new password; the Godot client lets players type no less than 3.",
        unit="characters",
        live=True,
        ge=3,
        le=64,
    )
    token_minutes: Whole = _setting(
        1440,
        "How long a log-in token of the web and message doors is good for.",
        unit="minutes",
        live=True,
        ge=1,
        le=525_600,
    )
    token_renew_days: Whole = _setting(
        30,
        "For how long after its issue such a token can be exchanged for a new one.",
        unit="days",
        live=True,
        ge=0,
        le=3650,
    )
    logout_s: Whole = _setting(
        10, "Count of /salir outside safe zones.", unit="s", live=True, ge=0, le=600
    )
    ground_minutes: Whole = _setting(
        16,
        "What players leave lying on the ground vanishes after so long; 0 = never.",
        unit="minutes",
        ge=0,
        le=100_000,
        live=True,
    )
    chat_max_chars: Whole = _setting(
        255,
        "Longest line of talk; the rest is cut off.",
        unit="characters",
        live=True,
        ge=1,
        le=1000,
    )
    motd: Lines = _setting(
        [],
        "Message of the day, a line each; empty shows the one of the world.",
        live=True,
        expects="lines of text, as a list or as one text with line breaks",
        max_length=20,
    )
    explicit_area_leave: bool = _setting(
        True,  # noqa: FBT003 - the value of a setting
        "Tell clients to remove what leaves their view; off only for clients that do so by "
        "themselves.",
    )
    spell_macro: bool = _setting(
        True,  # noqa: FBT003 - the value of a setting
        "Players may let a macro cast their spells. Off lets a client go that reports its own with "
        "packet 29, USE_SPELL_MACRO, and tells the staff; the Godot client never does.",
        live=True,
    )
    trade_window: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Clients have a window for trade between players and read packet 86, "
        "CHANGE_USER_TRADE_SLOT. The Godot client does not: the console tells it of offers.",
        live=True,
    )

    @model_validator(mode="after")
    def _agree(self) -> Self:
        if self.dice_min > self.dice_max:
            raise ValueError(
                f"dice_min {self.dice_min} is above dice_max {self.dice_max}: "
                "lower the one or raise the other"
            )
        return self


class LogSettings(_Group):
    """What is written about what happens."""

    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_upper)
    ] = _setting("INFO", "Least weight of what is logged.", live=True, traits=("option",))
    log_format: Annotated[Literal["auto", "console", "json"], BeforeValidator(_lower)] = _setting(
        "auto",
        "Shape of log lines; auto is console on a terminal and json elsewhere.",
        traits=("option",),
    )
    log_file: Path | None = _setting(
        None,
        "Write the log to this file, not the terminal; a name without a folder lies in `logs`.",
        expects="the path of a file",
    )
    log_file_mib: Whole = _setting(
        50,
        "When the log file is larger it becomes NAME.1, NAME.1 becomes NAME.2 and so on; 0 lets it "
        "grow, for those who have another program for that.",
        unit="MiB",
        ge=0,
        le=1_048_576,
    )
    log_files_kept: Whole = _setting(
        5, "How many such older log files are kept.", unit="files", ge=0, le=1_000
    )
    log_packets: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Log every packet by name at DEBUG, in and out; costs speed, never shows passwords.",
        live=True,
    )
    record_to: Path | None = _setting(
        None,
        "At each start, make a folder in this one and record there what clients send and are sent, "
        "for `pyao-server replay`; it has all they say to each other, but no passwords.",
        expects="the path of a folder",
    )
    record_mib: Whole = _setting(
        256, "A recording ends when it is that large.", unit="MiB", ge=1, le=1_048_576
    )


class ModulesSettings(_Group):
    """Which modules are loaded, in which order."""

    modules_mapping: Pairs = _setting(
        {},
        "Short names of modules and the module files they stand for.",
        expects="pairs of short name and file name without .py, as a table or as a=b, c=d",
        max_length=256,
    )
    modules_load_order: TextList = _setting(
        [],
        "Modules to load, in this order; dependencies still come first.",
        expects="module names, as a list or separated by commas",
        max_length=256,
    )
    modules_watch: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Reload a module when its file changes.",
        live=True,
    )


class RoomsSettings(_Group):
    """What a room is when its creator says nothing."""

    rooms_public: bool = _setting(
        True,  # noqa: FBT003 - the value of a setting
        "New rooms are listed for everybody.",
        live=True,
    )
    rooms_broadcast: bool = _setting(
        True,  # noqa: FBT003 - the value of a setting
        "Rooms send changed variables to their members at all.",
        live=True,
    )
    rooms_broadcast_default: bool = _setting(
        False,  # noqa: FBT003 - the value of a setting
        "Variables are sent to the members of their room unless said otherwise.",
        live=True,
    )


class WatchSettings(_Group):
    """What the server shows of itself to those who watch it."""

    metrics_enabled: bool = _setting(
        True,  # noqa: FBT003 - the value of a setting
        "Answer `/metrics`, `/healthz` and `/readyz` over HTTP.",
    )
    metrics_host: Address = _setting(
        "127.0.0.1",
        "Address those pages are answered on; they ask for no password.",
        expects="an address of this machine",
    )
    metrics_port: Whole = _setting(
        9766,
        "TCP port of those pages; 0 picks a free one, and so does a port that is taken.",
        ge=0,
        le=65_535,
    )
    stall_ms: Whole = _setting(
        100,
        "Name in the log what kept the server from ticking for longer than this; 0 is never.",
        unit="milliseconds",
        live=True,
        ge=0,
        le=60_000,
    )


class Settings(_Group):
    """All settings of one server, checked and unchangeable; `load_settings` makes one."""

    data_dir: Path = _setting(
        Path("data"),
        "Folder of everything the server writes, and of the imported world.",
        expects="the path of a folder",
        traits=("option", "early"),
    )
    world: str = _setting(
        "auto",
        "The world to serve: starter, a compiled world file, a folder of world text, or auto (the "
        "imported world of the data folder if there is one, else the starter world).",
        expects="auto, starter, or the path of a compiled world file or of a folder of text",
        traits=("option", "early"),
        min_length=1,
        max_length=4096,
    )
    server: ServerSettings = ServerSettings()
    storage: StorageSettings = StorageSettings()
    game: GameSettings = GameSettings()
    rules: RulesSettings = RulesSettings()
    effects: EffectsSettings = EffectsSettings()
    log: LogSettings = LogSettings()
    modules: ModulesSettings = ModulesSettings()
    rooms: RoomsSettings = RoomsSettings()
    watch: WatchSettings = WatchSettings()

    _sources: Mapping[str, str] = PrivateAttr(default_factory=dict)
    _warnings: tuple[str, ...] = PrivateAttr(default=())

    @property
    def settings_sources(self) -> Mapping[str, str]:
        """Where each value came from, by leaf name; a leaf that is missing has its default."""
        return self._sources

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the operator should read once at start, a sentence each."""
        return self._warnings

    def with_notes(self, sources: Mapping[str, str], warnings: tuple[str, ...]) -> Settings:
        """Return the same values with their sources and warnings noted."""
        noted = self.model_copy()
        noted._sources = dict(sources)  # noqa: SLF001 - its own kind
        noted._warnings = warnings  # noqa: SLF001 - its own kind
        return noted

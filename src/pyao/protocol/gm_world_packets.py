"""Staff commands about creatures, items, maps and the server, in id order.

Sub-commands of client packet GM_COMMANDS, as those in gm_packets.py.
"""

from __future__ import annotations

from pyao.protocol.packet import ClientPacket, gm_packet
from pyao.protocol.packet_id import GmCommandID
from pyao.protocol.wire import I16, U8, Str


@gm_packet(GmCommandID.CREATURES_IN_MAP)
class GmCreaturesInMap(ClientPacket):
    """List the creatures of a map."""

    map: I16


@gm_packet(GmCommandID.KILL_NPC)
class GmKillNpc(ClientPacket):
    """Kill the clicked creature; it will come back."""


@gm_packet(GmCommandID.NPC_FOLLOW)
class GmNpcFollow(ClientPacket):
    """The clicked creature follows the sender."""


@gm_packet(GmCommandID.SPAWN_LIST_REQUEST)
class GmSpawnListRequest(ClientPacket):
    """Ask which creatures can be called."""


@gm_packet(GmCommandID.SPAWN_CREATURE)
class GmSpawnCreature(ClientPacket):
    """Call a creature of the last SPAWN_LIST."""

    index: I16


@gm_packet(GmCommandID.RESET_NPC_INVENTORY)
class GmResetNpcInventory(ClientPacket):
    """Restock the clicked merchant."""


@gm_packet(GmCommandID.CLEAN_WORLD)
class GmCleanWorld(ClientPacket):
    """Clear away what lies about in the world."""


@gm_packet(GmCommandID.TELEPORT_CREATE)
class GmTeleportCreate(ClientPacket):
    """Open a teleport to a place, on the tile in front."""

    map: I16
    x: U8
    y: U8
    radius: U8


@gm_packet(GmCommandID.TELEPORT_DESTROY)
class GmTeleportDestroy(ClientPacket):
    """Close the clicked teleport."""


@gm_packet(GmCommandID.RAIN_TOGGLE)
class GmRainToggle(ClientPacket):
    """Let it rain, or stop it."""


@gm_packet(GmCommandID.FORCE_MIDI_TO_MAP)
class GmForceMidiToMap(ClientPacket):
    """Play a piece of music on a map."""

    midi: U8
    map: I16


@gm_packet(GmCommandID.FORCE_WAVE_TO_MAP)
class GmForceWaveToMap(ClientPacket):
    """Play a sound at a place of a map."""

    wave: U8
    map: I16
    x: U8
    y: U8


@gm_packet(GmCommandID.TALK_AS_NPC)
class GmTalkAsNpc(ClientPacket):
    """Speak through the clicked creature."""

    text: Str


@gm_packet(GmCommandID.DESTROY_ALL_ITEMS_IN_AREA)
class GmDestroyAllItemsInArea(ClientPacket):
    """Destroy everything that lies nearby."""


@gm_packet(GmCommandID.ITEMS_IN_THE_FLOOR)
class GmItemsInTheFloor(ClientPacket):
    """List what lies on the map."""


@gm_packet(GmCommandID.DUMP_IP_TABLES)
class GmDumpIpTables(ClientPacket):
    """Dump the table of connections."""


@gm_packet(GmCommandID.SET_TRIGGER)
class GmSetTrigger(ClientPacket):
    """Set the trigger of the own tile."""

    trigger: U8


@gm_packet(GmCommandID.ASK_TRIGGER)
class GmAskTrigger(ClientPacket):
    """Show the trigger of the own tile."""


@gm_packet(GmCommandID.BANNED_IP_LIST)
class GmBannedIpList(ClientPacket):
    """List the banned addresses."""


@gm_packet(GmCommandID.BANNED_IP_RELOAD)
class GmBannedIpReload(ClientPacket):
    """Read the banned addresses again."""


@gm_packet(GmCommandID.CREATE_ITEM)
class GmCreateItem(ClientPacket):
    """Make an item on the own tile."""

    object: I16


@gm_packet(GmCommandID.DESTROY_ITEMS)
class GmDestroyItems(ClientPacket):
    """Destroy what lies on the own tile."""


@gm_packet(GmCommandID.FORCE_MIDI_ALL)
class GmForceMidiAll(ClientPacket):
    """Play a piece of music for everybody."""

    midi: U8


@gm_packet(GmCommandID.FORCE_WAVE_ALL)
class GmForceWaveAll(ClientPacket):
    """Play a sound for everybody."""

    wave: U8


@gm_packet(GmCommandID.TILE_BLOCKED_TOGGLE)
class GmTileBlockedToggle(ClientPacket):
    """Block or free the own tile."""


@gm_packet(GmCommandID.KILL_NPC_NO_RESPAWN)
class GmKillNpcNoRespawn(ClientPacket):
    """Kill the clicked creature for good."""


@gm_packet(GmCommandID.KILL_ALL_NEARBY_NPCS)
class GmKillAllNearbyNpcs(ClientPacket):
    """Kill all creatures nearby."""


@gm_packet(GmCommandID.CHANGE_MOTD)
class GmChangeMotd(ClientPacket):
    """Ask for the message of the day, to edit it."""


@gm_packet(GmCommandID.SET_MOTD)
class GmSetMotd(ClientPacket):
    """Replace the message of the day."""

    text: Str


@gm_packet(GmCommandID.CREATE_NPC)
class GmCreateNpc(ClientPacket):
    """Make a creature that will not come back."""

    npc: I16


@gm_packet(GmCommandID.CREATE_NPC_WITH_RESPAWN)
class GmCreateNpcWithRespawn(ClientPacket):
    """Make a creature that comes back when killed."""

    npc: I16


@gm_packet(GmCommandID.IMPERIAL_ARMOUR)
class GmImperialArmour(ClientPacket):
    """Choose the item of one royal army armour."""

    index: U8
    object: I16


@gm_packet(GmCommandID.CHAOS_ARMOUR)
class GmChaosArmour(ClientPacket):
    """Choose the item of one chaos legion armour."""

    index: U8
    object: I16


@gm_packet(GmCommandID.NAVIGATE_TOGGLE)
class GmNavigateToggle(ClientPacket):
    """Sail or stop sailing, without a boat."""


@gm_packet(GmCommandID.SERVER_OPEN_TO_USERS_TOGGLE)
class GmServerOpenToUsersToggle(ClientPacket):
    """Let in staff only, or everybody again."""


@gm_packet(GmCommandID.TURN_OFF_SERVER)
class GmTurnOffServer(ClientPacket):
    """Shut the server down."""


@gm_packet(GmCommandID.TOGGLE_CENTINEL_ACTIVATED)
class GmToggleCentinelActivated(ClientPacket):
    """Switch the sentinel that looks for bots."""


@gm_packet(GmCommandID.DO_BACKUP)
class GmDoBackup(ClientPacket):
    """Save the world now."""


@gm_packet(GmCommandID.SAVE_MAP)
class GmSaveMap(ClientPacket):
    """Save the changed map."""


@gm_packet(GmCommandID.SHOW_SERVER_FORM)
class GmShowServerForm(ClientPacket):
    """Open the server window."""


@gm_packet(GmCommandID.NIGHT)
class GmNight(ClientPacket):
    """Let night fall, or end it."""


@gm_packet(GmCommandID.RELOAD_NPCS)
class GmReloadNpcs(ClientPacket):
    """Read the creature definitions again."""


@gm_packet(GmCommandID.RELOAD_SERVER_INI)
class GmReloadServerIni(ClientPacket):
    """Read the settings again."""


@gm_packet(GmCommandID.RELOAD_SPELLS)
class GmReloadSpells(ClientPacket):
    """Read the spell definitions again."""


@gm_packet(GmCommandID.RELOAD_OBJECTS)
class GmReloadObjects(ClientPacket):
    """Read the item definitions again."""


@gm_packet(GmCommandID.RESTART)
class GmRestart(ClientPacket):
    """Restart the server."""


@gm_packet(GmCommandID.RESET_AUTO_UPDATE)
class GmResetAutoUpdate(ClientPacket):
    """Reset the client's automatic update."""


@gm_packet(GmCommandID.IGNORED)
class GmIgnored(ClientPacket):
    """Creatures take no notice of the sender, or do again."""


@gm_packet(GmCommandID.SET_INI_VAR)
class GmSetIniVar(ClientPacket):
    """Change one setting."""

    section: Str
    variable: Str
    value: Str


@gm_packet(GmCommandID.CREATE_PRETORIAN_CLAN)
class GmCreatePretorianClan(ClientPacket):
    """Place the pretorian group."""

    map: I16
    x: U8
    y: U8


@gm_packet(GmCommandID.REMOVE_PRETORIAN_CLAN)
class GmRemovePretorianClan(ClientPacket):
    """Remove the pretorian group."""

    map: I16


@gm_packet(GmCommandID.SET_DIALOG)
class GmSetDialog(ClientPacket):
    """What the clicked creature says."""

    text: Str


@gm_packet(GmCommandID.IMPERSONATE)
class GmImpersonate(ClientPacket):
    """Become the clicked creature."""


@gm_packet(GmCommandID.IMITATE)
class GmImitate(ClientPacket):
    """Take the look of the clicked creature."""

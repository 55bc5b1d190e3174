"""One builder per server packet: `msg.character_move(char_index, x, y)` returns its bytes.

A builder takes the fields of the packet of the same name, by position or by keyword, and encodes
text as ASCII; use `encode(encoding)` of the packet class for another. Out of range is a ValueError
that names field and range. Coded messages are the `multi_...` builders.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ParamSpec

from pyao.protocol import multi_messages as multi
from pyao.protocol import server_packets as packets
from pyao.protocol import server_window_packets as windows
from pyao.protocol.layout import STRUCT_REFUSALS, Layout, wrong_value
from pyao.protocol.packet import ServerPacket
from pyao.protocol.text import encode_text

Q = ParamSpec("Q")


def builder(packet: Callable[Q, ServerPacket]) -> Callable[Q, bytes]:
    """Return the function that takes the fields of a packet class and returns its bytes."""
    if not (isinstance(packet, type) and issubclass(packet, ServerPacket)):
        raise TypeError(f"{packet!r} is not a server packet")
    layout: Layout = packet.layout
    if layout.flat is None:

        def write(*args: Q.args, **kwargs: Q.kwargs) -> bytes:
            if kwargs:
                return packet(*args, **kwargs).encode()
            return layout.write(args, encode_text)

        return write

    pack = partial(layout.flat.pack, *layout.prefix)

    def pack_flat(*args: Q.args, **kwargs: Q.kwargs) -> bytes:
        if kwargs:
            return packet(*args, **kwargs).encode()
        try:
            return pack(*args)
        except STRUCT_REFUSALS as error:
            raise wrong_value(layout.owner, layout.fields, args, error) from None

    return pack_flat


_PLACE = 7  # where heading, x and y stand in a CHARACTER_CREATE, a byte each

logged = builder(packets.Logged)
remove_dialogs = builder(packets.RemoveDialogs)
remove_char_dialog = builder(packets.RemoveCharDialog)
navigate_toggle = builder(packets.NavigateToggle)
disconnect = builder(packets.Disconnect)
commerce_end = builder(windows.CommerceEnd)
bank_end = builder(windows.BankEnd)
commerce_init = builder(windows.CommerceInit)
bank_init = builder(windows.BankInit)
user_commerce_init = builder(windows.UserCommerceInit)
user_commerce_end = builder(windows.UserCommerceEnd)
user_offer_confirm = builder(packets.UserOfferConfirm)
commerce_chat = builder(windows.CommerceChat)
show_blacksmith_form = builder(windows.ShowBlacksmithForm)
show_carpenter_form = builder(windows.ShowCarpenterForm)
update_sta = builder(packets.UpdateSta)
update_mana = builder(packets.UpdateMana)
update_hp = builder(packets.UpdateHp)
update_gold = builder(packets.UpdateGold)
update_bank_gold = builder(packets.UpdateBankGold)
update_exp = builder(packets.UpdateExp)
change_map = builder(packets.ChangeMap)
pos_update = builder(packets.PosUpdate)
chat_over_head = builder(packets.ChatOverHead)
console_msg = builder(packets.ConsoleMsg)
guild_chat = builder(packets.GuildChat)
show_message_box = builder(packets.ShowMessageBox)
user_index_in_server = builder(packets.UserIndexInServer)
user_char_index_in_server = builder(packets.UserCharIndexInServer)
character_create = builder(packets.CharacterCreate)


def character_elsewhere(created: bytes, heading: int, x: int, y: int) -> bytes:
    """Return a CHARACTER_CREATE as it is after the character has gone to another place."""
    return created[:_PLACE] + bytes((heading, x, y)) + created[_PLACE + 3 :]


character_remove = builder(packets.CharacterRemove)
character_change_nick = builder(packets.CharacterChangeNick)
character_move = builder(packets.CharacterMove)
force_char_move = builder(packets.ForceCharMove)
character_change = builder(packets.CharacterChange)
object_create = builder(packets.ObjectCreate)
object_delete = builder(packets.ObjectDelete)
block_position = builder(packets.BlockPosition)
play_midi = builder(packets.PlayMidi)
play_wave = builder(packets.PlayWave)
guild_list = builder(windows.GuildList)
area_changed = builder(packets.AreaChanged)
pause_toggle = builder(packets.PauseToggle)
rain_toggle = builder(packets.RainToggle)
create_fx = builder(packets.CreateFx)
update_user_stats = builder(packets.UpdateUserStats)
work_request_target = builder(packets.WorkRequestTarget)
change_inventory_slot = builder(packets.ChangeInventorySlot)
change_bank_slot = builder(windows.ChangeBankSlot)
change_spell_slot = builder(packets.ChangeSpellSlot)
atributes = builder(packets.Atributes)
blacksmith_weapons = builder(windows.BlacksmithWeapons)
blacksmith_armors = builder(windows.BlacksmithArmors)
carpenter_objects = builder(windows.CarpenterObjects)
rest_ok = builder(packets.RestOk)
error_msg = builder(packets.ErrorMsg)
blind = builder(packets.Blind)
dumb = builder(packets.Dumb)
show_signal = builder(windows.ShowSignal)
change_npc_inventory_slot = builder(windows.ChangeNpcInventorySlot)
update_hunger_and_thirst = builder(packets.UpdateHungerAndThirst)
fame = builder(packets.Fame)
mini_stats = builder(packets.MiniStats)
level_up = builder(packets.LevelUp)
add_forum_msg = builder(windows.AddForumMsg)
show_forum_form = builder(windows.ShowForumForm)
set_invisible = builder(packets.SetInvisible)
dice_roll = builder(packets.DiceRoll)
meditate_toggle = builder(packets.MeditateToggle)
blind_no_more = builder(packets.BlindNoMore)
dumb_no_more = builder(packets.DumbNoMore)
send_skills = builder(packets.SendSkills)
trainer_creature_list = builder(windows.TrainerCreatureList)
guild_news = builder(windows.GuildNews)
offer_details = builder(windows.OfferDetails)
aliance_proposals_list = builder(windows.AlianceProposalsList)
peace_proposals_list = builder(windows.PeaceProposalsList)
character_info = builder(windows.CharacterInfo)
guild_leader_info = builder(windows.GuildLeaderInfo)
guild_member_info = builder(windows.GuildMemberInfo)
guild_details = builder(windows.GuildDetails)
show_guild_fundation_form = builder(windows.ShowGuildFundationForm)
paralize_ok = builder(packets.ParalizeOk)
show_user_request = builder(windows.ShowUserRequest)
trade_ok = builder(windows.TradeOk)
bank_ok = builder(windows.BankOk)
change_user_trade_slot = builder(windows.ChangeUserTradeSlot)
send_night = builder(packets.SendNight)
pong = builder(packets.Pong)
update_tag_and_status = builder(packets.UpdateTagAndStatus)
spawn_list = builder(windows.SpawnList)
show_sos_form = builder(windows.ShowSosForm)
show_motd_edition_form = builder(windows.ShowMotdEditionForm)
show_gm_panel_form = builder(windows.ShowGmPanelForm)
user_name_list = builder(windows.UserNameList)
show_denounces = builder(windows.ShowDenounces)
record_list = builder(windows.RecordList)
record_details = builder(windows.RecordDetails)
show_guild_align = builder(windows.ShowGuildAlign)
show_party_form = builder(windows.ShowPartyForm)
update_strenght_and_dexterity = builder(packets.UpdateStrenghtAndDexterity)
update_strenght = builder(packets.UpdateStrenght)
update_dexterity = builder(packets.UpdateDexterity)
add_slots = builder(packets.AddSlots)
multi_dont_see_anything = builder(multi.MultiDontSeeAnything)
multi_npc_swing = builder(multi.MultiNpcSwing)
multi_npc_kill_user = builder(multi.MultiNpcKillUser)
multi_blocked_with_shield_user = builder(multi.MultiBlockedWithShieldUser)
multi_blocked_with_shield_other = builder(multi.MultiBlockedWithShieldOther)
multi_user_swing = builder(multi.MultiUserSwing)
multi_safe_mode_on = builder(multi.MultiSafeModeOn)
multi_safe_mode_off = builder(multi.MultiSafeModeOff)
multi_resuscitation_safe_off = builder(multi.MultiResuscitationSafeOff)
multi_resuscitation_safe_on = builder(multi.MultiResuscitationSafeOn)
multi_nobility_lost = builder(multi.MultiNobilityLost)
multi_cant_use_while_meditating = builder(multi.MultiCantUseWhileMeditating)
multi_npc_hit_user = builder(multi.MultiNpcHitUser)
multi_user_hit_npc = builder(multi.MultiUserHitNpc)
multi_user_attacked_swing = builder(multi.MultiUserAttackedSwing)
multi_user_hitted_by_user = builder(multi.MultiUserHittedByUser)
multi_user_hitted_user = builder(multi.MultiUserHittedUser)
multi_work_request_target = builder(multi.MultiWorkRequestTarget)
multi_have_killed_user = builder(multi.MultiHaveKilledUser)
multi_user_kill = builder(multi.MultiUserKill)
multi_earn_exp = builder(multi.MultiEarnExp)
multi_home = builder(multi.MultiHome)
multi_cancel_home = builder(multi.MultiCancelHome)
multi_finish_home = builder(multi.MultiFinishHome)
stop_working = builder(packets.StopWorking)
cancel_offer_item = builder(windows.CancelOfferItem)

"""Doors as Seam's devices and entrances; pure."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

from msgspec import UNSET

from rekey.dialects.seam import wire
from rekey.dialects.seam.translate import instant
from rekey.domain.code_rules import CodeRule, CodeRules
from rekey.domain.door_contact import DoorContact, Trouble
from rekey.domain.estate import Door, Site
from rekey.operations.stays import HOLDS_STAYS
from rekey.ports.door_driver import Ability, DoorState, KeypadLimits

DEVICE_TYPE = "controlbyweb_device"
"""The listed type that comes nearest to a door behind a relay; clients know no free one."""
CAN_LOCK, CAN_UNLOCK = "can_remotely_lock", "can_remotely_unlock"
BELONGS = "can_belong_to_reservation"
CAN_CODE = "can_program_online_access_codes"
CAN_OFFLINE = "can_program_offline_access_codes"
UNSEEN = DoorState(online=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A door with all that is shown of it: where, how it is now, what it can do, and what was noted."""

    door: Door
    site: Site
    state: DoorState
    able: frozenset[str]
    simulated: bool = False
    metadata: dict[str, str | bool] = field(default_factory=dict)
    space_ids: tuple[str, ...] = ()
    severed_at: datetime | None = None
    contact: DoorContact | None = None
    keypad: KeypadLimits | None = None
    has_pool: bool = False
    reported: dict[str, str] = field(default_factory=dict)


def able_to(abilities: frozenset[Ability]) -> frozenset[str]:
    """Name the capability flags that are true."""
    flags = {
        CAN_LOCK: Ability.SET_MODE,
        CAN_UNLOCK: Ability.OPEN,
        "can_configure_auto_lock": Ability.OPEN,
        CAN_CODE: Ability.KEYPAD,
        CAN_OFFLINE: Ability.COMPUTES_CODES,
        "can_unlock_with_code": Ability.KEYPAD,
    }
    return frozenset(flag for flag, ability in flags.items() if ability in abilities)


def opened_with(abilities: frozenset[Ability]) -> frozenset[str]:
    """Name the flags that are true of a door as an entrance: a cloud key is a word to this server."""
    flags = {
        "can_unlock_with_card": Ability.READER,
        "can_unlock_with_cloud_key": Ability.OPEN,
        "can_unlock_with_code": Ability.KEYPAD,
        "can_unlock_with_mobile_key": Ability.READER,
    }
    stays = frozenset({BELONGS} if abilities & HOLDS_STAYS else ())
    return stays | frozenset(flag for flag, ability in flags.items() if ability in abilities)


def account_of(door: Door, workspace_id: str) -> str:
    """Give the account that a door belongs to; the server's own doors are those of the workspace's account."""
    return door.upstream_id or workspace_id


def show_device(shown: Shown, *, workspace_id: str) -> wire.Device:
    """Show a managed door as a device."""
    door, site, able = shown.door, shown.site, shown.able
    simulated = shown.simulated
    return wire.Device(
        device_id=door.id,
        workspace_id=workspace_id,
        connected_account_id=account_of(door, workspace_id),
        device_type=DEVICE_TYPE,
        display_name=door.name,
        nickname=door.name,
        is_managed=True,
        can_remotely_lock=CAN_LOCK in able,
        can_remotely_unlock=CAN_UNLOCK in able,
        can_configure_auto_lock="can_configure_auto_lock" in able,
        can_program_online_access_codes=CAN_CODE in able,
        can_program_offline_access_codes=CAN_OFFLINE in able,
        can_unlock_with_code="can_unlock_with_code" in able,
        can_simulate_connection=simulated,
        can_simulate_disconnection=simulated,
        can_simulate_hub_connection=simulated,
        can_simulate_hub_disconnection=simulated,
        can_simulate_paid_subscription=simulated,
        can_simulate_removal=simulated,
        capabilities_supported=capabilities(able),
        properties=_show_properties(shown),
        location=_show_location(site),
        custom_metadata=shown.metadata,
        space_ids=[*shown.space_ids],
        errors=device_errors(shown),
        warnings=[],
        created_at=instant(door.created_at),
    )


def show_unmanaged(shown: Shown, *, workspace_id: str) -> wire.UnmanagedDevice:
    """Show a door that is seen and not managed here."""
    door, able = shown.door, shown.able
    return wire.UnmanagedDevice(
        device_id=door.id,
        workspace_id=workspace_id,
        connected_account_id=account_of(door, workspace_id),
        device_type=DEVICE_TYPE,
        display_name=door.name,
        is_managed=False,
        can_remotely_lock=CAN_LOCK in able,
        can_remotely_unlock=CAN_UNLOCK in able,
        can_program_online_access_codes=CAN_CODE in able,
        can_program_offline_access_codes=CAN_OFFLINE in able,
        can_unlock_with_code="can_unlock_with_code" in able,
        capabilities_supported=capabilities(able),
        properties=wire.UnmanagedProperties(name=door.name, online=shown.state.online, model=_model(door)),
        location=_show_location(shown.site),
        custom_metadata=shown.metadata,
        errors=device_errors(shown),
        warnings=[],
        created_at=instant(door.created_at),
    )


def capabilities(able: frozenset[str]) -> list[str]:
    return ["lock", "access_code"] if able & {CAN_CODE, CAN_OFFLINE} else ["lock"]


def device_errors(shown: Shown) -> list[wire.Problem]:
    """Say what keeps a door from being moved now; what is wrong with its account comes down to it."""
    errors = _account_errors(shown)
    trouble = shown.state.trouble
    # A door of an account that is lost is not asked, so nothing is known of the door itself.
    if trouble is None and not shown.state.online and shown.severed_at is None:
        trouble = Trouble.UNREACHABLE
    if trouble is not None:
        errors.append(_trouble(trouble, _since(shown, trouble)))
    return errors


def _since(shown: Shown, trouble: Trouble) -> datetime:
    """Say when a trouble began: as it was noted, else when the door was last seen."""
    if shown.contact is not None and shown.contact.trouble is trouble:
        return shown.contact.since
    return shown.state.seen_at or shown.door.created_at


def _account_errors(shown: Shown) -> list[wire.Problem]:
    if shown.severed_at is None:
        return []
    lost = wire.Problem(
        error_code="account_disconnected",
        message="The account of this door is disconnected: sign in to it again.",
        created_at=instant(shown.severed_at),
        is_connected_account_error=True,
        is_device_error=False,
    )
    return [lost]


def _trouble(trouble: Trouble, since: datetime) -> wire.Problem:
    code, message = trouble_of(trouble)
    return wire.Problem(error_code=code, message=message, created_at=instant(since), is_device_error=True)


def trouble_of(trouble: Trouble) -> tuple[str, str]:
    """Name a trouble and say it; total over Trouble."""
    match trouble:
        case Trouble.UNREACHABLE:
            return "device_offline", "The door cannot be reached."
        case Trouble.DISCONNECTED:
            return "device_disconnected", "The door is disconnected."
        case Trouble.HUB_DISCONNECTED:
            return "hub_disconnected", "The hub of this door is disconnected."
        case Trouble.REMOVED:
            return "device_removed", "The door was removed from its account."
        case Trouble.UNPAID:
            return "subscription_required", "The door's subscription has run out."
        case _:
            assert_never(trouble)


def _show_location(site: Site) -> wire.Location:
    return wire.Location(location_name=site.name, time_zone=site.time_zone, timezone=site.time_zone)


def _model(door: Door) -> wire.Model:
    return wire.Model(display_name=door.driver, manufacturer_display_name=door.driver)


def _show_properties(shown: Shown) -> wire.DeviceProperties:
    door, state, keypad = shown.door, shown.state, shown.keypad
    properties = wire.DeviceProperties(
        online=state.online,
        name=door.name,
        appearance=wire.Appearance(name=door.name),
        model=_model(door),
        locked=state.locked if state.online and state.locked is not None else UNSET,
        door_open=state.open if state.online and state.open is not None else UNSET,
    )
    if "can_configure_auto_lock" in shown.able:
        properties.auto_lock_enabled = True
        properties.auto_lock_delay_seconds = door.settings.open_seconds
    if keypad is not None:
        properties.online_access_codes_enabled = bool(keypad.lengths)
        properties.offline_access_codes_enabled = CAN_OFFLINE in shown.able
        properties.supports_offline_access_codes = CAN_OFFLINE in shown.able
        properties.supported_code_lengths = [*keypad.lengths]
        properties.max_active_codes_supported = UNSET if keypad.most is None else keypad.most
        properties.code_constraints = [_constraint(rule, keypad.rules) for rule in sorted(keypad.rules.rules)]
        properties.supports_backup_access_code_pool = True
        properties.backup_access_code_pool_enabled = shown.has_pool
    return properties


def _constraint(rule: CodeRule, rules: CodeRules) -> wire.CodeConstraint:
    constraint = wire.CodeConstraint(constraint_type=rule.value)
    if rule is CodeRule.NAME_LENGTH:
        constraint.min_length, constraint.max_length = rules.shortest_name, rules.longest_name
    return constraint


def show_entrance(shown: Shown, *, workspace_id: str) -> wire.AcsEntrance:
    """Show a door as an entrance."""
    return wire.AcsEntrance(
        acs_entrance_id=shown.door.id,
        acs_system_id=shown.door.site_id,
        connected_account_id=account_of(shown.door, workspace_id),
        display_name=shown.door.name,
        can_belong_to_reservation=BELONGS in shown.able,
        can_unlock_with_card="can_unlock_with_card" in shown.able,
        can_unlock_with_cloud_key="can_unlock_with_cloud_key" in shown.able,
        can_unlock_with_code="can_unlock_with_code" in shown.able,
        can_unlock_with_mobile_key="can_unlock_with_mobile_key" in shown.able,
        space_ids=[*shown.space_ids],
        hotek_metadata=shown.reported or UNSET,
        errors=_account_errors(shown),
        warnings=[],
        created_at=instant(shown.door.created_at),
    )

"""Brands of doors: this server has one, its own drivers."""

from rekey.dialects.seam.errors import InvalidInput
from rekey.dialects.seam.kit import Call, Kit
from rekey.dialects.seam.replies import reply_ok
from rekey.dialects.seam.translate_doors import CAN_CODE, CAN_LOCK, CAN_OFFLINE, CAN_UNLOCK, able_to
from rekey.dialects.seam.wire_accounts import DeviceProvider
from rekey.domain.estate import zone_named
from rekey.domain.role import Permission
from rekey.operations.edit_noted_door import NoteDoors, note_doors
from rekey.webkit.message import Reply

PROVIDER = "controlbyweb"
CATEGORIES = ("stable", "consumer_smartlocks")
_IMAGE = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
_METADATA = ("omnitec_metadata", "schlage_metadata", "ultraloq_metadata")


class Providers:
    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def list(self, call: Call) -> Reply:
        """List what this server's drivers can do, as the one brand that clients know for a relay."""
        await self._kit.read(call, Permission.ESTATE_READ, _nothing)
        category = call.args.text("provider_category")
        shown = [self._own()] if category is None or category in CATEGORIES else []
        return reply_ok(device_providers=shown)

    async def report_metadata(self, call: Call) -> Reply:
        """Note time zones that were reported of doors; a door here goes by the zone of its site."""
        notes: dict[str, dict[str, object]] = {}
        for reported in call.args.objects("devices"):
            device_id = reported.get("device_id")
            if not isinstance(device_id, str):
                raise InvalidInput({"devices": ["Required device_id"]})
            kept = {name: dict(reported[name]) for name in _METADATA if isinstance(reported.get(name), dict)}
            for metadata in kept.values():
                _require_zone(metadata.get("time_zone"))
            notes[device_id.lower()] = {"provider_metadata": kept}
        await self._kit.perform(call, note_doors, NoteDoors(namespace="seam", notes=notes))
        return reply_ok()

    def _own(self) -> DeviceProvider:
        drivers = self._kit.services.core.drivers
        able = frozenset(flag for driver in drivers.values() for flag in able_to(driver.abilities))
        sandbox = self._kit.settings.sandbox
        return DeviceProvider(
            device_provider_name=PROVIDER,
            display_name="Rekey",
            image_url=_IMAGE,
            provider_categories=[*CATEGORIES],
            can_remotely_lock=CAN_LOCK in able,
            can_remotely_unlock=CAN_UNLOCK in able,
            can_configure_auto_lock="can_configure_auto_lock" in able,
            can_program_online_access_codes=CAN_CODE in able,
            can_program_offline_access_codes=CAN_OFFLINE in able,
            can_unlock_with_code="can_unlock_with_code" in able,
            can_simulate_connection=sandbox,
            can_simulate_disconnection=sandbox,
            can_simulate_hub_connection=sandbox,
            can_simulate_hub_disconnection=sandbox,
            can_simulate_paid_subscription=sandbox,
            can_simulate_removal=sandbox,
        )


def _require_zone(zone: object) -> None:
    try:
        zone_named(zone if isinstance(zone, str) else "")
    except ValueError as unknown:
        raise InvalidInput({"devices": ["Invalid time_zone"]}) from unknown


async def _nothing(_view: object) -> None:
    """Look at nothing, where only the permission is asked for."""

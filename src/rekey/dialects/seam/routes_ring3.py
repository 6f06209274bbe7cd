"""The part of the route table that is not about access; no driver here offers it, so it is not described."""

from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.letters import LETTERS
from rekey.dialects.seam.policy import READ
from rekey.dialects.seam.ring3 import Elsewhere
from rekey.dialects.seam.rows import DELETE, DEVICE_FILTERS, GET, PATCH, PUT, Handler, Row, ident

_PARTS = ("/cameras/", "/media/", "/noise_sensors/", "/thermostats/")
_LISTS = {
    "/noise_sensors/list": "noise_sensors",
    "/thermostats/list": "thermostats",
    "/noise_sensors/noise_thresholds/list": "noise_thresholds",
    "/thermostats/schedules/list": "schedules",
}
_READS = ("get", "list")
_REMOVALS = ("delete", "delete_climate_preset")
_UPDATES = ("update", "update_climate_preset", "set_temperature_threshold")
_BOTH = "/noise_sensors/noise_thresholds/update"


def ring3_rows(kit: Kit) -> tuple[Row, ...]:
    """Make the rows of this part."""
    elsewhere = Elsewhere(kit)
    paths = sorted(path for path in LETTERS if path.startswith(_PARTS))
    return tuple(_row(elsewhere, path) for path in paths)


def _row(elsewhere: Elsewhere, path: str) -> Row:
    named = _LISTS.get(path)
    handler: Handler = elsewhere.refuse if named is None else getattr(elsewhere, named)
    takes = DEVICE_FILTERS if path.count("/") == 2 and named is not None else (ident("device_id"),)
    verb, also = _verbs(path)
    return Row(path, verb, READ, handler, takes, also=also, hidden=True)


def _verbs(path: str) -> tuple[str | None, str | None]:
    last = path.rpartition("/")[2]
    if path == _BOTH:
        return PUT, PATCH
    if last in _READS:
        return GET, None
    if last in _REMOVALS:
        return DELETE, None
    return (PATCH, None) if last in _UPDATES else (None, None)

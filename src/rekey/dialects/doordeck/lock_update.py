"""PUT /device/{id} as steps of the core: the door's own settings, what is noted beside it, what the caller likes."""

from datetime import time
from urllib.parse import urlsplit

from msgspec import UNSET, UnsetType

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.kit import VIA
from rekey.dialects.doordeck.lock_wire import LocationRequirement, LockUpdate, SettingsUpdate, TimeRequirement
from rekey.domain.conditions import UsageWindow
from rekey.domain.document import DocumentBody, DocumentValue
from rekey.domain.schedule import Weekday, WeeklyWindow
from rekey.operations.annotate import Annotate, AnnotatedKind, KeepPreference, annotate, keep_preference
from rekey.operations.do_together import Step
from rekey.operations.edit_door import EditDoor, edit_door

# What is shown beside a door and decides nothing; a location too, since no request of this wire API carries one.
_LOCATION = ("latitude", "longitude", "enabled", "radius", "accuracy")
_NOTED = ("delay", "tx_beacon_rssi", "rx_beacon_rssi", "proximity_unlock")


def steps_of(update: LockUpdate, lock_id: str) -> tuple[Step, ...]:
    """Give the steps that an update asks for, none for an empty one. Raises: BadRequest."""
    steps: list[Step] = []
    settings = update.settings or SettingsUpdate()
    edit = _edit(settings, lock_id)
    if edit != EditDoor(door_id=lock_id):
        steps.append(Step(operation=edit_door, wanted=edit))
    notes = _notes(settings)
    if notes:
        wanted = Annotate(kind=AnnotatedKind.DOOR, id=lock_id, namespace=VIA, changes=notes)
        steps.append(Step(operation=annotate, wanted=wanted))
    liked = _liked(update)
    if liked:
        preference = KeepPreference(thing_id=lock_id, namespace=VIA, changes=liked)
        steps.append(Step(operation=keep_preference, wanted=preference))
    return tuple(steps)


def _liked(update: LockUpdate) -> DocumentBody:
    liked: DocumentBody = {}
    if not isinstance(update.name, UnsetType):
        liked["name"] = None if update.name is None else _alias(update.name)
    if update.favourite is not None:
        liked["favourite"] = update.favourite
    if update.colour is not None:
        liked["colour"] = update.colour
    return liked


def _alias(name: str) -> str:
    if not name.strip():
        raise BadRequest("name must not be blank: send null to show the default name again")
    return name.strip()


def _edit(settings: SettingsUpdate, lock_id: str) -> EditDoor:
    # The vendor's pages spell it in the singular, its client in the plural.
    addresses = settings.permitted_addresses
    if addresses is None:
        addresses = settings.permitted_address
    requirements = settings.usage_requirements
    hours = None if requirements is None else requirements.time
    return EditDoor(
        door_id=lock_id,
        name=settings.default_name,
        hidden=settings.hidden,
        permitted_addresses=None if addresses is None else tuple(addresses),
        usage_windows=None if hours is None else tuple(_window(one) for one in hours),
    )


def _window(asked: TimeRequirement) -> UsageWindow:
    try:
        window = WeeklyWindow(
            days=frozenset(Weekday[day] for day in asked.days),
            start=time.fromisoformat(asked.start),
            end=time.fromisoformat(asked.end),
        )
    except ValueError as malformed:
        raise BadRequest("usageRequirements.time must hold times HH:mm and at least one day") from malformed
    return UsageWindow(window, asked.timezone)


def _notes(settings: SettingsUpdate) -> DocumentBody:
    notes: DocumentBody = {name: value for name in _NOTED if (value := getattr(settings, name)) is not None}
    if settings.direct_access_endpoints is not None:
        notes["direct_access_endpoints"] = [_endpoint(url) for url in settings.direct_access_endpoints]
    for name, status in (settings.capabilities or {}).items():
        notes[f"capability:{name}"] = status
    requirements = settings.usage_requirements
    if requirements is not None and requirements.location is not UNSET:
        notes |= _location(requirements.location)
    return notes


def _location(asked: LocationRequirement | UnsetType | None) -> DocumentBody:
    """Give what changes; members that are left out stay as they are, and null takes all of them away."""
    if not isinstance(asked, LocationRequirement):
        return dict.fromkeys((f"location:{name}" for name in _LOCATION), None)
    given = {name: getattr(asked, name) for name in _LOCATION}
    return {f"location:{name}": value for name, value in given.items() if value is not None}


def _endpoint(url: str) -> DocumentValue:
    try:
        read = urlsplit(url)
        # Reading the port is what finds a wrong one.
        sound = read.scheme in {"http", "https"} and bool(read.hostname) and read.port != 0
        sound = sound and read.username is None
    except ValueError:
        sound = False
    if not sound:
        raise BadRequest("directAccessEndpoints must hold http or https URLs")
    return url

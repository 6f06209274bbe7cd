"""What an access system reports of itself: encoders by their numbers, entrances by their rooms."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rekey.dialects.seam.doors import NAMESPACE, REPORTED, reported_of
from rekey.dialects.seam.errors import InvalidInput
from rekey.domain.document import DocumentKind
from rekey.operations.add_door import AddDoor, add_door
from rekey.operations.annotate import annotations_of
from rekey.operations.do_together import Step
from rekey.operations.keep_document import AddDocument, EndDocument, add_document, end_document
from rekey.operations.retire_door import RetireDoor, retire_door
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

DRIVER = "simulated"
_LONGEST = 100
_ROOM, _AREA, _AREA_NAME = "room_number", "common_area_number", "common_area_name"
_MEMBERS = (_ROOM, _AREA, _AREA_NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One thing of a report: its members by the system's own names, and whether it is gone."""

    members: Mapping[str, str]
    removed: bool

    @property
    def key(self) -> tuple[str, str]:
        """Give what it is known by: a room's number, else a common area's, else that area's name."""
        name = next(name for name in _MEMBERS if name in self.members)
        return name, self.members[name]

    @property
    def name(self) -> str:
        told = self.members
        if _ROOM in told:
            return f"Room {told[_ROOM]}"
        return told.get(_AREA_NAME) or f"Common area {told[_AREA]}"


def reported_encoder(told: Mapping[str, Any]) -> tuple[str, bool]:
    """Read the number of an encoder, and whether it is gone. Raises: InvalidInput."""
    read = _read("acs_encoders", told, ("encoder_number",))
    return read.members["encoder_number"], read.removed


def reported_entrance(told: Mapping[str, Any]) -> Reported:
    """Read an entrance: a room or a common area. Raises: InvalidInput."""
    return _read("acs_entrances", told, _MEMBERS)


def _read(field: str, told: Mapping[str, Any], names: tuple[str, ...]) -> Reported:
    members, removed = told.get(REPORTED), told.get("is_removed", False)
    if not isinstance(members, dict):
        raise InvalidInput({field: ["hotek_metadata is required"]})
    if not isinstance(removed, bool):
        raise InvalidInput({field: ["Expected boolean for is_removed"]})
    found: dict[str, str] = {}
    for name in names:
        value = members.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
            raise InvalidInput({field: [f"Expected a text of 1 to {_LONGEST} characters for {name}"]})
        found[name] = value
    if not found:
        raise InvalidInput({field: [f"hotek_metadata must hold {' or '.join(names)}"]})
    return Reported(members=found, removed=removed)


async def encoder_steps(view: View, site_id: str, reported: list[tuple[str, bool]]) -> list[Step]:
    """Give what makes the reported encoders true: those that are new come, those removed go."""
    keys = {number: f"{site_id}:{number}" for number, _removed in reported}
    listed = await view.documents.list(WHOLE, DocumentKind.ENCODER, keys=[*keys.values()])
    known = {encoder.key: encoder.id for encoder in listed.items}
    steps = []
    for number, removed in dict(reported).items():
        encoder_id = known.get(keys[number])
        if removed and encoder_id is not None:
            end = EndDocument(kind=DocumentKind.ENCODER, document_id=encoder_id)
            steps.append(Step(operation=end_document, wanted=end))
        elif not removed and encoder_id is None:
            add = AddDocument(
                kind=DocumentKind.ENCODER,
                key=keys[number],
                parent_id=site_id,
                body={"name": f"Encoder {number}"},
            )
            steps.append(Step(operation=add_document, wanted=add))
    return steps


async def entrance_steps(view: View, site_id: str, reported: list[Reported]) -> list[Step]:
    """Give what makes the reported entrances true: a new one becomes a simulated door, one removed retires."""
    doors = (await view.doors.list(WHOLE, site_id=site_id)).items if reported else ()
    notes = await annotations_of(view, NAMESPACE, [door.id for door in doors])
    known = {}
    for door in doors:
        members = reported_of(dict(notes[door.id]))
        if members:
            known[Reported(members=members, removed=False).key] = door.id
    steps = []
    for key, one in {one.key: one for one in reported}.items():
        door_id = known.get(key)
        if one.removed and door_id is not None:
            steps.append(Step(operation=retire_door, wanted=RetireDoor(door_id=door_id)))
        elif not one.removed and door_id is None:
            add = AddDoor(
                name=one.name,
                site_id=site_id,
                driver=DRIVER,
                notes={NAMESPACE: {REPORTED: {**one.members}}},
            )
            steps.append(Step(operation=add_door, wanted=add))
    return steps

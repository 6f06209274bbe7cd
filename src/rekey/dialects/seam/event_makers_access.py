"""Events of access codes, access grants and access methods, each row in the order in which clients expect them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

from rekey.dialects.seam.event_makers import Maker, person_enrolled
from rekey.dialects.seam.event_scene import Draft, Scene
from rekey.dialects.seam.translate import instant
from rekey.domain.journal import JsonValue

Line = Mapping[str, JsonValue]

CODE = "access_code"
# What was noted of a code, and the event that tells of it.
NOTED: Mapping[str, str] = {
    "scheduled": f"{CODE}.scheduled_on_device",
    "set": f"{CODE}.set_on_device",
    "removed": f"{CODE}.removed_from_device",
    "erased_at_door": f"{CODE}.deleted_external_to_seam",
    "changed_at_door": f"{CODE}.modified_external_to_seam",
    "gone": f"{CODE}.deleted",
    "late_setting": f"{CODE}.delay_in_setting_on_device",
    "failed_setting": f"{CODE}.failed_to_set_on_device",
    "late_removing": f"{CODE}.delay_in_removing_from_device",
    "failed_removing": f"{CODE}.failed_to_remove_from_device",
}
_WITH_CODE = frozenset({"scheduled", "set", "gone"})
_PROBLEMS = ("access_code", "connected_account", "device")
_LATE = {"late": ("access_method.delay_in_issuing",), "failed": ("access_method.failed_to_issue",)}


async def bundle_given(scene: Scene) -> AsyncIterator[Draft]:
    """A grant was made, with its methods; keys are issued at once, codes when their doors have them."""
    grant = {"access_grant_id": scene.text("bundle") or ""}
    yield Draft("access_grant.created", grant, _about(scene))
    async for draft in person_enrolled(scene):
        yield draft
    async for draft in media_added(scene):
        yield draft


async def media_added(scene: Scene) -> AsyncIterator[Draft]:
    async for draft in _media_added(scene):
        yield draft
    if any(line.get("issued") is True for line in scene.lines("media")):
        for draft in _doors_granted(scene.row.detail, _about(scene)):
            yield draft


async def _media_added(scene: Scene) -> AsyncIterator[Draft]:
    media = scene.lines("media")
    for line in media:
        yield Draft("access_method.created", _method(scene, line), _about(scene))
    for line in media:
        if line.get("kind") == "card" and line.get("issued") is not True:
            yield Draft("access_method.card_encoding_required", _method(scene, line), _about(scene))
        for code in _lines(line, "codes"):
            async for draft in _code(scene, f"{CODE}.created", code):
                yield draft
        if line.get("issued") is True:
            yield Draft("access_method.issued", _method(scene, line), _about(scene))
    for draft in _missing(scene.row.detail, _about(scene)):
        yield draft


async def bundle_edited(scene: Scene) -> AsyncIterator[Draft]:
    """Another window revokes every method and issues it again; other places are lost and gained."""
    grant: dict[str, object] = {"access_grant_id": scene.text("bundle") or ""}
    if scene.row.detail.get("moved") is True:
        key = scene.text("external_key")
        named = grant if key is None else {**grant, "access_grant_key": key}
        window = {"starts_at": _time(scene.text("start")), "ends_at": _time(scene.text("end"))}
        times = {name: value for name, value in window.items() if value is not None}
        yield Draft("access_grant.access_times_changed", {**named, **times}, _about(scene))
        for line in scene.lines("media"):
            yield Draft("access_method.revoked", _method(scene, line), _about(scene))
            if line.get("kind") == "card":
                yield Draft("access_method.card_encoding_required", _method(scene, line), _about(scene))
            if line.get("issued") is True:
                yield Draft("access_method.reissued", _method(scene, line), _about(scene))
    for door_id in scene.texts("left"):
        yield Draft("access_grant.access_to_door_lost", {**grant, "acs_entrance_id": door_id}, _about(scene))
    for door_id in scene.texts("joined"):
        yield Draft(
            "access_grant.access_granted_to_door", {**grant, "acs_entrance_id": door_id}, _about(scene)
        )


async def bundle_ended(scene: Scene) -> AsyncIterator[Draft]:
    for draft in bundle_gone(scene.row.detail, _about(scene)):
        yield draft


def bundle_gone(bundle: Line, about: Mapping[str, object]) -> list[Draft]:
    """Give the events of a grant that is gone: each of its methods, then itself."""
    grant = {"access_grant_id": bundle.get("bundle") or ""}
    methods = [
        Draft("access_method.deleted", _named(line, bundle), {**about, **grant})
        for line in _lines(bundle, "media")
    ]
    return [*methods, Draft("access_grant.deleted", grant, about)]


def card_lost(bundle: Line, about: Mapping[str, object]) -> list[Draft]:
    """Give the events of a method whose card was written over with another credential."""
    return [
        Draft(type_, _named(line, bundle), about)
        for line in _lines(bundle, "media")
        for type_ in ("access_method.revoked", "access_method.card_encoding_required")
    ]


async def media_ended(scene: Scene) -> AsyncIterator[Draft]:
    for ended in scene.lines("ended"):
        about = {"user_identity_id": ended.get("person")}
        for line in _lines(ended, "media"):
            yield Draft("access_method.deleted", _named(line, ended), about)


async def card_bound(scene: Scene) -> AsyncIterator[Draft]:
    type_ = "access_method.reissued" if scene.row.detail.get("again") is True else "access_method.issued"
    for line in scene.lines("media"):
        yield Draft(type_, _method(scene, line), _about(scene))
    if scene.row.detail.get("again") is not True:
        for draft in _doors_granted(scene.row.detail, _about(scene)):
            yield draft


async def code_added(scene: Scene) -> AsyncIterator[Draft]:
    for line in scene.lines("codes"):
        async for draft in _code(scene, f"{CODE}.created", line):
            yield draft


async def code_edited(scene: Scene) -> AsyncIterator[Draft]:
    """The wish is told at once; the changes too where no door has to follow, else once it has proved them."""
    for line in scene.lines("codes"):
        changes = await _changes(scene, line)
        wished = [{"mutation_code": mutation, "from": old, "to": new} for mutation, _, old, new in changes]
        if wished:
            async for draft in _code(scene, f"{CODE}.mutations_requested", line, requested_mutations=wished):
                yield draft
        if line.get("at_once") is True:
            async for draft in _changed(scene, line, changes):
                yield draft


Change = tuple[str, str, dict[str, object], dict[str, object]]


async def _changed(scene: Scene, line: Line, changes: Sequence[Change]) -> AsyncIterator[Draft]:
    """Tell each change with what it was before, and beside it that something changed."""
    for _mutation, type_, old, new in changes:
        told = {"description": "It was changed through the API.", "from": old, "to": new}
        async for draft in _code(scene, f"{CODE}.{type_}", line, **told):
            yield draft
        properties = [{"property": name, "from": old[name], "to": new[name]} for name in new]
        more = {"change_reason": "It was changed through the API.", "changed_properties": properties}
        async for draft in _code(scene, f"{CODE}.changed", line, **more):
            yield draft


async def _changes(scene: Scene, line: Line) -> list[Change]:
    """Give each change: the mutation, the event, the old and the new values."""
    changes: list[Change] = []
    if line.get("new_digits") is True:
        code_id, asked = str(line.get("code")), line.get("asked")
        before = asked - 1 if isinstance(asked, int) else scene.row.position
        old_code, new_code = await scene.digits(code_id, before), await scene.digits(code_id)
        changes.append(
            ("updating_code", "code_changed", {"code": old_code or None}, {"code": new_code or None})
        )
    if "old_name" in line:
        old, new = {"name": line["old_name"] or None}, {"name": line.get("name") or None}
        changes.append(("updating_name", "name_changed", {**old}, {**new}))
    window = line.get("old_window")
    if isinstance(window, dict):
        changes.append(("updating_time_frame", "time_frame_changed", _span(window), _span(line)))
    return changes


async def code_pulled(scene: Scene) -> AsyncIterator[Draft]:
    if scene.row.detail.get("again") is True:
        return
    backup = scene.text("reserve")
    async for draft in _code(
        scene, f"{CODE}.backup_access_code_pulled", scene.row.detail, backup_access_code_id=backup
    ):
        yield draft


async def code_adopted(scene: Scene) -> AsyncIterator[Draft]:
    async for draft in _code(scene, f"{CODE}.unmanaged.converted_to_managed", scene.row.detail):
        yield draft


async def codes_noted(scene: Scene) -> AsyncIterator[Draft]:
    """What became of a door's codes; then the methods that this has issued, with their doors."""
    for name, happened in (("found", "created"), ("lost", "removed")):
        for line in scene.lines(name):
            async for draft in _code(scene, f"{CODE}.unmanaged.{happened}", line):
                yield draft
    for line in scene.lines("codes"):
        async for draft in _noted(scene, line):
            yield draft
    for line in scene.lines("late"):
        for type_ in _LATE.get(str(line.get("what")), ()):
            yield Draft(type_, _named(line, line), {"user_identity_id": line.get("person")})
    for line in scene.lines("issued"):
        async for draft in _issued(scene, line):
            yield draft


async def _noted(scene: Scene, line: Line) -> AsyncIterator[Draft]:
    what = str(line.get("what"))
    if what == "changed":
        async for draft in _changed(scene, line, await _changes(scene, line)):
            yield draft
        return
    more: dict[str, object] = {}
    if what in _WITH_CODE:
        more["code"] = await scene.digits(str(line.get("code")))
    elif what.startswith(("late", "failed")):
        more = _problem(NOTED[what].removeprefix(f"{CODE}."), instant(scene.row.at))
    async for draft in _code(scene, NOTED[what], line, **more):
        yield draft


def _problem(code: str, at: str) -> dict[str, object]:
    """Give all arrays of problems that such an event has, with the one that it tells of."""
    fields: dict[str, object] = {
        f"{name}_{kind}": [] for name in _PROBLEMS for kind in ("errors", "warnings")
    }
    told = {"message": f"The code met this: {code.replace('_', ' ')}.", "created_at": at}
    if code.startswith("failed"):
        fields["access_code_errors"] = [{"error_code": code, "is_access_code_error": True, **told}]
    else:
        fields["access_code_warnings"] = [{"warning_code": code, **told}]
    return fields


async def _issued(scene: Scene, line: Line) -> AsyncIterator[Draft]:
    again, about = line.get("again") is True, {"user_identity_id": line.get("person")}
    method = {**_named(line, line), "is_backup_code": False, **await _digits(scene, line)}
    yield Draft("access_method.reissued" if again else "access_method.issued", method, about)
    if not again:
        for draft in _doors_granted(line, about):
            yield draft


async def _digits(scene: Scene, line: Line) -> dict[str, object]:
    """Give the PIN that most doors have, where the store still knows it."""
    codes = line.get("codes")
    known = [await scene.digits(str(id_)) for id_ in codes] if isinstance(codes, list) else []
    shared = max(known, key=known.count, default="")
    return {"code": shared} if shared else {}


def following(first: Maker) -> Maker:
    """Add to the events of a group those of the grants that follow its doors."""

    async def make(scene: Scene) -> AsyncIterator[Draft]:
        async for draft in first(scene):
            yield draft
        for line in scene.lines("bundles"):
            grant, about = {"access_grant_id": line.get("bundle")}, {"user_identity_id": line.get("person")}
            for name, type_ in (("left", "access_to_door_lost"), ("joined", "access_granted_to_door")):
                doors = line.get(name)
                for door_id in doors if isinstance(doors, list) else ():
                    yield Draft(f"access_grant.{type_}", {**grant, "acs_entrance_id": door_id}, about)
            async for draft in _followed(scene, line):
                yield draft

    return make


async def _followed(scene: Scene, line: Line) -> AsyncIterator[Draft]:
    """Tell of the codes that doors which joined are given, of a method made for them, and of doors that can't."""
    about = {"user_identity_id": line.get("person"), "access_grant_id": line.get("bundle")}
    media = _lines(line, "media")
    for method in media:
        yield Draft("access_method.created", _named(method, line), about)
    for code in [*_lines(line, "codes"), *(one for method in media for one in _lines(method, "codes"))]:
        async for draft in _code(scene, f"{CODE}.created", code):
            yield draft
    for draft in _missing(line, about):
        yield draft


def _missing(bundle: Line, about: Mapping[str, object]) -> list[Draft]:
    missing = bundle.get("missing")
    if not missing:
        return []
    fields = {
        "access_grant_id": bundle.get("bundle") or "",
        "error_message": "Some devices cannot have a method that was asked for.",
        "missing_device_ids": missing,
    }
    return [Draft("access_grant.could_not_create_requested_access_methods", fields, about)]


async def nothing(_scene: Scene) -> AsyncIterator[Draft]:
    """Begin with no event of its own."""
    drafts: tuple[Draft, ...] = ()
    for draft in drafts:
        yield draft


def _doors_granted(line: Line, about: Mapping[str, object]) -> list[Draft]:
    """Tell of each door once, with the first method that is issued; of all once nothing waits."""
    grant, doors = {"access_grant_id": line.get("bundle")}, line.get("now_open")
    each = "access_grant.access_granted_to_door"
    drafts = [
        Draft(each, {**grant, "acs_entrance_id": door_id}, about)
        for door_id in (doors if isinstance(doors, list) else ())
    ]
    if line.get("complete") is True:
        drafts.append(Draft("access_grant.access_granted_to_all_doors", grant, about))
    return drafts


async def _code(scene: Scene, type_: str, line: Line, **more: object) -> AsyncIterator[Draft]:
    door = await scene.door(str(line.get("door")))
    if door is not None:
        named = {**await scene.device(door), "access_code_id": line.get("code")}
        yield Draft(type_, {**named, **more}, {"access_method_id": line.get("medium")})


def _method(scene: Scene, line: Line) -> dict[str, object]:
    return _named(line, scene.row.detail)


def _named(line: Line, bundle: Line) -> dict[str, object]:
    fields: dict[str, object] = {
        "access_method_id": line.get("medium"),
        "access_grant_ids": [bundle.get("bundle")],
    }
    key = bundle.get("external_key")
    return fields if key is None else {**fields, "access_grant_keys": [key]}


def _about(scene: Scene) -> dict[str, object]:
    return {"user_identity_id": scene.row.person_id, "access_grant_id": scene.text("bundle")}


def _span(line: Line) -> dict[str, object]:
    return {"starts_at": _time(line.get("start")), "ends_at": _time(line.get("end"))}


def _time(value: object) -> str | None:
    return instant(datetime.fromisoformat(value)) if isinstance(value, str) else None


def _lines(line: Line, name: str) -> list[Line]:
    value = line.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []

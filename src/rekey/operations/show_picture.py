"""show_picture: the picture that is shown of a person, a site or the organization."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, replace

from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import Invalid, NotFound
from rekey.domain.picture import MOST_BYTES, picture_type
from rekey.operations.act import Act, operation
from rekey.operations.annotate import AnnotatedKind, require_annotating
from rekey.operations.authority import signed_in
from rekey.ports.listing import WHOLE
from rekey.ports.store import View

_SHOWN = frozenset({AnnotatedKind.ORGANIZATION, AnnotatedKind.PERSON, AnnotatedKind.SITE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPicture:
    """`key` is the unguessable name under which the picture is fetched; without content there is none any more.

    `own` is the one that a person chose, beside that which others gave the person.
    """

    kind: AnnotatedKind
    id: str
    key: str = ""
    content: bytes | None
    own: bool = False


@operation(None)
async def show_picture(act: Act, wanted: ShowPicture) -> Document | None:
    """Keep a thing's picture in place of an older one, which is forgotten; everybody may show a picture of himself.

    Raises: NotFound, NotAllowed, Invalid (content, kind).
    """
    if wanted.kind not in _SHOWN:
        raise Invalid("kind", "has no picture")
    await _require(act, wanted)
    if wanted.content is None:
        await forget_pictures(act, wanted.id, own=wanted.own)
        await _record(act, "picture.ended", wanted)
        return None
    type_ = picture_type(wanted.content)
    if type_ is None or len(wanted.content) > MOST_BYTES:
        raise Invalid("content", f"must be a PNG, JPEG, GIF or WebP picture of at most {MOST_BYTES} bytes")
    await forget_pictures(act, wanted.id, own=wanted.own)
    body: DocumentBody = {
        "type": type_,
        "data": b64encode(wanted.content).decode(),
        "about": wanted.kind.value,
        "own": wanted.own,
    }
    picture = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=DocumentKind.PICTURE,
        key=wanted.key,
        parent_id=wanted.id,
        body=body,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.documents.add(picture)
    await _record(act, "picture.added", wanted)
    return picture


async def _record(act: Act, action: str, wanted: ShowPicture) -> None:
    await act.record(
        action,
        person_id=wanted.id if wanted.kind is AnnotatedKind.PERSON else None,
        site_id=wanted.id if wanted.kind is AnnotatedKind.SITE else None,
        detail={"subject": wanted.id, "own": wanted.own},
    )


async def forget_pictures(act: Act, thing_id: str, *, own: bool | None = None) -> None:
    """End the pictures of a thing, all of them unless `own` says which, and keep nothing of what they show.

    It is part of an act that records it.
    """
    for kept in (await act.work.documents.list(WHOLE, DocumentKind.PICTURE, parent_id=thing_id)).items:
        if own is not None and kept.body.get("own") is not own:
            continue
        await act.work.documents.replace(replace(kept, body={}, updated_at=act.now))
        await act.work.documents.end(kept.id, act.now)


async def picture_named(view: View, key: str) -> tuple[str, bytes]:
    """Give the media type and the content of a picture that is shown. Raises: NotFound."""
    kept = await view.documents.by_key(DocumentKind.PICTURE, key)
    about = None if kept is None else kept.body.get("about")
    if kept is None or about is None:
        raise NotFound("picture", key)
    return str(kept.body["type"]), b64decode(str(kept.body["data"]))


async def _require(act: Act, wanted: ShowPicture) -> None:
    operator, _key = await signed_in(act.work, act.actor, act.now)
    if wanted.own and wanted.kind is AnnotatedKind.PERSON and operator.person_id == wanted.id:
        act.waive("everybody may show a picture of himself; it opens nothing")
        return
    await require_annotating(act, wanted.kind, wanted.id)

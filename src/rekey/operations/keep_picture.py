"""keep_picture: the picture that an application shows of itself."""

from base64 import b64encode
from dataclasses import dataclass, replace

from rekey.domain.document import Document, DocumentBody, DocumentKind
from rekey.domain.errors import Invalid
from rekey.operations.act import Act, operation
from rekey.operations.find_application import find_application, owner_reason

MOST_BYTES = 524_288
_BEGINNINGS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPicture:
    application_id: str
    media_type: str
    content: bytes


@operation(None)
async def keep_picture(act: Act, wanted: KeepPicture) -> Document:
    """Keep the application's picture in place of an older one. Raises: NotFound, NotAllowed, Invalid (content)."""
    application = await find_application(act.work, wanted.application_id)
    act.waive(await owner_reason(act, application))
    beginning = _BEGINNINGS.get(wanted.media_type)
    if beginning is None or not wanted.content.startswith(beginning):
        raise Invalid("content", "must be a PNG or JPEG picture of the type that was announced")
    if len(wanted.content) > MOST_BYTES:
        raise Invalid("content", f"must have at most {MOST_BYTES} bytes")
    body: DocumentBody = {"type": wanted.media_type, "data": b64encode(wanted.content).decode()}
    picture = await _put(act, application.id, body)
    await act.record(
        "application.edited",
        detail={"application": application.id, "name": application.name, "change": "picture"},
    )
    return picture


async def _put(act: Act, application_id: str, body: DocumentBody) -> Document:
    kept = await act.work.documents.by_key(DocumentKind.PICTURE, application_id)
    if kept is not None:
        edited = replace(kept, body=body, updated_at=act.now)
        await act.work.documents.replace(edited)
        return edited
    picture = Document(
        id=act.new_id(),
        number=act.next_number(),
        kind=DocumentKind.PICTURE,
        key=application_id,
        parent_id=application_id,
        body=body,
        created_at=act.now,
        updated_at=act.now,
    )
    await act.work.documents.add(picture)
    return picture

"""Pictures of users, places and the organization: uploaded first, then named, then shown by an address of their own."""

from dataclasses import dataclass
from typing import Any

from rekey.dialects.kisi.attributes import Attributes
from rekey.dialects.kisi.kit import Kit, actor_of
from rekey.dialects.kisi.report_links import base_url
from rekey.dialects.kisi.uploads import Uploads
from rekey.domain.errors import NotFound
from rekey.domain.picture import MOST_BYTES, picture_type
from rekey.operations.annotate import AnnotatedKind
from rekey.operations.do_together import Step
from rekey.operations.show_picture import ShowPicture, picture_named, show_picture
from rekey.webkit.message import Reply, Request

_KEY_BYTES = 32
# Whoever shows the address must be able to trust that it runs nothing.
_RUNNING = ("javascript:", "data:", "vbscript:")
_SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Cache-Control", "private, max-age=60"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """An uploaded file that was named as a picture; without a key there is none, or it `clears` what is there."""

    key: str = ""
    content: bytes | None = None
    clears: bool = False

    def of(self, kind: AnnotatedKind, thing_id: str, *, own: bool = False) -> tuple[Step, ...]:
        """Give the step that shows it of a thing, or forgets what was shown."""
        if not (self.key or self.clears):
            return ()
        shown = ShowPicture(kind=kind, id=thing_id, key=self.key, content=self.content, own=own)
        return (Step(operation=show_picture, wanted=shown),)

    def of_new(self, kind: AnnotatedKind) -> tuple[Step, ...]:
        """Give the step that shows it of the thing that the first step makes."""
        if not self.key:
            return ()

        def shown(made: Any) -> ShowPicture:
            return ShowPicture(kind=kind, id=made.id, key=self.key, content=self.content)

        return (Step(operation=show_picture, make=shown),)


async def take_picture(kit: Kit, request: Request, given: Attributes, name: str = "image") -> Picture:
    """Take the file that an attribute names, and put its address in the name's place.

    Any other text stays as it is. Raises: Unprocessable for a file that is gone, or is no picture.
    """
    text = given.text(name) if given.has(name) else None
    if text is not None and text.strip().lower().startswith(_RUNNING):
        given.refuse(name, "is invalid")
    if text is None or not Uploads.is_kept_name(text):
        return Picture(clears=given.has(name) and text is None)
    organization_id = actor_of(request).organization_id
    content = await Uploads(kit).content(organization_id, text, named=name)
    if picture_type(content) is None or len(content) > MOST_BYTES:
        given.refuse(name, f"must be a PNG, JPEG, GIF or WebP picture of at most {MOST_BYTES} bytes")
        return Picture()
    core = kit.services.core
    organization = await core.store.read(organization_id, lambda view: view.organizations.get())
    key = f"{organization.domain}.{core.entropy.token_bytes(_KEY_BYTES).hex()}"
    address = f"{base_url(kit.settings, request)}/pictures/{key}"
    given.put(name, address)
    return Picture(key, content)


class Pictures:
    """The handler of `/pictures/{token}`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def show(self, request: Request) -> Reply:
        """Give a picture to whoever knows its address, as long as what it shows is there. Raises: NotFound."""
        key = request.params["token"]
        domain, _dot, _secret = key.rpartition(".")
        organization_id = await self._kit.organization_of(request, domain) if domain else None
        if organization_id is None:
            raise NotFound("picture", key)
        store = self._kit.services.core.store
        kind, content = await store.read(organization_id, lambda view: picture_named(view, key))
        return Reply(200, content, _SAFE, media_type=kind)

"""Pictures of applications: uploaded by a signed link, kept in the store, served back.

The SDK takes the text after the first `.com` of the link without its query and puts the CDN's name before
it, so the path of the link says where a host that stands for the CDN would find the picture.
Source: Doordeck contract, section 6.4.
"""

from base64 import b64decode
from datetime import timedelta

from rekey.dialects.doordeck.applications import APPLICATION, Applications
from rekey.dialects.doordeck.errors import BadRequest, Forbidden
from rekey.dialects.doordeck.ids import is_uuid
from rekey.dialects.doordeck.kit import VIA, Kit, body_of, reply_json, signed_in_of
from rekey.dialects.doordeck.links import base_url
from rekey.dialects.doordeck.platform_wire import LogoRequest
from rekey.domain.document import DocumentKind
from rekey.domain.errors import NotFound
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.operations.keep_picture import KeepPicture, keep_picture
from rekey.webkit.jws import JwsRefused, Scalar, issue_token, read_token
from rekey.webkit.message import Reply, Request

FOLDER = "/doordeck-upload.com"
FILE = "file"
_TYPE = "logo+upload"
_LIFE = timedelta(minutes=15)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpeg"}
_SAFE = (
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("Cache-Control", "public, max-age=300"),
)


class Logos:
    """Handlers of the upload link, of the upload itself, and of the picture."""

    def __init__(self, kit: Kit, applications: Applications) -> None:
        self._kit = kit
        self._applications = applications

    async def offer(self, request: Request) -> Reply:
        """Give a link that takes one kind of picture for a quarter of an hour, without a token in a header."""
        content_type = body_of(request, LogoRequest).content_type
        ending = _ENDINGS.get(content_type)
        if ending is None:
            raise BadRequest("contentType must be image/png or image/jpeg")
        application, actor = await self._applications.own(request), signed_in_of(request).actor
        path = f"/application/{application.id}.{ending}"
        claims: dict[str, Scalar] = {
            "org": actor.organization_id,
            "sub": actor.operator_id,
            "file": path,
            "type": content_type,
            "exp": int((self._kit.now + _LIFE).timestamp()),
        }
        token = issue_token(claims, self._kit.keyring.signer(), typ=_TYPE)
        return reply_json(
            {"uploadUrl": f"{_above_pictures(base_url(self._kit.settings, request))}{path}?token={token}"}
        )

    async def upload(self, request: Request) -> Reply:
        """Keep the picture that comes to a signed link, as an act of the owner who asked for the link."""
        claims = self._claims(request.query().one("token"))
        application_id, content_type = _application_in(request), str(claims["type"])
        sent = (request.header("content-type") or "").partition(";")[0].strip().lower()
        if claims["file"] != f"/application/{request.params[FILE]}" or sent != content_type:
            raise Forbidden("This link is for another picture")
        actor = Actor(
            organization_id=OrganizationId(str(claims["org"])),
            operator_id=OperatorId(str(claims["sub"])),
            key_id=None,
            via=VIA,
            address=request.client,
        )
        wanted = KeepPicture(application_id=application_id, media_type=content_type, content=request.body)
        await self._kit.core.perform(keep_picture, actor, wanted)
        return Reply(200)

    async def show(self, request: Request) -> Reply:
        """Give a picture to everybody, as pages and mails show it. Raises: NotFound."""
        application_id = _application_in(request)
        for organization_id in await self._kit.core.store.directory.all_organizations():
            kept = await self._kit.core.store.read(
                organization_id, lambda view: view.documents.by_key(DocumentKind.PICTURE, application_id)
            )
            if kept is not None:
                content = b64decode(str(kept.body["data"]))
                return Reply(200, content, _SAFE, media_type=str(kept.body["type"]))
        raise NotFound(APPLICATION, application_id)

    def _claims(self, token: str | None) -> dict[str, Scalar]:
        try:
            claims = read_token(token or "", self._kit.keyring.signer().public_key, typ=_TYPE)
        except JwsRefused as refused:
            raise Forbidden("This link is not one of ours") from refused
        end = claims.get("exp")
        if not isinstance(end, int) or end <= self._kit.now.timestamp():
            raise Forbidden("This link has expired: ask for another one")
        return claims


def _above_pictures(base: str) -> str:
    """Give what stands before a picture's path: a host in `.com` itself needs no folder that brings the text along."""
    return base if ".com" in base else base + FOLDER


def _application_in(request: Request) -> str:
    """Give the id in the name of a file. Raises: NotFound for another name."""
    name, _dot, ending = request.params[FILE].rpartition(".")
    if not is_uuid(name) or ending not in _ENDINGS.values():
        raise NotFound(APPLICATION, name)
    return name.lower()

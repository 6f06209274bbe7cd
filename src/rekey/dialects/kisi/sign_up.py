"""How people make an account: by a token that was mailed, or as strangers where that is open. Source: contract 2.2."""

from rekey.dialects.kisi.attributes import Attributes, body_tree, unwrap
from rekey.dialects.kisi.errors import Unauthorized, Unprocessable
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.lists import plain
from rekey.dialects.kisi.people_shapes import show_user
from rekey.dialects.kisi.shapes import Shape
from rekey.dialects.kisi.user_facts import facts_of
from rekey.domain.errors import NotFound
from rekey.domain.ids import OperatorId, OrganizationId
from rekey.domain.operator import Actor
from rekey.domain.people import Person
from rekey.operations.passwords import check_new_password
from rekey.operations.register_operator import RegisterOperator, register_operator
from rekey.operations.take_up_invitation import TakeUpInvitation, take_up_invitation
from rekey.ports.attempts import AttemptKind
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

VIA = "kisi"


class SignUps:
    """The handler of invitations that are taken up."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def take_up(self, request: Request) -> Reply:
        """Make the account of an invited user; the token names the organization before its last dot."""
        user, token = unwrap(request, "user"), body_tree(request).get("token")
        if not isinstance(token, str):
            raise Unprocessable({"token": ["can't be blank"]})
        password, name = _password(user), user.text("name")
        user.check()
        domain, _dot, code = token.rpartition(".")
        organization_id = await self._kit.organization_of(request, domain or None)
        if organization_id is None:
            raise NotFound("code", "")
        core = self._kit.services.core
        core.attempts.count(AttemptKind.CODE, organization_id, "sign up", request.client)
        hashed = await core.secrets.hash_password(password)
        wanted = TakeUpInvitation(token=code, password_hash=hashed, name=name)
        stranger = _stranger(self._kit, request, organization_id)
        return await _shown(
            self._kit, organization_id, await core.perform(take_up_invitation, stranger, wanted)
        )


async def sign_up(kit: Kit, request: Request) -> Reply:
    """Make an account that opens nothing yet.

    Raises: Unauthorized where registration is closed, and for what is no sign-up since it chooses no password;
    Unprocessable.
    """
    if kit.settings.registration != "open":
        raise Unauthorized("Registration is closed: ask an administrator to add you")
    user = unwrap(request, "user")
    if not user.has("password"):
        raise Unauthorized("Sign in first: Authorization: KISI-LOGIN <secret>")
    email, password, name = user.text("email", required=True), _password(user), user.text("name")
    domain = user.text("domain")
    user.check()
    organization_id = await kit.organization_of(request, domain)
    if organization_id is None:
        raise Unauthorized("No such organization")
    core = kit.services.core
    core.attempts.count(AttemptKind.REGISTRATION, organization_id, email or "", request.client)
    hashed = await core.secrets.hash_password(password)
    wanted = RegisterOperator(name=name or email or "", email=email or "", password_hash=hashed)
    made = await core.perform(register_operator, _stranger(kit, request, organization_id), wanted)
    return await _shown(kit, organization_id, made.person)


def _password(user: Attributes) -> str:
    """Read the password of a new account, whose terms must be accepted. Raises: Invalid."""
    password = user.text("password", required=True)
    if user.flag("terms_and_conditions") is not True:
        user.refuse("terms_and_conditions", "must be accepted")
    user.check()
    return check_new_password(password or "")


def _stranger(kit: Kit, request: Request, organization_id: OrganizationId) -> Actor:
    """Give the actor of somebody who has no account yet."""
    return Actor(
        organization_id=organization_id,
        operator_id=OperatorId(kit.services.core.entropy.new_id()),
        key_id=None,
        via=VIA,
        address=request.client,
    )


async def _shown(kit: Kit, organization_id: OrganizationId, person: Person) -> Reply:
    async def look(view: View) -> Shape:
        return show_user(person, await facts_of(view, person, kit.now()))

    return plain(await kit.services.core.store.read(organization_id, look))

"""The directory: finding a user to share with. An application's users find each other and nobody else."""

from rekey.dialects.doordeck.errors import BadRequest
from rekey.dialects.doordeck.identities import person_of_identity
from rekey.dialects.doordeck.kit import Kit, SignedIn, body_of, reply_json, signed_in_of, version_of
from rekey.dialects.doordeck.letters import INVITE, INVITE_VISITOR
from rekey.dialects.doordeck.translate import Object, show_found
from rekey.dialects.doordeck.wire import DirectoryQueries, DirectoryQuery
from rekey.domain.application import ForeignAccount
from rekey.domain.errors import NotFound, PersonLeft
from rekey.domain.people import Person
from rekey.operations.invite_person import InvitePerson, invite_person
from rekey.ports.store import View
from rekey.webkit.message import Reply, Request

_VERSIONS = (1, 2)
_MOST_QUERIES = 25


class Directory:
    """Handlers of `/directory/query` and `/share/invite/{email}`."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def invite(self, request: Request) -> Reply:
        """Give the id and key of the user with this address, added if there is none."""
        visitor = request.query().boolean("visitor", lenient=True)
        letter = INVITE_VISITOR if visitor else INVITE
        wanted = InvitePerson(email=request.params["email"], letter=letter)
        person = await self._kit.perform(request, invite_person, wanted)
        return reply_json(await self._show(request, person, {}))

    async def query(self, request: Request) -> Reply:
        if version_of(request, _VERSIONS) == 1:
            return await self._query_one(request)
        body = body_of(request, DirectoryQueries)
        asked = [
            *(("email", value) for value in body.email),
            *(("telephone", value) for value in body.telephone),
            *(("localKey", value) for value in body.local_key),
            *(("foreignKey", value) for value in body.foreign_key),
        ]
        if len(asked) > _MOST_QUERIES:
            raise BadRequest(f"Ask for at most {_MOST_QUERIES} users at once")
        rows = []
        for name, value in asked:
            person = await self._find(request, name, value)
            row = None if person is None else await self._row(request, person, _matched(name, value))
            if row is not None:
                rows.append(row)
        return reply_json(rows)

    async def _query_one(self, request: Request) -> Reply:
        body = body_of(request, DirectoryQuery)
        members = (
            ("email", body.email),
            ("telephone", body.telephone),
            ("localKey", body.local_key),
            ("foreignKey", body.foreign_key),
            ("identity", body.identity),
        )
        asked = [(name, value) for name, value in members if value is not None]
        if len(asked) != 1:
            raise BadRequest("Ask by exactly one of email, telephone, localKey, foreignKey, identity")
        name, value = asked[0]
        if name == "identity":
            person: Person | None = await person_of_identity(self._kit, signed_in_of(request), value)
        else:
            person = await self._find(request, name, value)
        if person is None:
            raise NotFound("user", value)
        return reply_json(await self._show(request, person, {}))

    async def _find(self, request: Request, name: str, value: str) -> Person | None:
        me = signed_in_of(request)
        return await self._kit.look(request, lambda view: find_in_pool(view, me, name, value))

    async def _row(self, request: Request, person: Person, matched: dict[str, str]) -> Object | None:
        try:
            return await self._show(request, person, matched)
        except PersonLeft:
            # Nobody can share anything with somebody who left, so the others come without him.
            return None

    async def _show(self, request: Request, person: Person, matched: dict[str, str]) -> Object:
        actor = signed_in_of(request).actor
        return show_found(person, await self._kit.account_keys.public_text(actor, person.id), matched)


async def find_in_pool(view: View, me: SignedIn, name: str, value: str) -> Person | None:
    """Find a person among those of the caller's application, or among the organization's own."""
    if me.account is not None:
        account = await _account_by(view, me.account.application_id, name, value)
        return None if account is None else await view.people.get(account.id)
    person = await _own_by(view, name, value)
    if person is None or await view.foreign_accounts.of_person(person.id) is not None:
        return None
    return person


async def _own_by(view: View, name: str, value: str) -> Person | None:
    match name:
        case "email":
            return await view.people.by_email(value.strip().lower())
        case "telephone":
            return await view.people.by_phone(value.strip())
        case "foreignKey":
            return await view.people.by_external_key(value)
    return await view.people.get(value.lower())


async def _account_by(view: View, application_id: str, name: str, value: str) -> ForeignAccount | None:
    match name:
        case "email":
            return await view.foreign_accounts.by_email(application_id, value.strip().lower())
        case "telephone":
            return await view.foreign_accounts.by_phone(application_id, value.strip())
        case "foreignKey":
            return await view.foreign_accounts.by_subject(application_id, value)
    account = await view.foreign_accounts.of_person(value.lower())
    return account if account is not None and account.application_id == application_id else None


def _matched(name: str, value: str) -> dict[str, str]:
    return {} if name == "localKey" else {name: value}

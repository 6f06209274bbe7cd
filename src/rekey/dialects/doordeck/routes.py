"""The table of the Doordeck API, from which routing and the delegation page are made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rekey.dialects.doordeck import wire
from rekey.dialects.doordeck.account import Account
from rekey.dialects.doordeck.certificates import Certificates
from rekey.dialects.doordeck.envelope import Envelopes
from rekey.dialects.doordeck.execute import Execute
from rekey.dialects.doordeck.kit import BEARER, PUBLIC, REFRESH, Kit
from rekey.dialects.doordeck.locks import Locks
from rekey.dialects.doordeck.logs import Logs
from rekey.dialects.doordeck.people import People
from rekey.dialects.doordeck.sessions import Sessions
from rekey.dialects.doordeck.sites import Sites
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

Handler = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table below: verb, path, operation, handler, who may call, what its body is."""

    verb: str
    path: str
    operation: str
    handler: Handler
    auth: str = BEARER
    accepts: type | None = None
    status: int = 200

    def route(self) -> Route:
        return Route(
            methods=(self.verb,),
            path=self.path,
            handler=self.handler,
            name=f"{self.verb} {self.path}",
            operation=self.operation,
            auth=self.auth,
            accepts=self.accepts,
            status=self.status,
            summary=(self.handler.__doc__ or self.operation.replace("_", " ")).strip().splitlines()[0],
        )


def make_routes(kit: Kit) -> tuple[Route, ...]:
    certificates = Certificates(kit)
    rows = (
        *_account(Sessions(kit), certificates, Account(kit)),
        *_locks(Locks(kit), Execute(kit, Envelopes(kit, certificates)), Logs(kit)),
        *_people(People(kit), Logs(kit)),
        Row("GET", "/site", "read", Sites(kit).list),
    )
    return tuple(row.route() for row in rows)


def _account(sessions: Sessions, certificates: Certificates, account: Account) -> tuple[Row, ...]:
    return (
        Row("POST", "/auth/token", "open_session", sessions.sign_in, PUBLIC, wire.Login),
        Row("POST", "/auth/register", "register_operator", sessions.register, PUBLIC, wire.Registration),
        Row("POST", "/auth/token/refresh", "renew_session", sessions.refresh, REFRESH),
        Row("GET", "/auth/token/refresh", "renew_session", sessions.refresh, REFRESH),
        Row("POST", "/auth/token/destroy", "end_session", sessions.sign_out, status=204),
        Row("POST", "/token/destroy", "end_session", sessions.sign_out, status=204),
        Row("POST", "/auth/certificate", "enrol_own_key", certificates.certify, accepts=wire.EphemeralKey),
        Row("GET", "/account", "read", account.show),
        Row("POST", "/account", "edit_own_profile", account.edit, accepts=wire.DisplayName, status=204),
        Row("GET", "/platform/auth", "read", account.claims),
        Row("GET", "/time", "read", account.time, PUBLIC),
    )


def _locks(locks: Locks, execute: Execute, logs: Logs) -> tuple[Row, ...]:
    return (
        Row("GET", "/device", "read", locks.list),
        Row("GET", "/device/favourite", "read", locks.list_favourites),
        Row("GET", "/device/shareable", "read", locks.list_shareable),
        Row("GET", "/device/{lock}", "read", locks.get),
        Row("PUT", "/device/{lock}", "edit_door", locks.edit, accepts=wire.LockUpdate),
        Row("POST", "/device/{lock}/execute", "execute", execute.execute),
        Row("GET", "/device/{lock}/log", "read", logs.of_lock),
        Row("GET", "/site/{site}/device", "read", locks.list_of_site),
    )


def _people(people: People, logs: Logs) -> tuple[Row, ...]:
    return (
        Row("GET", "/device/{lock}/users", "read", people.list_of_lock),
        Row("GET", "/site/{site}/user", "read", people.list_of_site),
        Row("GET", "/user/{user}", "read", people.get),
        Row("GET", "/user/{user}/log", "read", logs.of_person),
        Row("POST", "/share/invite/{email}", "invite_person", people.invite),
        Row("POST", "/directory/query", "read", people.query_directory),
    )

"""The table of the Kisi API. Every PATCH also answers PUT, the only update verb of the official client."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.credential_routes import credential_rows, visitor_handlers
from rekey.dialects.kisi.estate_routes import estate_rows
from rekey.dialects.kisi.event_routes import event_rows
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.logins import Logins
from rekey.dialects.kisi.oauth import Authorizations
from rekey.dialects.kisi.oauth_tokens import Tokens
from rekey.dialects.kisi.openapi import Description
from rekey.dialects.kisi.organization_routes import organization_rows
from rekey.dialects.kisi.own_account import OwnAccount
from rekey.dialects.kisi.people_routes import people_rows, rights_rows
from rekey.dialects.kisi.policy import OPTIONAL, PUBLIC, VISITORS
from rekey.dialects.kisi.report_routes import report_rows
from rekey.dialects.kisi.schedule_routes import schedule_rows
from rekey.dialects.kisi.sign_up import SignUps
from rekey.dialects.kisi.visitor_secrets import KEY_PAGE, LINK_PAGE
from rekey.dialects.kisi.visitors import Visitor
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

Handler = Callable[[Request], Awaitable[Reply]]
Row = tuple[str, str, str, Handler]

# What proves itself by its address.
PAGES = (f"/{LINK_PAGE}/", f"/{KEY_PAGE}/", "/uploads/", "/oauth/authorize", "/pictures/")

# Of these POST and PATCH let strangers in: to sign in, or to choose a password by mail.
_AUTH = {
    "/logins": OPTIONAL,
    "/logins/resolve": PUBLIC,
    "/users": OPTIONAL,
    "/users/password": PUBLIC,
    "/users/sign_in": PUBLIC,
    "/users/sign_up": PUBLIC,
    "/organizations/find": PUBLIC,
    "/cards/{token}/activate_with_token": PUBLIC,
    "/card_assignments/{token}/activate_with_token": PUBLIC,
    "/organizations/{domain}/public": PUBLIC,
    "/report_files/{token}": PUBLIC,
    "/oauth/token": PUBLIC,
    "/pictures/{token}": PUBLIC,
    "/openapi.json": PUBLIC,
}
_SILENT = frozenset(
    {
        "/logins/{id}/promote",
        "/login/promote",
        "/user/2fa/activate",
        "/user/2fa/deactivate",
        "/users/password",
        "/organization/rotate_certificate",
        "/organizations/find",
    }
)
# The last words of paths whose POST answers nothing.
_SILENT_WORDS = (
    "lock_down",
    "cancel_lockdown",
    "first_to_arrive",
    "last_to_leave",
    "favorite",
    "unfavorite",
    "request_transfer",
    "accept_transfer",
    "cancel_transfer",
    "reject_transfer",
    "/assign",
    "/deassign",
    "/activate",
    "/deactivate",
    "/activate_with_token",
)


def make_routes(kit: Kit) -> tuple[Route, ...]:
    """Make every route."""
    visitors = visitor_handlers(kit)
    rows = (
        *_accounts(kit),
        *_own_account(kit),
        *_oauth(kit),
        *people_rows(kit),
        *rights_rows(kit),
        *credential_rows(kit),
        *estate_rows(kit),
        *organization_rows(kit),
        *event_rows(kit),
        *report_rows(kit),
        *schedule_rows(kit),
    )
    described = Description(lambda: routes)
    own: Row = ("GET", "/openapi.json", "read", described.get)
    routes = tuple(_route(*row, for_visitors=visitors.get(row[:2])) for row in (*rows, own))
    return routes


def _route(
    verb: str, path: str, operation: str, handler: Handler, *, for_visitors: Handler | None = None
) -> Route:
    return Route(
        methods=("PATCH", "PUT") if verb == "PATCH" else (verb,),
        path=path,
        handler=handler if for_visitors is None else _either(handler, for_visitors),
        name=f"{verb} {path}",
        operation=operation,
        auth=_auth(verb, path) if for_visitors is None else VISITORS,
        status=204 if verb in {"PATCH", "DELETE", "PUT"} or _is_silent(path) else 200,
    )


def _either(for_logins: Handler, for_visitors: Handler) -> Handler:
    """Answer a visitor with reduced objects, and everybody else in full."""

    async def handle(request: Request) -> Reply:
        handler = for_visitors if isinstance(request.caller, Visitor) else for_logins
        return await handler(request)

    return handle


def _auth(verb: str, path: str) -> str:
    if path.startswith(PAGES):
        return PUBLIC
    if verb in {"POST", "PATCH"} or path.endswith(("/public", "/{token}", "/openapi.json")):
        return _AUTH.get(path, "login")
    return "login"


def _is_silent(path: str) -> bool:
    return path in _SILENT or path.endswith(_SILENT_WORDS)


def _accounts(kit: Kit) -> tuple[Row, ...]:
    logins, sign_ups = Logins(kit), SignUps(kit)
    return (
        ("POST", "/logins", "open_session", logins.create),
        ("GET", "/logins", "read", logins.list),
        ("DELETE", "/logins/{id}", "end_key", logins.delete),
        ("GET", "/login", "read", logins.current),
        ("PUT", "/login", "edit_own_key", logins.rename),
        ("DELETE", "/login", "end_key", logins.sign_out),
        ("DELETE", "/login/elsewhere", "end_key", logins.end_elsewhere),
        ("POST", "/logins/{id}/promote", "promote_key", logins.promote),
        ("POST", "/login/promote", "promote_key", logins.promote_current),
        ("POST", "/logins/resolve", "read", logins.resolve),
        ("POST", "/login/offline_certificate", "read", logins.offline_certificate),
        ("POST", "/users/sign_in", "open_session", logins.create),
        ("POST", "/users/sign_up", "take_up_invitation", sign_ups.take_up),
    )


def _oauth(kit: Kit) -> tuple[Row, ...]:
    asking, tokens = Authorizations(kit), Tokens(kit)
    return (
        ("GET", "/oauth/authorize", "read", asking.show),
        ("POST", "/oauth/authorize", "agree_to_application", asking.decide),
        ("POST", "/oauth/token", "exchange_code, renew_consent", tokens.give),
    )


def _own_account(kit: Kit) -> tuple[Row, ...]:
    own = OwnAccount(kit)
    return (
        ("GET", "/user", "read", own.show),
        ("PATCH", "/user", "edit_own_profile, change_password, keep_preference", own.update),
        ("DELETE", "/user", "leave", own.leave),
        ("GET", "/users/user", "read", own.show),
        ("PATCH", "/users/user", "edit_own_profile, change_password, keep_preference", own.update),
        ("DELETE", "/users/user", "leave", own.leave),
        ("POST", "/users/password", "ask_password_reset", own.ask_reset),
        ("PATCH", "/users/password", "reset_password", own.reset),
        ("POST", "/user/2fa/otp_secret", "enrol_second_factor", own.make_otp_secret),
        ("POST", "/user/2fa/activate", "activate_second_factor", own.activate),
        ("POST", "/user/2fa/deactivate", "deactivate_second_factor", own.deactivate),
        ("POST", "/user/2fa/backup_codes", "make_backup_codes", own.make_backup_codes),
    )

"""The table of the Doordeck API, from which routing and the delegation page are made."""

from rekey.dialects.doordeck import wire
from rekey.dialects.doordeck.account import Account
from rekey.dialects.doordeck.certificates import Certificates
from rekey.dialects.doordeck.direct import Direct
from rekey.dialects.doordeck.envelope import Envelopes
from rekey.dialects.doordeck.execute import Execute
from rekey.dialects.doordeck.kit import OWN, PUBLIC, REFRESH, Kit
from rekey.dialects.doordeck.lock_wire import LockUpdate
from rekey.dialects.doordeck.locks import Locks
from rekey.dialects.doordeck.logs import Logs
from rekey.dialects.doordeck.people import People
from rekey.dialects.doordeck.platform_routes import platform_rows
from rekey.dialects.doordeck.row import Row
from rekey.dialects.doordeck.sessions import Sessions
from rekey.dialects.doordeck.sites import Sites
from rekey.webkit.route import Route


def make_routes(kit: Kit) -> tuple[Route, ...]:
    certificates, sessions = Certificates(kit), Sessions(kit)
    envelopes = Envelopes(kit, certificates)
    execute = Execute(kit, envelopes)
    rows = (
        *_account(sessions, certificates, Account(kit)),
        *_locks(Locks(kit), execute, Logs(kit)),
        Row("POST", "/device/execute", "execute", Direct(kit, envelopes, execute).execute, PUBLIC),
        *_people(People(kit), Logs(kit)),
        Row("GET", "/site", "read", Sites(kit).list),
        *platform_rows(kit, sessions),
    )
    return tuple(row.route() for row in rows)


def _account(sessions: Sessions, certificates: Certificates, account: Account) -> tuple[Row, ...]:
    key, password = "/auth/certificate", "/account/password"
    reset = f"{password}/reset"
    return (
        Row("POST", "/auth/token", "open_session", sessions.sign_in, PUBLIC, wire.Login),
        Row("POST", "/auth/register", "register_operator", sessions.register, PUBLIC, wire.Registration),
        Row("POST", "/auth/token/refresh", "renew_session", sessions.refresh, REFRESH),
        Row("GET", "/auth/token/refresh", "renew_session", sessions.refresh, REFRESH),
        Row("POST", "/auth/token/destroy", "end_session", sessions.sign_out, OWN, status=204),
        Row("POST", "/token/destroy", "end_session", sessions.sign_out, OWN, status=204),
        Row("POST", "/auth/certificate", "trust_key", certificates.certify, accepts=wire.EphemeralKey),
        Row("POST", f"{key}/verify", "ask_key_code", certificates.ask, accepts=wire.EphemeralKey),
        Row("POST", f"{key}/check", "answer_key_code", certificates.check, accepts=wire.KeyProof),
        Row("PUT", "/account/email/verify", "verify_email", account.verify_email, PUBLIC),
        Row("POST", "/account/email/reverify", "ask_email_code", account.reverify_email, OWN),
        Row("POST", password, "change_password", account.change_password, OWN, wire.PasswordChange, 204),
        Row(
            "POST",
            f"{reset}/initialize",
            "ask_password_reset",
            account.ask_reset,
            PUBLIC,
            wire.ResetRequest,
            204,
        ),
        Row("POST", f"{reset}/verify", "reset_password", account.reset, PUBLIC, wire.PasswordReset, 204),
        Row("DELETE", "/account", "leave", account.leave, status=204),
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
        Row("PUT", "/device/{lock}", "edit_door", locks.edit, accepts=LockUpdate),
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
    )

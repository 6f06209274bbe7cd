"""Logins and the account behind them, exactly with the keys of the contract's section 2; pure."""

from dataclasses import dataclass
from datetime import datetime

from rekey.dialects.kisi.shapes import Shape, instant, organization_ref, stamps, user_ref, with_ref
from rekey.domain.document import DocumentBody
from rekey.domain.estate import Organization
from rekey.domain.operator import Key, KeyKind
from rekey.domain.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """What is known of an account beside its person; `liked` is what the person keeps for this API."""

    second_factor_since: datetime | None
    has_primary: bool
    liked: DocumentBody

    def shape(self) -> Shape:
        return {
            "notifications_unread_count": 0,
            "otp_required_for_login": self.second_factor_since is not None,
            "otp_enabled_at": instant(self.second_factor_since),
            "image": self.liked.get("image"),
            "primary_login_exists": self.has_primary,
        }


def show_current_user(person: Person, organization: Organization, facts: AccountFacts) -> Shape:
    return {
        "id": person.number,
        "resource_type": "User",
        "name": person.name,
        "email": person.email or "",
        "locale": facts.liked.get("locale"),
        **facts.shape(),
        **stamps(person.created_at, person.updated_at),
        "announcements_last_seen_at": None,
        "last_read_at": facts.liked.get("last_read_at"),
        "notes": person.notes or None,
        **with_ref("organization", organization_ref(organization)),
    }


def show_login(key: Key, person: Person | None) -> Shape:
    about = dict(key.about)
    brand, model, system = (about.get(name) for name in ("device_brand", "device_model", "os_name"))
    return {
        "id": key.number,
        **stamps(key.created_at, key.created_at),
        "type": "api" if key.kind is KeyKind.API_KEY else "device",
        "name": key.name,
        "primary": key.is_primary,
        "expire": key.expires_at is not None or key.idle_limit is not None,
        "last_used_at": instant(key.last_used_at),
        "device_brand": brand,
        "device_model": model,
        "os_name": system,
        **with_ref("user", None if person is None else user_ref(person)),
        "app": {"name": None, "version": None},
        "user_agent": {"name": None, "version": None},
        "device": {"brand": brand, "model": model},
        "os": {"name": system, "version": None},
    }


def show_new_login(key: Key, person: Person | None, secret: str, facts: AccountFacts) -> Shape:
    return show_login(key, person) | {
        "scram_credentials": None,
        "secret": secret,
        "authentication_token": secret,
        "has_primary_device": facts.has_primary,
        "email": None if person is None else person.email,
        **facts.shape(),
    }

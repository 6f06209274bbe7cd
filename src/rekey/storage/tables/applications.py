"""Tables of applications that sign their own users in."""

import sqlalchemy as sa

from rekey.storage.tables.base import flag, look_up, plain, raw, text, unique, whole

applications = plain(
    "applications",
    text("id"),
    whole("number"),
    text("name"),
    text("owners"),
    text("issuers"),
    text("origins"),
    text("keys"),
    flag("suspended"),
    text("profile"),
    raw("identity_public"),
    raw("identity_sealed"),
    whole("created_at"),
    whole("updated_at"),
    whole("ended_at", nullable=True),
    text("return_urls", default="'[]'"),
    text("secret_fingerprint", default="''"),
    unique("applications", "number"),
    kind="application",
)

application_urls = plain(
    "application_urls",
    text("kind"),
    text("url"),
    text("application_id"),
    # Both look-ups come before the organization is known; one issuer names one application of the server.
    sa.Index("ix_application_urls_kind_url", "kind", "url"),
    sa.Index(
        "uq_application_urls_url",
        "url",
        unique=True,
        sqlite_where=sa.text("kind = 'issuer'"),
        postgresql_where=sa.text("kind = 'issuer'"),
    ),
    kind="application",
    key=("application_id", "kind", "url"),
)

foreign_accounts = plain(
    "foreign_accounts",
    text("id"),
    text("application_id"),
    text("subject"),
    text("name", nullable=True),
    text("email", nullable=True),
    flag("email_verified"),
    flag("email_listed"),
    text("phone", nullable=True),
    flag("phone_verified"),
    flag("phone_listed"),
    whole("told_at"),
    whole("updated_at"),
    unique("foreign_accounts", "application_id", "subject"),
    unique("foreign_accounts", "application_id", "email", where=sa.text("email_listed")),
    unique("foreign_accounts", "application_id", "phone", where=sa.text("phone_listed")),
    look_up("foreign_accounts", "application_id", "id"),
    kind="foreign_account",
)

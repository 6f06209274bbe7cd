"""What people agreed to: that an application acts for them."""

from rekey.storage.tables.base import flag, plain, text, whole

consents = plain(
    "consents",
    text("id"),
    text("application_id"),
    text("operator_id"),
    text("return_url"),
    flag("return_named"),
    text("challenge"),
    whole("created_at"),
    kind="consent",
)

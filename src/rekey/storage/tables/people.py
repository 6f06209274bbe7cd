"""Tables of people and what names them."""

import sqlalchemy as sa

from rekey.storage.tables.base import (
    flag,
    look_up,
    only_one,
    plain,
    raw,
    text,
    unique,
    versioned,
    whole,
)

people = versioned(
    "people",
    whole("number"),
    text("name"),
    text("email", nullable=True),
    text("phone", nullable=True),
    text("external_key", nullable=True),
    text("notes"),
    whole("created_at"),
    whole("updated_at"),
    text("customer_key", nullable=True),
    flag("is_guest", default="false"),
    flag("password_sign_in", default="true"),
    only_one("people", "number"),
    only_one("people", "email"),
    only_one("people", "phone"),
    only_one("people", "external_key"),
    look_up("people", "customer_key", "until"),
    look_up("people", "email", "number"),
    kind="person",
)

teams = versioned(
    "teams",
    whole("number"),
    text("name"),
    whole("created_at"),
    whole("updated_at"),
    only_one("teams", "number"),
    kind="team",
)

memberships = versioned(
    "memberships",
    whole("number"),
    text("team_id"),
    text("person_id"),
    whole("named_at"),
    flag("by_automation"),
    whole("created_at"),
    only_one("memberships", "number"),
    only_one("memberships", "team_id", "person_id"),
    look_up("memberships", "person_id", "until"),
    look_up("memberships", "team_id", "until"),
    kind="membership",
)

enrolments = versioned(
    "enrolments",
    whole("number"),
    text("person_id"),
    text("site_id"),
    whole("valid_from", nullable=True),
    whole("valid_until", nullable=True),
    whole("created_at"),
    whole("updated_at"),
    only_one("enrolments", "number"),
    only_one("enrolments", "person_id", "site_id"),
    look_up("enrolments", "person_id", "until"),
    look_up("enrolments", "site_id", "until"),
    kind="enrolment",
)

credentials = plain(
    "credentials",
    text("id"),
    whole("number"),
    text("person_id"),
    text("kind"),
    text("fingerprint"),
    text("label"),
    raw("public_part"),
    raw("sealed_part"),
    text("state"),
    whole("valid_from", nullable=True),
    whole("valid_until", nullable=True),
    whole("created_at"),
    whole("ended_at", nullable=True),
    # `person_id` names the holder, of whichever kind, and is empty while there is none.
    text("holder_kind", default="'person'"),
    text("second_fingerprint", default="''"),
    raw("second_sealed_part", nullable=True),
    text("card_type", default="''"),
    text("identifiers", default="'[]'"),
    text("door_ids", default="'[]'"),
    whole("max_uses", nullable=True),
    whole("uses", default="0"),
    text("origin", default="''"),
    text("made_by", nullable=True),
    whole("last_used_at", nullable=True),
    whole("activated_at", nullable=True),
    whole("deactivated_at", nullable=True),
    whole("changed_at", nullable=True),
    unique("credentials", "number"),
    # The same PIN may be held at doors that have nothing in common.
    unique("credentials", "kind", "fingerprint", where=sa.text("state <> 'ended' AND kind <> 'pin'")),
    look_up("credentials", "kind", "fingerprint", "number"),
    look_up("credentials", "person_id", "number"),
    look_up("credentials", "made_by", where=sa.text("state <> 'ended'")),
    look_up("credentials", "ended_at", where=sa.text("ended_at IS NOT NULL")),
    kind="credential",
)

"""Tables of organizations and what they are made of."""

import sqlalchemy as sa

from rekey.storage.tables.base import look_up, only_one, plain, text, versioned, whole

organizations = plain(
    "organizations",
    text("name"),
    text("domain"),
    text("sign_in"),
    whole("created_at"),
    sa.Index("uq_organizations_domain", "domain", unique=True),
    sa.Index("ix_organizations_created_at", "created_at", "organization_id"),
    kind="organization",
    key=(),
)

sites = versioned(
    "sites",
    whole("number"),
    text("name"),
    text("time_zone"),
    text("address"),
    text("location", nullable=True),
    whole("created_at"),
    whole("updated_at"),
    only_one("sites", "number"),
    kind="site",
)

doors = versioned(
    "doors",
    whole("number"),
    text("site_id"),
    text("name"),
    text("description"),
    text("driver"),
    text("driver_settings"),
    text("mode"),
    text("settings"),
    text("kind"),
    text("location", nullable=True),
    whole("created_at"),
    whole("updated_at"),
    text("upstream_id", nullable=True),
    only_one("doors", "number"),
    look_up("doors", "site_id", "until"),
    look_up("doors", "upstream_id", "until"),
    kind="door",
)

door_groups = versioned(
    "door_groups",
    whole("number"),
    text("name"),
    text("description"),
    text("site_id", nullable=True),
    text("conditions"),
    whole("created_at"),
    whole("updated_at"),
    text("origin", default="''"),
    text("external_key", nullable=True),
    text("customer_key", nullable=True),
    only_one("door_groups", "number"),
    only_one("door_groups", "external_key"),
    look_up("door_groups", "origin", "until"),
    kind="door group",
)

door_group_doors = versioned(
    "door_group_doors",
    whole("number"),
    text("door_group_id"),
    text("door_id"),
    whole("created_at"),
    only_one("door_group_doors", "number"),
    only_one("door_group_doors", "door_group_id", "door_id"),
    look_up("door_group_doors", "door_id", "until"),
    look_up("door_group_doors", "door_group_id", "until"),
    kind="place in a door group",
)

schedules = versioned(
    "schedules",
    whole("number"),
    text("name"),
    text("windows"),
    text("exceptions"),
    only_one("schedules", "number"),
    kind="schedule",
)

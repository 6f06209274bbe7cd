"""The tables of the store, one module per aggregate."""

from rekey.storage.tables.accounts import challenges, outbox, second_factors
from rekey.storage.tables.applications import application_urls, applications, foreign_accounts
from rekey.storage.tables.base import metadata
from rekey.storage.tables.bundles import bundles, door_codes, former_pins, media, takeovers
from rekey.storage.tables.calendar import calendar_rules, door_hours
from rekey.storage.tables.consents import consents
from rekey.storage.tables.directory import directory_calls, directory_entries, directory_states
from rekey.storage.tables.documents import documents
from rekey.storage.tables.doors import (
    changes,
    door_contacts,
    door_entries,
    door_orders,
    door_syncs,
    newest_door_entries,
)
from rekey.storage.tables.estate import (
    door_group_doors,
    door_groups,
    doors,
    organizations,
    schedules,
    sites,
)
from rekey.storage.tables.feeds import deliveries, subscriptions
from rekey.storage.tables.files import file_parts
from rekey.storage.tables.handovers import handovers
from rekey.storage.tables.journal import checkpoints, journal, organization_heads, seen_operations
from rekey.storage.tables.links import credential_doors, links
from rekey.storage.tables.operators import keys, operators
from rekey.storage.tables.people import credentials, enrolments, memberships, people, teams
from rekey.storage.tables.rights import blocks, conflicts, grants, revocations
from rekey.storage.tables.upstreams import client_sessions, merged_people, upstreams

__all__ = [
    "application_urls",
    "applications",
    "blocks",
    "bundles",
    "calendar_rules",
    "challenges",
    "changes",
    "checkpoints",
    "client_sessions",
    "conflicts",
    "consents",
    "credential_doors",
    "credentials",
    "deliveries",
    "directory_calls",
    "directory_entries",
    "directory_states",
    "documents",
    "door_codes",
    "door_contacts",
    "door_entries",
    "door_group_doors",
    "door_groups",
    "door_hours",
    "door_orders",
    "door_syncs",
    "doors",
    "enrolments",
    "file_parts",
    "foreign_accounts",
    "former_pins",
    "grants",
    "handovers",
    "journal",
    "keys",
    "links",
    "media",
    "memberships",
    "merged_people",
    "metadata",
    "newest_door_entries",
    "operators",
    "organization_heads",
    "organizations",
    "outbox",
    "people",
    "revocations",
    "schedules",
    "second_factors",
    "seen_operations",
    "sites",
    "subscriptions",
    "takeovers",
    "teams",
    "upstreams",
]

"""The tables of the store, one module per aggregate."""

from rekey.storage.tables.base import metadata
from rekey.storage.tables.documents import documents
from rekey.storage.tables.doors import (
    changes,
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
from rekey.storage.tables.journal import checkpoints, journal, organization_heads, seen_operations
from rekey.storage.tables.operators import keys, operators
from rekey.storage.tables.people import credentials, enrolments, memberships, people, teams
from rekey.storage.tables.rights import blocks, conflicts, grants, revocations

__all__ = [
    "blocks",
    "changes",
    "checkpoints",
    "conflicts",
    "credentials",
    "documents",
    "door_entries",
    "door_group_doors",
    "door_groups",
    "door_orders",
    "door_syncs",
    "doors",
    "enrolments",
    "grants",
    "journal",
    "keys",
    "memberships",
    "metadata",
    "newest_door_entries",
    "operators",
    "organization_heads",
    "organizations",
    "people",
    "revocations",
    "schedules",
    "seen_operations",
    "sites",
    "teams",
]

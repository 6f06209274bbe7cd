"""The routes of people, and of what they may."""

from collections.abc import Awaitable, Callable

from rekey.dialects.kisi.assignments import Assignments
from rekey.dialects.kisi.guests import Guests
from rekey.dialects.kisi.invites import Invites
from rekey.dialects.kisi.kit import Kit
from rekey.dialects.kisi.members import Members
from rekey.dialects.kisi.organization import Organizations
from rekey.dialects.kisi.presences import Presences
from rekey.dialects.kisi.shares import Shares
from rekey.dialects.kisi.teams import Teams
from rekey.dialects.kisi.users import Users
from rekey.webkit.message import Reply, Request

Row = tuple[str, str, str, Callable[[Request], Awaitable[Reply]]]
_INVITE = "add_person, grant_access, add_team_member, issue_credential, tell_holder"
_CHANGES = "place_block, lift_block, edit_person, annotate"


def people_rows(kit: Kit) -> tuple[Row, ...]:
    users, members, guests, teams = Users(kit), Members(kit), Guests(kit), Teams(kit)
    return (
        ("GET", "/users", "read", users.list),
        ("POST", "/users", "add_person, place_block, annotate", users.create),
        ("GET", "/users/{id}", "read", users.get),
        ("PATCH", "/users/{id}", _CHANGES, users.update),
        ("DELETE", "/users/{id}", "remove_person", users.delete),
        ("GET", "/members", "read", members.list),
        ("POST", "/members", "add_person, place_block, annotate", members.create),
        ("GET", "/members/{id}", "read", members.get),
        ("PATCH", "/members/{id}", _CHANGES, members.update),
        ("DELETE", "/members/{id}", "remove_person", members.delete),
        ("GET", "/guests", "read", guests.list),
        ("POST", "/guests", "add_person", guests.create),
        ("GET", "/guests/{id}", "read", guests.get),
        ("DELETE", "/guests/{id}", "remove_person", guests.delete),
        ("GET", "/teams", "read", teams.list),
        ("POST", "/teams", "add_team", teams.create),
        ("GET", "/teams/{id}", "read", teams.get),
        ("PATCH", "/teams/{id}", "edit_team", teams.update),
        ("DELETE", "/teams/{id}", "end_team", teams.delete),
        ("GET", "/team_memberships", "read", teams.list_members),
        ("POST", "/team_memberships", "add_team_member", teams.add_member),
        ("GET", "/team_memberships/{id}", "read", teams.get_member),
        ("DELETE", "/team_memberships/{id}", "remove_team_member", teams.remove_member),
        ("GET", "/presences", "read", Presences(kit).list),
    )


def rights_rows(kit: Kit) -> tuple[Row, ...]:
    assignments, organizations, shares = Assignments(kit), Organizations(kit), Shares(kit)
    return (
        ("GET", "/roles", "read", organizations.list_roles),
        ("GET", "/roles/{id}", "read", organizations.get_role),
        ("GET", "/role_assignments", "read", assignments.list),
        ("POST", "/role_assignments", "grant_access, annotate, tell_holder", assignments.create),
        ("GET", "/role_assignments/{id}", "read", assignments.get),
        ("PATCH", "/role_assignments/{id}", "edit_grant, annotate", assignments.update),
        ("DELETE", "/role_assignments/{id}", "end_grant", assignments.delete),
        ("GET", "/shares", "read", shares.list),
        ("POST", "/shares", "add_person, grant_access, annotate, tell_holder", shares.create),
        ("GET", "/shares/{id}", "read", shares.get),
        ("PATCH", "/shares/{id}", "edit_grant, annotate", shares.update),
        ("DELETE", "/shares/{id}", "end_grant", shares.delete),
        ("POST", "/invites", _INVITE, Invites(kit).create),
    )

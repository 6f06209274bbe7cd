"""The table of the native API, from which routing, OpenAPI and the delegation page are made."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from rekey.dialects.native import wire, wire_at_doors, wire_calendar
from rekey.dialects.native.applications import Applications
from rekey.dialects.native.at_doors import AtDoors
from rekey.dialects.native.calendar import Calendar
from rekey.dialects.native.directory import Directory
from rekey.dialects.native.doors import Doors
from rekey.dialects.native.estate import Estate
from rekey.dialects.native.imports import Imports
from rekey.dialects.native.journal import Journal
from rekey.dialects.native.keys import Keys
from rekey.dialects.native.kit import Kit
from rekey.dialects.native.organizations import Organizations
from rekey.dialects.native.people import People
from rekey.dialects.native.person_keys import PersonKeys
from rekey.dialects.native.rights import Rights
from rekey.dialects.native.site_map import SiteMap
from rekey.dialects.native.subscriptions import Subscriptions
from rekey.webkit.message import Reply, Request
from rekey.webkit.route import Route

Handler = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table below: verb, path, operation, handler, and what its body is."""

    verb: str
    path: str
    operation: str
    handler: Handler
    accepts: type | None = None
    status: int = 200

    def route(self) -> Route:
        return Route(
            methods=(self.verb,),
            path=self.path,
            handler=self.handler,
            name=f"{self.verb} {self.path}",
            operation=self.operation,
            auth="key",
            accepts=self.accepts,
            status=self.status,
            summary=(self.handler.__doc__ or self.operation.replace("_", " ")).strip().splitlines()[0],
        )


def make_routes(kit: Kit, *, sandbox: bool) -> tuple[Route, ...]:
    """Make every route but `/openapi.json`, which describes them."""
    rows = (
        *_organizations(Organizations(kit, sandbox=sandbox)),
        *_estate(Estate(kit)),
        *_site_map(SiteMap(kit)),
        *_applications(Applications(kit)),
        *_people(People(kit)),
        *_subscriptions(Subscriptions(kit)),
        *_person_keys(PersonKeys(kit)),
        *_imports(Imports(kit)),
        *_rights(Rights(kit)),
        *_at_doors(AtDoors(kit)),
        *_doors(Doors(kit)),
        *_calendar(Calendar(kit)),
        *_directory(Directory(kit)),
        *_books(kit, sandbox=sandbox),
    )
    return tuple(row.route() for row in rows)


def _organizations(organizations: Organizations) -> tuple[Row, ...]:
    return (
        Row("GET", "/organization", "read", organizations.get),
        Row("POST", "/organizations", "found_organization", organizations.found, wire.NewOrganization, 201),
    )


def _estate(estate: Estate) -> tuple[Row, ...]:
    group = "/door_groups/{group}"
    return (
        Row("GET", "/sites", "read", estate.list_sites),
        Row("POST", "/sites", "add_site", estate.add_site, wire.NewSite, 201),
        Row("GET", "/sites/{site}", "read", estate.get_site),
        Row("PATCH", "/sites/{site}", "edit_site", estate.edit_site, wire.SiteEdit),
        Row("DELETE", "/sites/{site}", "retire_site", estate.retire_site),
        Row("GET", "/doors", "read", estate.list_doors),
        Row("POST", "/doors", "add_door", estate.add_door, wire.NewDoor, 201),
        Row("GET", "/doors/{door}", "read", estate.get_door),
        Row("PATCH", "/doors/{door}", "edit_door", estate.edit_door, wire.DoorEdit),
        Row("DELETE", "/doors/{door}", "retire_door", estate.retire_door),
        Row("GET", "/door_groups", "read", estate.list_door_groups),
        Row("POST", "/door_groups", "add_door_group", estate.add_door_group, wire.NewDoorGroup, 201),
        Row("GET", group, "read", estate.get_door_group),
        Row("PATCH", group, "edit_door_group", estate.edit_door_group, wire.DoorGroupEdit),
        Row("DELETE", group, "end_door_group", estate.end_door_group),
        Row("PUT", group + "/doors/{door}", "put_door_in_group", estate.put_door, status=204),
        Row("DELETE", group + "/doors/{door}", "take_door_out_of_group", estate.take_door, status=204),
    )


def _site_map(site_map: SiteMap) -> tuple[Row, ...]:
    place, administrators = "/sites/{site}/map", "/sites/{site}/administrators"
    one = administrators + "/{person}"
    return (
        Row("GET", place, "read", site_map.get),
        Row("PATCH", place, "edit_site", site_map.edit, wire.SiteMapEdit),
        Row("GET", administrators, "read", site_map.list_administrators),
        Row("PUT", one, "grant_access", site_map.add_administrator),
        Row("DELETE", one, "end_grant", site_map.remove_administrator),
    )


def _applications(applications: Applications) -> tuple[Row, ...]:
    one = "/applications/{application}"
    return (
        Row("GET", "/applications", "read", applications.list),
        Row("POST", "/applications", "add_application", applications.add, wire.ApplicationToAdd, 201),
        Row("POST", one + "/secret", "renew_application_secret", applications.renew_secret),
        Row("GET", one, "read", applications.get),
        Row("PATCH", one, "edit_application", applications.edit, wire.ApplicationEdit),
        Row("DELETE", one, "end_application", applications.end, status=204),
        Row("DELETE", one + "/keys/{kid}", "end_application_key", applications.end_key),
    )


def _people(people: People) -> tuple[Row, ...]:
    member = "/teams/{team}/members/{person}"
    return (
        Row("GET", "/people", "read", people.list),
        Row("POST", "/people", "add_person", people.add, wire.NewPerson, 201),
        Row("GET", "/people/{person}", "read", people.get),
        Row("PATCH", "/people/{person}", "edit_person", people.edit, wire.PersonEdit),
        Row("DELETE", "/people/{person}", "remove_person", people.remove),
        Row("POST", "/people/remove", "remove_people", people.remove_several, wire.PeopleRemoval),
        Row("POST", "/people/{person}/reinstate", "reinstate_person", people.reinstate, wire.Reasoned),
        Row("POST", "/people/{person}/block", "place_block", people.block, wire.BlockRequest),
        Row("DELETE", "/people/{person}/block", "lift_block", people.unblock),
        Row("GET", "/teams", "read", people.list_teams),
        Row("POST", "/teams", "add_team", people.add_team, wire.NewTeam, 201),
        Row("DELETE", "/teams/{team}", "end_team", people.end_team),
        Row("PUT", member, "add_team_member", people.add_member, status=204),
        Row("DELETE", member, "remove_team_member", people.remove_member, status=204),
    )


def _imports(imports: Imports) -> tuple[Row, ...]:
    return (
        Row("POST", "/imports", "import_people", imports.begin, status=202),
        Row("GET", "/imports", "read", imports.list),
        Row("GET", "/imports/{import}", "read", imports.get),
        Row("POST", "/imports/{import}/undo", "undo_import", imports.undo),
    )


def _person_keys(keys: PersonKeys) -> tuple[Row, ...]:
    return (
        Row("GET", "/people/{person}/keys", "read", keys.list),
        Row("DELETE", "/people/{person}/keys/{credential}", "end_credential", keys.end),
    )


def _rights(rights: Rights) -> tuple[Row, ...]:
    receipt = "/revocations/{revocation}/receipt"
    return (
        Row("GET", "/grants", "read", rights.list_grants),
        Row("POST", "/grants", "grant_access", rights.grant, wire.NewGrant, 201),
        Row("PATCH", "/grants/{grant}", "edit_grant", rights.edit_grant, wire.GrantEdit),
        Row("DELETE", "/grants/{grant}", "end_grant", rights.end_grant),
        Row("POST", "/people/{person}/revoke", "revoke_person", rights.revoke, wire.RevokeRequest),
        Row("GET", "/revocations", "read", rights.list_revocations),
        Row("GET", receipt, "show_receipt", rights.get_receipt),
        Row("GET", "/revocations/{revocation}/leftovers", "list_leftovers", rights.get_leftovers),
        Row("GET", receipt + "/export", "prove_row", rights.export_receipt),
        Row("GET", "/exposure", "list_exposure", rights.list_exposure),
        Row("GET", "/conflicts", "read", rights.list_conflicts),
        Row("GET", "/doors/{door}/who", "who_can_open", rights.who),
        Row("GET", "/people/{person}/doors", "doors_openable_by", rights.doors_of),
        Row("GET", "/people/{person}/can/{door}", "explain_decision", rights.can),
    )


def _at_doors(at_doors: AtDoors) -> tuple[Row, ...]:
    one = "/credentials/{credential}"
    return (
        Row("GET", "/links", "read", at_doors.list_links),
        Row("POST", "/links", "add_link", at_doors.add_link, wire_at_doors.NewLink, 201),
        Row("GET", "/links/{link}", "read", at_doors.get_link),
        Row("DELETE", "/links/{link}", "end_link", at_doors.end_link),
        Row("GET", "/credentials", "read", at_doors.list_credentials),
        Row("POST", "/credentials", "issue_credential", at_doors.issue, wire_at_doors.NewCredential, 201),
        Row("GET", one, "read", at_doors.get_credential),
        Row("GET", one + "/doors", "credential_at_door", at_doors.get_places),
        Row("DELETE", one, "end_credential", at_doors.end),
        Row("POST", one + "/assign", "assign_credential", at_doors.assign, wire_at_doors.Assignment),
        Row("POST", one + "/unassign", "unassign_credential", at_doors.unassign, wire.NoBody),
        Row("POST", one + "/activate", "activate_credential", at_doors.activate, wire.NoBody),
        Row("POST", one + "/deactivate", "activate_credential", at_doors.deactivate, wire.NoBody),
        Row("POST", "/doors/{door}/present", "present_credential", at_doors.present, wire_at_doors.Presented),
        Row("GET", "/people/{person}/leftovers", "list_leftovers", at_doors.leftovers),
    )


def _doors(doors: Doors) -> tuple[Row, ...]:
    return (
        Row("POST", "/doors/{door}/open", "open_door", doors.open, wire.OpenRequest),
        Row("POST", "/doors/{door}/mode", "set_door_mode", doors.set_mode, wire.ModeRequest),
        Row("POST", "/doors/{door}/lockdown", "lock_down", doors.lock_down, wire.Reasoned),
        Row("POST", "/doors/{door}/release", "release", doors.release, wire.Reasoned),
        Row("POST", "/doors/{door}/sync", "serve_door_log", doors.sync),
        Row("GET", "/doors/{door}/log", "read", doors.get_log),
        Row("POST", "/doors/{door}/simulate", "simulate", doors.present, wire.PresentRequest),
        Row("PATCH", "/doors/{door}/simulate", "simulate", doors.simulate),
        Row("GET", "/orders/{order}", "read", doors.get_order),
    )


def _calendar(calendar: Calendar) -> tuple[Row, ...]:
    rules, rule, arrival = "/calendar_rules", "/calendar_rules/{rule}", "/doors/{door}/first_to_arrive"
    door, group = "/doors/{door}/conditions", "/door_groups/{group}/conditions"
    of_door, of_group = wire_calendar.DoorConditionsEdit, wire_calendar.GroupConditionsEdit
    return (
        Row("GET", rules, "read", calendar.list),
        Row("POST", rules, "add_calendar_rule", calendar.add, wire_calendar.NewCalendarRule, 201),
        Row("GET", rule, "read", calendar.get),
        Row("PATCH", rule, "edit_calendar_rule", calendar.edit, wire_calendar.CalendarRuleEdit),
        Row("DELETE", rule, "end_calendar_rule", calendar.end, status=204),
        Row("GET", "/doors/{door}/hours", "read", calendar.get_hours),
        Row("POST", arrival, "arm_first_to_arrive", calendar.arm, status=204),
        Row("DELETE", arrival, "undo_first_to_arrive", calendar.undo, status=204),
        Row("GET", door, "read", calendar.get_door_conditions),
        Row("PATCH", door, "edit_door", calendar.edit_door_conditions, of_door),
        Row("GET", group, "read", calendar.get_group_conditions),
        Row("PATCH", group, "edit_door_group", calendar.edit_group_conditions, of_group),
    )


def _directory(directory: Directory) -> tuple[Row, ...]:
    return (
        Row("GET", "/directory", "read", directory.get),
        Row("PATCH", "/directory", "edit_directory", directory.edit, wire.DirectoryEdit),
        Row("POST", "/directory/key", "reset_directory_key", directory.reset_key, status=201),
        Row("GET", "/directory/calls", "read", directory.calls),
        Row("GET", "/directory/inactive", "read", directory.inactive),
    )


def _books(kit: Kit, *, sandbox: bool) -> tuple[Row, ...]:
    journal, keys = Journal(kit), Keys(kit, sandbox=sandbox)
    return (
        Row("GET", "/journal", "read", journal.list),
        Row("GET", "/journal/checkpoint", "read", journal.checkpoint),
        Row("GET", "/journal/export", "read", journal.export),
        Row("GET", "/journal/proof/{position}", "prove_row", journal.prove),
        Row("GET", "/whoami", "read", keys.whoami),
        Row("GET", "/keys", "read", keys.list),
        Row("POST", "/keys", "issue_key", keys.issue, wire.NewKey, 201),
        Row("DELETE", "/keys/{key}", "end_key", keys.end),
    )


def _subscriptions(subscriptions: Subscriptions) -> tuple[Row, ...]:
    one = "/subscriptions/{subscription}"
    return (
        Row("GET", "/subscriptions", "read", subscriptions.list),
        Row("POST", "/subscriptions", "add_subscription", subscriptions.add, wire.NewSubscription, 201),
        Row("PATCH", one, "edit_subscription", subscriptions.edit, wire.SubscriptionEdit),
        Row("DELETE", one, "end_subscription", subscriptions.end),
        Row("POST", f"{one}/rotate", "rotate_subscription_secret", subscriptions.rotate),
        Row("GET", f"{one}/deliveries", "read", subscriptions.list_deliveries),
        Row("POST", "/deliveries/{delivery}/replay", "replay_delivery", subscriptions.replay),
    )

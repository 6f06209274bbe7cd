"""Every operation that changes something: its name, the permission it needs, what it takes and gives."""

from typing import Any

from rekey.operations.act import Operation
from rekey.operations.add_door import add_door
from rekey.operations.add_door_group import add_door_group
from rekey.operations.add_person import add_person
from rekey.operations.add_site import add_site
from rekey.operations.add_team import add_team
from rekey.operations.add_team_member import add_team_member
from rekey.operations.annotate import annotate, keep_preference
from rekey.operations.edit_door import edit_door
from rekey.operations.edit_door_group import edit_door_group
from rekey.operations.edit_enrolment import edit_enrolment
from rekey.operations.edit_grant import edit_grant
from rekey.operations.edit_own_profile import edit_own_profile
from rekey.operations.edit_person import edit_person
from rekey.operations.edit_site import edit_site
from rekey.operations.end_credential import end_credential
from rekey.operations.end_door_group import end_door_group
from rekey.operations.end_enrolment import end_enrolment
from rekey.operations.end_grant import end_grant
from rekey.operations.end_operator import end_operator
from rekey.operations.end_session import end_session
from rekey.operations.end_team import end_team
from rekey.operations.enrol_newcomer import enrol_newcomer
from rekey.operations.enrol_person import enrol_person
from rekey.operations.found_organization import found_organization
from rekey.operations.grant_access import grant_access
from rekey.operations.invite_person import invite_person
from rekey.operations.issue_credential import enrol_own_key, issue_credential
from rekey.operations.issue_key import end_key, issue_key
from rekey.operations.keep_account_key import keep_account_key
from rekey.operations.keep_document import add_document, edit_document, end_document
from rekey.operations.lock_down import lock_down, release
from rekey.operations.open_door import open_door
from rekey.operations.open_session import open_session, open_session_for, register_operator, renew_session
from rekey.operations.place_block import lift_block, place_block
from rekey.operations.put_door_in_group import put_door_in_group
from rekey.operations.reinstate_person import reinstate_person
from rekey.operations.remove_person import remove_person
from rekey.operations.remove_team_member import remove_team_member
from rekey.operations.retire_door import retire_door
from rekey.operations.revoke_people import revoke_people
from rekey.operations.revoke_person import revoke_person
from rekey.operations.serve_door_log import confirm_door_log, serve_door_log
from rekey.operations.set_door_mode import set_door_mode
from rekey.operations.settle_order import claim_order, expire_orders, settle_order
from rekey.operations.suspend_credential import suspend_credential
from rekey.operations.take_door_out_of_group import take_door_out_of_group

_ALL: tuple[Operation[Any, Any], ...] = (
    add_document,
    add_door,
    add_door_group,
    add_person,
    add_site,
    add_team,
    add_team_member,
    annotate,
    claim_order,
    confirm_door_log,
    edit_document,
    edit_door,
    edit_door_group,
    edit_enrolment,
    edit_grant,
    edit_own_profile,
    edit_person,
    edit_site,
    end_credential,
    end_document,
    end_door_group,
    end_enrolment,
    end_grant,
    end_key,
    end_operator,
    end_session,
    end_team,
    enrol_newcomer,
    enrol_own_key,
    enrol_person,
    expire_orders,
    found_organization,
    grant_access,
    invite_person,
    issue_credential,
    issue_key,
    keep_account_key,
    keep_preference,
    lift_block,
    lock_down,
    open_door,
    open_session,
    open_session_for,
    place_block,
    put_door_in_group,
    register_operator,
    reinstate_person,
    release,
    remove_person,
    remove_team_member,
    renew_session,
    retire_door,
    revoke_people,
    revoke_person,
    serve_door_log,
    set_door_mode,
    settle_order,
    suspend_credential,
    take_door_out_of_group,
)

CATALOGUE: dict[str, Operation[Any, Any]] = {operation.name: operation for operation in _ALL}

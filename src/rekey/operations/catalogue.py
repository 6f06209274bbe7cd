"""Every operation that changes something: its name, the permission it needs, what it takes and gives."""

from typing import Any

from rekey.operations.act import Operation
from rekey.operations.activate_credential import activate_credential
from rekey.operations.add_calendar_rule import add_calendar_rule
from rekey.operations.add_connect_page import add_connect_page, fail_connect_page
from rekey.operations.add_door import add_door
from rekey.operations.add_door_group import add_door_group
from rekey.operations.add_link import add_link
from rekey.operations.add_person import add_person
from rekey.operations.add_site import add_site
from rekey.operations.add_subscription import add_subscription
from rekey.operations.add_team import add_team
from rekey.operations.add_team_member import add_team_member
from rekey.operations.agree_to_application import agree_to_application
from rekey.operations.annotate import annotate, keep_preference
from rekey.operations.arrange_organization import arrange_organization
from rekey.operations.assign_credential import assign_credential, unassign_credential
from rekey.operations.await_activation import activate_by_token, await_activation
from rekey.operations.change_password import ask_password_reset, change_password, reset_password
from rekey.operations.change_provisioned_person import change_provisioned_person
from rekey.operations.change_provisioned_team import change_provisioned_team
from rekey.operations.code_catalogue import CODES
from rekey.operations.confirm_door_log import confirm_door_log
from rekey.operations.connect_upstream import connect_upstream, edit_upstream
from rekey.operations.do_together import do_together
from rekey.operations.edit_bundle import edit_bundle
from rekey.operations.edit_calendar_rule import edit_calendar_rule
from rekey.operations.edit_credential import edit_credential
from rekey.operations.edit_directory import edit_directory
from rekey.operations.edit_door import edit_door
from rekey.operations.edit_door_group import edit_door_group
from rekey.operations.edit_enrolment import edit_enrolment
from rekey.operations.edit_grant import edit_grant
from rekey.operations.edit_link import edit_link
from rekey.operations.edit_noted_door import edit_noted_door, note_doors
from rekey.operations.edit_organization import edit_organization
from rekey.operations.edit_own_profile import edit_own_profile
from rekey.operations.edit_person import edit_person
from rekey.operations.edit_sandbox import reset_organization, set_open_seconds, simulate_door
from rekey.operations.edit_site import edit_site
from rekey.operations.edit_subscription import (
    edit_subscription,
    end_subscription,
    rotate_subscription_secret,
)
from rekey.operations.edit_team import edit_team
from rekey.operations.encode_card import encode_card, encode_medium, scan_card, script_encoder
from rekey.operations.end_bundle import add_media, bind_card, end_bundle, end_media
from rekey.operations.end_calendar_rule import end_calendar_rule
from rekey.operations.end_client_session import (
    end_client_session,
    revoke_client_session,
    widen_client_session,
)
from rekey.operations.end_credential import end_credential
from rekey.operations.end_door_group import end_door_group
from rekey.operations.end_enrolment import end_enrolment
from rekey.operations.end_grant import end_grant
from rekey.operations.end_link import end_link
from rekey.operations.end_operator import end_operator
from rekey.operations.end_provisioned_team import end_provisioned_team
from rekey.operations.end_session import end_session
from rekey.operations.end_team import end_team
from rekey.operations.end_upstream import end_upstream
from rekey.operations.enrol_newcomer import enrol_newcomer
from rekey.operations.enrol_person import enrol_person
from rekey.operations.exchange_consent import exchange_code, renew_consent
from rekey.operations.first_to_arrive import arm_first_to_arrive, undo_first_to_arrive
from rekey.operations.first_to_arrive_by_link import (
    arm_first_to_arrive_by_link,
    undo_first_to_arrive_by_link,
)
from rekey.operations.found_organization import found_organization
from rekey.operations.gather_doors import gather_doors, regather_doors
from rekey.operations.give_bundle import give_bundle
from rekey.operations.give_credential import edit_given, give_credential, hand_credential
from rekey.operations.grant_access import grant_access
from rekey.operations.hand_over_ownership import (
    accept_ownership,
    decline_ownership,
    offer_ownership,
    withdraw_ownership,
)
from rekey.operations.import_cards import import_cards
from rekey.operations.import_people import import_people, undo_import
from rekey.operations.introduce_person import introduce_person
from rekey.operations.invite_person import invite_person
from rekey.operations.issue_credential import issue_credential
from rekey.operations.issue_key import end_key, issue_key
from rekey.operations.join_enrolment import join_enrolment
from rekey.operations.keep_account_key import keep_account_key
from rekey.operations.keep_application import add_application, edit_application, end_application
from rekey.operations.keep_customer import drop_customer_data, keep_customer
from rekey.operations.keep_document import add_document, edit_document, end_document
from rekey.operations.keep_hours import keep_hours
from rekey.operations.keep_journal_query import keep_journal_query
from rekey.operations.keep_picture import keep_picture
from rekey.operations.keep_report import (
    ask_report,
    begin_report,
    end_report,
    fetch_report,
    finish_report,
    keep_report_part,
)
from rekey.operations.keep_report_schedule import (
    add_report_schedule,
    edit_report_schedule,
    run_report_schedule,
)
from rekey.operations.leave import leave
from rekey.operations.lock_down import lock_down, release
from rekey.operations.merge_people import merge_people
from rekey.operations.note_contact import note_contact
from rekey.operations.note_directory_call import note_directory_call
from rekey.operations.note_relocking import note_relocking
from rekey.operations.note_waiting_cards import note_waiting_cards
from rekey.operations.open_client_session import open_client_session
from rekey.operations.open_door import open_door
from rekey.operations.open_session import open_session, open_session_for, renew_session
from rekey.operations.own_keys import edit_own_key, promote_key
from rekey.operations.own_second_factor import (
    activate_second_factor,
    deactivate_second_factor,
    enrol_second_factor,
    make_backup_codes,
)
from rekey.operations.part_enrolment import part_enrolment
from rekey.operations.phones import add_phone, deactivate_phone
from rekey.operations.place_block import lift_block, place_block
from rekey.operations.present_credential import present_credential, use_link
from rekey.operations.prove_second_factor import note_wrong_code
from rekey.operations.provision_person import provision_person
from rekey.operations.provision_team import provision_team
from rekey.operations.put_door_in_group import put_door_in_group
from rekey.operations.raise_directory_alarms import raise_directory_alarms
from rekey.operations.register_operator import register_operator
from rekey.operations.reinstate_person import reinstate_person
from rekey.operations.remind_of_domain import remind_of_domain
from rekey.operations.remove_people import remove_people
from rekey.operations.remove_person import remove_person
from rekey.operations.remove_provisioned_person import remove_provisioned_person
from rekey.operations.remove_team_member import remove_team_member
from rekey.operations.renew_application_secret import renew_application_secret
from rekey.operations.reset_directory_key import reset_directory_key
from rekey.operations.retire_door import retire_door
from rekey.operations.retire_site import retire_site
from rekey.operations.revoke_people import revoke_people
from rekey.operations.revoke_person import revoke_person
from rekey.operations.secure_door import secure_door
from rekey.operations.send_notices import claim_notices, settle_notice
from rekey.operations.serve_door_log import serve_door_log
from rekey.operations.set_door_mode import set_door_mode
from rekey.operations.set_publishable_key import set_publishable_key
from rekey.operations.set_tile import set_tile, tile_at_door
from rekey.operations.settle_deliveries import replay_delivery, settle_deliveries
from rekey.operations.settle_order import claim_order, expire_orders, settle_order
from rekey.operations.show_picture import show_picture
from rekey.operations.suspend_credential import suspend_credential
from rekey.operations.switch_door import switch_door
from rekey.operations.take_door_out_of_group import take_door_out_of_group
from rekey.operations.take_up_invitation import invite_to_account, take_up_invitation
from rekey.operations.tell_holder import tell_holder
from rekey.operations.tell_link import tell_link
from rekey.operations.trust_application import (
    add_application_key,
    add_application_owner,
    add_application_url,
    end_application_key,
    end_application_owner,
    end_application_url,
)
from rekey.operations.trust_key import answer_key_code, ask_key_code, trust_key
from rekey.operations.verified_mail import ask_email_code, verify_email
from rekey.operations.web_key import end_web_key, make_web_key

_ALL: tuple[Operation[Any, Any], ...] = (
    *CODES,
    accept_ownership,
    activate_by_token,
    activate_credential,
    activate_second_factor,
    add_application,
    add_application_key,
    add_application_owner,
    add_application_url,
    add_calendar_rule,
    add_connect_page,
    add_document,
    add_door,
    add_door_group,
    add_link,
    add_media,
    add_person,
    add_phone,
    add_report_schedule,
    add_site,
    add_subscription,
    add_team,
    add_team_member,
    agree_to_application,
    annotate,
    answer_key_code,
    arm_first_to_arrive,
    arm_first_to_arrive_by_link,
    arrange_organization,
    ask_email_code,
    ask_key_code,
    ask_password_reset,
    ask_report,
    assign_credential,
    await_activation,
    begin_report,
    bind_card,
    change_password,
    change_provisioned_person,
    change_provisioned_team,
    claim_notices,
    claim_order,
    confirm_door_log,
    connect_upstream,
    deactivate_phone,
    deactivate_second_factor,
    decline_ownership,
    do_together,
    drop_customer_data,
    edit_application,
    edit_bundle,
    edit_calendar_rule,
    edit_credential,
    edit_directory,
    edit_document,
    edit_door,
    edit_door_group,
    edit_enrolment,
    edit_given,
    edit_grant,
    edit_link,
    edit_noted_door,
    edit_organization,
    edit_own_key,
    edit_own_profile,
    edit_person,
    edit_report_schedule,
    edit_site,
    edit_subscription,
    edit_team,
    edit_upstream,
    encode_card,
    encode_medium,
    end_application,
    end_application_key,
    end_application_owner,
    end_application_url,
    end_bundle,
    end_calendar_rule,
    end_client_session,
    end_credential,
    end_document,
    end_door_group,
    end_enrolment,
    end_grant,
    end_key,
    end_link,
    end_media,
    end_operator,
    end_provisioned_team,
    end_report,
    end_session,
    end_subscription,
    end_team,
    end_upstream,
    end_web_key,
    enrol_newcomer,
    enrol_person,
    enrol_second_factor,
    exchange_code,
    expire_orders,
    fail_connect_page,
    fetch_report,
    finish_report,
    found_organization,
    gather_doors,
    give_bundle,
    give_credential,
    grant_access,
    hand_credential,
    import_cards,
    import_people,
    introduce_person,
    invite_person,
    invite_to_account,
    issue_credential,
    issue_key,
    keep_account_key,
    keep_customer,
    keep_hours,
    keep_journal_query,
    keep_picture,
    keep_preference,
    keep_report_part,
    leave,
    lift_block,
    lock_down,
    make_backup_codes,
    make_web_key,
    join_enrolment,
    merge_people,
    part_enrolment,
    note_waiting_cards,
    note_contact,
    note_directory_call,
    note_doors,
    note_relocking,
    note_wrong_code,
    offer_ownership,
    open_client_session,
    open_door,
    open_session,
    open_session_for,
    place_block,
    present_credential,
    promote_key,
    provision_person,
    provision_team,
    put_door_in_group,
    raise_directory_alarms,
    regather_doors,
    register_operator,
    reinstate_person,
    release,
    remind_of_domain,
    remove_people,
    remove_person,
    remove_provisioned_person,
    remove_team_member,
    renew_application_secret,
    renew_consent,
    renew_session,
    replay_delivery,
    reset_directory_key,
    reset_organization,
    reset_password,
    retire_door,
    retire_site,
    revoke_client_session,
    revoke_people,
    revoke_person,
    rotate_subscription_secret,
    run_report_schedule,
    scan_card,
    script_encoder,
    secure_door,
    serve_door_log,
    set_door_mode,
    set_open_seconds,
    set_publishable_key,
    set_tile,
    settle_deliveries,
    settle_notice,
    settle_order,
    show_picture,
    simulate_door,
    suspend_credential,
    switch_door,
    take_door_out_of_group,
    take_up_invitation,
    tell_holder,
    tell_link,
    tile_at_door,
    trust_key,
    unassign_credential,
    undo_first_to_arrive,
    undo_first_to_arrive_by_link,
    undo_import,
    use_link,
    verify_email,
    widen_client_session,
    withdraw_ownership,
)

CATALOGUE: dict[str, Operation[Any, Any]] = {operation.name: operation for operation in _ALL}

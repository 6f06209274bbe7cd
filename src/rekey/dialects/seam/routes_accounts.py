"""The part of the route table about accounts, sessions, spaces, customers and workspaces."""

from rekey.dialects.seam import wire
from rekey.dialects.seam import wire_accounts as accounts
from rekey.dialects.seam.client_sessions import ClientSessions
from rekey.dialects.seam.connect_webviews import ConnectWebviews
from rekey.dialects.seam.connected_accounts import ConnectedAccounts
from rekey.dialects.seam.customers import PEOPLE, PLACES, STAYS, Customers
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.looks import FIELD, OLDER
from rekey.dialects.seam.parameters import Kind, Param
from rekey.dialects.seam.policy import READ
from rekey.dialects.seam.rows import (
    ATTEMPT,
    DELETE,
    GET,
    PAGE,
    PATCH,
    PUT,
    SEARCH,
    SYNC,
    Row,
    flag,
    ident,
    listing,
    mapping,
    objects,
    paged,
    text,
    texts,
)
from rekey.dialects.seam.spaces import Spaces
from rekey.dialects.seam.workspaces import Workspaces

_ACCOUNT = ident("connected_account_id", required=True)
_SPACE = ident("space_id", required=True)
_LOOKS = mapping(FIELD)
_EXPIRES = Param("expires_at", Kind.TIME)


def account_rows(kit: Kit) -> tuple[Row, ...]:
    """Make the rows of this part."""
    return (
        *_workspaces(Workspaces(kit)),
        *_sessions(ClientSessions(kit)),
        *_webviews(ConnectWebviews(kit)),
        *_accounts(ConnectedAccounts(kit)),
        *_spaces(Spaces(kit)),
        *_doors_of_spaces(Spaces(kit)),
        *_customers(Customers(kit)),
    )


def _workspaces(workspaces: Workspaces) -> tuple[Row, ...]:
    own, several = (("workspace", wire.Workspace),), (("workspaces", wire.Workspace),)
    new = (
        text("name", required=True, filled=True),
        text("company_name"),
        text("connect_partner_name", nullable=True),
        flag("is_sandbox"),
        _LOOKS,
        *(text(name) for name in OLDER),
        ident("organization_id"),
    )
    changes = (
        text("name", filled=True),
        text("connect_partner_name"),
        _LOOKS,
        flag("is_publishable_key_auth_enabled"),
        flag("is_suspended"),
        ident("organization_id"),
    )
    base = "/workspaces"
    return (
        Row(f"{base}/get", GET, READ, workspaces.get, answer=own),
        Row(f"{base}/list", GET, READ, workspaces.list, answer=several, several=True),
        Row(f"{base}/create", None, "found_organization", workspaces.create, new, own),
        Row(f"{base}/update", PATCH, "arrange_organization", workspaces.update, changes),
        Row(f"{base}/reset_sandbox", None, "reset_organization", workspaces.reset_sandbox, (), ATTEMPT),
    )


def _sessions(sessions: ClientSessions) -> tuple[Row, ...]:
    base, one = "/client_sessions", (("client_session", accounts.ClientSession),)
    session = ident("client_session_id", required=True)
    who = (text("user_identifier_key", filled=True), ident("user_identity_id"), texts("user_identity_ids"))
    reach = (texts("connect_webview_ids"), texts("connected_account_ids"))
    new = (*who, *reach, text("customer_key", filled=True), text("customer_id"), _EXPIRES)
    again = (*who, *reach, _EXPIRES)
    named = (ident("client_session_id"), text("user_identifier_key"))
    filters = (
        *named,
        ident("connect_webview_id"),
        ident("user_identity_id"),
        flag("without_user_identifier_key"),
    )
    more = (ident("client_session_id"), *who, *reach)
    all_ = (("client_sessions", accounts.ClientSession),)
    return (
        Row(f"{base}/create", PUT, "open_client_session", sessions.create, new, one),
        Row(f"{base}/get_or_create", None, "open_client_session", sessions.get_or_create, again, one),
        Row(f"{base}/get", GET, READ, sessions.get, named, one),
        listing(f"{base}/list", sessions.list, filters, all_),
        Row(f"{base}/grant_access", PATCH, "widen_client_session", sessions.grant_access, more, one),
        Row(f"{base}/revoke", None, "revoke_client_session", sessions.revoke, (session,)),
        Row(f"{base}/delete", DELETE, "end_client_session", sessions.delete, (session,)),
    )


def _webviews(webviews: ConnectWebviews) -> tuple[Row, ...]:
    base, one = "/connect_webviews", (("connect_webview", accounts.ConnectWebview),)
    named = ident("connect_webview_id", required=True)
    new = (
        texts("accepted_providers"),
        texts("accepted_capabilities"),
        texts("excluded_providers"),
        text("provider_category"),
        text("device_selection_mode"),
        text("custom_redirect_url"),
        text("custom_redirect_failure_url"),
        mapping("custom_metadata"),
        flag("automatically_manage_new_devices"),
        flag("wait_for_device_creation"),
        text("customer_key", filled=True),
    )
    filters = (
        *PAGE,
        SEARCH,
        mapping("custom_metadata_has"),
        text("customer_key"),
        text("user_identifier_key"),
    )
    all_ = (("connect_webviews", accounts.ConnectWebview),)
    return (
        Row(f"{base}/create", None, "add_connect_page", webviews.create, new, one),
        Row(f"{base}/get", GET, READ, webviews.get, (named,), one),
        paged(f"{base}/list", webviews.list, filters, all_),
        Row(f"{base}/delete", DELETE, "end_document", webviews.delete, (named,)),
    )


def _accounts(several: ConnectedAccounts) -> tuple[Row, ...]:
    base, one = "/connected_accounts", (("connected_account", accounts.ConnectedAccount),)
    filters = (
        *PAGE,
        SEARCH,
        mapping("custom_metadata_has"),
        text("customer_key"),
        ident("space_id"),
        text("user_identifier_key"),
    )
    changes = (
        _ACCOUNT,
        texts("accepted_capabilities"),
        flag("automatically_manage_new_devices"),
        mapping("custom_metadata"),
        text("customer_key", filled=True),
        text("display_name", filled=True),
    )
    all_ = (("connected_accounts", accounts.ConnectedAccount),)
    known = (ident("connected_account_id"), text("email"))
    return (
        Row(f"{base}/get", GET, READ, several.get, known, one),
        paged(f"{base}/list", several.list, filters, all_),
        Row(f"{base}/update", PATCH, "edit_upstream", several.update, changes, one),
        Row(f"{base}/delete", DELETE, "end_upstream", several.delete, (_ACCOUNT, SYNC)),
        Row(f"{base}/sync", None, "edit_upstream", several.sync, (_ACCOUNT,)),
        Row(f"{base}/simulate/disconnect", None, "edit_upstream", several.simulate_disconnect, (_ACCOUNT,)),
    )


def _spaces(spaces: Spaces) -> tuple[Row, ...]:
    base, one = "/spaces", (("space", accounts.Space),)
    known = (ident("space_id"), text("space_key"))
    doors = (texts("device_ids"), texts("acs_entrance_ids"))
    new = (
        text("name", required=True, filled=True),
        *doors,
        texts("connected_account_ids"),
        mapping("customer_data"),
        text("customer_key", filled=True),
        text("space_key", filled=True),
    )
    changes = (*known, text("name", filled=True), *doors, mapping("customer_data"))
    filters = (*PAGE, SEARCH, text("customer_key"), text("space_key"))
    related = (texts("space_ids"), texts("space_keys"), texts("include"), texts("exclude"))
    return (
        Row(f"{base}/create", None, "gather_doors", spaces.create, new, one),
        Row(f"{base}/get", GET, READ, spaces.get, known, one),
        paged(f"{base}/list", spaces.list_spaces, filters, (("spaces", accounts.Space),)),
        Row(f"{base}/update", PATCH, "regather_doors", spaces.update, changes, one),
        Row(f"{base}/delete", DELETE, "end_door_group", spaces.delete, (_SPACE,)),
        Row(f"{base}/get_related", GET, READ, spaces.get_related, related, (("batch", accounts.Batch),)),
    )


def _doors_of_spaces(spaces: Spaces) -> tuple[Row, ...]:
    base, verb = "/spaces", "regather_doors"
    devices = (_SPACE, texts("device_ids", required=True))
    entrances = (_SPACE, texts("acs_entrance_ids", required=True))
    tag = (_SPACE, _ACCOUNT)
    return (
        Row(f"{base}/add_devices", PUT, verb, spaces.add_doors, devices),
        Row(f"{base}/add_acs_entrances", PUT, verb, spaces.add_doors, entrances),
        Row(f"{base}/remove_devices", DELETE, verb, spaces.remove_doors, devices),
        Row(f"{base}/remove_acs_entrances", DELETE, verb, spaces.remove_doors, entrances),
        Row(f"{base}/add_connected_account", PUT, verb, spaces.add_account, tag),
        Row(f"{base}/remove_connected_account", DELETE, verb, spaces.remove_account, tag),
    )


def _customers(customers: Customers) -> tuple[Row, ...]:
    pushed = tuple(objects(kind) for kind in (*PEOPLE, *PLACES, *STAYS))
    keys = tuple(texts(f"{key}s") for kinds in (PEOPLE, PLACES, STAYS) for key in kinds.values())
    portal = (
        mapping("customer_data"),
        objects("customer_resources_filters"),
        ident("customization_profile_id"),
        mapping("deep_link"),
        flag("exclude_locale_picker"),
        mapping("features"),
        flag("is_embedded"),
        mapping("landing_page"),
        text("locale"),
        text("navigation_mode"),
        flag("read_only"),
    )
    taste = (
        ident("customization_profile_id", nullable=True),
        Param("low_battery_alert_threshold", Kind.NUMBER, nullable=True),
    )
    return (
        Row(
            "/customers/push_data",
            None,
            "keep_customer",
            customers.push_data,
            (text("customer_key", required=True, filled=True), *pushed, *taste),
        ),
        Row(
            "/customers/delete_data",
            DELETE,
            "drop_customer_data",
            customers.delete_data,
            (texts("customer_keys"), *keys),
        ),
        Row(
            "/customers/create_portal",
            None,
            "open_client_session",
            customers.create_portal,
            portal,
            (("customer_portal", accounts.CustomerPortal), ("magic_link", accounts.CustomerPortal)),
        ),
    )

"""The routes of access codes, access grants and access methods."""

from rekey.dialects.seam import wire_access
from rekey.dialects.seam.access_codes import AccessCodes
from rekey.dialects.seam.access_grants import AccessGrants
from rekey.dialects.seam.access_methods import AccessMethods
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.parameters import Kind, Param
from rekey.dialects.seam.policy import READ
from rekey.dialects.seam.rows import (
    ATTEMPT,
    DELETE,
    DEVICE,
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
from rekey.dialects.seam.unmanaged_codes import UnmanagedCodes
from rekey.dialects.seam.wire_accounts import Batch

_CODE = ident("access_code_id", required=True)
_ONE_CODE = (ident("access_code_id"), text("code"), ident("device_id"))
_STARTS, _ENDS = Param("starts_at", Kind.TIME), Param("ends_at", Kind.TIME, nullable=True)
_LENGTH = Param("preferred_code_length", Kind.NUMBER, positive=True)
_CHANGES = (flag("allow_external_modification"), flag("is_external_modification_allowed"))
_TERMS = (
    flag("attempt_for_offline_device"),
    text("code", filled=True),
    _ENDS,
    text("name"),
    flag("prefer_native_scheduling"),
    _LENGTH,
    _STARTS,
    flag("use_backup_access_code_pool"),
    *_CHANGES,
)
_KINDS = (
    flag("is_offline_access_code"),
    flag("use_offline_access_code"),
    flag("is_one_time_use"),
    text("max_time_rounding"),
    SYNC,
)
_GRANT = (ident("access_grant_id"), text("access_grant_key", filled=True))
_PLACES = (texts("acs_entrance_ids"), texts("device_ids"), texts("space_ids"))
_RELATED = (texts("include"), texts("exclude"))


def access_rows(kit: Kit) -> tuple[Row, ...]:
    return (
        *_codes(AccessCodes(kit)),
        *_unmanaged(UnmanagedCodes(kit)),
        *_grants(AccessGrants(kit)),
        *_unmanaged_grants(AccessGrants(kit)),
        *_methods(AccessMethods(kit)),
        *_unmanaged_methods(AccessMethods(kit)),
    )


_CODE_FILTERS = (
    texts("access_code_ids"),
    *_GRANT,
    ident("access_method_id"),
    text("customer_key"),
    ident("device_id"),
    text("user_identifier_key"),
    SEARCH,
    *PAGE,
)
_LENGTHS = (
    Param("max_code_length", Kind.NUMBER, positive=True),
    Param("min_code_length", Kind.NUMBER, positive=True),
    Param("supported_code_lengths", Kind.NUMBERS),
)
_NEW_CODE = (DEVICE, text("common_code_key"), *_TERMS, *_KINDS)
_SEVERAL = (texts("device_ids", required=True), text("behavior_when_code_cannot_be_shared"), *_TERMS)


def _codes(codes: AccessCodes) -> tuple[Row, ...]:
    one, all_ = (("access_code", wire_access.AccessCode),), (("access_codes", wire_access.AccessCode),)
    changed = (_CODE, ident("device_id"), flag("is_managed"), text("type"), *_TERMS, *_KINDS)
    together = (text("common_code_key", required=True), _ENDS, text("name"), _STARTS)
    pulled = (*one, ("backup_access_code", wire_access.AccessCode))
    proposed = (("generated_code", wire_access.AccessCode),)
    pull, report = "/access_codes/pull_backup_access_code", "/access_codes/report_device_constraints"
    path = "/access_codes"
    return (
        Row(f"{path}/create", None, "add_codes", codes.create, _NEW_CODE, (*one, *ATTEMPT)),
        Row(f"{path}/create_multiple", PUT, "add_codes", codes.create_multiple, _SEVERAL, all_, several=True),
        Row(f"{path}/get", GET, READ, codes.get, _ONE_CODE, one),
        paged(f"{path}/list", codes.list_codes, _CODE_FILTERS, all_),
        Row(f"{path}/update", PUT, "edit_codes", codes.update, changed, ATTEMPT, also=PATCH),
        Row(f"{path}/update_multiple", PATCH, "edit_codes", codes.update_multiple, together),
        Row(f"{path}/delete", DELETE, "end_code", codes.delete, (_CODE, ident("device_id"), SYNC), ATTEMPT),
        Row(f"{path}/generate_code", GET, READ, codes.generate_code, (DEVICE,), proposed),
        Row(pull, None, "pull_code", codes.pull_backup, (_CODE,), pulled),
        Row(report, None, "annotate", codes.report_constraints, (DEVICE, *_LENGTHS)),
    )


def _unmanaged(codes: UnmanagedCodes) -> tuple[Row, ...]:
    one = (("access_code", wire_access.UnmanagedAccessCode),)
    path = "/access_codes/unmanaged"
    taken = (_CODE, flag("force"), SYNC, *_CHANGES)
    return (
        Row(f"{path}/get", GET, READ, codes.get, _ONE_CODE, one),
        paged(
            f"{path}/list",
            codes.list_codes,
            (DEVICE, text("user_identifier_key"), SEARCH, *PAGE),
            (("access_codes", wire_access.UnmanagedAccessCode),),
        ),
        Row(f"{path}/convert_to_managed", PATCH, "adopt_code", codes.convert, taken),
        Row(f"{path}/update", PATCH, "adopt_code", codes.update, (flag("is_managed", required=True), *taken)),
        Row(f"{path}/delete", DELETE, "erase_code", codes.delete, (_CODE, SYNC), ATTEMPT),
        Row(
            "/access_codes/simulate/create_unmanaged_access_code",
            None,
            "note_foreign",
            codes.simulate,
            (DEVICE, text("code", required=True, filled=True), text("name", required=True)),
            one,
        ),
    )


_NEW_GRANT = (
    ident("user_identity_id"),
    mapping("user_identity"),
    text("access_grant_key", filled=True),
    *_PLACES,
    texts("space_keys"),
    texts("location_ids"),
    mapping("location"),
    ident("customization_profile_id"),
    text("name", nullable=True),
    text("reservation_key", filled=True),
    objects("requested_access_methods", required=True),
    _STARTS,
    _ENDS,
)
_GRANT_FILTERS = (
    ident("access_code_id"),
    texts("access_grant_ids"),
    text("access_grant_key", nullable=True),
    ident("acs_entrance_id"),
    ident("acs_system_id"),
    text("customer_key"),
    ident("device_id"),
    text("reservation_key"),
    ident("space_id"),
    ident("user_identity_id"),
    SEARCH,
    *PAGE,
)
_RELATED_GRANTS = (texts("access_grant_ids"), texts("access_grant_keys"), *_RELATED)


def _grants(grants: AccessGrants) -> tuple[Row, ...]:
    one, all_ = (("access_grant", wire_access.AccessGrant),), (("access_grants", wire_access.AccessGrant),)
    path = "/access_grants"
    grant = ident("access_grant_id", required=True)
    methods = objects("requested_access_methods", required=True)
    changed = (*_GRANT, text("name", nullable=True), *_PLACES, texts("space_keys"), _STARTS, _ENDS)
    return (
        Row(f"{path}/create", None, "give_bundle", grants.create, _NEW_GRANT, one),
        Row(f"{path}/get", GET, READ, grants.get, _GRANT, one),
        paged(f"{path}/list", grants.list_grants, _GRANT_FILTERS, all_),
        Row(f"{path}/update", PATCH, "edit_bundle", grants.update, changed),
        Row(f"{path}/delete", DELETE, "end_bundle", grants.delete, (grant,)),
        Row(f"{path}/request_access_methods", None, "add_media", grants.request, (grant, methods), one),
        Row(f"{path}/get_related", GET, READ, grants.get_related, _RELATED_GRANTS, (("batch", Batch),)),
    )


def _unmanaged_grants(grants: AccessGrants) -> tuple[Row, ...]:
    one = (("access_grant", wire_access.UnmanagedAccessGrant),)
    all_ = (("access_grants", wire_access.UnmanagedAccessGrant),)
    grant, path = ident("access_grant_id", required=True), "/access_grants/unmanaged"
    filters = (
        ident("acs_entrance_id"),
        ident("acs_system_id"),
        text("reservation_key"),
        ident("user_identity_id"),
        *PAGE,
    )
    adopted = (grant, text("access_grant_key"), flag("is_managed", required=True))
    return (
        Row(f"{path}/get", GET, READ, grants.get_unmanaged, (grant,), one),
        paged(f"{path}/list", grants.list_unmanaged, filters, all_),
        Row(f"{path}/update", PATCH, READ, grants.get_unmanaged, adopted),
    )


def _methods(methods: AccessMethods) -> tuple[Row, ...]:
    one = (("access_method", wire_access.AccessMethod),)
    all_ = (("access_methods", wire_access.AccessMethod),)
    path = "/access_methods"
    method = ident("access_method_id", required=True)
    filters = (
        ident("access_code_id"),
        *_GRANT,
        ident("acs_entrance_id"),
        ident("device_id"),
        ident("space_id"),
        *PAGE,
    )
    several = (ident("access_method_id"), ident("access_grant_id"), text("reservation_key"))
    return (
        Row(f"{path}/get", GET, READ, methods.get, (method,), one),
        paged(f"{path}/list", methods.list_methods, filters, all_),
        Row(f"{path}/delete", DELETE, "end_media", methods.delete, several),
        Row(
            f"{path}/assign_card",
            None,
            "bind_card",
            methods.assign_card,
            (method, text("card_number", required=True, filled=True)),
            ATTEMPT,
        ),
        Row(
            f"{path}/unlock_door",
            None,
            "present_credential",
            methods.unlock_door,
            (method, ident("acs_entrance_id", required=True), SYNC),
            ATTEMPT,
        ),
        Row(
            f"{path}/get_related",
            GET,
            READ,
            methods.get_related,
            (texts("access_method_ids", required=True), *_RELATED),
            (("batch", Batch),),
        ),
    )


def _unmanaged_methods(methods: AccessMethods) -> tuple[Row, ...]:
    one = (("access_method", wire_access.UnmanagedAccessMethod),)
    all_ = (("access_methods", wire_access.UnmanagedAccessMethod),)
    method, path = ident("access_method_id", required=True), "/access_methods/unmanaged"
    filters = (
        ident("access_grant_id", required=True),
        ident("acs_entrance_id"),
        ident("device_id"),
        ident("space_id"),
    )
    return (
        Row(f"{path}/get", GET, READ, methods.get_unmanaged, (method,), one),
        listing(f"{path}/list", methods.list_unmanaged, filters, all_),
    )

"""The routes of credentials, encoders, phones, instant keys and fake keypads."""

from rekey.dialects.seam import wire
from rekey.dialects.seam.acs_credentials import AcsCredentials
from rekey.dialects.seam.acs_encoders import AcsEncoders
from rekey.dialects.seam.instant_keys import InstantKeys
from rekey.dialects.seam.keypad import Keypads
from rekey.dialects.seam.kit import Kit
from rekey.dialects.seam.parameters import Kind, Param
from rekey.dialects.seam.phones import Phones
from rekey.dialects.seam.policy import READ
from rekey.dialects.seam.rows import (
    ATTEMPT,
    BEFORE,
    DELETE,
    DEVICE,
    GET,
    PAGE,
    PATCH,
    PERSON,
    SEARCH,
    SYNC,
    Row,
    flag,
    ident,
    listing,
    mapping,
    paged,
    text,
    texts,
)
from rekey.dialects.seam.wire_credentials import AcsCredential, AcsEncoder, InstantKey, Phone

_CREDENTIAL = ident("acs_credential_id", required=True)
_ENCODER = ident("acs_encoder_id", required=True)
_USER = (ident("acs_user_id"), ident("user_identity_id"))
_ENDS = Param("ends_at", Kind.TIME)
# Systems of other makers take these; what they ask for is not done here, and nothing opens by it.
_FOREIGN = (
    mapping("assa_abloy_vostio_metadata"),
    mapping("hotek_metadata"),
    mapping("salto_space_metadata"),
    mapping("visionline_metadata"),
)


def credential_rows(kit: Kit) -> tuple[Row, ...]:
    return (
        *_credentials(AcsCredentials(kit)),
        *_encoders(AcsEncoders(kit)),
        *_phones(Phones(kit), Keypads(kit)),
        *_instant_keys(InstantKeys(kit)),
    )


def _credentials(credentials: AcsCredentials) -> tuple[Row, ...]:
    base = "/acs/credentials"
    one, all_ = (("acs_credential", AcsCredential),), (("acs_credentials", AcsCredential),)
    new = (
        text("access_method", required=True),
        ident("acs_system_id"),
        *_USER,
        texts("allowed_acs_entrance_ids"),
        text("code", filled=True),
        ident("credential_manager_acs_system_id"),
        flag("is_multi_phone_sync_credential"),
        Param("starts_at", Kind.TIME),
        _ENDS,
        *_FOREIGN,
    )
    filters = (
        *PAGE,
        SEARCH,
        BEFORE,
        ident("acs_system_id"),
        *_USER,
        flag("is_multi_phone_sync_credential"),
    )
    named, entrance = (_CREDENTIAL, *_USER), ident("acs_entrance_id", required=True)
    changes = (_CREDENTIAL, text("code", filled=True), _ENDS)
    entrances = (("acs_entrances", wire.AcsEntrance),)
    opens = (entrance, texts("include_if"))
    return (
        Row(f"{base}/create", None, "give_credential", credentials.create, new, one),
        Row(f"{base}/get", GET, READ, credentials.get, (_CREDENTIAL,), one),
        paged(f"{base}/list", credentials.list_credentials, filters, all_),
        Row(f"{base}/update", PATCH, "edit_given", credentials.update, changes, one),
        Row(f"{base}/delete", DELETE, "end_credential", credentials.delete, (_CREDENTIAL,)),
        Row(f"{base}/assign", PATCH, "hand_credential", credentials.assign, named, one),
        Row(f"{base}/unassign", PATCH, "unassign_credential", credentials.unassign, named, one),
        listing(
            f"{base}/list_accessible_entrances",
            credentials.list_accessible_entrances,
            (_CREDENTIAL,),
            entrances,
        ),
        listing("/acs/entrances/list_credentials_with_access", credentials.list_with_access, opens, all_),
        Row("/acs/entrances/unlock", None, "open_door", credentials.unlock, (_CREDENTIAL, entrance), ATTEMPT),
    )


def _encoders(encoders: AcsEncoders) -> tuple[Row, ...]:
    base, simulate = "/acs/encoders", "/acs/encoders/simulate"
    one, all_ = (("acs_encoder", AcsEncoder),), (("acs_encoders", AcsEncoder),)
    filters = (*PAGE, ident("acs_system_id"), texts("acs_system_ids"), texts("acs_encoder_ids"))
    written = (_ENCODER, ident("acs_credential_id"), ident("access_method_id"))
    method = (_ENCODER, ident("access_method_id", required=True))
    scanned = (_ENCODER, mapping("salto_ks_metadata"))
    script, code, scenario = "script_encoder", text("error_code"), text("scenario")
    on_seam = ident("acs_credential_id_on_seam")
    fails = (_ENCODER, code, ident("acs_credential_id"))
    return (
        Row(f"{base}/get", GET, READ, encoders.get, (_ENCODER,), one),
        paged(f"{base}/list", encoders.list_encoders, filters, all_),
        Row(f"{base}/encode_credential", None, "encode_card", encoders.encode, written, ATTEMPT),
        Row("/access_methods/encode", None, "encode_medium", encoders.encode_method, method, ATTEMPT),
        Row(f"{base}/scan_credential", None, "scan_card", encoders.scan, scanned, ATTEMPT),
        Row(
            f"{base}/scan_to_assign_credential",
            None,
            "scan_card",
            encoders.scan_to_assign,
            (*scanned, *_USER),
            ATTEMPT,
        ),
        Row(f"{simulate}/next_credential_encode_will_fail", None, script, encoders.next_encode_fails, fails),
        Row(
            f"{simulate}/next_credential_encode_will_succeed",
            None,
            script,
            encoders.next_encode_succeeds,
            (_ENCODER, scenario),
        ),
        Row(
            f"{simulate}/next_credential_scan_will_fail",
            None,
            script,
            encoders.next_scan_fails,
            (_ENCODER, code, on_seam),
        ),
        Row(
            f"{simulate}/next_credential_scan_will_succeed",
            None,
            script,
            encoders.next_scan_succeeds,
            (_ENCODER, scenario, on_seam),
        ),
    )


def _phones(phones: Phones, keypads: Keypads) -> tuple[Row, ...]:
    one, all_ = (("phone", Phone),), (("phones", Phone),)
    filters = (ident("acs_credential_id"), ident("owner_user_identity_id"))
    new = (
        PERSON,
        text("custom_sdk_installation_id"),
        mapping("phone_metadata"),
        mapping("assa_abloy_metadata"),
    )
    typed = (DEVICE, text("code", required=True))
    fake = "/locks/simulate"
    return (
        Row("/phones/get", GET, READ, phones.get, (DEVICE,), one),
        listing("/phones/list", phones.list_phones, filters, all_),
        Row("/phones/deactivate", DELETE, "deactivate_phone", phones.deactivate, (DEVICE,)),
        Row("/phones/simulate/create_sandbox_phone", None, "add_phone", phones.simulate, new, one),
        Row(
            f"{fake}/keypad_code_entry",
            None,
            "present_credential",
            keypads.enter_code,
            (*typed, SYNC),
            ATTEMPT,
        ),
        Row(f"{fake}/manual_lock_via_keypad", None, "set_door_mode", keypads.lock, (DEVICE, SYNC), ATTEMPT),
    )


def _instant_keys(keys: InstantKeys) -> tuple[Row, ...]:
    one, all_ = (("instant_key", InstantKey),), (("instant_keys", InstantKey),)
    new = (
        PERSON,
        Param("max_use_count", Kind.NUMBER, positive=True),
        ident("customization_profile_id"),
    )
    named = (ident("instant_key_id"), text("instant_key_url"))
    return (
        Row("/user_identities/generate_instant_key", None, "make_web_key", keys.generate, new, one),
        Row("/instant_keys/get", GET, READ, keys.get, named, one),
        listing("/instant_keys/list", keys.list_keys, (ident("user_identity_id"),), all_),
        Row(
            "/instant_keys/delete",
            DELETE,
            "end_web_key",
            keys.delete,
            (ident("instant_key_id", required=True),),
        ),
    )

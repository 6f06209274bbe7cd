#!/bin/sh
# The vendor's pages "Batch Share A Lock" and "Revoke Access To A Lock" with openssl, jq and curl alone.
# Usage: doordeck_seed.sh BASE_URL EMAIL PASSWORD DEVICE_ID INVITEE_EMAIL
set -eu
base=$1 email=$2 password=$3 DEVICE_ID=$4 invitee=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect() { # expect STATUS ANSWER: prints the body
    status=$(printf '%s' "$2" | tail -n 1)
    [ "$status" = "$1" ] || { echo "expected $1, got: $2" >&2; exit 1; }
    printf '%s' "$2" | sed '$d'
}

call() { # call METHOD PATH [BODY]: prints the body, then the status
    method=$1 path=$2
    shift 2
    if [ $# -gt 0 ]; then set -- --data "$1"; fi
    curl --silent --show-error --write-out '\n%{http_code}' --request "$method" "$base$path" \
        --header "Authorization: Bearer ${TOKEN:-}" --header 'Content-Type: application/json' "$@"
}

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# Signing in, and a key of our own with its certificate chain.
login=$(jq -n --arg email "$email" --arg password "$password" '{email: $email, password: $password}')
TOKEN=$(curl --silent --show-error "$base/auth/token/" --header 'Content-Type: application/json' \
    --header 'Accept: application/vnd.doordeck.api-v2+json' --data "$login" | jq --exit-status --raw-output .authToken)
openssl genpkey -algorithm ed25519 -out "$work/private.pem"
# With its line breaks, as a shell tool leaves them.
public=$(openssl pkey -in "$work/private.pem" -pubout -outform DER | openssl base64)
chain=$(expect 200 "$(call POST /auth/certificate "$(jq -n --arg key "$public" '{ephemeralKey: $key}')")")
USER_ID=$(printf '%s' "$chain" | jq --exit-status --raw-output .userId)
CHAIN=$(printf '%s' "$chain" | jq --exit-status --compact-output .certificateChain)

execute() { # execute OPERATION: signs it and prints the body, then the status
    now=$(date +%s)
    HEADER=$(jq --null-input --compact-output --argjson x5c "$CHAIN" '{alg: "EdDSA", typ: "JWT", x5c: $x5c}')
    BODY=$(jq -n --arg iss "$USER_ID" --arg sub "$DEVICE_ID" --arg jti "$(uuidgen)" \
        --argjson nbf "$now" --argjson iat "$now" --argjson exp "$((now + 60))" --argjson operation "$1" \
        '{iss: $iss, sub: $sub, jti: $jti, nbf: $nbf, iat: $iat, exp: $exp, operation: $operation}')
    HEADER_PART=$(printf '%s' "$HEADER" | base64url)
    BODY_PART=$(printf '%s' "$BODY" | base64url)
    printf '%s.%s' "$HEADER_PART" "$BODY_PART" > "$work/signed"
    openssl pkeyutl -sign -rawin -inkey "$work/private.pem" -in "$work/signed" -out "$work/signature"
    JWT="$(cat "$work/signed").$(base64url < "$work/signature")"
    printf '%s' "$JWT" > "$work/jwt"
    curl --silent --show-error --write-out '\n%{http_code}' --dump-header "$work/head" \
        "$base/device/$DEVICE_ID/execute" --header "Authorization: Bearer $TOKEN" \
        --header 'Content-Type: application/jwt' --data "$JWT"
}

# The public key of the invitee, then the share.
found=$(expect 200 "$(call POST /directory/query "$(jq -n --arg email "$invitee" '{email: $email}')")")
user=$(printf '%s' "$found" | jq --exit-status --raw-output .id)
publicKey=$(printf '%s' "$found" | jq --exit-status --raw-output .publicKey)
end=$(($(date +%s) + 3600))
# The page names its variables $start and $end, but before version 1.7 `end` is a reserved word of jq.
share=$(jq -n --arg publicKey "$publicKey" --arg user "$user" --arg role USER --argjson from null --argjson until "$end" \
    '{type: "BATCH_ADD_USER", users: [{publicKey: $publicKey, user: $user, role: $role, start: $from, "end": $until}]}')
[ -z "$(expect 204 "$(execute "$share")")" ]
devices() { expect 200 "$(call GET "/user/$user")" | jq --compact-output '[.devices[].deviceId]'; }
[ "$(devices)" = "[\"$DEVICE_ID\"]" ]

# The door opens to the owner; then the invitee's access is revoked.
[ "$(expect 200 "$(execute '{"type": "MUTATE_LOCK", "locked": false}')")" = "{}" ]
revoke=$(jq -n --arg user "$user" '{type: "REMOVE_USER", users: [$user]}')
[ "$(expect 200 "$(execute "$revoke")")" = "{}" ]
grep -qi '^rekey-revocation: [0-9a-f-]\{36\}' "$work/head"
[ "$(devices)" = "[]" ]

# The same bytes again are refused.
replay=$(curl --silent --output /dev/null --write-out '%{http_code}' "$base/device/$DEVICE_ID/execute" \
    --header "Authorization: Bearer $TOKEN" --header 'Content-Type: application/jwt' --data "@$work/jwt")
[ "$replay" = 409 ]
echo "both pages hold"

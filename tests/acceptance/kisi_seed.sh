#!/bin/sh
# The vendor's page "Remove access rights", command by command; only the host, the key and the ids are filled in.
# Usage: kisi_seed.sh BASE_URL API_KEY EMAIL
set -eu
base=$1 key=$2 email=$3

call() { # call METHOD PATH [BODY]: prints the status, then the body
    if [ $# -gt 2 ]; then
        curl --silent --show-error --write-out '\n%{http_code}' --request "$1" --url "$base$2" \
            --header "Authorization: KISI-LOGIN $key" --header 'Content-Type: application/json' --data "$3"
    else
        curl --silent --show-error --write-out '\n%{http_code}' --request "$1" --url "$base$2" \
            --header "Authorization: KISI-LOGIN $key" --header 'Content-Type: application/json'
    fi
}

expect() { # expect STATUS ANSWER: prints the body
    status=$(printf '%s' "$2" | tail -n 1)
    [ "$status" = "$1" ] || { echo "expected $1, got: $2" >&2; exit 1; }
    printf '%s' "$2" | sed '$d'
}

# The look-up matches parts, so the page's reader compares the whole address.
user_id=$(expect 200 "$(call GET "/users?query=$email")" | jq --exit-status --arg email "$email" 'map(select(.email == $email))[0].id')
role_assignment_id=$(expect 200 "$(call GET "/role_assignments?user_id=$user_id")" | jq --exit-status '.[0].id')
[ -z "$(expect 204 "$(call DELETE "/role_assignments/$role_assignment_id")")" ]
[ "$(expect 200 "$(call GET "/role_assignments?user_id=$user_id")")" = "[]" ]
[ -z "$(expect 204 "$(call PATCH "/users/$user_id" '{
"user": {
"access_enabled": false
}
}')")" ]
[ "$(expect 200 "$(call GET "/users/$user_id")" | jq .access_enabled)" = "false" ]
[ -z "$(expect 204 "$(call PATCH "/users/$user_id" '{"user": {"access_enabled": true}}')")" ]
[ "$(expect 200 "$(call GET "/users/$user_id")" | jq .access_enabled)" = "true" ]
[ -z "$(expect 204 "$(call DELETE "/users/$user_id")")" ]
expect 404 "$(call GET "/users/$user_id")" >/dev/null
echo "the whole page holds"

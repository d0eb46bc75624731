//! The tables, for both databases. `migrations/` says what they are for; a test compares the two.

diesel::table! {
    meta (name) { name -> Text, value -> Text, }
}
diesel::table! {
    form (id, version) {
        id -> Text, version -> Integer, series -> Integer, file_name -> Text, source -> Text, hash -> Binary,
        published_day -> Integer,
    }
}
diesel::table! {
    unit (code) {
        code -> Text, parent -> Nullable<Text>, kind -> Text, names -> Text, form -> Nullable<Text>,
        valid_from -> Integer, valid_to -> Nullable<Integer>,
    }
}
diesel::table! {
    unit_successor (unit, successor) { unit -> Text, successor -> Text, }
}
diesel::table! {
    unit_import (id) {
        id -> BigInt, day -> Integer, file_name -> Text, changes -> Text, taken_back_day -> Nullable<Integer>,
    }
}
diesel::table! {
    receipt (code_hash) {
        code_hash -> Binary, unit -> Text, form -> Text, service_field -> Text, procedure -> Text,
        issued_day -> Integer, expires_day -> Integer, state -> SmallInt, retry_hash -> Nullable<Binary>,
        fingerprint -> Nullable<Binary>, retry_week -> Nullable<Integer>,
    }
}
diesel::table! {
    receipt_past (code_hash) {
        code_hash -> Binary, unit -> Text, form -> Text, service_field -> Text, procedure -> Text,
        issued_day -> Integer, expires_day -> Integer, state -> SmallInt,
    }
}
diesel::table! {
    receipt_count (unit, form, service_field, month) {
        unit -> Text, form -> Text, service_field -> Text, month -> Integer, issued -> BigInt, used -> BigInt,
        expired -> BigInt, void -> BigInt, replaced -> BigInt,
    }
}
diesel::table! {
    retry_key (key_hash) { key_hash -> Binary, fingerprint -> Binary, week -> Integer, }
}
diesel::table! {
    inbox (unit, form, version, month, class, id) {
        id -> Binary, unit -> Text, form -> Text, version -> Integer, month -> Integer, class -> SmallInt,
        sealed -> Binary,
    }
}
diesel::table! {
    segment (unit, form, version, month, class, number) {
        unit -> Text, form -> Text, version -> Integer, month -> Integer, class -> SmallInt,
        number -> Integer, responses -> Integer, bytes -> Binary,
    }
}
diesel::table! {
    tally (unit, form, version, month, class) {
        unit -> Text, form -> Text, version -> Integer, month -> Integer, class -> SmallInt,
        responses -> BigInt, counts -> Binary,
    }
}
diesel::table! {
    breakdown (unit, form, version, month, class, grouping_name, group_name) {
        unit -> Text, form -> Text, version -> Integer, month -> Integer, class -> SmallInt,
        grouping_name -> Text, group_name -> Text, counts -> Binary,
    }
}
diesel::table! {
    comment (id) {
        id -> Binary, unit -> Text, form -> Text, month -> Integer, language -> Text, question -> Text,
        body -> Text,
    }
}
diesel::table! {
    month_state (month) { month -> Integer, state -> SmallInt, day -> Integer, carried -> BigInt, policy -> Text, }
}
diesel::table! {
    close_step (month, unit) { month -> Integer, unit -> Text, }
}
diesel::table! {
    job (name) { name -> Text, runs -> BigInt, last_day -> Nullable<Integer>, }
}
diesel::table! {
    job_request (id) { id -> BigInt, job -> Text, argument -> Text, outcome -> Nullable<Text>, }
}
diesel::table! {
    token (hash) {
        hash -> Binary, name -> Text, scopes -> Text, unit -> Nullable<Text>, created_day -> Integer,
        revoked_day -> Nullable<Integer>, expires_day -> Nullable<Integer>, last_used_day -> Nullable<Integer>,
    }
}
diesel::table! {
    account (id) {
        id -> Binary, name -> Text, display_name -> Text, email -> Text, password -> Nullable<Text>,
        totp -> Nullable<Binary>, totp_step -> Nullable<BigInt>, oidc_subject -> Nullable<Text>,
        created_day -> Integer, disabled_day -> Nullable<Integer>,
    }
}
diesel::table! {
    role_grant (id) {
        id -> Binary, account -> Binary, role -> Text, unit -> Nullable<Text>, from_day -> Integer,
        to_day -> Nullable<Integer>,
    }
}
diesel::table! {
    session (hash) { hash -> Binary, account -> Binary, proof -> SmallInt, began -> BigInt, seen -> BigInt, }
}
diesel::table! {
    one_time_link (hash) {
        hash -> Binary, account -> Nullable<Binary>, purpose -> Text, expires -> BigInt,
    }
}
diesel::table! {
    recovery_code (account, hash) { account -> Binary, hash -> Binary, }
}
diesel::table! {
    audit (number) {
        number -> BigInt, at -> BigInt, actor -> Text, action -> Text, subject -> Text,
        unit -> Nullable<Text>, details -> Text, hash -> Binary,
    }
}
diesel::table! {
    device (id) {
        id -> Binary, unit -> Text, desk -> Text, code_hash -> Nullable<Binary>,
        code_expires -> Nullable<BigInt>, credential_hash -> Nullable<Binary>, created_day -> Integer,
        enrolled_day -> Nullable<Integer>, revoked_day -> Nullable<Integer>,
    }
}
diesel::table! {
    queue_key (number) { number -> Integer, public -> Binary, private -> Binary, created_day -> Integer, }
}
diesel::table! {
    device_queue (device) {
        device -> Binary, first_day -> Integer, sequences -> Text, given -> Integer, queue_key -> Integer,
        seen -> Nullable<BigInt>, waiting -> Integer, oldest -> BigInt, app -> Text, storage -> Text,
        battery -> Nullable<Integer>,
    }
}
diesel::table! {
    device_claim (device, sequence) { device -> Binary, sequence -> Integer, claim -> Binary, week -> Integer, }
}
diesel::table! {
    device_refusal (device, reason) { device -> Binary, reason -> Text, entries -> BigInt, }
}
diesel::allow_tables_to_appear_in_same_query!(session, account);
diesel::allow_tables_to_appear_in_same_query!(role_grant, account);

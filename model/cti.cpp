// SPDX-License-Identifier: EUPL-1.2
#include "model/cti.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/utf8.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace relais::model::cti {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;

std::string sha256_hex(const std::string& text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
    std::string out(hash.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), hash.data(), hash.size());
    out.pop_back();
    return out;
}

// Texts one after the other, each with its length: no two different lists make the same key.
std::string packed(const std::vector<std::string>& texts) {
    std::string out;
    for (const auto& each : texts) out += std::to_string(each.size()) + ":" + each;
    return out;
}

std::string system_key(const cti_event& what, const sender& from) {
    return sha256_hex(packed({std::to_string(from.token_id), what.call_id}));
}

std::string event_key(const cti_event& what, const sender& from) {
    auto users = packed(what.users);
    return sha256_hex(packed({std::to_string(from.token_id), what.call_id, what.kind, users, what.answering_number, what.cause}));
}

using colleague_row = std::tuple<std::int64_t, std::string, std::optional<std::int64_t>>;

std::optional<answerer> as_answerer(const std::optional<colleague_row>& row) {
    if (!row) return std::nullopt;
    return answerer{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row), {}};
}

std::optional<answerer> by_extension(soci::session& sql, std::string_view number) {
    return as_answerer(
        sql::first<colleague_row>(sql,
                                  "SELECT user_account.id, user_account.name, user_account.team_id FROM extension "
                                  "JOIN user_account ON user_account.id = extension.user_id WHERE extension.number = :number",
                                  number));
}

std::optional<answerer> by_login(soci::session& sql, std::string_view login) {
    return as_answerer(sql::first<colleague_row>(
        sql, "SELECT id, name, team_id FROM user_account WHERE login = :login AND disabled_at IS NULL LIMIT 1", login));
}

std::optional<answerer> by_name(soci::session& sql, std::string_view name) {
    return as_answerer(sql::first<colleague_row>(
        sql, "SELECT id, name, team_id FROM user_account WHERE name = :name AND disabled_at IS NULL ORDER BY id LIMIT 1", name));
}

std::optional<answerer> by_id(soci::session& sql, std::string_view text) {
    std::int64_t id = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return as_answerer(
        sql::first<colleague_row>(sql, "SELECT id, name, team_id FROM user_account WHERE id = :id AND disabled_at IS NULL", id));
}

answerer of_user(soci::session& sql, const std::string& user) {
    if (auto found = by_login(sql, user)) return *found;
    if (auto found = by_name(sql, user)) return *found;
    return {std::nullopt, user, std::nullopt, {}};
}

std::optional<std::int64_t> team_of_queue(soci::session& sql, const std::string& queue) {
    if (queue.empty()) return std::nullopt;
    auto found = sql::first<std::optional<std::int64_t>>(sql, "SELECT team_id FROM phone_queue WHERE name = :name", queue);
    if (found) return *found;
    try { // a queue seen for the first time joins the list, for a supervisor to say whose it is
        sql::change(sql, "INSERT INTO phone_queue (name, team_id) VALUES (:name, NULL)", queue);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
    }
    return std::nullopt;
}

// Locks the call and reads it as it is now. Under MariaDB a row that we have changed is read in its last committed state.
std::optional<call> lock(soci::session& sql, const std::string& key) {
    if (sql::change(sql, "UPDATE phone_call SET version = version + 1 WHERE system_key = :key", key) == 0) return std::nullopt;
    return sql::first<call>(sql, "SELECT " + call_columns + " FROM phone_call WHERE system_key = :key", key);
}

struct opened {
    call what;
    bool is_new = false;
};

opened open(soci::session& sql, const cti_event& what, const std::string& key, sys_seconds now) {
    if (auto known = lock(sql, key)) return {std::move(*known), false};
    auto begun = call_states::begin(what, seconds(now) * us_in_s);
    begun.system_key = key;
    begun.team_id = team_of_queue(sql, begun.queue);
    begun.is_blocked = begun.direction == "in" && !begun.phone_given.empty() &&
                       blocked_numbers::is_blocked(sql, begun.phone.empty() ? begun.phone_given : begun.phone, now);
    try {
        if (auto asked = calls::adopt(sql, begun, now)) return {std::move(*asked), false};
        return {calls::insert(sql, std::move(begun)), true};
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
    }
    auto known = lock(sql, key); // another node was first
    if (!known) throw busy();
    return {std::move(*known), false};
}

std::vector<answerer> wanted(soci::session& sql, const cti_event& what) {
    std::vector<answerer> out;
    for (const auto& each : what.users) out.push_back(of_user(sql, each));
    // Without a name, the telephone itself: the extension called, or the one that calls.
    if (out.empty())
        if (auto found = by_extension(sql, what.direction == "in" ? what.to : what.from)) out.push_back(*found);
    return out;
}

// What the event makes of the call, and the word for it.
std::string apply(soci::session& sql, call& on, const cti_event& what, bool is_new, std::int64_t at_us) {
    if (what.kind == "newCall") {
        call_states::ring(on, wanted(sql, what), at_us);
        return on.is_blocked ? "blocked" : is_new ? "opened" : "rings";
    }
    if (what.kind == "answer") {
        return call_states::answer(on, who_answers(sql, what.answering_number, what.users), at_us) ? "transferred" : "answered";
    }
    call_states::hang_up(on, what.cause, "hangup", at_us);
    return "ended";
}

std::string_view action_of(std::string_view verdict) {
    if (verdict == "answered") return "call.answered";
    if (verdict == "transferred") return "call.transferred";
    return verdict == "ended" ? "call.ended" : "call.rings";
}

bool remember(soci::session& sql, const std::optional<std::string>& key, std::string_view verdict, std::string_view kind,
              std::optional<std::int64_t> call_id, std::string_view raw, const sender& from, sys_seconds now) {
    try {
        sql::change(sql,
                    "INSERT INTO cti_event (key_hash, received_at, sender, verdict, kind, call_id, raw) "
                    "VALUES (:key_hash, :received_at, :sender, :verdict, :kind, :call_id, :raw)",
                    key, now, from.name, verdict, utf8::cut(kind, 20), call_id, utf8::cut(raw, raw_limit_bytes));
        return true;
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        return false;
    }
}

} // namespace

taken take(soci::session& sql, const cti_event& what, std::string_view raw, const sender& from, sys_seconds now) {
    auto key = event_key(what, from);
    auto known = sql::first<std::optional<std::int64_t>>(sql, "SELECT call_id FROM cti_event WHERE key_hash = :key", key);
    if (known) {
        remember(sql, std::nullopt, "duplicate", what.kind, *known, raw, from, now);
        auto is_blocked = what.kind == "newCall" && *known && calls::get(sql, **known).is_blocked;
        return {"duplicate", is_blocked};
    }
    auto opened = open(sql, what, system_key(what, from), now);
    auto before = opened.what;
    auto verdict = apply(sql, opened.what, what, opened.is_new, seconds(now) * us_in_s);
    actor who;
    who.kind = "token", who.id = from.token_id, who.name = from.name;
    calls::keep(sql, opened.what, before, action_of(verdict), who, now);
    remember(sql, key, verdict, what.kind, opened.what.id, raw, from, now);
    return {verdict, opened.what.is_blocked && what.kind == "newCall"};
}

void note_unread(soci::session& sql, std::string_view verdict, std::string_view kind, std::string_view raw, const sender& from,
                 sys_seconds now) {
    remember(sql, std::nullopt, verdict, kind, std::nullopt, raw, from, now);
}

answerer who_answers(soci::session& sql, std::string_view answering_number, const std::vector<std::string>& users) {
    if (!answering_number.empty()) {
        if (auto found = by_extension(sql, answering_number)) return *found;
        if (auto found = by_login(sql, answering_number)) return *found;
        if (auto found = by_id(sql, answering_number)) return *found;
    }
    if (users.size() == 1) {
        auto found = of_user(sql, users[0]);
        if (found.user_id || answering_number.empty()) return found;
    }
    return {std::nullopt, std::string(answering_number), std::nullopt, std::string(answering_number)};
}

std::vector<cti_line> recent(soci::session& sql, bool only_unread, int limit) {
    const std::string select =
        "SELECT cti_event.id, cti_event.received_at, cti_event.sender, cti_event.verdict, cti_event.kind, cti_event.call_id, "
        "cti_event.raw, COALESCE(phone_call.public_id, '') FROM cti_event "
        "LEFT JOIN phone_call ON phone_call.id = cti_event.call_id ";
    auto chosen = only_unread ? std::string("WHERE cti_event.call_id IS NULL ") : std::string();
    return sql::all<cti_line>(sql, select + chosen + "ORDER BY cti_event.id DESC LIMIT :limit", limit);
}

std::int64_t purge(soci::session& sql, int days, sys_seconds now, int limit) {
    auto old = sql::all<std::int64_t>(sql, "SELECT id FROM cti_event WHERE received_at < :before ORDER BY received_at LIMIT :limit",
                                      now - std::chrono::hours(24) * days, limit);
    for (auto each : old) sql::change(sql, "DELETE FROM cti_event WHERE id = :id", each);
    return static_cast<std::int64_t>(old.size());
}

} // namespace relais::model::cti

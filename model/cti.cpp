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

using colleague_row = std::tuple<std::int64_t, std::string, std::optional<std::int64_t>, std::int64_t>; // place: who comes first

std::optional<answerer> as_answerer(const std::optional<colleague_row>& row) {
    if (!row) return std::nullopt;
    return answerer{std::get<0>(*row), std::get<1>(*row), std::get<2>(*row), {}};
}

std::optional<answerer> by_extension(soci::session& sql, std::string_view number) {
    return as_answerer(
        sql::first<colleague_row>(sql,
                                  "SELECT user_account.id, user_account.name, user_account.team_id, 1 FROM extension "
                                  "JOIN user_account ON user_account.id = extension.user_id WHERE extension.number = :number",
                                  number));
}

// By extension, then login, then number of account: in one statement, since every answered call asks.
std::optional<answerer> by_telephone(soci::session& sql, std::string_view number) {
    std::int64_t id = 0;
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), id);
    if (error != std::errc{} || end != number.data() + number.size()) id = 0; // nobody's
    return as_answerer(
        sql::first<colleague_row>(sql,
                                  "SELECT user_account.id, user_account.name, user_account.team_id, 1 AS place FROM extension "
                                  "JOIN user_account ON user_account.id = extension.user_id WHERE extension.number = :number "
                                  "UNION ALL SELECT id, name, team_id, 2 FROM user_account WHERE login = :login AND disabled_at IS NULL "
                                  "UNION ALL SELECT id, name, team_id, 3 FROM user_account WHERE id = :id AND disabled_at IS NULL "
                                  "ORDER BY place LIMIT 1",
                                  number, number, id));
}

// By login, then name.
answerer of_user(soci::session& sql, const std::string& user) {
    auto found = sql::first<colleague_row>(
        sql,
        "SELECT id, name, team_id, 1 AS place FROM user_account WHERE login = :login AND disabled_at IS NULL "
        "UNION ALL SELECT id, name, team_id, 2 FROM user_account WHERE name = :name AND disabled_at IS NULL ORDER BY place, id LIMIT 1",
        user, user);
    return found ? *as_answerer(found) : answerer{std::nullopt, user, std::nullopt, {}};
}

// A queue seen for the first time joins the list, for a supervisor to say whose it is.
void note_queue(soci::session& sql, const std::string& queue) {
    try {
        sql::change(sql, "INSERT INTO phone_queue (name, team_id) VALUES (:name, NULL)", queue);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
    }
}

// The call that an event begins, with the team its queue belongs to, and whether its number is refused.
call begun_by(soci::session& sql, const cti_event& what, const std::string& key, sys_seconds now) {
    auto out = call_states::begin(what, seconds(now) * us_in_s);
    out.system_key = key;
    auto may_be_blocked = out.direction == "in" && !out.phone_given.empty();
    if (out.queue.empty() && !may_be_blocked) return out;
    using row = std::tuple<std::int64_t, std::optional<std::int64_t>, std::int64_t>;
    auto found = sql::first<row>(sql,
                                 "SELECT (SELECT COUNT(*) FROM phone_queue WHERE name = :name), "
                                 "(SELECT team_id FROM phone_queue WHERE name = :same_name), "
                                 "(SELECT COUNT(*) FROM blocked_number WHERE phone = :phone AND until_at > :now)",
                                 out.queue, out.queue, out.phone.empty() ? out.phone_given : out.phone, now);
    auto [queues, team, blocked] = *found;
    if (queues == 0 && !out.queue.empty()) note_queue(sql, out.queue);
    out.team_id = team;
    out.is_blocked = may_be_blocked && blocked > 0;
    return out;
}

// Locks the call and reads it as it is now. SQLite writes one transaction after the other: there the reading is enough.
std::optional<call> find_locked(soci::session& sql, const std::string& key) {
    static const auto select = "SELECT " + call_columns + " FROM phone_call WHERE system_key = :key", locking = select + " FOR UPDATE";
    return sql::first<call>(sql, sql.get_backend_name() == "mysql" ? locking : select, key);
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

// An event on its way into the database.
struct arrival {
    soci::session& sql;
    const cti_event& what;
    std::string_view raw;
    const sender& from;
    sys_seconds now;

    std::int64_t at_us() const { return seconds(now) * us_in_s; }
    actor who() const {
        actor out;
        out.kind = "token", out.id = from.token_id, out.name = from.name;
        return out;
    }
    bool rejects(const call& of) const { return of.is_blocked && what.kind == "newCall"; }
    bool remember(const std::optional<std::string>& key, std::string_view verdict, std::int64_t call_id) const {
        return cti::remember(sql, key, verdict, what.kind, call_id, raw, from, now);
    }
};

// The next event of a call that is there.
taken go_on(const arrival& on, call known) {
    auto before = known;
    auto verdict = apply(on.sql, known, on.what, false, on.at_us());
    // The row of the event goes in first: its UNIQUE key says whether it was taken before, whatever other sessions do.
    if (!on.remember(event_key(on.what, on.from), verdict, known.id)) {
        on.remember(std::nullopt, "duplicate", known.id);
        return {"duplicate", on.rejects(known)};
    }
    calls::keep(on.sql, known, before, action_of(verdict), on.who(), on.now);
    return {verdict, on.rejects(known)};
}

// The first event of a call, whichever it is.
taken begin(const arrival& on, const std::string& call_key) {
    auto begun = begun_by(on.sql, on.what, call_key, on.now);
    auto fresh = begun;
    auto verdict = apply(on.sql, fresh, on.what, true, on.at_us());
    std::optional<call> known, added;
    try {
        known = calls::adopt(on.sql, begun, on.now);
        if (!known) added = calls::insert(on.sql, std::move(fresh));
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
    }
    if (added) {
        on.remember(event_key(on.what, on.from), verdict, added->id);
        calls::announce(on.sql, *added, begun, action_of(verdict), on.who(), on.now);
        return {verdict, on.rejects(*added)};
    }
    if (!known) known = find_locked(on.sql, call_key); // it was there already, or another node was first
    if (!known) throw busy();
    return go_on(on, std::move(*known));
}

} // namespace

taken take(soci::session& sql, const cti_event& what, std::string_view raw, const sender& from, sys_seconds now) {
    arrival on{sql, what, raw, from, now};
    auto call_key = system_key(what, from);
    // A call that rings in is new, but for events in disorder: it is not looked for, it is put in.
    auto is_likely_new = what.kind == "newCall" && what.direction == "in";
    if (!is_likely_new)
        if (auto known = find_locked(sql, call_key)) return go_on(on, std::move(*known));
    return begin(on, call_key);
}

void note_unread(soci::session& sql, std::string_view verdict, std::string_view kind, std::string_view raw, const sender& from,
                 sys_seconds now) {
    remember(sql, std::nullopt, verdict, kind, std::nullopt, raw, from, now);
}

answerer who_answers(soci::session& sql, std::string_view answering_number, const std::vector<std::string>& users) {
    if (!answering_number.empty())
        if (auto found = by_telephone(sql, answering_number)) return *found;
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

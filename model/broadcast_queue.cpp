// SPDX-License-Identifier: EUPL-1.2
#include "model/broadcast_queue.hpp"

#include "model/incident.hpp"
#include "model/incident_follower.hpp"
#include "model/random_id.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <array>
#include <set>
#include <span>

namespace relais::model::broadcast_queue {

namespace {

// Somebody to tell. id: what the pages go by.
struct person_to_tell {
    std::int64_t id = 0;
    std::optional<std::int64_t> ticket_id;
    std::string email, postal_address, language, token, status;
    auto fields() { return std::tie(id, ticket_id, email, postal_address, language, token, status); }
    bool has_address() const { return !email.empty() || !postal_address.empty(); }
};

template <std::size_t size> std::string hex_of(const std::array<unsigned char, size>& bytes) {
    std::array<char, size * 2 + 1> hex{};
    sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
    return hex.data();
}

// One key a mailbox; a letter is one a ticket, since an address is typed in many ways.
std::string key_of(const broadcast& of, const person_to_tell& whom) {
    if (whom.email.empty()) return key_prefix(of.id) + "t" + std::to_string(whom.ticket_id.value_or(whom.id));
    std::string folded;
    for (char c : whom.email) folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    std::array<unsigned char, 16> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(folded.data()), folded.size(), nullptr, 0);
    return key_prefix(of.id) + hex_of(digest);
}

std::vector<person_to_tell> page(soci::session& sql, const broadcast& of, int limit) {
    if (of.phase == "tickets")
        return sql::all<person_to_tell>(
            sql,
            "SELECT report.ticket_id, report.ticket_id, citizen.email, citizen.postal_address, ticket.language, "
            "'', ticket.status FROM report JOIN ticket ON ticket.id = report.ticket_id JOIN citizen ON citizen.id "
            "= ticket.requester_id WHERE report.incident_id = :incident AND report.ticket_id > :after ORDER BY "
            "report.ticket_id LIMIT :limit",
            of.incident_id, of.after_id, limit);
    if (of.phase == "followers") {
        std::vector<person_to_tell> out;
        for (auto& each : incident_followers::page(sql, of.incident_id, of.after_id, limit))
            out.push_back({each.id, std::nullopt, each.email, "", each.language, each.token, ""});
        return out;
    }
    if (of.phase == "told") {
        auto prefix = key_prefix(of.source_id.value_or(0)), end = prefix;
        end.back() = ';';
        return sql::all<person_to_tell>(
            sql,
            "SELECT outbox.id, outbox.ticket_id, outbox.recipient, COALESCE(citizen.postal_address, ''), "
            "outbox.language, '', '' FROM outbox LEFT JOIN ticket ON ticket.id = outbox.ticket_id LEFT JOIN citizen "
            "ON citizen.id = ticket.requester_id WHERE outbox.unique_key >= :from AND outbox.unique_key < :until "
            "AND (outbox.state = 'sent' OR outbox.lease_until > :clock) AND outbox.id > :after ORDER BY outbox.id LIMIT :limit",
            prefix, end, sql::lease_now(sql), of.after_id, limit);
    }
    std::vector<person_to_tell> out;
    for (const auto& each : silent_dossiers::list(sql, incidents::get(sql, of.incident_id), of.after_id, limit))
        out.push_back({each.id, std::nullopt, each.email, "", "fr", "", ""});
    return out;
}

std::string phase_after(const broadcast& of) { return of.phase == "tickets" ? "followers" : "end"; }

std::set<std::string> known_keys(soci::session& sql, const std::vector<std::string>& keys) {
    if (keys.empty()) return {};
    auto found = sql::all_bulk<std::tuple<std::string>>(
        sql, "SELECT unique_key FROM outbox WHERE unique_key IN (" + sql::placeholders(keys.size()) + ")", keys);
    std::set<std::string> out;
    for (auto& [key] : found) out.insert(std::move(key));
    return out;
}

constexpr std::size_t columns = 10;

// As many rows of placeholders: a letter without a ticket has none, and nothing of a broadcast is capped.
std::string insert_text(std::size_t rows) {
    std::string text = "INSERT INTO outbox (unique_key, kind, medium, ticket_id, recipient, language, payload, is_capped, "
                       "mail_message_id, state, next_at, created_at) VALUES ";
    for (std::size_t row = 0, at = 0; row < rows; ++row, at += columns) {
        auto value = [at](std::size_t n) { return ":v" + std::to_string(at + n); };
        text += (row ? ", (" : "(") + value(0) + ", " + value(1) + ", " + value(2) + ", NULLIF(" + value(3) + ", ''), " + value(4) + ", " +
                value(5) + ", " + value(6) + ", 0, " + value(7) + ", 'waiting', " + value(8) + ", " + value(9) + ")";
    }
    return text;
}

// In blocks of few sizes, so that the same three statements stay prepared for every page: SQLite looks each name up among all the others,
// and a page of a thousand rows, prepared anew for its own number of them, took half a second.
void insert(soci::session& sql, std::span<const std::string> values) {
    static const std::array blocks = {std::pair{std::size_t{100}, insert_text(100)}, std::pair{std::size_t{10}, insert_text(10)},
                                      std::pair{std::size_t{1}, insert_text(1)}};
    for (const auto& [rows, text] : blocks)
        for (; values.size() >= rows * columns; values = values.subspan(rows * columns))
            sql::change_bulk(sql, text, values.first(rows * columns));
}

// The rows themselves. Each leaves at its turn: per_minute of them every minute.
std::int64_t write(soci::session& sql, const broadcast& of, const std::vector<person_to_tell>& people, sys_seconds now) {
    std::vector<std::string> keys;
    for (const auto& each : people) keys.push_back(key_of(of, each));
    auto taken = known_keys(sql, keys);
    auto kind = of.kind == "regression" ? "incident_regression" : of.kind == "silent" ? "incident_silent" : "incident_news";
    std::vector<std::string> values;
    std::int64_t written = 0;
    for (std::size_t i = 0; i < people.size(); ++i) {
        const auto& whom = people[i];
        if (!whom.has_address() || !taken.insert(keys[i]).second) continue;
        auto leaves_at = std::max(now, of.started_at + std::chrono::seconds((of.queued + written) * 60 / of.per_minute));
        nlohmann::json payload = {{"broadcast", of.id}};
        if (!whom.token.empty()) payload["token"] = whom.token;
        for (auto& value : {keys[i], std::string(kind), std::string(whom.email.empty() ? "letter" : "mail"),
                            whom.ticket_id ? std::to_string(*whom.ticket_id) : std::string{}, whom.email, whom.language, payload.dump(),
                            random_id(), std::to_string(seconds(leaves_at)), std::to_string(seconds(now))})
            values.push_back(value);
        ++written;
    }
    insert(sql, values);
    return written;
}

// The thread of each ticket shows what its writer was told, and its history that they were.
void tell_tickets(soci::session& sql, const broadcast& of, std::int64_t last, sys_seconds now) {
    sql::change(
        sql,
        "INSERT INTO message (ticket_id, kind, author_name, channel, body, created_at) SELECT ticket_id, 'reply', :author, 'console', "
        ":body, :now FROM report WHERE incident_id = :incident AND ticket_id > :after AND ticket_id <= :last",
        of.author, of.body, now, of.incident_id, of.after_id, last);
    constexpr std::int64_t us_in_s = 1'000'000;
    sql::change(
        sql,
        "INSERT INTO event (at_us, actor_kind, actor_name, action, object_kind, object_id, data) SELECT :at, 'staff', :author, "
        "'ticket.told', 'ticket', ticket_id, :data FROM report WHERE incident_id = :incident AND ticket_id > :after AND ticket_id <= "
        ":last",
        seconds(now) * us_in_s, of.author, nlohmann::json({{"incident", of.incident_id}, {"broadcast", of.id}}).dump(), of.incident_id,
        of.after_id, last);
}

// Nothing but a telephone: a colleague calls.
std::int64_t call_back(soci::session& sql, const broadcast& of, const std::vector<person_to_tell>& people, sys_seconds now) {
    std::int64_t out = 0;
    for (const auto& each : people) {
        if (each.has_address() || !each.ticket_id) continue;
        ++out;
        if (each.status == "closed" || each.status == "merged") continue;
        sql::change(
            sql,
            "UPDATE ticket SET status = 'open', waiting_reason = '', is_active = 1, version = version + 1, updated_at = :now WHERE id "
            "= :id",
            now, *each.ticket_id);
        events::record(sql, actor{}, "ticket.to_be_called", "ticket", *each.ticket_id, {{"incident", of.incident_id}}, now);
    }
    return out;
}

} // namespace

std::string key_prefix(std::int64_t id) { return "broadcast:" + std::to_string(id) + ":"; }

step next(soci::session& sql, const broadcast& of, int limit, sys_seconds now) {
    auto people = page(sql, of, limit);
    step out;
    if (people.empty()) {
        out.phase = phase_after(of);
        return out;
    }
    out.phase = of.phase, out.after_id = people.back().id;
    out.queued = write(sql, of, people, now);
    if (of.phase != "tickets") return out;
    tell_tickets(sql, of, out.after_id, now);
    out.by_phone = call_back(sql, of, people, now);
    return out;
}

} // namespace relais::model::broadcast_queue

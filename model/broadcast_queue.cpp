// SPDX-License-Identifier: EUPL-1.2
#include "model/broadcast_queue.hpp"

#include "model/citizen.hpp"
#include "model/incident.hpp"
#include "model/incident_follower.hpp"
#include "model/random_id.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"
#include "model/ticket_actions.hpp"

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
std::string key_of(std::int64_t broadcast, const person_to_tell& whom) {
    if (whom.email.empty()) return key_prefix(broadcast) + "t" + std::to_string(whom.ticket_id.value_or(whom.id));
    auto folded = citizens::lower_ascii(whom.email);
    std::array<unsigned char, 16> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(folded.data()), folded.size(), nullptr, 0);
    return key_prefix(broadcast) + hex_of(digest);
}

// The data of the event of each ticket that a broadcast told.
std::string told_by(std::int64_t incident, std::int64_t broadcast) {
    return nlohmann::json({{"incident", incident}, {"broadcast", broadcast}}).dump();
}
// All the tickets of an incident, or for a regression those that a fix it takes back was told to.
const std::string is_concerned = "(:all = 1 OR EXISTS (SELECT 1 FROM event WHERE object_kind = 'ticket' AND object_id = report.ticket_id "
                                 "AND action = 'ticket.told' AND JSON_EXTRACT(data, '$.broadcast') IN (SELECT source_id FROM "
                                 "broadcast_source WHERE broadcast_id = :regression)))";

// Whose turn it is among the tickets: those of the incident; then, for a regression, those that a merge had brought into it and that are
// elsewhere now.
std::string turn_of(const broadcast& of) {
    if (of.phase == "tickets") return "report.incident_id = :incident ";
    return "report.ticket_id IN (SELECT brought.ticket_id FROM correction JOIN correction_ticket brought ON brought.correction_id = "
           "correction.id AND brought.to_id = correction.other_id JOIN report present ON present.ticket_id = brought.ticket_id WHERE "
           "correction.kind = 'merge' AND correction.other_id = :incident AND COALESCE(present.incident_id, 0) <> correction.other_id) ";
}
bool is_about_tickets(const broadcast& of) { return of.phase == "tickets" || of.phase == "parted"; }

std::optional<std::int64_t> end_of_page(soci::session& sql, const broadcast& of, int limit) {
    std::string next = "SELECT ticket_id FROM report WHERE incident_id = :incident";
    if (of.phase == "parted")
        next = "SELECT ticket_id FROM correction JOIN correction_ticket ON correction_ticket.correction_id = correction.id AND to_id = "
               "other_id WHERE kind = 'merge' AND other_id = :incident";
    return sql::first<std::int64_t>(sql,
                                    "SELECT MAX(ticket_id) FROM (" + next + " AND ticket_id > :after ORDER BY ticket_id LIMIT :limit) page",
                                    of.incident_id, of.after_id, limit);
}

// last: where the next page begins; 0: nobody is left.
struct people_page {
    std::vector<person_to_tell> people;
    std::int64_t last = 0;
};

// Of the next tickets, those that are concerned: of very many there may be none, and a page that looked for some would not end.
people_page page_of_tickets(soci::session& sql, const broadcast& of, int limit) {
    auto last = end_of_page(sql, of, limit);
    if (last.value_or(0) == 0) return {};
    auto people = sql::all<person_to_tell>(
        sql,
        "SELECT report.ticket_id, report.ticket_id, citizen.email, citizen.postal_address, ticket.language, '', ticket.status FROM report "
        "JOIN ticket ON ticket.id = report.ticket_id JOIN citizen ON citizen.id = ticket.requester_id WHERE " +
            turn_of(of) + "AND report.ticket_id > :after AND report.ticket_id <= :last AND " + is_concerned + " ORDER BY report.ticket_id",
        of.incident_id, of.after_id, *last, of.kind != "regression", of.id);
    return {std::move(people), *last};
}

people_page page(soci::session& sql, const broadcast& of, int limit) {
    if (is_about_tickets(of)) return page_of_tickets(sql, of, limit);
    people_page out;
    if (of.phase == "followers")
        for (auto& each : incident_followers::page(sql, of.incident_id, of.after_id, limit))
            out.people.push_back({each.id, std::nullopt, each.email, "", each.language, each.token, ""});
    else
        for (const auto& each : silent_dossiers::list(sql, incidents::get(sql, of.incident_id), of.after_id, limit))
            out.people.push_back({each.id, std::nullopt, each.email, "", "fr", "", ""});
    if (!out.people.empty()) out.last = out.people.back().id;
    return out;
}

std::string phase_after(const broadcast& of) {
    if (of.phase == "tickets" && of.kind == "regression") return "parted";
    return is_about_tickets(of) ? "followers" : "end";
}

std::set<std::string> known_keys(soci::session& sql, const std::vector<std::string>& keys, const std::string& which = "") {
    if (keys.empty()) return {};
    auto found = sql::all_bulk<std::tuple<std::string>>(
        sql, "SELECT unique_key FROM outbox WHERE unique_key IN (" + sql::placeholders(keys.size()) + ")" + which, keys);
    std::set<std::string> out;
    for (auto& [key] : found) out.insert(std::move(key));
    return out;
}

// A regression is written to those whom the mail or letter of a fix it takes back has reached, or is reaching, and to nobody else.
void keep_reached(soci::session& sql, const broadcast& of, std::vector<person_to_tell>& people) {
    if (of.kind != "regression") return;
    auto which = " AND (state = 'sent' OR lease_until > " + std::to_string(sql::lease_now(sql)) + ")";
    std::vector<bool> is_reached(people.size());
    for (auto fix : sql::all<std::int64_t>(sql, "SELECT source_id FROM broadcast_source WHERE broadcast_id = :id", of.id)) {
        std::vector<std::string> keys;
        for (const auto& each : people) keys.push_back(key_of(fix, each));
        auto reached = known_keys(sql, keys, which);
        for (std::size_t i = 0; i < people.size(); ++i) is_reached[i] = is_reached[i] || reached.contains(keys[i]);
    }
    std::vector<person_to_tell> kept;
    for (std::size_t i = 0; i < people.size(); ++i)
        if (is_reached[i]) kept.push_back(std::move(people[i]));
    people = std::move(kept);
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
std::int64_t write(soci::session& sql, const broadcast& of, std::vector<person_to_tell> people, sys_seconds now) {
    keep_reached(sql, of, people);
    std::vector<std::string> keys;
    for (const auto& each : people) keys.push_back(key_of(of.id, each));
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

// Of a regression nobody writes the words: its mail is a template, and the thread says the same.
constexpr std::string_view back_in_french = "Le problème dont nous vous avions annoncé la correction est revenu : elle n’était pas "
                                            "complète. L’équipe chargée de la résolution y travaille, et nous vous préviendrons. Inutile "
                                            "de nous écrire de nouveau.";
constexpr std::string_view back_in_english = "The problem that we told you was fixed is back: the fix was not complete. The team in charge "
                                             "is working on it, and we will let you know. There is no need to write to us again.";

// The thread of each ticket shows what its writer was told, and its history that they were.
void tell_tickets(soci::session& sql, const broadcast& of, std::int64_t last, sys_seconds now) {
    auto is_regression = of.kind == "regression";
    auto french = is_regression ? back_in_french : of.body, english = is_regression ? back_in_english : of.body;
    sql::change(sql,
                "INSERT INTO message (ticket_id, kind, author_name, channel, body, created_at) SELECT report.ticket_id, 'reply', :author, "
                "'console', CASE WHEN ticket.language = 'en' THEN :english ELSE :french END, :now FROM report JOIN ticket ON ticket.id = "
                "report.ticket_id WHERE " +
                    turn_of(of) + "AND report.ticket_id > :after AND report.ticket_id <= :last AND " + is_concerned,
                of.author, english, french, now, of.incident_id, of.after_id, last, !is_regression, of.id);
    constexpr std::int64_t us_in_s = 1'000'000;
    sql::change(sql,
                "INSERT INTO event (at_us, actor_kind, actor_name, action, object_kind, object_id, data) SELECT :at, 'staff', :author, "
                "'ticket.told', 'ticket', ticket_id, :data FROM report WHERE " +
                    turn_of(of) + "AND report.ticket_id > :after AND report.ticket_id <= :last AND " + is_concerned,
                seconds(now) * us_in_s, of.author, told_by(of.incident_id, of.id), of.incident_id, of.after_id, last, !is_regression,
                of.id);
}

std::string reference_of(soci::session& sql, std::int64_t ticket) {
    return sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", ticket).value();
}

// Nothing but a telephone: a colleague calls.
std::int64_t call_back(soci::session& sql, const broadcast& of, const std::vector<person_to_tell>& people, sys_seconds now) {
    std::int64_t out = 0;
    for (const auto& each : people) {
        if (each.has_address() || !each.ticket_id) continue;
        ++out;
        auto is_closed = each.status == "closed";
        if (each.status == "merged" || (is_closed && of.kind != "regression")) continue;
        if (is_closed) // they were called, and read that it was over
            tickets::reopen(sql, {reference_of(sql, *each.ticket_id), 0, actor{}, now}, "");
        else
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
    auto [people, last] = page(sql, of, limit);
    step out;
    if (last == 0) {
        out.phase = phase_after(of);
        return out;
    }
    out.phase = of.phase, out.after_id = last;
    out.queued = write(sql, of, people, now);
    if (!is_about_tickets(of)) return out;
    tell_tickets(sql, of, out.after_id, now);
    out.by_phone = call_back(sql, of, people, now);
    return out;
}

} // namespace relais::model::broadcast_queue

// SPDX-License-Identifier: EUPL-1.2
#include "model/figure_fact.hpp"

#include "model/figure_fact_rows.hpp"
#include "model/figure_sum.hpp"
#include "model/incident_figures.hpp"
#include "model/report.hpp"
#include "model/setting.hpp"
#include "model/sql_bulk.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <set>

namespace relais::model::figure_facts {

namespace {

using namespace std::chrono_literals;
using ids = std::vector<std::int64_t>;

constexpr auto overlap = 60s; // a transaction may commit after a later one
constexpr std::string_view place_setting = "figures.place", until_setting = "figures.counted_until";
constexpr std::string_view access_category = "ACC-04";

// What a ticket's facts are made from.
struct source {
    std::int64_t id = 0, team_id = 0;
    std::string department, procedure, channel, category, status;
    std::optional<std::int64_t> dossier_id;
    sys_seconds received_at;
    std::optional<sys_seconds> first_reply_at, closed_at;
    std::string answer_before;
    std::optional<std::int64_t> rating;
    std::optional<sys_seconds> rated_at;
    std::int64_t acknowledgements = 0; // rows of the outbox: 0 or 1
    std::optional<sys_seconds> acknowledged_at;
    std::int64_t earlier = 0, later = 0, messages = 0, agent_id = 0;
    auto fields() {
        return std::tie(id, team_id, department, procedure, channel, category, status, dossier_id, received_at, first_reply_at, closed_at,
                        answer_before, rating, rated_at, acknowledgements, acknowledged_at, earlier, later, messages, agent_id);
    }
};

// contacts: other tickets of the dossier or of the person, messages after the first and calls about it, until 14 days after the closure.
const std::string select_sources =
    "SELECT ticket.id, COALESCE(ticket.team_id, 0), ticket.department, ticket.procedure_code, ticket.channel, ticket.category, "
    "ticket.status, ticket.dossier_id, ticket.received_at, ticket.first_reply_at, ticket.closed_at, ticket.answer_before, "
    "ticket.satisfaction, ticket.satisfied_at, "
    "(SELECT COUNT(*) FROM outbox WHERE outbox.ticket_id = ticket.id AND outbox.kind = 'acknowledgement' AND outbox.medium = 'mail'), "
    "(SELECT MIN(outbox.sent_at) FROM outbox WHERE outbox.ticket_id = ticket.id AND outbox.kind = 'acknowledgement' AND outbox.medium = "
    "'mail'), "
    "(SELECT COUNT(*) FROM ticket other WHERE other.dossier_id = ticket.dossier_id AND other.received_at < ticket.received_at AND "
    "other.received_at >= ticket.received_at - 2592000 AND other.category = ticket.category AND other.status <> 'merged' AND "
    "ticket.category <> ''), "
    "(SELECT COUNT(*) FROM ticket other WHERE other.dossier_id = ticket.dossier_id AND other.id <> ticket.id AND other.received_at > "
    "ticket.received_at AND other.received_at <= ticket.closed_at + 1209600) + "
    "(SELECT COUNT(*) FROM report mine JOIN report theirs ON theirs.person_key = mine.person_key AND theirs.received_at > "
    "ticket.received_at AND theirs.received_at <= ticket.closed_at + 1209600 WHERE mine.ticket_id = ticket.id AND theirs.ticket_id <> "
    "ticket.id), "
    "(SELECT COUNT(*) FROM message WHERE message.ticket_id = ticket.id AND message.kind = 'citizen' AND message.created_at > "
    "ticket.received_at AND message.created_at <= ticket.closed_at + 1209600) + "
    "(SELECT COUNT(*) FROM phone_call WHERE phone_call.ticket_id = ticket.id AND phone_call.direction = 'in' AND phone_call.started_at_us "
    "> ticket.received_at * 1000000 AND phone_call.started_at_us <= (ticket.closed_at + 1209600) * 1000000), "
    "COALESCE(ticket.assignee_id, (SELECT author_id FROM message WHERE message.ticket_id = ticket.id AND message.kind = 'reply' AND "
    "message.author_id IS NOT NULL ORDER BY message.id LIMIT 1), 0) "
    "FROM ticket WHERE ticket.id IN (";

std::string local_day(sys_seconds at) {
    return date::format("%F", date::floor<date::days>(date::locate_zone("Europe/Paris")->to_local(at)));
}

void come_back(figure_fact& to, sys_seconds at) { to.again_at = to.again_at ? std::min(*to.again_at, at) : at; }

void judge_acknowledgement(figure_fact& to, const source& of, sys_seconds now) {
    to.is_acknowledged = of.acknowledgements > 0;
    if (!to.is_acknowledged) return;
    auto late = of.received_at + 24h * 7;
    if (of.acknowledged_at) {
        to.is_acknowledged_fast = *of.acknowledged_at - of.received_at <= std::chrono::seconds(acknowledged_fast_s);
        to.is_acknowledged_late = *of.acknowledged_at > late;
        return;
    }
    to.is_acknowledged_late = now > late;
    if (now <= late) come_back(to, std::min(late + 1s, now + (now - of.received_at < 1h ? std::chrono::seconds(5s) : 15min)));
}

// The first reply, or the deadline that passed without one while the ticket was open; in time when the reply came first.
std::optional<sys_seconds> judged(figure_fact& to, const source& of, sys_seconds deadline, sys_seconds now) {
    if (of.first_reply_at && *of.first_reply_at <= deadline) return of.first_reply_at;
    auto was_open = !of.closed_at || *of.closed_at > deadline;
    if (!was_open) return std::nullopt;
    if (now > deadline) return deadline;
    come_back(to, deadline + 1s);
    return std::nullopt;
}

void judge_reply(figure_fact& to, const source& of, sys_seconds now) {
    if (of.channel == "phone" || of.channel == "callback") return; // answered while they speak
    auto is_letter = of.channel == "letter";
    auto first = incident_figures::deadline(of.received_at, is_letter ? letter_fast_days : fast_days);
    auto last = incident_figures::deadline(of.received_at, is_letter ? letter_days : answer_days);
    to.judged_at = judged(to, of, last, now);
    to.is_in_time = of.first_reply_at && *of.first_reply_at <= last;
    to.is_fast = of.first_reply_at && *of.first_reply_at <= first;
}

void judge_access(figure_fact& to, const source& of, sys_seconds now) {
    if (of.category != access_category) return;
    auto last = of.received_at + 24h * access_days;
    to.access_at = judged(to, of, last, now);
    to.is_access_kept = of.first_reply_at && *of.first_reply_at <= last;
}

void judge_closure(figure_fact& to, const source& of, sys_seconds now) {
    if (!of.closed_at) return;
    to.closed_at = of.closed_at;
    to.is_announced = !of.answer_before.empty();
    to.is_kept = to.is_announced && local_day(*of.closed_at) <= of.answer_before;
    to.is_linkable = of.category != "GEN-02" && of.category != "GEN-04";
    to.is_linked = to.is_linkable && of.dossier_id.has_value();
    auto settled = *of.closed_at + 24h * contact_days;
    if (now < settled) return come_back(to, settled);
    to.settled_at = settled;
    to.is_first_contact = of.later == 0 && of.messages == 0;
}

figure_fact make(const source& of, sys_seconds now) {
    figure_fact out;
    out.ticket_id = of.id, out.team_id = of.team_id, out.agent_id = of.agent_id, out.department = of.department;
    out.procedure = of.procedure, out.channel = of.channel, out.dossier_id = of.dossier_id, out.received_at = of.received_at;
    judge_acknowledgement(out, of, now);
    out.is_merged = of.status == "merged";
    if (out.is_merged) return out; // received like any other; the rest is counted with the ticket it joined
    out.is_repeat = of.earlier > 0;
    judge_reply(out, of, now);
    judge_access(out, of, now);
    judge_closure(out, of, now);
    auto old_at = of.received_at + 24h * old_days;
    if (!of.closed_at || *of.closed_at > old_at) out.old_at = old_at;
    if (of.rating) out.rated_at = of.rated_at, out.rating = *of.rating;
    return out;
}

std::vector<std::string> texts_of(const ids& of) {
    std::vector<std::string> out;
    for (auto each : of) out.push_back(std::to_string(each));
    return out;
}

// One text of a statement whatever the number.
std::vector<std::vector<std::string>> pages_of(const ids& tickets) {
    constexpr std::size_t at_once = page;
    std::vector<std::vector<std::string>> out;
    for (std::size_t at = 0; at < tickets.size(); at += at_once) {
        ids some(tickets.begin() + static_cast<std::ptrdiff_t>(at),
                 tickets.begin() + static_cast<std::ptrdiff_t>(std::min(tickets.size(), at + at_once)));
        out.push_back(texts_of(some));
        out.back().resize(at_once, "0");
    }
    return out;
}

// Reports first: they know people by their dossiers.
void follow_reports(soci::session& sql, const ids& tickets, sys_seconds now) {
    for (const auto& keys : pages_of(tickets)) reports::follow(sql, keys, now);
}

// The tickets of the same dossiers, and those of the same people (as reports know them) that are judged already: whether they wrote again
// is told by the others. A dossier it has left counts too.
ids with_neighbours(soci::session& sql, const ids& changed) {
    auto keys = texts_of(changed);
    keys.resize((keys.size() + page - 1) / page * page, "0"); // few texts whatever the number
    auto in = sql::placeholders(keys.size());
    std::set<std::int64_t> all(changed.begin(), changed.end());
    for (const auto& text :
         {"SELECT other.id FROM ticket JOIN ticket other ON other.dossier_id = ticket.dossier_id WHERE ticket.id IN (" + in + ")",
          "SELECT fact.ticket_id FROM report mine JOIN report theirs ON theirs.person_key = mine.person_key AND theirs.received_at < "
          "mine.received_at JOIN figure_fact fact ON fact.ticket_id = theirs.ticket_id WHERE fact.settled_at >= mine.received_at AND "
          "mine.ticket_id IN (" +
              in + ")",
          "SELECT other.id FROM figure_fact JOIN ticket other ON other.dossier_id = figure_fact.dossier_id WHERE "
          "figure_fact.ticket_id IN (" +
              in + ")"})
        for (const auto& [id] : sql::all_bulk<std::tuple<std::int64_t>>(sql, text, keys)) all.insert(id);
    return {all.begin(), all.end()};
}

struct place {
    sys_seconds at{};
    std::int64_t id = 0;
    auto fields() { return std::tie(at, id); }
};

place read_place(soci::session& sql) {
    place out;
    auto found = settings::find(sql, place_setting);
    if (!found) return out;
    std::int64_t at = 0;
    auto end = found->data() + found->size();
    auto first = std::from_chars(found->data(), end, at);
    if (first.ec == std::errc{} && first.ptr != end) std::from_chars(first.ptr + 1, end, out.id);
    out.at = at_seconds(at);
    return out;
}

void write_place(soci::session& sql, const place& what) {
    settings::set(sql, place_setting, std::to_string(seconds(what.at)) + ":" + std::to_string(what.id));
}

} // namespace

void refresh(soci::session& sql, const ids& tickets, sys_seconds now) {
    for (const auto& keys : pages_of(tickets)) {
        auto in = sql::placeholders(keys.size());
        std::vector<figure_fact> facts;
        for (const auto& each : sql::all_bulk<source>(sql, select_sources + in + ")", keys)) facts.push_back(make(each, now));
        auto before = figure_sums::of_tickets(sql, keys);
        sql::change_bulk(sql, "DELETE FROM figure_fact WHERE ticket_id IN (" + in + ")", keys);
        figure_fact_rows::write(sql, facts);
        figure_sums::add(sql, before, figure_sums::of_tickets(sql, keys));
    }
}

int follow(soci::session& sql, sys_seconds now, int limit) {
    auto from = read_place(sql);
    if (from.at > now) from = {now - overlap, 0}; // a clock was put back: what was written meanwhile lies before the place
    auto changed = sql::all<place>(sql,
                                   "SELECT updated_at, id FROM ticket WHERE updated_at >= :at AND (updated_at > :again OR id > :id) "
                                   "ORDER BY updated_at, id LIMIT :limit",
                                   from.at, from.at, from.id, limit);
    auto due =
        sql::all<std::int64_t>(sql, "SELECT ticket_id FROM figure_fact WHERE again_at <= :now ORDER BY again_at LIMIT :limit", now, limit);
    ids all = due;
    for (const auto& each : changed) all.push_back(each.id);
    follow_reports(sql, all, now);
    if (!all.empty()) refresh(sql, with_neighbours(sql, all), now);
    auto is_end = static_cast<int>(changed.size()) < limit && static_cast<int>(due.size()) < limit;
    auto last = changed.empty() ? from : changed.back();
    if (!is_end) return write_place(sql, last), static_cast<int>(all.size());
    write_place(sql, last.at < now - overlap ? last : place{std::max(from.at, now - overlap), 0}); // from.at: never after now
    settings::set(sql, until_setting, std::to_string(seconds(now)));
    return 0;
}

std::optional<sys_seconds> counted_until(soci::session& sql) {
    auto found = settings::find(sql, until_setting);
    if (!found) return std::nullopt;
    return at_seconds(std::stoll(*found));
}

std::int64_t count(soci::session& sql) { return *sql::first<std::int64_t>(sql, "SELECT COUNT(*) FROM figure_fact"); }

std::optional<std::int64_t> rebuild_next(soci::session& sql, std::int64_t after, sys_seconds now, int limit) {
    auto tickets = sql::all<std::int64_t>(sql, "SELECT id FROM ticket WHERE id > :after ORDER BY id LIMIT :limit", after, limit);
    auto last = tickets.empty() ? std::numeric_limits<std::int64_t>::max() : tickets.back();
    sql::change(sql,
                "DELETE FROM figure_fact WHERE ticket_id > :after AND ticket_id <= :last AND NOT EXISTS (SELECT 1 FROM ticket WHERE "
                "ticket.id = figure_fact.ticket_id)",
                after, last);
    if (tickets.empty()) return std::nullopt;
    follow_reports(sql, tickets, now);
    refresh(sql, tickets, now);
    return tickets.back();
}

} // namespace relais::model::figure_facts

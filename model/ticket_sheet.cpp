// SPDX-License-Identifier: EUPL-1.2
#include "model/ticket_sheet.hpp"

#include "model/citizen.hpp"
#include "model/dossier_timeline.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"
#include "model/ticket_merge.hpp"

#include <algorithm>
#include <iterator>

namespace relais::model::ticket_sheets {

namespace {

std::vector<related_dossier> related_to(soci::session& sql, const ticket& of) {
    using row = std::tuple<std::int64_t, std::string, std::string>;
    auto rows = sql::all<row>(sql,
                              "SELECT dossier_id, role, reason FROM ticket_dossier WHERE ticket_id = :ticket AND role <> 'subject' "
                              "ORDER BY id LIMIT 50",
                              of.id);
    std::vector<related_dossier> out;
    for (const auto& [id, role, why] : rows)
        if (auto found = dossiers::find(sql, id)) out.push_back({role, why, std::move(*found)});
    return out;
}

std::vector<sent_item> sent_for(soci::session& sql, const ticket& of) {
    return sql::all<sent_item>(sql,
                               "SELECT id, kind, medium, recipient, state, created_at, sent_at, error FROM outbox "
                               "WHERE ticket_id = :ticket ORDER BY id LIMIT 200",
                               of.id);
}

constexpr int changes_limit = 500, readings_limit = 100;
const std::string readings = "action IN ('ticket.read', 'ticket.file_read') ",
                  changes = "action NOT IN ('ticket.read', 'ticket.file_read') ";

// The newest of its events, oldest first.
std::vector<event> newest(soci::session& sql, std::int64_t ticket_id, const std::string& which, int limit, std::int64_t after = 0) {
    auto out = sql::all<event>(sql,
                               "SELECT " + std::string(event::columns) +
                                   " FROM event WHERE object_kind = 'ticket' AND object_id = :ticket AND id > :after AND " + which +
                                   "ORDER BY id DESC LIMIT :limit",
                               ticket_id, after, limit);
    std::reverse(out.begin(), out.end());
    return out;
}

// Readings, however many, hide no change: few tickets have so many events that both are asked for apart.
std::vector<event> history_of(soci::session& sql, std::int64_t ticket_id) {
    auto all = newest(sql, ticket_id, "1 = 1 ", readings_limit);
    if (static_cast<int>(all.size()) < readings_limit) return all;
    auto out = newest(sql, ticket_id, changes, changes_limit), read = newest(sql, ticket_id, readings, readings_limit);
    auto middle = static_cast<std::ptrdiff_t>(out.size());
    std::move(read.begin(), read.end(), std::back_inserter(out));
    std::inplace_merge(out.begin(), out.begin() + middle, out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    return out;
}

std::vector<std::int64_t> dossiers_of(const ticket_sheet& what) {
    std::vector<std::int64_t> out;
    if (what.subject_dossier) out.push_back(what.subject_dossier->id);
    for (const auto& each : what.related) out.push_back(each.what.id);
    return out;
}

bool has_same_address(const person& one, const person& other) {
    if (!one.email.empty() && citizens::lower_ascii(one.email) == citizens::lower_ascii(other.email)) return true;
    return !one.phone.empty() && one.phone == other.phone;
}
bool is_born_alike(const person& one, const person& other) {
    return !one.birth_date.empty() && one.birth_date == other.birth_date && !one.birth_name.empty() &&
           text::fold(one.birth_name) == text::fold(other.birth_name);
}

// Of the person or the dossier of the sheet, as tickets::previous() says, however many there are.
bool is_of_same_person(soci::session& sql, const ticket_sheet& of, const ticket& other) {
    if (other.requester_id == of.ticket.requester_id || (of.ticket.dossier_id && other.dossier_id == of.ticket.dossier_id)) return true;
    auto requester = citizens::get(sql, other.requester_id);
    if (has_same_address(of.requester, requester) || is_born_alike(of.subject_person, requester)) return true;
    return is_born_alike(of.subject_person, citizens::get(sql, other.subject_person_id));
}

} // namespace

ticket_sheet get(soci::session& sql, std::string_view reference) {
    ticket_sheet out;
    out.ticket = tickets::get(sql, reference);
    const auto& on = out.ticket;
    out.requester = citizens::get(sql, on.requester_id);
    out.subject_person = on.subject_person_id == on.requester_id ? out.requester : citizens::get(sql, on.subject_person_id);
    out.messages = messages::of(sql, on.id, true);
    out.attachments = attachments::of(sql, on.id);
    if (on.dossier_id) out.subject_dossier = dossiers::find(sql, *on.dossier_id);
    out.snapshots = dossiers::snapshots_of_ticket(sql, on.id);
    out.related = related_to(sql, on);
    out.previous = tickets::previous(sql, on);
    out.history = history_of(sql, on.id);
    out.sent = sent_for(sql, on);
    if (on.assignee_id) out.assignee = users::get(sql, *on.assignee_id).name;
    if (auto target = tickets::merge_target(sql, on.id)) out.merged_into = tickets::get(sql, *target).reference;
    for (auto each : tickets::merged_into(sql, on.id)) out.merged[each] = tickets::get(sql, each).reference;
    return out;
}

std::vector<ticket> others(soci::session& sql, const ticket_sheet& of, const std::vector<std::int64_t>& tickets) {
    std::vector<ticket> out;
    for (auto id : tickets) {
        auto is_it = [id](const ticket& each) { return each.id == id; };
        if (id == of.ticket.id || std::any_of(of.previous.begin(), of.previous.end(), is_it)) continue;
        auto found = sql::first<ticket>(sql, "SELECT " + ticket_columns + " FROM ticket WHERE id = :id", id);
        if (found && !is_of_same_person(sql, of, *found)) out.push_back(std::move(*found));
    }
    return out;
}

bool is_read_already(const actor& who, const ticket_sheet& what, sys_seconds now) {
    constexpr std::int64_t us_in_s = 1'000'000;
    auto before = std::find_if(what.history.rbegin(), what.history.rend(), [&](const auto& each) {
        return each.action == "ticket.read" && each.actor_kind == who.kind && each.actor_id == who.id;
    });
    if (before == what.history.rend() || before->at_us <= seconds(now - dossier_timelines::one_reading) * us_in_s) return false;
    auto data = nlohmann::json::parse(before->data, nullptr, false);
    return data.is_object() && data.value("dossiers", nlohmann::json()) == nlohmann::json(dossiers_of(what));
}

void record_reading(soci::session& sql, const actor& who, const ticket_sheet& what, sys_seconds now) {
    auto dossiers = dossiers_of(what);
    events::record(sql, who, "ticket.read", "ticket", what.ticket.id, {{"dossiers", dossiers}}, now);
    for (auto id : dossiers) events::record(sql, who, "dossier.read", "dossier", id, {{"ticket", what.ticket.id}, {"via", "ticket"}}, now);
}

std::vector<event> changes_since(soci::session& sql, std::int64_t ticket_id, std::int64_t event_id) {
    constexpr int told = 50;
    return newest(sql, ticket_id, changes, told, event_id);
}

} // namespace relais::model::ticket_sheets

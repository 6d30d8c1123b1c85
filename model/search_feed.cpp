// SPDX-License-Identifier: EUPL-1.2
#include "model/search_feed.hpp"

#include "model/event_mark.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace relais::model {

namespace {

constexpr int events_limit = 5000, page_limit = 500;

struct change_row {
    std::int64_t id = 0;
    std::string object_kind;
    std::int64_t object_id = 0;
    std::string action;
    auto fields() { return std::tie(id, object_kind, object_id, action); }
    bool changes_ticket() const { return object_kind == "ticket" && action != "ticket.read"; }
};

struct ticket_row {
    std::int64_t id = 0;
    std::string reference, subject, status, department, procedure, category, team, requester, about;
    std::optional<std::int64_t> assignee, dossier;
    bool is_active = false;
    auto fields() {
        return std::tie(id, reference, subject, status, department, procedure, category, team, requester, about, assignee, dossier,
                        is_active);
    }
};

const std::string ticket_text =
    "SELECT ticket.id, ticket.reference, ticket.subject, ticket.status, ticket.department, ticket.procedure_code, ticket.category, "
    "COALESCE(team.code, ''), requester.name, about.name, ticket.assignee_id, ticket.dossier_id, ticket.is_active "
    "FROM ticket JOIN citizen requester ON requester.id = ticket.requester_id JOIN citizen about ON about.id = ticket.subject_person_id "
    "LEFT JOIN team ON team.id = ticket.team_id ";

// What a list can be narrowed by; api/ticket_search.cpp asks for the same words.
std::vector<std::string> marks_of(const ticket_row& row) {
    std::vector<std::string> out = {"status:" + row.status, "department:" + row.department, "procedure:" + row.procedure};
    if (row.is_active) out.push_back("status:active");
    if (!row.category.empty()) out.push_back("category:" + row.category), out.push_back("family:" + row.category.substr(0, 3));
    if (!row.team.empty()) out.push_back("team:" + row.team);
    out.push_back("assignee:" + (row.assignee ? std::to_string(*row.assignee) : std::string("none")));
    if (row.dossier) out.push_back("dossier:" + std::to_string(*row.dossier));
    return out;
}

search_document document_of(soci::session& sql, const ticket_row& row) {
    search_document out;
    out.ticket_id = row.id, out.reference = row.reference, out.subject = row.subject;
    out.names = row.requester == row.about ? row.requester : row.requester + " " + row.about;
    for (auto& name : sql::all<std::string>(sql, "SELECT name FROM participant WHERE ticket_id = :ticket ORDER BY id LIMIT 50", row.id))
        out.names += " " + name;
    out.marks = marks_of(row);
    for (auto& body : sql::all<std::string>(sql, "SELECT body FROM message WHERE ticket_id = :ticket ORDER BY id LIMIT 200", row.id))
        out.words += body + "\n";
    return out;
}

std::vector<search_document> documents(soci::session& sql, const std::vector<std::int64_t>& tickets) {
    std::vector<search_document> out;
    for (auto each : tickets)
        if (auto row = sql::first<ticket_row>(sql, ticket_text + "WHERE ticket.id = :id", each)) out.push_back(document_of(sql, *row));
    return out;
}

// The newest first: the order in which the index holds them, and in which people miss them.
std::vector<search_document> page_before(soci::session& sql, std::int64_t last_id) {
    std::vector<search_document> out;
    for (auto& row :
         sql::all<ticket_row>(sql, ticket_text + "WHERE ticket.id < :last ORDER BY ticket.id DESC LIMIT :limit", last_id, page_limit))
        out.push_back(document_of(sql, row));
    return out;
}

} // namespace

int search_feed::step() {
    try {
        auto filled = index_.is_current() ? 0 : fill();
        return std::max(filled, feed());
    } catch (const search_index_damaged&) {
        return fill();
    }
}

int search_feed::fill() {
    std::int64_t done = 0;
    rebuild([&done](std::int64_t so_far) { done = so_far; });
    return static_cast<int>(done);
}

int search_feed::feed() {
    // Every kind of event: with a condition on the kind SQLite would read and sort all that were ever written.
    auto read_changes = [from = place_.given](soci::session& sql) {
        auto settled = event_marks::settled(sql);
        return std::pair(settled, sql::all<change_row>(
                                      sql, "SELECT id, object_kind, object_id, action FROM event WHERE id > :from ORDER BY id LIMIT :limit",
                                      from, events_limit));
    };
    auto [settled, changes] = database_.read_now(read_changes);
    std::set<std::int64_t> tickets;
    std::vector<std::int64_t> read;
    for (const auto& each : changes) {
        read.push_back(each.id);
        if (!recent_.contains(each.id) && each.changes_ticket()) tickets.insert(each.object_id);
    }
    auto next = event_feed::passed(place_, read, settled, static_cast<int>(changes.size()) < events_limit);
    if (!tickets.empty()) {
        std::vector<std::int64_t> wanted(tickets.begin(), tickets.end());
        auto read_tickets = [&wanted](soci::session& sql) { return documents(sql, wanted); };
        for (const auto& each : database_.read_now(read_tickets)) index_.put(each);
        index_.commit(next.settled);
    }
    // Only now: what the index did not take is read again.
    place_ = next;
    recent_.insert(read.begin(), read.end());
    recent_.erase(recent_.begin(), recent_.upper_bound(place_.settled));
    return static_cast<int>(tickets.size());
}

void search_feed::rebuild(const std::function<void(std::int64_t)>& progress) {
    index_.clear();
    // Changes made meanwhile, and what has not settled, are read again from here on.
    auto until = database_.read_now(event_marks::beginning);
    std::int64_t done = 0, last_id = std::numeric_limits<std::int64_t>::max();
    for (;;) {
        auto read_page = [last_id](soci::session& sql) { return page_before(sql, last_id); };
        auto page = database_.read_now(read_page);
        if (page.empty()) break;
        for (const auto& each : page) index_.put(each);
        last_id = page.back().ticket_id;
        done += static_cast<std::int64_t>(page.size());
        progress(done);
    }
    place_ = {until, until};
    recent_.clear();
    index_.commit(until);
}

} // namespace relais::model

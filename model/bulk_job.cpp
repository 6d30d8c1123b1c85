// SPDX-License-Identifier: EUPL-1.2
#include "model/bulk_job.hpp"

#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/sql_bulk.hpp"

#include <algorithm>

namespace relais::model::bulk_jobs {

namespace {

constexpr int page_size = ticket_queue::page_limit;
constexpr std::int64_t told_every = 20; // tickets between two events that move the progress on screens

const std::string select = "SELECT " + std::string(bulk_job::columns) + " FROM bulk_job ";

void record(soci::session& sql, const actor& who, std::string_view action, std::int64_t id, sys_seconds now) {
    events::record(sql, who, action, "bulk", id, nlohmann::json::object(), now);
}

void add_tickets(soci::session& sql, std::int64_t job, const std::vector<std::int64_t>& tickets) {
    constexpr std::size_t rows_a_statement = 200;
    for (std::size_t from = 0; from < tickets.size(); from += rows_a_statement) {
        std::vector<std::string> values;
        auto end = std::min(from + rows_a_statement, tickets.size());
        for (auto at = from; at < end; ++at) values.insert(values.end(), {std::to_string(job), std::to_string(tickets[at]), "waiting"});
        sql::change_bulk(sql, "INSERT INTO bulk_job_ticket (job_id, ticket_id, state) VALUES " + sql::placeholder_rows(end - from, 3),
                         values);
    }
}

// The action of a job on one of its tickets, as its owner would do it alone.
void act(soci::session& sql, const bulk_job& job, std::int64_t ticket_id, const fill_function& fill, sys_seconds now) {
    auto on = tickets::get(sql, ticket_id);
    tickets::action by{on.reference, 0, {"staff", job.owner_id, job.owner_name, job.owner_quality}, now};
    auto given = nlohmann::json::parse(job.argument);
    auto text = [&given](const char* name) { return given.value(name, std::string()); };
    if (job.action == "assignment") {
        auto user = given.value("assignee", std::int64_t{0});
        tickets::assign(sql, by, user > 0 ? std::optional(user) : std::nullopt);
    } else if (job.action == "category") {
        tickets::categorise(sql, by, text("category"));
    } else if (job.action == "answer") {
        tickets::reply(sql, by, fill(sql, on, text("body"), "body"), given.value("waits", false), text("why"));
    } else if (job.action == "closure") {
        tickets::close(sql, by, text("reason"), fill(sql, on, text("text"), "text"), text("why"));
    } else {
        throw invalid({{"action", "unknown", "fault.parameter.unknown"}});
    }
}

// Counts one more ticket, and ends the job with the last.
void count(soci::session& sql, const bulk_job& job, const char* column, sys_seconds now) {
    sql::change(sql, "UPDATE bulk_job SET " + std::string(column) + " = " + column + " + 1 WHERE id = :id", job.id);
    auto after = get(sql, job.id);
    auto so_far = after.done + after.refused;
    if (so_far == after.total) {
        sql::change(sql, "UPDATE bulk_job SET state = 'done', ended_at = :now WHERE id = :id", now, job.id);
        record(sql, {"staff", job.owner_id, job.owner_name, {}}, "bulk.done", job.id, now);
    } else if (so_far % told_every == 0) {
        record(sql, {}, "bulk.moved", job.id, now);
    }
}

bool mark(soci::session& sql, std::int64_t job, std::int64_t ticket, std::string_view state, std::string_view reason) {
    return sql::change(sql,
                       "UPDATE bulk_job_ticket SET state = :state, reason = :reason "
                       "WHERE job_id = :job AND ticket_id = :ticket AND state = 'waiting'",
                       state, reason, job, ticket) == 1;
}

std::string reason_of(const std::exception& why) {
    if (const auto* faults = dynamic_cast<const invalid*>(&why); faults && !faults->faults.empty()) return faults->faults.front().message;
    return why.what();
}

} // namespace

std::vector<std::int64_t> tickets_of(soci::session& sql, const queue_filter& view) {
    std::vector<std::int64_t> out;
    for (std::string after; out.size() < tickets_limit;) {
        auto page = ticket_queue::list(sql, view, after, page_size);
        for (const auto& each : page.lines) out.push_back(each.id);
        if (page.next.empty()) break;
        after = page.next;
    }
    out.resize(std::min<std::size_t>(out.size(), tickets_limit));
    return out;
}

std::vector<std::int64_t> tickets_of(soci::session& sql, const std::vector<std::string>& references) {
    std::vector<std::int64_t> out;
    for (const auto& each : references)
        if (auto id = sql::first<std::int64_t>(sql, "SELECT id FROM ticket WHERE reference = :reference", each))
            if (std::find(out.begin(), out.end(), *id) == out.end()) out.push_back(*id);
    return out;
}

std::int64_t start(soci::session& sql, const wish& what, const actor& who, sys_seconds now) {
    if (auto known = sql::first<std::int64_t>(sql, "SELECT id FROM bulk_job WHERE form_key = :key", what.form_key)) return *known;
    if (what.tickets.empty()) throw invalid({{"tickets", "missing", "fault.bulk.nothing"}});
    if (what.tickets.size() > tickets_limit) throw invalid({{"tickets", "too_many", "fault.bulk.too_many", std::to_string(tickets_limit)}});
    auto id =
        sql::insert(sql,
                    "INSERT INTO bulk_job (form_key, action, argument, state, owner_id, owner_name, owner_quality, total, created_at) "
                    "VALUES (:key, :action, :argument, 'running', :owner, :name, :quality, :total, :now)",
                    what.form_key, what.action, what.argument.dump(), who.id.value_or(0), who.name, who.quality,
                    static_cast<std::int64_t>(what.tickets.size()), now);
    add_tickets(sql, id, what.tickets);
    record(sql, who, "bulk.started", id, now);
    return id;
}

bool do_next(database& in, std::int64_t job_id, const fill_function& fill, sys_seconds now) {
    auto next = [job_id](soci::session& sql) -> std::optional<std::int64_t> {
        if (get(sql, job_id).state != "running") return std::nullopt;
        return sql::first<std::int64_t>(
            sql, "SELECT ticket_id FROM bulk_job_ticket WHERE job_id = :job AND state = 'waiting' ORDER BY ticket_id LIMIT 1", job_id);
    };
    auto ticket = in.read_now(next);
    if (!ticket) return false;
    std::string refused;
    try {
        in.write_now([&](soci::session& sql) {
            auto job = get(sql, job_id);
            if (job.state != "running" || !mark(sql, job_id, *ticket, "done", "")) return; // stopped, or another node's
            act(sql, job, *ticket, fill, now);
            count(sql, job, "done", now);
        });
        return true;
    } catch (const invalid& why) {
        refused = reason_of(why);
    } catch (const conflict& why) {
        refused = reason_of(why);
    } catch (const not_found& why) {
        refused = reason_of(why);
    }
    in.write_now([&](soci::session& sql) {
        if (mark(sql, job_id, *ticket, "refused", refused)) count(sql, get(sql, job_id), "refused", now);
    });
    return true;
}

std::vector<std::int64_t> running(soci::session& sql) {
    return sql::all<std::int64_t>(sql, "SELECT id FROM bulk_job WHERE state = 'running' ORDER BY id LIMIT 20");
}

void stop(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now) {
    get(sql, id);
    if (sql::change(sql, "UPDATE bulk_job SET state = 'stopped' WHERE id = :id AND state = 'running'", id) == 0)
        throw conflict("conflict.bulk");
    record(sql, who, "bulk.stopped", id, now);
}

void resume(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now) {
    get(sql, id);
    if (sql::change(sql, "UPDATE bulk_job SET state = 'running' WHERE id = :id AND state = 'stopped'", id) == 0)
        throw conflict("conflict.bulk");
    record(sql, who, "bulk.resumed", id, now);
}

bulk_job get(soci::session& sql, std::int64_t id) {
    auto found = sql::first<bulk_job>(sql, select + "WHERE id = :id", id);
    if (!found) throw not_found();
    return *found;
}

std::vector<bulk_job> recent(soci::session& sql) { return sql::all<bulk_job>(sql, select + "ORDER BY id DESC LIMIT 50"); }

std::vector<refused_ticket> refusals(soci::session& sql, std::int64_t id, int limit) {
    return sql::all<refused_ticket>(sql,
                                    "SELECT ticket.reference, bulk_job_ticket.reason FROM bulk_job_ticket "
                                    "JOIN ticket ON ticket.id = bulk_job_ticket.ticket_id "
                                    "WHERE bulk_job_ticket.job_id = :job AND bulk_job_ticket.state = 'refused' "
                                    "ORDER BY bulk_job_ticket.ticket_id LIMIT :limit",
                                    id, limit);
}

} // namespace relais::model::bulk_jobs

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/ticket_actions.hpp"
#include "model/ticket_queue.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// One action on many tickets: "assignment" {assignee}, "category" {category}, "answer" {body, waits, why}, "closure" {reason, text, why}.
struct bulk_job {
    std::int64_t id = 0;
    std::string action, argument; // JSON
    std::string state;            // running, stopped, done
    std::int64_t owner_id = 0;
    std::string owner_name, owner_quality;
    std::int64_t total = 0, done = 0, refused = 0;
    sys_seconds created_at;
    std::optional<sys_seconds> ended_at;
    static constexpr auto columns =
        "id, action, argument, state, owner_id, owner_name, owner_quality, total, done, refused, created_at, ended_at";
    auto fields() {
        return std::tie(id, action, argument, state, owner_id, owner_name, owner_quality, total, done, refused, created_at, ended_at);
    }
};

// A ticket that was not changed, and why: a key of templates/locales.
struct refused_ticket {
    std::string reference, reason;
    auto fields() { return std::tie(reference, reason); }
};

namespace bulk_jobs {

constexpr int tickets_limit = 10'000;

// The tickets of a whole view, at most tickets_limit; and those of these references that exist.
std::vector<std::int64_t> tickets_of(soci::session& sql, const queue_filter& view);
std::vector<std::int64_t> tickets_of(soci::session& sql, const std::vector<std::string>& references);

struct wish {
    std::string form_key; // of the form that asks: sent twice, it is one job
    std::string action;
    nlohmann::json argument;
    std::vector<std::int64_t> tickets;
};
// Begins a job for these tickets and returns it. Throws: invalid on "tickets", when there is none or too many.
std::int64_t start(soci::session& sql, const wish& what, const actor& who, sys_seconds now);

// What puts the variables of an answer in, for one ticket (api/answer_words.hpp).
using fill_function = std::function<std::string(soci::session&, const ticket&, const std::string& text, const std::string& field)>;

// Does the next ticket of a running job, in transactions of its own; a ticket that refuses the action is written down with the reason.
// False when there is none left, or the job was stopped. Several nodes may do it at once.
bool do_next(database& in, std::int64_t job_id, const fill_function& fill, sys_seconds now);
// Jobs that run, oldest first.
std::vector<std::int64_t> running(soci::session& sql);

// What was done stays done. Throws: not_found; conflict("conflict.bulk") when it does not run, or is not stopped.
void stop(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now);
void resume(soci::session& sql, std::int64_t id, const actor& who, sys_seconds now);

// Throws: not_found.
bulk_job get(soci::session& sql, std::int64_t id);
// The last ones of everybody, newest first, at most 50.
std::vector<bulk_job> recent(soci::session& sql);
std::vector<refused_ticket> refusals(soci::session& sql, std::int64_t id, int limit = 200);

} // namespace bulk_jobs

} // namespace relais::model

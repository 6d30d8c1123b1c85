// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar_week.hpp"
#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// An answered ticket read again by a supervisor against a grid (model/review_grid.hpp): once a ticket and reviewer, never changed.
// Its mark is twenty times the criteria that were met over those that applied. Source: domain.md 4.6, K19.
struct quality_review {
    std::int64_t id = 0, ticket_id = 0;
    std::string reference, grid, reviewer, reviewer_name, answers, remark; // answers: JSON, criterion -> yes, no or none
    std::int64_t met = 0, asked = 0;
    sys_seconds reviewed_at;
    auto fields() { return std::tie(id, ticket_id, reference, grid, reviewer, reviewer_name, answers, remark, met, asked, reviewed_at); }
    double mark() const; // out of 20
    bool is_by(const actor& who) const;
};

namespace quality_reviews {

constexpr int sample_each = 10; // tickets a grid and week
constexpr double alert_below = 12;

// What a reviewer says of one ticket.
struct draft {
    std::map<std::string, std::string, std::less<>> answers; // criterion -> yes, no, none (does not apply)
    std::string remark;
};

// Throws: not_found; conflict("conflict.review_open") when the ticket is not closed, ("conflict.review_own") when the reviewer answered it,
// ("conflict.reviewed") the second time; invalid on each criterion that is missing or unknown, on "remark", and when nothing applied.
quality_review add(soci::session& sql, std::string_view reference, const draft& what, const actor& who, sys_seconds now);

// A ticket that is proposed to a reviewer.
struct proposal {
    std::int64_t ticket_id = 0;
    std::string reference, channel, team;
    sys_seconds closed_at;
    std::int64_t agent_id = 0;
    bool is_reviewed = false; // by this reviewer
    auto fields() { return std::tie(ticket_id, reference, channel, team, closed_at, agent_id, is_reviewed); }
};
// The sample of a week: of the tickets closed in it and answered, sample_each in writing and as many by telephone, by a draw that depends
// on week and ticket alone: nobody draws again until it pleases. A reviewer's own answers are left out.
std::vector<proposal> sample(soci::session& sql, calendar_week week, const actor& reviewer);

std::vector<quality_review> of_ticket(soci::session& sql, std::int64_t ticket_id);
// Of a period, the last first, at most `limit`.
std::vector<quality_review> between(soci::session& sql, const time_span& over, int limit);

} // namespace quality_reviews

} // namespace relais::model

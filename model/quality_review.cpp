// SPDX-License-Identifier: EUPL-1.2
#include "model/quality_review.hpp"

#include "model/error.hpp"
#include "model/review_grid.hpp"
#include "model/sha256.hpp"
#include "model/sql_bulk.hpp"
#include "model/text.hpp"
#include "model/ticket.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace relais::model {

namespace {

// Whoever reviews, as one text: a colleague and a program may have the same number.
std::string key_of(const actor& who) { return who.kind + ":" + std::to_string(who.id.value_or(0)); }

} // namespace

bool quality_review::is_by(const actor& who) const { return reviewer == key_of(who); }

double quality_review::mark() const { return asked == 0 ? 0 : 20.0 * static_cast<double>(met) / static_cast<double>(asked); }

namespace quality_reviews {

namespace {

constexpr std::size_t remark_limit = 2000; // code points
constexpr int drawn_limit = 100'000;       // tickets closed in a week
constexpr std::size_t looked_at = 256;     // of those drawn first, enough to find twenty that were answered

const std::string select =
    "SELECT quality_review.id, quality_review.ticket_id, ticket.reference, quality_review.grid, "
    "quality_review.reviewer, quality_review.reviewer_name, quality_review.answers, quality_review.remark, quality_review.met, "
    "quality_review.asked, quality_review.reviewed_at FROM quality_review JOIN ticket ON ticket.id = "
    "quality_review.ticket_id ";

// Who the ticket was given to or, when nobody, who answered it first; 0: nobody.
std::int64_t agent_of(soci::session& sql, std::int64_t ticket_id) {
    return *sql::first<std::int64_t>(sql,
                                     "SELECT COALESCE(assignee_id, (SELECT author_id FROM message WHERE message.ticket_id = ticket.id AND "
                                     "message.kind = 'reply' AND message.author_id IS NOT NULL ORDER BY message.id LIMIT 1), 0) FROM "
                                     "ticket WHERE id = :id",
                                     ticket_id);
}

bool is_own(const actor& who, std::int64_t agent) { return who.kind == "staff" && who.id == agent; }

struct verdict {
    std::int64_t met = 0, asked = 0;
    std::string remark;
};

verdict judge(const review_grid& grid, const draft& what) {
    verdict out;
    std::vector<field_fault> faults;
    for (auto criterion : grid.criteria) {
        auto given = what.answers.find(criterion);
        auto answer = given == what.answers.end() ? std::string() : given->second;
        if (answer.empty())
            faults.push_back({std::string(criterion), "missing", "fault.review.missing"});
        else if (answer != "yes" && answer != "no" && answer != "none")
            faults.push_back({std::string(criterion), "unknown", "fault.parameter.unknown"});
        out.met += answer == "yes", out.asked += answer == "yes" || answer == "no";
    }
    for (const auto& [criterion, answer] : what.answers)
        if (std::find(grid.criteria.begin(), grid.criteria.end(), criterion) == grid.criteria.end())
            faults.push_back({criterion, "unknown", "fault.parameter.unknown"});
    if (faults.empty() && out.asked == 0) faults.push_back({std::string(grid.criteria.front()), "missing", "fault.review.nothing"});
    auto remark = text::check_message(what.remark, remark_limit);
    if (!what.remark.empty() && !remark.accepted()) faults.push_back(fault("remark", "text", remark));
    if (!faults.empty()) throw invalid(std::move(faults));
    out.remark = what.remark.empty() ? "" : remark.normalised;
    return out;
}

// The tickets closed in the week by a draw that anybody can do again.
std::vector<std::string> drawn(soci::session& sql, calendar_week week) {
    auto span = calendar_weeks::span_of(week);
    std::vector<std::pair<std::string, std::string>> ranked;
    for (auto id : sql::all<std::int64_t>(sql,
                                          "SELECT ticket_id FROM figure_fact WHERE closed_at >= :from AND closed_at < :to AND is_merged = "
                                          "0 LIMIT :limit",
                                          span.from, span.to, drawn_limit)) {
        auto text = std::to_string(id);
        ranked.emplace_back(sha256::hex(calendar_weeks::text(week) + "/" + text), text);
    }
    auto kept = std::min(ranked.size(), looked_at);
    std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(kept), ranked.end());
    std::vector<std::string> out;
    for (std::size_t i = 0; i < kept; ++i) out.push_back(ranked[i].second);
    return out;
}

} // namespace

quality_review add(soci::session& sql, std::string_view reference, const draft& what, const actor& who, sys_seconds now) {
    auto of = tickets::get(sql, reference);
    if (of.status != "closed") throw conflict("conflict.review_open");
    if (is_own(who, agent_of(sql, of.id))) throw conflict("conflict.review_own");
    const auto& grid = review_grids::of_channel(of.channel);
    auto found = judge(grid, what);
    quality_review out{0,
                       of.id,
                       of.reference,
                       std::string(grid.code),
                       key_of(who),
                       who.name,
                       nlohmann::json(what.answers).dump(),
                       found.remark,
                       found.met,
                       found.asked,
                       now};
    try {
        out.id = sql::insert(sql,
                             "INSERT INTO quality_review (ticket_id, grid, reviewer, reviewer_name, answers, remark, met, asked, "
                             "reviewed_at) VALUES (:ticket, :grid, :reviewer, :name, :answers, :remark, :met, :asked, :now)",
                             out.ticket_id, out.grid, out.reviewer, out.reviewer_name, out.answers, out.remark, out.met, out.asked, now);
    } catch (const std::exception& error) {
        if (sql::is_duplicate(error)) throw conflict("conflict.reviewed");
        throw;
    }
    events::record(sql, who, "review.made", "quality_review", out.id, {{"ticket", out.ticket_id}, {"met", out.met}, {"asked", out.asked}},
                   now);
    return out;
}

std::vector<proposal> sample(soci::session& sql, calendar_week week, const actor& reviewer) {
    auto ids = drawn(sql, week);
    if (ids.empty()) return {};
    auto values = ids;
    values.resize(looked_at, "0"); // one text whatever the number
    values.insert(values.begin(), key_of(reviewer));
    auto found = sql::all_bulk<proposal>(
        sql,
        "SELECT ticket.id, ticket.reference, ticket.channel, COALESCE(team.name, ''), ticket.closed_at, figure_fact.agent_id, CASE WHEN "
        "EXISTS (SELECT 1 FROM quality_review WHERE quality_review.ticket_id = ticket.id AND quality_review.reviewer = :v0) THEN 1 ELSE 0 "
        "END FROM ticket JOIN figure_fact ON figure_fact.ticket_id = ticket.id LEFT JOIN team ON team.id = ticket.team_id WHERE "
        "ticket.status = 'closed' AND (ticket.first_reply_at IS NOT NULL OR ticket.channel IN ('phone', 'callback')) AND ticket.id IN (" +
            sql::placeholders(looked_at, 1) + ")",
        values);
    std::vector<proposal> out;
    std::map<std::string_view, int> taken;
    for (const auto& id : ids) { // in the order of the draw
        auto one = std::find_if(found.begin(), found.end(), [&](const auto& each) { return std::to_string(each.ticket_id) == id; });
        if (one == found.end() || is_own(reviewer, one->agent_id)) continue;
        if (++taken[review_grids::of_channel(one->channel).code] <= sample_each) out.push_back(std::move(*one));
    }
    return out;
}

std::vector<quality_review> of_ticket(soci::session& sql, std::int64_t ticket_id) {
    return sql::all<quality_review>(sql, select + "WHERE quality_review.ticket_id = :ticket ORDER BY quality_review.id LIMIT 100",
                                    ticket_id);
}

std::vector<quality_review> between(soci::session& sql, const time_span& over, int limit) {
    return sql::all<quality_review>(
        sql, select + "WHERE reviewed_at >= :from AND reviewed_at < :to ORDER BY reviewed_at DESC, quality_review.id DESC LIMIT :limit",
        over.from, over.to, limit);
}

} // namespace quality_reviews

} // namespace relais::model

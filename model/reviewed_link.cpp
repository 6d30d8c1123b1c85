// SPDX-License-Identifier: EUPL-1.2
#include "model/reviewed_link.hpp"

#include "model/grouping/calibration.hpp"
#include "model/sql.hpp"

namespace relais::model::reviewed_links {

namespace {

struct row {
    double probability = 0;
    bool was_right = false;
    auto fields() { return std::tie(probability, was_right); }
};

} // namespace

void remember(soci::session& sql, std::int64_t correction_id, const report& before, bool was_right) {
    if (before.decided_by != "engine" || (!before.incident_id && !before.suggested_id)) return;
    sql::change(sql,
                "INSERT INTO reviewed_link (correction_id, ticket_id, probability, was_right) VALUES (:correction, :ticket, :probability, "
                ":right)",
                correction_id, before.ticket_id, before.score, was_right);
}

double attach_from(soci::session& sql, double otherwise) {
    std::vector<grouping::reviewed_decision> newest_first;
    for (const auto& each : sql::all<row>(sql,
                                          "SELECT reviewed_link.probability, reviewed_link.was_right FROM reviewed_link JOIN correction ON "
                                          "correction.id = reviewed_link.correction_id WHERE correction.undone_at IS NULL ORDER BY "
                                          "reviewed_link.id DESC LIMIT :limit",
                                          static_cast<int>(grouping::calibrated_on)))
        newest_first.push_back({each.probability, each.was_right});
    return grouping::attach_threshold(newest_first, otherwise);
}

} // namespace relais::model::reviewed_links

// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_date.hpp"

#include "model/sql_bulk.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace relais::model {

bool dossier_dates_told::is_empty() const {
    return std::none_of(days.begin(), days.end(), [](const auto& day) { return day && !day->empty(); });
}

namespace dossier_dates {

namespace {

constexpr std::size_t ids_a_statement = 128;
using place = std::pair<std::int64_t, std::string>; // dossier, kind

std::map<place, std::string> held(soci::session& sql, std::span<const dossier_dates_told> told) {
    static const auto text =
        "SELECT dossier_id, kind, day FROM dossier_date WHERE dossier_id IN (" + sql::placeholders(ids_a_statement) + ")";
    std::vector<std::string> ids(ids_a_statement);
    // Places left over ask for the first one again.
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = std::to_string(told[i < told.size() ? i : 0].dossier_id);
    std::map<place, std::string> out;
    for (auto& [dossier, kind, day] : sql::all_bulk<std::tuple<std::int64_t, std::string, std::string>>(sql, text, ids))
        out.emplace(place{dossier, std::move(kind)}, std::move(day));
    return out;
}

void set(soci::session& sql, const place& at, const std::string& day) {
    const auto& [dossier, kind] = at;
    sql::change(sql, "DELETE FROM dossier_date WHERE dossier_id = :dossier AND kind = :kind", dossier, kind);
    if (!day.empty())
        sql::change(sql, "INSERT INTO dossier_date (dossier_id, kind, day) VALUES (:dossier, :kind, :day)", dossier, kind, day);
}

} // namespace

std::set<std::int64_t> keep(soci::session& sql, std::span<const dossier_dates_told> told) {
    std::set<std::int64_t> changed;
    for (std::size_t from = 0; from < told.size(); from += ids_a_statement) {
        auto some = told.subspan(from, std::min(ids_a_statement, told.size() - from));
        auto known = held(sql, some);
        for (const auto& each : some)
            for (std::size_t i = 0; i < each.days.size(); ++i) {
                if (!each.days[i]) continue;
                place at{each.dossier_id, legal_clocks::kinds[i]};
                if (known[at] == *each.days[i]) continue;
                set(sql, at, *each.days[i]);
                changed.insert(each.dossier_id);
            }
    }
    return changed;
}

std::vector<legal_date> of(soci::session& sql, std::int64_t dossier_id) {
    return sql::all<legal_date>(sql, "SELECT kind, day FROM dossier_date WHERE dossier_id = :dossier ORDER BY kind LIMIT 10", dossier_id);
}

} // namespace dossier_dates

} // namespace relais::model

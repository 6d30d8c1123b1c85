// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_pace.hpp"

#include "model/legal_clock.hpp"
#include "model/setting.hpp"
#include "model/sql.hpp"

#include <map>
#include <vector>

namespace relais::model::dossier_paces {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view setting = "dossier_pace.counted_at";
constexpr auto again = 20h;

// Dossiers by the day since when they are in their state.
struct day_count {
    std::string procedure, centre, status, since;
    std::int64_t dossiers = 0;
    auto fields() { return std::tie(procedure, centre, status, since, dossiers); }
};
using group_key = std::tuple<std::string, std::string, std::string>;

// days: the longest first. The first day by which half of them are counted.
dossier_pace pace_of(const std::vector<std::pair<int, std::int64_t>>& days) {
    dossier_pace out;
    for (const auto& [age, count] : days) out.dossiers += count;
    std::int64_t passed = 0;
    for (const auto& [age, count] : days) {
        passed += count;
        if (passed * 2 < out.dossiers) continue;
        out.median_days = age;
        break;
    }
    return out;
}

} // namespace

std::optional<dossier_pace> like(soci::session& sql, const dossier& of) {
    return sql::first<dossier_pace>(
        sql, "SELECT median_days, dossiers FROM dossier_pace WHERE procedure_code = :procedure AND centre = :centre AND status = :status",
        of.procedure_code, of.centre, of.status);
}

bool refresh(database& in, sys_seconds now) {
    auto last = in.read_now([](soci::session& sql) { return settings::find(sql, setting); });
    if (last && at_seconds(std::stoll(*last)) > now - again) return false;
    auto count = [](soci::session& sql) {
        return sql::all<day_count>(sql,
                                   "SELECT procedure_code, centre, status, status_since, COUNT(*) FROM dossier WHERE status_since <> '' "
                                   "GROUP BY procedure_code, centre, status, status_since ORDER BY procedure_code, centre, status, "
                                   "status_since");
    };
    std::map<group_key, std::vector<std::pair<int, std::int64_t>>> groups;
    for (const auto& each : in.read_now(count))
        groups[{each.procedure, each.centre, each.status}].emplace_back(-legal_clocks::days_left(each.since, now), each.dossiers);
    auto keep = [&groups, now](soci::session& sql) {
        sql::change(sql, "DELETE FROM dossier_pace");
        for (const auto& [key, days] : groups) {
            auto pace = pace_of(days);
            if (pace.dossiers < fewest) continue;
            const auto& [procedure, centre, status] = key;
            sql::change(sql,
                        "INSERT INTO dossier_pace (procedure_code, centre, status, median_days, dossiers) VALUES (:procedure, :centre, "
                        ":status, :median, :dossiers)",
                        procedure, centre, status, pace.median_days, pace.dossiers);
        }
        settings::set(sql, setting, std::to_string(seconds(now)));
    };
    in.write_now(keep);
    return true;
}

} // namespace relais::model::dossier_paces

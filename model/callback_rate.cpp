// SPDX-License-Identifier: EUPL-1.2
#include "model/callback_rate.hpp"

#include "model/calendar_week.hpp"
#include "model/setting.hpp"
#include "model/sql_bulk.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace relais::model::callback_rates {
namespace {
constexpr std::string_view setting_name = "callback.rate";
}

std::map<std::string, callback_rate> by(soci::session& sql, const time_span& over, const figure_scope& of, sys_seconds now) {
    std::vector<std::string> values = {std::to_string(seconds(over.from)), std::to_string(seconds(over.to)), std::to_string(seconds(now))};
    auto text = "SELECT " + of.key +
                ", COUNT(*), "
                "COALESCE(SUM(CASE WHEN first_dialled_at >= slot_starts_at AND first_dialled_at < slot_ends_at THEN 1 ELSE 0 END), 0), "
                "COALESCE(SUM(CASE WHEN reached_at >= slot_starts_at AND reached_at < slot_ends_at THEN 1 ELSE 0 END), 0), "
                "COALESCE(SUM(CASE WHEN state = 'reached' THEN 1 ELSE 0 END), 0) FROM callback" +
                of.join("callback.ticket_id") +
                " WHERE slot_starts_at >= :v0 AND slot_starts_at < :v1 AND slot_ends_at <= :v2 AND state <> 'cancelled'";
    text += of.conditions(values) + of.grouping();
    using row = std::tuple<std::string, std::int64_t, std::int64_t, std::int64_t, std::int64_t>;
    std::map<std::string, callback_rate> out;
    for (const auto& [key, promised, called, kept, reached] : sql::all_bulk<row>(sql, text, values))
        out[key] = {promised, called, kept, reached};
    return out;
}

callback_rate between(soci::session& sql, sys_seconds from, sys_seconds to, sys_seconds now) {
    return by(sql, {from, to}, {}, now)[figure_scope::all];
}

std::vector<week> weekly(soci::session& sql, int weeks, sys_seconds now) {
    std::vector<week> out;
    auto each = calendar_weeks::of(now);
    for (int i = 0; i < weeks; ++i, each = calendar_weeks::previous(each)) {
        auto span = calendar_weeks::span_of(each);
        out.push_back({calendar_weeks::text(each), between(sql, span.from, span.to, now)});
    }
    std::reverse(out.begin(), out.end());
    return out;
}

void publish(soci::session& sql, sys_seconds now) {
    auto rate = between(sql, now - std::chrono::hours(24) * public_days, now, now);
    nlohmann::json value = {rate.promised, rate.called_in_slot, rate.reached_in_slot, rate.reached};
    settings::set(sql, setting_name, value.dump());
}

std::optional<callback_rate> published(soci::session& sql) {
    auto found = settings::find(sql, setting_name);
    if (!found) return std::nullopt;
    auto value = nlohmann::json::parse(*found, nullptr, false);
    if (!value.is_array() || value.size() != 4) return std::nullopt;
    return callback_rate{value[0], value[1], value[2], value[3]};
}

} // namespace relais::model::callback_rates

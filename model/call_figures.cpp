// SPDX-License-Identifier: EUPL-1.2
#include "model/call_figures.hpp"

#include "model/call_count.hpp"
#include "model/sql.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace relais::model {

namespace {

std::optional<double> share(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

} // namespace

std::optional<double> call_figure::answer_rate() const { return share(answered, offered); }
std::optional<double> call_figure::loss_rate() const { return share(lost, offered); }
std::optional<double> call_figure::fast_rate() const { return share(fast, answered); }

std::optional<std::int64_t> call_figure::wait_at(double part) const {
    if (answered == 0) return std::nullopt;
    auto rank = static_cast<std::int64_t>(std::ceil(part * static_cast<double>(answered)));
    std::int64_t seen = 0;
    for (const auto& [wait, count] : waits)
        if ((seen += count) >= rank) return wait;
    return waits.rbegin()->first;
}

std::optional<std::int64_t> call_figure::mean_talk_s() const {
    if (answered == 0) return std::nullopt;
    return talk_s / answered;
}

void call_figure::add(const call_figure& other) {
    offered += other.offered, answered += other.answered, fast += other.fast, lost += other.lost, brief += other.brief;
    talk_s += other.talk_s;
    for (const auto& [wait, count] : other.waits) waits[wait] += count;
}

namespace call_stats {

namespace {

void add_to(std::map<std::string, call_figure>& into, const std::string& key, const call_figure& part) {
    auto& figure = into[key];
    figure.key = key;
    figure.add(part);
}

std::vector<call_figure> list_of(std::map<std::string, call_figure> figures) {
    std::vector<call_figure> out;
    for (auto& [key, figure] : figures) out.push_back(std::move(figure));
    return out;
}

} // namespace

call_figures between(soci::session& sql, sys_seconds from, sys_seconds to) {
    to = std::min(to, from + std::chrono::hours(24) * longest_days);
    const auto* paris = date::locate_zone("Europe/Paris");
    call_figures out;
    std::map<std::string, call_figure> days, hours, teams;
    for (const auto& [starts_at, team, part] : call_counts::between(sql, from, to)) {
        auto local = paris->to_local(starts_at);
        add_to(days, date::format("%F", local), part);
        add_to(hours, date::format("%H", local), part);
        add_to(teams, std::to_string(team), part);
        out.whole.add(part);
    }
    out.by_day = list_of(std::move(days)), out.by_hour = list_of(std::move(hours)), out.by_team = list_of(std::move(teams));
    for (auto& each : out.by_team)
        each.label = sql::first<std::string>(sql, "SELECT name FROM team WHERE id = :id", std::stoll(each.key)).value_or("");
    return out;
}

std::vector<half_hour_volume> half_hours(soci::session& sql, sys_seconds from, sys_seconds to) {
    std::vector<half_hour_volume> out;
    for (const auto& [starts_at, team, part] : call_counts::between(sql, from, to)) {
        if (out.empty() || out.back().starts_at != starts_at) out.push_back({starts_at});
        auto& into = out.back();
        into.offered += part.offered, into.answered += part.answered, into.talk_s += part.talk_s;
    }
    return out;
}

} // namespace call_stats

} // namespace relais::model

// SPDX-License-Identifier: EUPL-1.2
#include "model/figure.hpp"

#include "model/calendar_week.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace relais::model::figures {

namespace {

using enum figure_definition::unit;

constexpr double day_s = 86'400;
constexpr auto table = std::to_array<figure_definition>({
    {"K1", "calls.answered", "calls.offered", percent, 85, true, true},
    {"K2", "calls.lost", "calls.offered", percent, 10, false},
    {"K3", "calls.fast", "calls.answered", percent, 80},
    {"K3.p50", "calls.wait_p50", "", figure_definition::unit::seconds},
    {"K3.p90", "calls.wait_p90", "", figure_definition::unit::seconds},
    {"K4", "acknowledged.fast", "acknowledged", percent, 99.9},
    {"K4.late", "acknowledged.late", "", count, 0, false},
    {"K5", "replied.fast", "replied", percent, 80, true, true},
    {"K5.late", "replied.in_time", "replied", percent, 100, true, true},
    {"K6", "letters.fast", "letters", percent, 80},
    {"K6.late", "letters.in_time", "letters", percent, 100},
    {"K7", "closed.kept", "closed.announced", percent, 90, true, true},
    {"K8", "settled.first_contact", "settled", percent, 70},
    {"K9", "received.repeat", "received", percent, 15, false},
    {"K10", "rated.high", "rated", percent, 80, true, true},
    {"K10.mean", "rated.sum", "rated", marks, {}, true, true},
    {"K10.answers", "rated", "closed", percent, {}, true, true},
    {"K11", "closed.linked", "closed.linkable", percent, 95},
    {"K12", "callbacks.kept", "callbacks.promised", percent, 95},
    {"K13", "incidents.lead_p50", "", figure_definition::unit::seconds, 3 * day_s, false},
    {"K13.p90", "incidents.lead_p90", "", figure_definition::unit::seconds},
    {"K14", "incidents.attached_fast", "incidents.attached", percent, 90},
    {"K15", "escalations.accepted_kept", "escalations.accepted", percent, 100, true, false, false},
    {"K15.workaround", "escalations.workaround_kept", "escalations.workaround", percent, 100, true, false, false},
    {"K15.date", "escalations.dated_kept", "escalations.dated", percent, 100, true, false, false},
    {"K16", "shares.kept", "shares", percent, 100, true, false, false},
    {"K17", "told.fast", "told", percent, 98},
    {"K18", "access.kept", "access", percent, 100},
    {"K19", "reviews.met", "reviews.asked", marks, 14, true, false, true, 12},
    {"K20", "backlog.old", "", count},
    {"K20.oldest", "backlog.oldest_days", "", days},
});

std::int64_t number(const figure_measures& in, std::string_view name) {
    auto found = in.find(name);
    return found == in.end() ? 0 : found->second;
}

constexpr std::string_view paris = "Europe/Paris";

date::local_days first_of(date::local_days day, std::string_view unit) {
    if (unit == "week") return calendar_weeks::monday(calendar_weeks::of_day(day));
    if (unit == "month") return date::local_days(date::year_month_day(day).year() / date::year_month_day(day).month() / 1);
    return day;
}

date::local_days next_of(date::local_days first, std::string_view unit) {
    if (unit == "week") return first + date::weeks(1);
    if (unit == "month") {
        auto month = date::year_month_day(first).year() / date::year_month_day(first).month() + date::months(1);
        return date::local_days(month / 1);
    }
    return first + date::days(1);
}

std::string key_of(date::local_days first, std::string_view unit) {
    if (unit == "week") return calendar_weeks::text(calendar_weeks::of_day(first));
    return date::format(unit == "month" ? "%Y-%m" : "%F", first);
}

} // namespace

scope scope_of(const figure_definition& of) {
    auto code = of.id.substr(0, of.id.find('.'));
    if (code == "K1" || code == "K2" || code == "K3") return scope::call;
    if (code == "K13") return scope::first_ticket;
    if (code == "K15") return scope::hand_over;
    return code == "K16" ? scope::centre : scope::ticket;
}

std::string_view name_of(scope of) {
    constexpr auto names = std::to_array<std::string_view>({"ticket", "call", "first_ticket", "hand_over", "centre"});
    return names[static_cast<std::size_t>(of)];
}

bool is_told_by(const figure_definition& of, dimension by) {
    switch (scope_of(of)) {
    case scope::call: // one that nobody answered has said neither a department nor a procedure
        return by == dimension::team || by == dimension::channel;
    case scope::hand_over: // an incident is handed over, whoever wrote about it
        return by == dimension::procedure;
    case scope::centre:
        return false;
    default:
        return true;
    }
}

std::span<const figure_definition> all() { return table; }

const figure_definition* find(std::string_view id) {
    auto found = std::find_if(table.begin(), table.end(), [id](const auto& each) { return each.id == id; });
    return found == table.end() ? nullptr : &*found;
}

std::int64_t part(const figure_definition& of, const figure_measures& measured) { return number(measured, of.part); }
std::int64_t whole(const figure_definition& of, const figure_measures& measured) { return number(measured, of.whole); }

std::optional<double> value(const figure_definition& of, const figure_measures& measured) {
    if (of.whole.empty()) return measured.contains(of.part) ? std::optional(static_cast<double>(part(of, measured))) : std::nullopt;
    auto over = whole(of, measured);
    if (over == 0) return std::nullopt;
    auto scale = of.in == percent ? 100.0 : of.id == "K19" ? 20.0 : 1.0; // criteria met of those asked, out of 20
    return static_cast<double>(part(of, measured)) * scale / static_cast<double>(over);
}

std::optional<bool> is_met(const figure_definition& of, std::optional<double> value) {
    if (!of.target || !value) return std::nullopt;
    if (of.at_least) return *value >= *of.target;
    // Fewer than 10 % of the calls lost; never more than so many repeats, seconds or late acknowledgements.
    return of.id == "K2" ? *value < *of.target : *value <= *of.target;
}

bool is_alert(const figure_definition& of, std::optional<double> value) { return of.alert && value && *value < *of.alert; }

std::vector<period> periods(const time_span& over, std::string_view unit, std::size_t limit) {
    std::vector<period> out;
    auto at = first_of(calendars::day_of(paris, over.from), unit);
    while (out.size() < limit) {
        auto next = next_of(at, unit);
        time_span span{calendars::instant(paris, date::local_seconds(at)), calendars::instant(paris, date::local_seconds(next))};
        if (span.from >= over.to) break;
        out.push_back({key_of(at, unit), span});
        at = next;
    }
    return out;
}

} // namespace relais::model::figures

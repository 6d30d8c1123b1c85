// SPDX-License-Identifier: EUPL-1.2
#include "model/calendar.hpp"

#include "model/holidays.hpp"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace relais::model::calendars {
namespace {

using date::days;
using std::chrono::seconds;

constexpr auto patience = days(3660);

// The open stretches from an instant on, one after the other.
class walker {
public:
    walker(const calendar& of, sys_seconds from) : of_(of), from_(from), day_(day_of(of.zone, from)) { read_day(); }

    // The next stretch that ends after the start, cut at it; false when ten years hold none.
    bool next(time_span& out) {
        for (auto left = patience; left.count() >= 0;) {
            if (at_ == spans_.size()) {
                day_ += days(1), left -= days(1);
                read_day();
                continue;
            }
            out = spans_[at_++];
            if (out.to <= from_) continue;
            out.from = std::max(out.from, from_);
            return true;
        }
        return false;
    }

private:
    void read_day() { spans_ = open_on(of_, day_), at_ = 0; }

    const calendar& of_;
    sys_seconds from_;
    date::local_days day_;
    std::vector<time_span> spans_;
    std::size_t at_ = 0;
};

} // namespace

date::local_days day_of(std::string_view zone, sys_seconds at) {
    return date::floor<days>(date::locate_zone(std::string(zone))->to_local(at));
}

sys_seconds instant(std::string_view zone, date::local_seconds local) {
    return date::locate_zone(std::string(zone))->to_sys(local, date::choose::earliest);
}

std::vector<opening> hours_on(const calendar& of, date::local_days day) {
    if (auto found = of.exceptions.find(day); found != of.exceptions.end()) return found->second;
    if (of.keeps_holidays && holidays::is_holiday(date::year_month_day(day), of.department)) return {};
    return of.week[date::weekday(day).iso_encoding() - 1];
}

std::vector<time_span> open_on(const calendar& of, date::local_days day) {
    std::vector<time_span> out;
    for (const auto& each : hours_on(of, day)) {
        time_span span{instant(of.zone, day + each.from), instant(of.zone, day + each.to)};
        if (span.from < span.to) out.push_back(span); // hours that fell in the gap of spring are empty
    }
    return out;
}

std::vector<time_span> open_between(const calendar& of, sys_seconds from, sys_seconds to) {
    std::vector<time_span> out;
    for (auto day = day_of(of.zone, from), last = day_of(of.zone, to); day <= last; day += days(1))
        for (auto span : open_on(of, day)) {
            span.from = std::max(span.from, from), span.to = std::min(span.to, to);
            if (span.from < span.to) out.push_back(span);
        }
    return out;
}

bool is_open(const calendar& of, sys_seconds at) {
    auto spans = open_on(of, day_of(of.zone, at));
    return std::any_of(spans.begin(), spans.end(), [at](const time_span& each) { return each.holds(at); });
}

sys_seconds add_business_time(const calendar& of, sys_seconds from, seconds amount) {
    if (amount <= seconds(0)) return from;
    walker open(of, from);
    for (time_span span; open.next(span); amount -= span.to - span.from)
        if (span.to - span.from >= amount) return span.from + amount;
    throw std::domain_error("this calendar does not open so long in ten years");
}

seconds business_seconds_between(const calendar& of, sys_seconds from, sys_seconds to) {
    if (to < from) return -business_seconds_between(of, to, from);
    seconds total{0};
    for (const auto& each : open_between(of, from, to)) total += each.to - each.from;
    return total;
}

std::vector<time_span> common(const std::vector<time_span>& a, const std::vector<time_span>& b) {
    std::vector<time_span> out;
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        time_span both{std::max(a[i].from, b[j].from), std::min(a[i].to, b[j].to)};
        if (both.from < both.to) out.push_back(both);
        if (a[i].to < b[j].to)
            ++i;
        else
            ++j;
    }
    return out;
}

} // namespace relais::model::calendars

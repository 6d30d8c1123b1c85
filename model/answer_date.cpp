// SPDX-License-Identifier: EUPL-1.2
#include "model/answer_date.hpp"

#include "model/working_days.hpp"

#include <date/tz.h>

namespace relais::model {

answer_dates dates_after(sys_seconds received_at, std::string_view legal_nature, const answer_delays& delays) {
    constexpr auto end_of_day = std::chrono::hours(17); // call hours end: domain.md 4.1
    const auto* zone = date::locate_zone("Europe/Paris");
    const date::year_month_day day{date::floor<date::days>(zone->to_local(received_at))};
    auto before = working_days::add(day, delays.working_days);
    answer_dates out;
    out.answer_before = date::format("%F", before);
    out.due_at = std::chrono::floor<std::chrono::seconds>(zone->to_sys(date::local_days(before) + end_of_day));
    if (legal_nature == "information") return out;
    auto implicit = day + date::months(delays.implicit_rejection_months);
    if (!implicit.ok()) implicit = implicit.year() / implicit.month() / date::last;
    out.implicit_on = date::format("%F", implicit);
    return out;
}

} // namespace relais::model

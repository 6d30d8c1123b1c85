// SPDX-License-Identifier: EUPL-1.2
#include "model/working_days.hpp"

#include "model/holidays.hpp"

#include <algorithm>
#include <vector>

namespace relais::model::working_days {
namespace {

using date::days;
using date::sys_days;

// Remembers the holidays of the year it was last asked about, since questions come in order.
class calendar {
public:
    explicit calendar(std::string_view department) : department_(department) {}

    bool is_working_day(sys_days day) {
        const date::weekday weekday{day};
        if (weekday == date::Saturday || weekday == date::Sunday) return false;
        const date::year_month_day asked{day};
        if (holidays_.empty() || asked.year() != year_) {
            year_ = asked.year();
            holidays_ = holidays::of(year_, department_);
        }
        return std::none_of(holidays_.begin(), holidays_.end(), [&asked](const holiday& each) { return each.day == asked; });
    }

private:
    std::string_view department_;
    date::year year_{0};
    std::vector<holiday> holidays_;
};

} // namespace

bool is_working_day(date::year_month_day day, std::string_view department) { return calendar(department).is_working_day(sys_days{day}); }

date::year_month_day add(date::year_month_day day, int n, std::string_view department) {
    calendar known(department);
    auto at = sys_days{day};
    for (int left = n; left > 0;) {
        at += days{1};
        if (known.is_working_day(at)) --left;
    }
    while (!known.is_working_day(at)) at += days{1};
    return at;
}

int between(date::year_month_day from, date::year_month_day to, std::string_view department) {
    if (to < from) return -between(to, from, department);
    calendar known(department);
    int count = 0;
    for (auto at = sys_days{from} + days{1}; at <= sys_days{to}; at += days{1}) count += known.is_working_day(at) ? 1 : 0;
    return count;
}

} // namespace relais::model::working_days

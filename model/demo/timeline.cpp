// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/timeline.hpp"

#include "model/demo/french.hpp"

#include <algorithm>

namespace relais::model::demo {

namespace {

// Contacts an hour, Paris time: people write in the evening too, offices do not.
constexpr std::array<std::uint64_t, 24> people_hours = {6,  3,  2,  1,  1,  3,  8,  20, 45, 75, 82, 78,
                                                        55, 58, 76, 78, 72, 62, 52, 42, 40, 38, 27, 14};
constexpr std::array<std::uint64_t, 24> office_hours = {0, 0, 0, 0, 0, 0, 1, 4, 40, 80, 90, 85, 35, 40, 85, 88, 80, 60, 30, 8, 4, 2, 1, 0};
constexpr std::array<std::uint64_t, 7> people_week = {120, 112, 104, 100, 92, 48, 42};
constexpr std::array<std::uint64_t, 7> office_week = {112, 115, 100, 108, 95, 30, 2};

// Out of a thousand: 0 before it exists or after its fix, more while it bursts. day counts from now, hour inside the ten weeks.
std::uint64_t shape(const topic& about, int hour) {
    auto day_hours = hour - story_hours;
    auto since = [day_hours](int day) { return day_hours - day * 24; };
    if (about.introduced_day && since(*about.introduced_day) < 0) return 0;
    std::uint64_t level = 1000;
    if (about.growing) level = static_cast<std::uint64_t>(250 + 1750 * hour / story_hours);
    auto back = about.regressed_day && since(*about.regressed_day) >= 0;
    if (about.fixed_day && !back && since(*about.fixed_day) >= 0) {
        auto after = since(*about.fixed_day);
        level = after < 48 ? level / 8 : after < 24 * 9 ? level / 40 : 0;
    }
    auto burst = since(about.burst_day);
    if (about.burst_factor > 1 && burst >= 0 && burst < about.burst_hours) level *= static_cast<std::uint64_t>(about.burst_factor);
    return level;
}

} // namespace

timeline::timeline(const options& wanted) : now_(wanted.now) {
    const auto& topics = the_catalogue().topics;
    by_topic_.assign(topics.size(), std::vector<std::uint64_t>(story_hours));
    for (std::size_t topic = 0; topic < topics.size(); ++topic) weigh(topic, wanted.seed);
    by_hour_.assign(story_hours, std::vector<std::uint64_t>(topics.size()));
    total_.assign(story_hours, 0);
    std::uint64_t sum = 0;
    for (std::size_t hour = 0; hour < story_hours; ++hour) {
        std::uint64_t inside = 0;
        for (std::size_t topic = 0; topic < topics.size(); ++topic) {
            inside += by_topic_[topic][hour];
            by_hour_[hour][topic] = inside;
        }
        sum += inside;
        total_[hour] = sum;
    }
    for (auto& row : by_topic_)
        for (std::size_t hour = 1; hour < story_hours; ++hour) row[hour] += row[hour - 1];
}

// Scaled so that the topic's share of all contacts is its weight, whatever its rhythm.
void timeline::weigh(std::size_t topic, std::uint64_t seed) {
    const auto& about = the_catalogue().topics[topic];
    auto office = about.professional_only();
    auto& row = by_topic_[topic];
    dice roll(seed, for_rhythm, topic);
    std::uint64_t noise = 100;
    std::uint64_t sum = 0;
    for (int hour = 0; hour < story_hours; ++hour) {
        if (hour % 24 == 0) noise = 55 + static_cast<std::uint64_t>(roll.below(46)) + roll.below(46);
        auto at = day(-story_days) + hours{hour};
        auto weekday = static_cast<std::size_t>(paris_weekday(at));
        auto clock = static_cast<std::size_t>(paris_hour(at));
        auto busy = office ? office_hours[clock] * office_week[weekday] : people_hours[clock] * people_week[weekday];
        row[static_cast<std::size_t>(hour)] = shape(about, hour) * busy * noise / 1000;
        sum += row[static_cast<std::size_t>(hour)];
    }
    if (sum == 0) return;
    // sum stays under 2^32, a cell under 2^27 and a weight under 2^10, so the product fits.
    for (auto& cell : row) cell = cell * (static_cast<std::uint64_t>(about.weight) << 24) / sum;
}

timeline::moment timeline::arrival(std::uint64_t number, std::uint64_t count, dice& roll) const {
    auto all = total_.back();
    auto share = std::max<std::uint64_t>(all / count, 1);
    auto position = all / count * number + all % count * number / count + (roll.next() >> 11) % share;
    position = std::min(position, all - 1);
    auto found = static_cast<std::size_t>(std::upper_bound(total_.begin(), total_.end(), position) - total_.begin());
    auto before = found == 0 ? 0 : total_[found - 1];
    auto second = (position - before) * 3600 / std::max<std::uint64_t>(total_[found] - before, 1);
    return {day(-story_days) + hours{found} + std::chrono::seconds{second}, found};
}

std::size_t timeline::topic_at(std::size_t hour, dice& roll) const {
    const auto& row = by_hour_[hour];
    auto drawn = (roll.next() >> 11) % row.back();
    return static_cast<std::size_t>(std::upper_bound(row.begin(), row.end(), drawn) - row.begin());
}

std::uint64_t timeline::progress(std::size_t topic, std::size_t hour, std::uint64_t steps) const {
    const auto& row = by_topic_[topic];
    // Twelve bits are enough for a place among the dossiers, and keep the product small.
    return (row[hour] >> 12) * steps / std::max<std::uint64_t>(row.back() >> 12, 1);
}

sys_seconds timeline::moment_of(std::size_t topic, std::uint64_t step, std::uint64_t steps) const {
    const auto& row = by_topic_[topic];
    auto wanted = (row.back() >> 12) * step / steps << 12;
    auto hour = std::min<std::ptrdiff_t>(std::upper_bound(row.begin(), row.end(), wanted) - row.begin(), story_hours - 1);
    return day(-story_days) + hours{hour};
}

const std::vector<std::pair<std::string, int>>& release_days() {
    static const std::vector<std::pair<std::string, int>> all = {{"4.29", -420}, {"4.30", -90}, {"4.31", -61},   {"4.32", -47},
                                                                 {"4.33", -33},  {"4.34", -19}, {"4.34.1", -12}, {"4.35", -5}};
    return all;
}

const std::string& release_at(sys_seconds at, sys_seconds now) {
    const auto& all = release_days();
    auto after = std::find_if(all.begin() + 1, all.end(), [&](const auto& one) { return at < now + std::chrono::days{one.second}; });
    return (after - 1)->first;
}

} // namespace relais::model::demo

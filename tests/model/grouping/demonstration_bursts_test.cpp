// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/timeline.hpp"
#include "model/grouping/burst.hpp"
#include "tests/model/grouping/burst_bound.hpp"
#include "tests/model/grouping/streams.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace relais;
using namespace relais::model::grouping;
using model::demo::demo_bug;
using tests::demonstration_of;
using tests::labelled;

namespace {

constexpr double false_allowed = 5.0 / 1000; // in a week of an incident
constexpr int known_after = 2 * week_hours;  // as the product: the first weeks only teach the rhythms

// The bug of most tickets of each group; groups of fewer than three tickets are no incidents.
std::map<std::string, std::string> bugs_of_groups(const std::vector<labelled>& tickets, const std::map<std::string, std::string>& groups) {
    std::map<std::string, std::map<std::string, int>> held;
    for (const auto& each : tickets) ++held[groups.at(each.name)][each.truth];
    std::map<std::string, std::string> bugs;
    for (const auto& [group, counts] : held) {
        int all = 0;
        for (const auto& [bug, count] : counts) all += count;
        const auto by_count = [](const auto& one, const auto& other) { return one.second < other.second; };
        if (all >= 3) bugs[group] = std::max_element(counts.begin(), counts.end(), by_count)->first;
    }
    return bugs;
}

struct burst_tally {
    std::set<std::string> found[6];           // bugs, by how many times their rhythm
    double planted[6] = {}, findable[6] = {}; // the second: the most that any detector finds, on average
    int began = 0, false_alarms = 0;
    double weeks = 0; // of all incidents

    std::string said() const {
        std::string text;
        for (int times : {3, 5})
            text += "of " + std::to_string(times) + " times found " + std::to_string(found[times].size()) + " of " +
                    std::to_string(static_cast<int>(planted[times])) + ", findable " + std::to_string(findable[times]) + "; ";
        return text + "of bugs that began or came back " + std::to_string(began) + ", false " + std::to_string(false_alarms) + " in " +
               std::to_string(weeks) + " incident-weeks";
    }
};

// What an alarm about a bug's group is: of its planted burst, of its beginning or its return after the fix in the ten days before, or
// false.
void tell(burst_tally& all, const std::vector<demo_bug>& bugs, const std::string& name, model::sys_seconds at) {
    const auto bug = std::find_if(bugs.begin(), bugs.end(), [&](const auto& one) { return one.id == name; });
    if (bug != bugs.end() && bug->burst_from && at >= *bug->burst_from && at < *bug->burst_until + std::chrono::hours(1)) {
        if (at <= *bug->burst_from + std::chrono::hours(25)) all.found[bug->burst_factor].insert(name);
        return;
    }
    const auto is_since = [&](const auto& moment) { return moment && at >= *moment && at < *moment + std::chrono::days(10); };
    ++(bug != bugs.end() && (is_since(bug->introduced_at) || is_since(bug->regressed_at)) ? all.began : all.false_alarms);
}

// Of each planted burst: the tickets that its first day would have brought without it, from the rhythm that the generator draws by.
void add_findable(burst_tally& all, const std::vector<labelled>& tickets, const model::demo::options& wanted) {
    const model::demo::timeline times(wanted);
    const auto bugs = model::demo::bugs(wanted);
    constexpr std::uint64_t steps = 1'000'000;
    for (std::size_t at = 0; at < bugs.size(); ++at) {
        if (!bugs[at].burst_from) continue;
        const auto hour = static_cast<std::size_t>((*bugs[at].burst_from - times.day(-model::demo::story_days)) / std::chrono::hours(1));
        const auto share = static_cast<double>(times.progress(at, hour + 23, steps) - times.progress(at, hour - 1, steps)) / steps;
        const auto tickets_of = std::count_if(tickets.begin(), tickets.end(), [&](const auto& each) { return each.truth == bugs[at].id; });
        const auto factor = bugs[at].burst_factor;
        all.planted[factor] += 1;
        all.findable[factor] += tests::most_found(share * static_cast<double>(tickets_of) / factor, factor, false_allowed);
    }
}

burst_tally watch_bursts(const model::demo::options& wanted) {
    const auto tickets = tests::demonstration(wanted);
    const auto groups = tests::grouped(tickets);
    const auto bugs_of = bugs_of_groups(tickets, groups);
    const auto bugs = model::demo::bugs(wanted);
    const auto first_hour = model::seconds(*tickets.front().words.at) / 3600;
    std::map<std::int64_t, std::map<std::string, int>> by_hour;
    for (const auto& each : tickets)
        if (bugs_of.contains(groups.at(each.name))) ++by_hour[model::seconds(*each.words.at) / 3600 - first_hour][groups.at(each.name)];
    burst_watch watch({.quiet_hours = known_after});
    burst_tally all;
    const auto hours = by_hour.rbegin()->first;
    for (std::int64_t hour = 0; hour <= hours; ++hour) {
        std::vector<hour_count> counts;
        for (const auto& [group, count] : by_hour[hour]) counts.push_back({std::distance(bugs_of.begin(), bugs_of.find(group)), count});
        for (const auto& alarm : watch.close_hour(hour, counts))
            tell(all, bugs, std::next(bugs_of.begin(), alarm.incident)->second, model::at_seconds((first_hour + hour + 1) * 3600));
    }
    all.weeks = static_cast<double>(bugs_of.size()) * static_cast<double>(hours - known_after) / week_hours;
    add_findable(all, tickets, wanted);
    return all;
}

} // namespace

TEST_CASE("the demonstration's bursts are found within a day in the groups that the engine made", "[grouping][figures][bursts]") {
    auto wanted = demonstration_of(31);
    wanted.tickets = 30'000;
    const auto all = watch_bursts(wanted);
    WARN("30,000 tickets: " << all.said());
    CHECK(all.found[5].size() == 5);
    CHECK(all.found[3].size() == 3); // one of them begins three days before it bursts
    CHECK(all.false_alarms <= false_allowed * all.weeks);
    CHECK(all.findable[3] + all.findable[5] > 7); // who knew the rhythms could find all eight
}

TEST_CASE("among three thousand tickets no detector finds every burst, since most bring too few tickets in a day",
          "[grouping][figures][bursts]") {
    const auto all = watch_bursts(demonstration_of(31));
    WARN("3,000 tickets: " << all.said());
    CHECK(all.findable[3] < 1.5); // of three
    CHECK(all.findable[5] < 4.5); // of five
    CHECK(all.false_alarms <= std::max(1.0, false_allowed * all.weeks));
}

TEST_CASE("what is findable follows from the tickets of a day", "[grouping][bursts]") {
    // Poisson tails: six tickets or more where one is usual come on 0.000594 of days, five or more on 0.00366.
    constexpr double six = 0.000594185, five = 0.003659847;
    CHECK(tests::most_found(1, 5, six * 7) == Approx(0.384039).epsilon(0.0001));  // P(six or more) of mean five
    CHECK(tests::most_found(1, 3, five * 7) == Approx(0.184737).epsilon(0.0001)); // P(five or more) of mean three
    CHECK(tests::most_found(1, 3, false_allowed) == Approx(0.088).margin(0.001));
    CHECK(tests::most_found(10, 5, false_allowed) > 0.999);
    CHECK(tests::most_found(10, 1, false_allowed) == Approx(false_allowed / 7)); // where nothing bursts
}

// SPDX-License-Identifier: EUPL-1.2
// How long the grouping of a ticket takes, what the index weighs and how long it takes to rebuild: bench_grouping [tickets]. The
// demonstration's tickets stand for real ones; each that reports a bug is in its group, the others alone. The first 100,000 are then
// replayed as `relais replay` does, with their ranks, beside the minute that this may take; ends with 1 when it takes longer.
#include "model/demo/stream.hpp"
#include "model/grouping/engine.hpp"
#include "model/grouping/replay.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <map>

using namespace relais::model;

namespace {

constexpr std::uint64_t asked = 2'000; // tickets whose grouping is timed, the last ones
constexpr std::size_t replayed = 100'000, ranks = 20;
constexpr double replay_limit_s = 60; // of one core

// Seconds of the processor: what else the machine does is left out.
double processor_s() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}
double since(double start) { return processor_s() - start; }

grouping::ticket read(const demo::demo_ticket& one) {
    grouping::ticket made;
    made.id = static_cast<grouping::ticket_id>(one.index) + 1;
    made.at = one.received_at;
    made.title = one.subject;
    made.text = one.body;
    const auto put = [&](const char* name, const std::string& value) {
        if (!value.empty()) made.fields.push_back({name, value});
    };
    put("procedure", one.procedure), put("department", one.department), put("channel", one.channel);
    put("step", one.portal.step), put("error_code", one.portal.error_code), put("message", one.portal.message);
    put("browser", one.portal.browser), put("release", one.portal.release);
    return made;
}

double replay_s(std::vector<grouping::ticket> tickets) {
    grouping::replay run{grouping::options{}};
    std::vector<grouping::replay::rank> similar;
    const auto start = processor_s();
    for (auto& each : tickets) {
        auto name = std::to_string(each.id);
        run.add(name, std::move(each), ranks, similar);
    }
    run.consolidate();
    return since(start);
}

} // namespace

int main(int count, char** words) {
    demo::options wanted;
    wanted.tickets = count > 1 ? std::strtoull(words[1], nullptr, 10) : 100'000;
    wanted.now = at_seconds(1'795'435'200);
    grouping::engine engine;
    std::map<std::string, grouping::group_id> groups;
    std::vector<double> milliseconds;
    std::vector<grouping::ticket> first;
    double building = 0;
    std::uint64_t seen = 0;
    const auto take = [&](const demo::demo_ticket& one) {
        const auto ticket = read(one);
        if (first.size() < replayed) first.push_back(ticket);
        std::optional<grouping::group_id> group;
        if (!one.truth.bug.empty()) group = groups.emplace(one.truth.bug, static_cast<grouping::group_id>(groups.size()) + 1).first->second;
        if (++seen + asked > wanted.tickets) {
            const auto start = processor_s();
            engine.decide(ticket);
            milliseconds.push_back(since(start) * 1000);
        }
        const auto start = processor_s();
        engine.put(ticket, group);
        building += since(start);
    };
    demo::stream(
        wanted, [](const demo::demo_dossier&) {}, take);
    std::sort(milliseconds.begin(), milliseconds.end());
    const auto at = [&](double share) {
        return milliseconds[static_cast<std::size_t>(share * static_cast<double>(milliseconds.size() - 1))];
    };
    const auto bytes = static_cast<double>(engine.memory_bytes());
    std::cout << seen << " tickets\ngrouping one: p50 " << at(0.5) << " ms, p99 " << at(0.99) << " ms\nindex: " << bytes / 1e6 << " MB, "
              << bytes / static_cast<double>(seen) << " bytes a ticket\nrebuilt in: " << building << " s\n";
    const auto count_replayed = first.size();
    const auto taken = replay_s(std::move(first));
    std::cout << count_replayed << " tickets replayed with their ranks in: " << taken << " s (limit " << replay_limit_s << " s)\n";
    return taken < replay_limit_s ? 0 : 1;
}

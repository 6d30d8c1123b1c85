// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/stream.hpp"
#include "model/grouping/replay.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace relais::tests {

// A ticket and the bug that it truly reports; empty: none.
struct labelled {
    std::string name, truth;
    model::grouping::ticket words;
};

// The group of each ticket, by name, as the engine makes them without people.
inline std::map<std::string, std::string> grouped(const std::vector<labelled>& tickets) {
    model::grouping::replay run{model::grouping::options{}};
    std::vector<model::grouping::replay::rank> similar;
    for (const auto& each : tickets) run.add(each.name, each.words, 0, similar);
    run.consolidate();
    std::map<std::string, std::string> groups;
    run.groups([&](const std::string& name, const std::string& group) { groups[name] = group; });
    return groups;
}

// The sentence families of the demonstration that no tuning ever saw.
inline constexpr std::uint8_t unseen_families = 0xf0;

inline model::demo::options demonstration_of(std::uint64_t seed) {
    model::demo::options wanted;
    wanted.seed = seed;
    wanted.families = unseen_families;
    wanted.now = model::at_seconds(1'795'435'200); // 2026-11-23
    return wanted;
}

inline std::vector<labelled> demonstration(const model::demo::options& wanted) {
    std::vector<labelled> made;
    const auto take = [&](const model::demo::demo_ticket& one) {
        labelled next{std::to_string(one.index), one.truth.bug, {}};
        next.words.at = one.received_at;
        next.words.title = one.subject;
        next.words.text = one.body;
        const auto put = [&](const char* name, const std::string& value) {
            if (!value.empty()) next.words.fields.push_back({name, value});
        };
        put("procedure", one.procedure), put("department", one.department), put("channel", one.channel);
        put("step", one.portal.step), put("error_code", one.portal.error_code), put("message", one.portal.message);
        put("browser", one.portal.browser), put("release", one.portal.release);
        if (one.state_at_contact) put("status", one.state_at_contact->status);
        made.push_back(std::move(next));
    };
    model::demo::stream(
        wanted, [](const model::demo::demo_dossier&) {}, take);
    return made;
}

} // namespace relais::tests

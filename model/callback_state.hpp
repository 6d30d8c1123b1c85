// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <array>
#include <optional>
#include <string_view>

// The life of a callback. What happens to one is one of these transitions, or is refused. A scheduled callback whose time has come is shown
// as "due": the clock says so, nothing is written. Printed in docs/guide-agent.md. Source: contract.md (callback states)
namespace relais::model::callback_states {

struct transition {
    std::string_view from, event, to;
};

constexpr auto table = std::to_array<transition>({
    {"scheduled", "claim", "claimed"},     // an agent takes the next one due
    {"scheduled", "move", "scheduled"},    // the citizen chose another slot
    {"scheduled", "cancel", "cancelled"},  // by the citizen or an agent, or because the person got through
    {"scheduled", "expire", "expired"},    // nobody called in three days
    {"scheduled", "give_up", "unreached"}, // three days have passed after an attempt
    {"claimed", "dial", "dialling"},       // an attempt begins and is counted
    {"claimed", "release", "scheduled"},   // the agent gives it back
    {"claimed", "lapse", "scheduled"},     // the agent went away: it comes back at its place
    {"claimed", "cancel", "cancelled"},    //
    {"dialling", "reach", "reached"},      //
    {"dialling", "leave_voicemail", "voicemail"},
    {"dialling", "find_wrong", "wrong_number"},
    {"dialling", "retry", "scheduled"},   // no answer or busy, attempts remain: another half-day
    {"dialling", "give_up", "unreached"}, // no answer or busy, the third time
    {"dialling", "lapse", "scheduled"},   // nobody said how the call ended
});

// Where an event leads from a state; nothing when it is not allowed.
constexpr std::optional<std::string_view> after(std::string_view from, std::string_view event) {
    for (const auto& each : table)
        if (each.from == from && each.event == event) return each.to;
    return std::nullopt;
}

constexpr auto open = std::to_array<std::string_view>({"scheduled", "claimed", "dialling"});
constexpr auto ended = std::to_array<std::string_view>({"reached", "voicemail", "wrong_number", "unreached", "cancelled", "expired"});
// What an agent may say of an attempt.
constexpr auto outcomes = std::to_array<std::string_view>({"reached", "no_answer", "voicemail", "wrong_number", "busy"});

constexpr bool is_open(std::string_view state) {
    for (auto each : open)
        if (each == state) return true;
    return false;
}

} // namespace relais::model::callback_states

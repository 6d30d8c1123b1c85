// SPDX-License-Identifier: EUPL-1.2
#include "model/call_state.hpp"

#include "model/digits.hpp"
#include "model/phone.hpp"
#include "model/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace relais::model::call_states {

namespace {

constexpr std::int64_t us_in_s = 1'000'000;
constexpr std::size_t given_limit_bytes = 40, list_limit_bytes = 400;
constexpr std::size_t shortest_public_number = 7; // below, it is an extension

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> outcomes = {{
    {"normalClearing", "abandoned"},
    {"cancel", "abandoned"},
    {"noAnswer", "missed"},
    {"notFound", "missed"},
    {"busy", "busy"},
    {"congestion", "busy"},
    {"forwarded", "forwarded"},
}};

// Everything that follows from the instants: told again after each event, so that their order does not matter.
void settle(call& on) {
    if (on.answered_at_us && on.ended_at_us) on.answered_at_us = std::min(*on.answered_at_us, *on.ended_at_us);
    if (on.answered_at_us) on.started_at_us = std::min(on.started_at_us, *on.answered_at_us);
    on.state = on.ended_at_us ? "ended" : on.answered_at_us ? "talking" : "ringing";
    auto until = on.answered_at_us ? on.answered_at_us : on.ended_at_us;
    on.wait_s = until ? std::optional((*until - on.started_at_us) / us_in_s) : std::nullopt;
    if (on.is_blocked)
        on.outcome = "rejected";
    else if (on.answered_at_us)
        on.outcome = "answered";
    else
        on.outcome = on.ended_at_us ? std::string(unanswered_outcome(on.cause)) : std::string();
}

bool holds(std::string_view list, std::string_view word) {
    return (" " + std::string(list) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

void append(std::string& list, const std::string& word) {
    if (holds(list, word) || list.size() + word.size() + 1 > list_limit_bytes) return;
    list += (list.empty() ? "" : " ") + word;
}

// An unknown telephone by its number, without the spaces that would part the list.
std::string word_of(const answerer& who) {
    if (who.user_id) return std::to_string(*who.user_id);
    auto out = "=" + who.number + who.name;
    std::replace(out.begin(), out.end(), ' ', '_');
    return out;
}

} // namespace

std::string_view unanswered_outcome(std::string_view cause) {
    auto found = std::find_if(outcomes.begin(), outcomes.end(), [cause](const auto& each) { return each.first == cause; });
    return found == outcomes.end() ? "missed" : found->second;
}

std::pair<std::string, std::string> phone_of(std::string_view given) {
    auto kept = std::string(utf8::cut(given, given_limit_bytes));
    auto plain = std::string(given);
    if (digits::all(plain) && !plain.empty() && plain[0] != '0') {
        if (plain.size() < shortest_public_number) return {"", kept};
        plain.insert(0, "+"); // E.164 without its sign, as the form wants it
    }
    auto checked = phones::check(plain);
    auto is_number = checked.accepted() && checked.normalised.starts_with('+');
    return {is_number ? checked.normalised : "", kept};
}

call begin(const cti_event& what, std::int64_t at_us) {
    call out;
    out.direction = what.direction;
    auto is_in = what.direction == "in";
    std::tie(out.phone, out.phone_given) = phone_of(is_in ? what.from : what.to);
    out.line = utf8::cut(is_in ? what.to : what.from, given_limit_bytes);
    out.queue = what.queue;
    out.started_at_us = at_us;
    settle(out);
    return out;
}

void ring(call& on, const std::vector<answerer>& wanted, std::int64_t at_us) {
    on.started_at_us = std::min(on.started_at_us, at_us);
    for (const auto& each : wanted)
        if (each.user_id) append(on.rings_for, std::to_string(*each.user_id));
    // Who dials out is who speaks, whether or not an answer tells it.
    if (on.direction == "out" && wanted.size() == 1 && !on.agent_id)
        on.agent_id = wanted[0].user_id, on.agent_name = wanted[0].name, on.team_id = wanted[0].team_id;
    settle(on);
}

bool answer(call& on, const answerer& who, std::int64_t at_us) {
    auto word = word_of(who);
    auto is_transfer = !on.answered_by.empty() && !holds(on.answered_by, word);
    if (is_transfer) ++on.transfers;
    append(on.answered_by, word);
    on.answered_at_us = std::min(on.answered_at_us.value_or(at_us), at_us);
    // We supposed it was over; somebody speaks.
    if (on.ended_by == "timeout") on.ended_at_us.reset(), on.ended_by.clear(), on.cause.clear();
    // The team that answered first is the one whose figure it is.
    if (!is_transfer || !on.team_id) on.team_id = who.team_id ? who.team_id : on.team_id;
    if (who.user_id || on.direction == "in") on.agent_id = who.user_id, on.agent_name = who.name;
    settle(on);
    return is_transfer;
}

void hang_up(call& on, std::string_view cause, std::string_view by, std::int64_t at_us) {
    // What the telephone system says is better than what we supposed.
    if (on.ended_at_us && on.ended_by == "hangup") return;
    on.ended_at_us = at_us;
    on.cause = cause, on.ended_by = by;
    settle(on);
}

} // namespace relais::model::call_states

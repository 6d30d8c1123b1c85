// SPDX-License-Identifier: EUPL-1.2
#include "api/cti_form.hpp"
#include "model/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace relais;
using fuzz::require;

namespace {

// What any order of events leaves true of a call.
void check(const model::call& on) {
    require(on.state == "ringing" || on.state == "talking" || on.state == "ended", "a state");
    require(!on.answered_at_us || *on.answered_at_us >= on.started_at_us, "answered after it began");
    require(!on.answered_at_us || !on.ended_at_us || *on.ended_at_us >= *on.answered_at_us, "ended after it was answered");
    require(!on.wait_s || *on.wait_s >= 0, "a wait that is not negative");
    require(on.is_over() == !on.outcome.empty() || on.outcome == "answered", "an outcome once it is over");
    require(on.phone.empty() || on.phone[0] == '+', "E.164 or nothing");
    require(on.phone_given.size() <= 40 && on.line.size() <= 40 && on.answered_by.size() <= 400, "within its columns");
    require(model::utf8::is_valid(on.phone_given) && model::utf8::is_valid(on.line), "whole characters");
}

} // namespace

// The first byte says how the body is typed, and in which order its events come.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    api::request request;
    request.headers["content-type"] = (data[0] & 1U) != 0 ? "application/json" : "application/x-www-form-urlencoded";
    request.body = fuzz::view(data + 1, size - 1);
    auto given = api::cti_form::read(request);
    const auto& what = given.what;
    if (!given.fault.empty()) return 0;
    require(!what.call_id.empty() && what.call_id.size() <= 250 && what.users.size() <= 50, "bounded");
    for (const auto& user : what.users) require(user.size() <= 120 && model::utf8::is_valid(user), "a whole name");
    std::int64_t at_us = 1'795'600'000'000'000;
    auto call = model::call_states::begin(what, at_us);
    model::answerer who{std::nullopt, what.users.empty() ? "" : what.users[0], std::nullopt, what.answering_number};
    for (int step = 0; step < 6; ++step) {
        at_us += 7'000'000;
        auto kind = (data[0] >> (step + 1)) % 3;
        if (kind == 0) model::call_states::ring(call, {who}, at_us);
        if (kind == 1) model::call_states::answer(call, who, at_us);
        if (kind == 2) model::call_states::hang_up(call, what.cause, step % 2 == 0 ? "hangup" : "timeout", at_us);
        check(call);
    }
    return 0;
}

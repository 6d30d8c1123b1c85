// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// How long we may take for something; empty members fit every ticket.
struct clock_target {
    std::string clock; // acknowledgement, answer or announced
    std::string procedure, channel;
    std::chrono::minutes within{0}; // open time; zero for "announced": until the end of the announced day
    bool is_always = false;         // counted at all hours, not in the centre's
};

// At so many per cent of a target, who is told.
struct clock_step {
    std::string clock;
    int percent = 100; // less: a warning; 100: the breach; more: an escalation
    bool tells_assignee = false, tells_supervisor = false, by_mail = false;
};

// What a ticket may wait for.
struct waiting_rule {
    std::string reason;
    bool pauses = false; // the answer's clock stands still
    int reminders = 0, every_days = 0;
    enum class ending { close, give_back, stay } then = ending::stay;
};

// The clocks of an installation, as data: config/clocks.json.
struct clock_book {
    calendar centre, always;
    std::vector<clock_target> targets;
    std::vector<clock_step> steps; // by clock, then by per cent
    std::vector<waiting_rule> waiting;

    const calendar& hours_of(const clock_target& target) const { return target.is_always ? always : centre; }
};

namespace clock_books {

// Reads and checks the file. centre: the hours that targets count. Throws: std::runtime_error with a sentence that says what is wrong.
clock_book load(const std::string& file, const calendar& centre);

// The first target of that clock which fits; nothing when none does.
const clock_target* find_target(const clock_book& book, std::string_view clock, std::string_view procedure, std::string_view channel);
const waiting_rule* find_waiting(const clock_book& book, std::string_view reason);

} // namespace clock_books
} // namespace relais::model

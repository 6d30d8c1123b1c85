// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/action_fields.hpp"
#include "api/routes.hpp"
#include "model/incident_actions.hpp"

#include <functional>
#include <string>
#include <string_view>

// How every action on an incident runs: the check of who may, the write, the answer. For api/incident_*.cpp only.
namespace relais::api::incident_acts {

using act = model::incidents::action;
using change = std::function<void(soci::session&, const act&)>;

constexpr std::size_t line_limit = 300, reason_limit = 2000, text_limit = 4000; // code points

// Runs what `prepare` returns, in one write. noun: the action of the table; done: the page's word of it (incident.done.<done>).
// What prepare throws comes back on the page like what the model refuses.
asio::awaitable<reply> run(const request& request, app& app, const action_fields& given, std::string_view noun, std::string_view done,
                           std::function<change()> prepare);

// Checked text of a field; may be empty. Throws: invalid.
std::string line(const action_fields& given, std::string_view name);
std::string words(const action_fields& given, std::string_view name, std::size_t limit = text_limit);
// A moment: RFC 3339, a day, or what a datetime-local field of a form sends, on the clock of Paris. Throws: invalid.
model::sys_seconds moment(const action_fields& given, std::string_view name);
std::int64_t number(const action_fields& given, std::string_view name);

} // namespace relais::api::incident_acts

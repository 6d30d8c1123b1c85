// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/views.hpp"
#include "model/callback_calling.hpp"
#include "model/callback_slot.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

// Callbacks and their slots as people and programs read them.
namespace relais::api::callback_views {

// "9 h 00", "9:00".
std::string hour(const catalogue& texts, std::string_view language, std::chrono::sys_seconds at, std::string_view zone);
// "2026-11-24T09:00:00-04:00"
std::string local_time(std::chrono::sys_seconds at, std::string_view zone);
// The name of a legal time: "Fort-de-France (Martinique)"; the IANA name when the calendars do not know it.
std::string place(const model::calendar_book& book, std::string_view language, std::string_view zone);

// A stretch in words, where the person is and, when the clocks differ, in Paris:
// {day, from, to, place, is_elsewhere, paris_from, paris_to, paris_day (when it is another day)}.
nlohmann::json said(const catalogue& texts, std::string_view language, const model::calendar_book& book, std::chrono::sys_seconds from,
                    std::chrono::sys_seconds to, std::string_view zone);

// For programs: {start, end, local_start, paris_start, left}.
nlohmann::json slot(const model::callback_slot& slot, std::string_view zone);
nlohmann::json slots(const std::vector<model::callback_slot>& all, std::string_view zone);

// For the pages that offer slots: by day of the person, [{day, slots: [{value, from, paris_from, left, is_extended, is_chosen}]}].
nlohmann::json days(const std::vector<model::callback_slot>& all, const catalogue& texts, std::string_view language, std::string_view zone,
                    std::string_view chosen);
// The legal times that may be chosen, this one first when it is not of the list.
nlohmann::json zones(const model::calendar_book& book, std::string_view language, std::string_view chosen);

// The promise, for the person it was made to.
nlohmann::json promise(const model::callback& of, const catalogue& texts, std::string_view language, const model::calendar_book& book,
                       std::chrono::sys_seconds now);

// The same as a calendar file.
struct appointment {
    std::string id; // of the callback
    std::int64_t sequence = 0;
    bool is_cancelled = false;
    std::chrono::sys_seconds from, to, written_at;
    std::string service, reference, code_word;
};
std::string calendar(const appointment& of, const catalogue& texts, std::string_view language);

// For those who call. What only sees people's words or numbers is left out for the others.
nlohmann::json callback(const model::callback& of, std::string_view reference, const lens& through, const model::calendar_book& book);
nlohmann::json attempt(const model::callback_attempt& of, const lens& through);

} // namespace relais::api::callback_views

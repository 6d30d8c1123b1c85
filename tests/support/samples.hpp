// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/contact.hpp"
#include "model/event.hpp"

#include <string>

namespace relais::tests {

// Monday 23 November 2026, 9:00 UTC: a working day in winter time.
constexpr model::sys_seconds monday{std::chrono::seconds{1795424400}};

// A contact as the form would have checked it; the reference and the link's hash are the number's.
inline model::contact sample_contact(int number = 1) {
    model::contact out;
    out.requester.name = "Zoé N’Diaye-Lefèvre";
    out.requester.birth_name = "N’Diaye";
    out.requester.first_names = "Zoé";
    out.requester.birth_date = "1991-00-00";
    out.requester.birth_precision = "year";
    out.requester.email = "zoe" + std::to_string(number) + "@example.test";
    out.requester.phone = "+33639981234";
    out.procedure = "REGISTRATION";
    out.department = "974";
    out.subject = "Date de naissance refusée";
    out.body = "Bonjour, le site du code refuse ma date de naissance 00/00/1991.";
    out.answer_before = "2026-11-30";
    out.implicit_on = "2027-01-23";
    out.due_at = monday + std::chrono::hours(24 * 7);
    auto text = std::to_string(number);
    auto reference = "26-" + std::string(4, 'A') + "-" + std::string(4 - std::min<std::size_t>(4, text.size()), 'B') + text;
    out.name = [reference] { return model::ticket_name{reference, "hash-" + reference}; };
    return out;
}

inline model::actor citizen_actor() { return {"citizen", {}, "Zoé N’Diaye-Lefèvre", {}}; }
inline model::actor agent_actor() { return {"staff", 7, "Camille Martin", "conseillère"}; }

} // namespace relais::tests

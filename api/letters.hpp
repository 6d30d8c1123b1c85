// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "model/letter.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

namespace relais::api {

// GET /console/courriers: the letters that wait, what must be said by telephone, and the batches that left.
asio::awaitable<reply> list_letters(const request& request, app& app);
// POST /console/courriers/impression {ids[]}: the letters to print, one a page. Changes nothing.
asio::awaitable<reply> print_letters(const request& request, app& app);
// POST /console/courriers/envoi {ids[], sent_on}: they left that day; what was printed is kept as it is.
asio::awaitable<reply> send_letters(const request& request, app& app);
// POST /console/courriers/telephone {ids[], told_on}: somebody called them that day and told them.
asio::awaitable<reply> tell_by_phone(const request& request, app& app);

// A letter and what it says.
struct written_letter {
    model::letter what;
    model::mail_facts facts;
};
// One letter as templates/parts/letter.html draws it, dated of a day (YYYY-MM-DD); and who sends it.
nlohmann::json letter_data(const written_letter& letter, const app& app, std::string_view day);
nlohmann::json letter_sender(const app& app);

} // namespace relais::api

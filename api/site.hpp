// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace relais::api {

// What the frame of every page shows: the service, the language and the other one, the state of accessibility, the request's number;
// for staff, who is signed in. Templates find it under {{site....}}.
nlohmann::json site(const request& request, const app& app);

// The HTML of a page: its data, with `site`, in the person's language. Throws std::runtime_error for an unknown page.
std::string render_page(const request& request, std::string_view page, nlohmann::json data, const app& app);

// The data of a reply for programs: texts ("t:name" members) in the person's language.
nlohmann::json data_for_programs(const request& request, nlohmann::json data, const app& app);

// Keeps the language that a link chose (?lang=en) in a cookie.
void keep_chosen_language(reply& out, const request& request, const app& app);

// A page that keeps the language chosen by its link (?lang=en) in a cookie.
reply public_page(const request& request, const app& app, std::string_view name, nlohmann::json data = nlohmann::json::object(),
                  int status = 200);

} // namespace relais::api

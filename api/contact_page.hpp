// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/contact_form.hpp"
#include "api/form_draft.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <nlohmann/json.hpp>

#include <string_view>

// What the handlers of the contact form share: its pages and what they are checked with.
namespace relais::api::contact_pages {

// 1 to 5; 1 for an address that is none of the form's.
int step_of_path(std::string_view path);
contact_forms::terms terms_of(const request& request, const app& app);
// True when the page that was sent came from this draft, or when the browser holds none any more.
bool is_ours(const request& request, const app& app, std::string_view key);

// The page of the step at the request's address.
reply step(const request& request, const app& app, const form_draft& draft);
// The proof of work, and the wait beside it, when this form was asked for them; false when it was not.
nlohmann::json pressure(const request& request, const app& app, const form_draft& draft);
// 429, with how long to wait.
reply too_many(const request& request, int wait_s);

} // namespace relais::api::contact_pages

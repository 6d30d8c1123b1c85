// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/callback_wishes.hpp"
#include "api/form_draft.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"

#include <string_view>
#include <vector>

// The pages of /rappel, as data.
namespace relais::api::callback_pages {

constexpr std::string_view cookie = "rappel";
constexpr std::string_view form_path = "/rappel", slots_path = "/rappel/creneau";

// The names of the fields of the first page.
std::vector<std::string_view> field_names();
// The first page, with its faults once it was sent.
reply form(const request& request, const app& app, const form_draft& draft);
// The second: slots of that legal time. problem: a key of the catalogue, or empty; nearest: what is offered instead of a slot that was
// full.
reply slots(const request& request, const app& app, const form_draft& draft, const callback_wishes::outcome& found,
            const std::vector<model::callback_slot>& offered, std::string_view problem = {},
            const std::vector<model::callback_slot>& nearest = {});
// Registering is switched off: how else to reach the service.
reply closed(const request& request, const app& app);

} // namespace relais::api::callback_pages

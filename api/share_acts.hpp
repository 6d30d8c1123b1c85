// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "api/request.hpp"
#include "model/decision.hpp"
#include "model/weekly_share.hpp"

#include <string>
#include <string_view>

// What the console's pages of a share and those of a capability link have in common.
namespace relais::api::share_acts {

// A decision as a form or a program sends it, checked as text. Throws: invalid.
model::decisions::draft read_decision(const request& request);

// One of the forms of a share: page (empty), xlsx, csv, json. Throws not_found for another ending.
struct wanted_form {
    std::string week, ending;
};
wanted_form form_of(std::string_view name);
// The file of an ending, with its name.
reply file_of(const model::weekly_share& share, std::string_view ending, const app& app, std::string_view language);

} // namespace relais::api::share_acts

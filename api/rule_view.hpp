// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"
#include "model/rule.hpp"
#include "model/rule_firing.hpp"
#include "model/rule_trial.hpp"
#include "model/team.hpp"
#include "model/user.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace relais::api::views {

// Those whom a rule may name.
struct rule_names {
    std::vector<model::team> teams;
    std::vector<model::user> colleagues;
};

// A rule and, for people, what it says in words: `conditions` and `effects`, a line each.
nlohmann::json rule(const model::rule& of, const rule_names& names, const lens& through);
// What it did.
nlohmann::json rule_firing(const model::rule_firing& of, const rule_names& names, const lens& through);
// What it would have done.
nlohmann::json rule_trial(const model::rule_trial& of, const rule_names& names, const lens& through);
// The lists of the form, with what is chosen. shown: what the form holds, in the shape of the API.
nlohmann::json rule_form(const nlohmann::json& shown, const rule_names& names, const lens& through);

} // namespace relais::api::views

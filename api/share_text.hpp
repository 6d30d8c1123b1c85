// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "model/figure.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// How numbers of figures and shares are read by people.
namespace relais::api::share_text {

// "1 234" in French, "1,234" in English.
std::string number(std::int64_t value, std::string_view language);
// A count of a share: "moins de 5" when it is held.
std::string count(const nlohmann::json& value, const catalogue& texts, std::string_view language);
// The unit of a figure: "percent", "seconds", "days", "of_10", "of_20" or "count", which counts of a share are too. Empty: nobody knows it.
std::string_view unit(std::string_view id);
// That of its part, which without a whole is its value: marks are added up.
std::string_view part_unit(std::string_view id);
// A value of a figure in its unit: "81,5 %", "2 j 4 h", "7,9 / 10". Nothing: "-".
std::string value(const model::figure_definition& of, std::optional<double> value, std::string_view language);
// By how much a value of a figure moved, with its sign: "+2,4 pt" between two percentages, "−2 s".
std::string difference(const model::figure_definition& of, double by, std::string_view language);
// Why a figure of a share has no value: too few persons ("moins de 5"), or nothing to count ("aucune correction à annoncer cette semaine").
// Empty when it has one.
std::string note(const nlohmann::json& figure, const catalogue& texts, std::string_view language);
// The article of a legal case: "à préciser" when nobody has written it yet.
std::string article(const nlohmann::json& law, const catalogue& texts, std::string_view language);
// The incidents that have been open longest, the oldest first: they live as long as the body.
std::vector<const nlohmann::json*> oldest(const nlohmann::json& body);
// Spans end where the next begins: people read their last moment. Nothing: null.
nlohmann::json last_moment(const nlohmann::json& until);
// "au moins 85 %", "au plus 10 %"; empty without a target.
std::string target(const model::figure_definition& of, const catalogue& texts, std::string_view language);
// "K5" of "K5.late": what people call it.
std::string code(std::string_view id);
// The texts of a figure: "figure.K3_p50.name" and the like.
std::string key(std::string_view id, std::string_view part);
std::string name(std::string_view id, const catalogue& texts, std::string_view language);
// What a correction is of: a figure, a count ("received", "callbacks.reached") or a row of the volumes ("channels.email").
std::string corrected_name(const std::string& id, const catalogue& texts, std::string_view language);

} // namespace relais::api::share_text

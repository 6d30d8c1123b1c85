// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/views.hpp"
#include "model/decision.hpp"
#include "model/share_link.hpp"
#include "model/weekly_share.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

// A weekly share for those who look at it: the frozen body, with its words and drawings, and beside it what was decided since.
namespace relais::api::views {

// Everything a page or an answer about a share needs.
struct share_sheet {
    model::weekly_share share;
    std::vector<model::share_acknowledgement> acknowledgements;
    std::vector<model::decision_thread> decisions;
    std::vector<model::share_link> links;
    std::vector<std::string> earlier; // bodies of the shares before, the last first: for the curves
    std::string previous, next;       // weeks, or empty
};
share_sheet read_share(soci::session& sql, const std::string& week);

nlohmann::json decision(const model::decision_thread& of, const lens& through);
nlohmann::json share(const share_sheet& sheet, const lens& through);
// The links that were mailed and what became of them, for those who may end one.
nlohmann::json share_links(const std::vector<model::share_link>& all, const lens& through, std::chrono::sys_seconds now);
nlohmann::json share_line(const model::weekly_share_line& of, const lens& through);

// The title of an incident of a frozen body: its own, or what its tickets say.
std::string share_title(const nlohmann::json& incident, const lens& through);
// One sentence of what happens, as the incident's own page says it, from what was frozen.
std::string share_sentence(const nlohmann::json& incident, const lens& through);
// "23 au 29 novembre 2026".
std::string week_words(std::chrono::sys_seconds from, std::chrono::sys_seconds until, const lens& through);

} // namespace relais::api::views

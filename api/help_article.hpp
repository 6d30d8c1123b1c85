// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace relais::api {

// One article of the help: config/help/<slug>.json, {"order": 1, "fr": {title, summary, sections [{heading, paragraphs, items}]}, "en":
// ...}.
struct help_article {
    std::string slug;
    int order = 0;
    nlohmann::json content; // by language
};

// Every article, in the order they are shown; none when the folder is absent.
// Throws std::runtime_error, naming the file, when one cannot be read or lacks a language, a title or sections.
std::vector<help_article> load_help(const std::string& folder);

} // namespace relais::api

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

// What tickets are about: config/categories.json, 60 categories in 13 families, carried inside the program. The labels are the locale keys
// category.<code> and category_family.<family>.
namespace relais::model {

struct category {
    std::string code;
    std::string nature;            // of the incident it may be evidence of (contract.md); empty: not an anomaly
    std::string cause_owner;       // usually; empty: it depends
    bool skips_queue = false;      // security or hardship
    bool is_restricted = false;    // health and offences (GDPR, articles 9 and 10)
    bool needs_no_dossier = false; // questions and what is another service's: closed without a dossier

    std::string_view family() const { return std::string_view(code).substr(0, 3); }
};

namespace categories {

const std::vector<category>& all();
// From a text as config/categories.json. Throws std::runtime_error with a sentence.
std::vector<category> read(std::string_view text);

const category* find(std::string_view code);
bool is_known(std::string_view code);
// Read by those who treat tickets and by nobody else, never in a share.
bool is_restricted(std::string_view code);
bool needs_no_dossier(std::string_view code);

// The text of the file; CMake writes the source.
std::string_view text();

} // namespace categories
} // namespace relais::model

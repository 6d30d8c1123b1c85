// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/figure.hpp"

#include <string>
#include <vector>

namespace relais::model {

// Whose rows a measure counts, and what it puts them together by: what a ticket has (team, department, procedure, channel, colleague)
// stands in its facts, the centre (CERT) in its dossier, and whatever a ticket is behind (a callback, a report, an incident by its first
// ticket) is joined to them.
struct figure_scope {
    static constexpr auto all = "all", everything = "'all'"; // one key, and its SQL

    figure_filter whose = {};
    std::string key = everything; // SQL: the value of a dimension, as text

    bool is_grouped() const { return key != everything; }
    bool is_whole() const { return whose.is_empty() && !is_grouped(); } // needs no facts
    std::string join(const std::string& ticket) const;                  // ticket: SQL, its number
    // The conditions of the filter, with their values after those that stand already.
    std::string conditions(std::vector<std::string>& values) const;
    std::string grouping() const { return is_grouped() ? " GROUP BY 1" : ""; } // the key is read first
};

namespace figure_scopes {

figure_scope by(figures::dimension what, const figure_filter& whose);
// The ticket that told of an incident first: where it was found. SQL, within a statement on incident.
extern const char* const first_ticket;

} // namespace figure_scopes

} // namespace relais::model

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/figure.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <functional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// Which of a period's counts may be told side by side: none of one to four persons, and none that another one would give by subtraction.
// The widest are told first, so that a part is held rather than its whole. Source: docs/decisions/0045-small-cells.md
class told_counts {
public:
    // Whether what counts for a measure, and for none of the others, is of few persons although of many tickets.
    using few_people = std::function<bool(std::string_view measure, std::span<const std::string_view> but_not)>;
    explicit told_counts(const figure_measures& measured, const few_people& are_few = {});
    bool holds(std::string_view measure) const { return held_.contains(measure); }
    void hold(std::string_view measure) { held_.emplace(measure); }
    // The number, or null when it is held.
    nlohmann::json count(std::string_view measure) const;

private:
    const figure_measures& measured_;
    std::set<std::string, std::less<>> held_;
};

namespace share_figures {

// What may be told of a week.
told_counts counts_of(soci::session& sql, const time_span& week, const figure_measures& measured);

// Every key figure as a share tells it: {id, value, part, whole, target, is_met, is_hidden}.
nlohmann::json tell(const figure_measures& measured, const told_counts& counts);

// What is known now of the last weeks and differs from what their shares said, with the corrections made since. A step of one to four
// persons waits for more. bodies: of earlier shares, the last first.
nlohmann::json corrections(soci::session& sql, const std::vector<nlohmann::json>& bodies, sys_seconds now);

} // namespace share_figures

} // namespace relais::model

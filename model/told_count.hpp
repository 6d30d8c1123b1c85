// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/figure.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

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

// The counts of a week as they were last told, and with corrections: what is left between a count and one that holds it moves by none, or
// by five at least.
class told_steps {
public:
    void know(std::string_view name, const nlohmann::json& was);
    // Takes new counts by name; false, and nothing is taken, when they would tell of few.
    bool take(std::initializer_list<std::pair<std::string_view, nlohmann::json>> counts);

private:
    struct count {
        std::int64_t was = 0, is = 0;
    };
    bool tells_of_few() const;
    std::map<std::string, count, std::less<>> told_;
};

} // namespace relais::model

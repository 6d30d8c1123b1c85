// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/field_values.hpp"

#include <algorithm>
#include <cmath>

namespace relais::model::grouping {
namespace {

constexpr char separator = '\x1f';
constexpr std::size_t value_limit = 200;                         // bytes; a longer one is compared by its beginning
constexpr double agreement_at_first = 0.2, weight_of_first = 20; // before anything is known of a field
constexpr double agreement_limit = 0.97;                         // somebody always mistypes

// What is known of the fields of this product before a ticket has come: those that name the trouble agree more than those that name
// the person's place or means.
double agreement_at_first_of(std::string_view name) {
    constexpr std::string_view telling[] = {"category", "error_code", "message", "step", "dossier_error"};
    if (std::find(std::begin(telling), std::end(telling), name) != std::end(telling)) return 0.9;
    return name == "procedure" || name == "status" ? 0.4 : agreement_at_first;
}

std::string key_of(const field& one) { return one.name + separator + one.value.substr(0, value_limit); }

} // namespace

std::vector<numbered_field> field_values::find(const std::vector<field>& fields) const {
    std::vector<numbered_field> found;
    for (const auto& each : fields)
        if (const auto name = names_.find(each.name); name != no_number && !each.value.empty())
            found.push_back({name, values_.find(key_of(each))});
    return found;
}

std::vector<numbered_field> field_values::add(const std::vector<field>& fields) {
    std::vector<numbered_field> found;
    for (const auto& each : fields) {
        if (each.value.empty()) continue;
        const auto name = names_.add(each.name);
        if (name == learned_.size()) learned_.emplace_back().at_first = agreement_at_first_of(each.name);
        const auto value = values_.add(key_of(each));
        if (value == counts_.size()) {
            counts_.push_back(0);
            names_of_values_.push_back(name);
        }
        found.push_back({name, value});
    }
    return found;
}

void field_values::count(const std::vector<numbered_field>& held) {
    for (const auto& each : held) {
        ++counts_[each.value];
        ++learned_[each.name].tickets;
    }
}

double field_values::frequency(numbered_field which) const {
    const auto count = which.value == no_number ? 0u : counts_[which.value];
    return (count + 1.0) / (learned_[which.name].tickets + 2.0);
}

double field_values::agreement(std::uint32_t name) const {
    const auto& known = learned_[name];
    return std::min(agreement_limit, (known.agreed + known.at_first * weight_of_first) / (known.seen + weight_of_first));
}

void field_values::learn(numbered_field which, double share) {
    const auto agreed = agreement(which.name) * share / frequency(which);
    learned_[which.name].agreed += agreed / (1 - agreement(which.name) + agreed);
    learned_[which.name].seen += 1;
}

double field_values::evidence(numbered_field which, double share) const {
    const auto agreed = agreement(which.name);
    return std::log(1 - agreed + agreed * share / frequency(which));
}

std::string_view field_values::value(std::uint32_t value) const {
    const auto key = values_.at(value);
    return key.substr(key.find(separator) + 1);
}

std::size_t field_values::memory_bytes() const {
    return names_.memory_bytes() + values_.memory_bytes() + learned_.capacity() * sizeof(learned) +
           (names_of_values_.capacity() + counts_.capacity()) * sizeof(std::uint32_t);
}

} // namespace relais::model::grouping

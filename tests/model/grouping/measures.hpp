// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace relais::tests {

// How well groups agree with the truth. B-cubed: Bagga and Baldwin 1998; adjusted Rand: Hubert and Arabie 1985; mutual information
// normalised by the mean of the two entropies.
struct agreement {
    double precision = 0, recall = 0, f1 = 0, rand = 0, information = 0;
};

// One (group, truth) a ticket.
inline agreement agreement_of(const std::vector<std::pair<std::string, std::string>>& tickets) {
    std::map<std::string, double> groups, truths;
    std::map<std::pair<std::string, std::string>, double> both;
    for (const auto& one : tickets) ++groups[one.first], ++truths[one.second], ++both[one];
    const auto all = static_cast<double>(tickets.size());
    const auto pairs = [](double count) { return count * (count - 1) / 2; };
    agreement found;
    double shared_pairs = 0, group_pairs = 0, truth_pairs = 0, shared = 0, group_entropy = 0, truth_entropy = 0;
    for (const auto& [key, count] : both) {
        found.precision += count * count / groups[key.first] / all;
        found.recall += count * count / truths[key.second] / all;
        shared += count / all * std::log(all * count / (groups[key.first] * truths[key.second]));
        shared_pairs += pairs(count);
    }
    for (const auto& [name, count] : groups) group_pairs += pairs(count), group_entropy -= count / all * std::log(count / all);
    for (const auto& [name, count] : truths) truth_pairs += pairs(count), truth_entropy -= count / all * std::log(count / all);
    const auto by_chance = group_pairs * truth_pairs / pairs(all);
    found.f1 = 2 * found.precision * found.recall / (found.precision + found.recall);
    found.rand = (shared_pairs - by_chance) / ((group_pairs + truth_pairs) / 2 - by_chance);
    found.information = 2 * shared / (group_entropy + truth_entropy);
    return found;
}

} // namespace relais::tests

// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/profile.hpp"

#include <algorithm>

namespace relais::model::grouping {
namespace {

constexpr float nothing = 1e-4f; // what rounding leaves of a weight taken away

template <typename Second> bool is_before(const std::pair<std::uint32_t, Second>& one, std::uint32_t key) { return one.first < key; }

} // namespace

void profile::add(const term_vector& terms, const std::vector<std::uint32_t>& values, const std::vector<std::uint32_t>& names) {
    term_vector sum;
    sum.reserve(terms_.size() + terms.size());
    auto old = terms_.begin();
    for (const auto& [term, weight] : terms) {
        while (old != terms_.end() && old->first < term) sum.push_back(*old++);
        const bool is_known = old != terms_.end() && old->first == term;
        sum.emplace_back(term, weight + (is_known ? (old++)->second : 0));
        total_ += static_cast<double>(weight);
    }
    sum.insert(sum.end(), old, terms_.end());
    terms_ = std::move(sum);
    change(values_, values, 1);
    change(names_, names, 1);
    ++tickets_;
}

void profile::remove(const term_vector& terms, const std::vector<std::uint32_t>& values, const std::vector<std::uint32_t>& names) {
    for (const auto& [term, weight] : terms) {
        const auto found = std::lower_bound(terms_.begin(), terms_.end(), term, is_before<float>);
        if (found == terms_.end() || found->first != term) continue;
        total_ -= static_cast<double>(std::min(weight, found->second));
        found->second -= weight;
    }
    std::erase_if(terms_, [](const auto& one) { return one.second < nothing; });
    change(values_, values, -1);
    change(names_, names, -1);
    if (--tickets_ == 0) clear();
}

void profile::clear() { *this = {}; }

double profile::weight_of(std::uint32_t term) const {
    const auto found = std::lower_bound(terms_.begin(), terms_.end(), term, is_before<float>);
    return found == terms_.end() || found->first != term ? 0 : static_cast<double>(found->second);
}

double profile::share(std::uint32_t value, std::uint32_t name) const {
    const auto with = count(names_, name);
    return with == 0 ? -1 : static_cast<double>(count(values_, value)) / with;
}

std::size_t profile::memory_bytes() const {
    return sizeof(profile) + terms_.capacity() * sizeof(terms_[0]) + (values_.capacity() + names_.capacity()) * sizeof(values_[0]);
}

void profile::change(counts& all, const std::vector<std::uint32_t>& keys, std::int32_t by) {
    for (auto key : keys) {
        const auto found = std::lower_bound(all.begin(), all.end(), key, is_before<std::int32_t>);
        const bool is_known = found != all.end() && found->first == key;
        if (is_known && (found->second += by) <= 0)
            all.erase(found);
        else if (!is_known && by > 0)
            all.insert(found, {key, by});
    }
}

std::int32_t profile::count(const counts& all, std::uint32_t key) {
    const auto found = std::lower_bound(all.begin(), all.end(), key, is_before<std::int32_t>);
    return found == all.end() || found->first != key ? 0 : found->second;
}

} // namespace relais::model::grouping

// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/state.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace relais::model::grouping {
namespace {

// BM25 as published: a word repeated soon says no more, and long texts hold more words by chance.
constexpr double saturation = 1.2, length_share = 0.75;
constexpr double asked_saturation = 2; // the same for the words asked
constexpr double rarity_power = 1.5;   // rare words decide more than BM25 has it: +1 point on every French set
constexpr double impact_scale = 255 / (saturation + 1);

// One search reads so many postings at most, the rarest words first, the newest tickets first: what keeps it under a millisecond
// among a million tickets.
constexpr std::uint32_t postings_budget = 20'000;
constexpr std::uint32_t value_postings_budget = 4'000; // for one value of a field
constexpr std::size_t compared = 60;                   // tickets whose words are compared exactly
constexpr std::size_t spelt = 40;                      // of these, tickets whose letters are
constexpr double day_s = 86'400;

double held(double weight, double length, double usual_length) {
    return weight * (saturation + 1) / (weight + saturation * (1 - length_share + length_share * length / usual_length));
}

} // namespace

double engine::state::rarity(std::uint32_t term) const {
    const auto all = static_cast<double>(tickets.size()), with = static_cast<double>(postings.count(term));
    return std::pow(std::log1p((all - with + 0.5) / (with + 0.5)), rarity_power);
}

void engine::state::index(place where, const read_ticket& learned) {
    total_length += learned.length;
    const auto usual_length = total_length / (where + 1);
    for (const auto& [term, weight] : learned.terms) {
        const auto impact = std::lround(held(static_cast<double>(weight), learned.length, usual_length) * impact_scale);
        postings.append(term, where, static_cast<std::uint8_t>(std::clamp(impact, 1L, 255L)));
        if (term >= term_weights.size()) term_weights.resize(term + 1, 0);
        term_weights[term] += weight;
        total_weight += static_cast<double>(weight);
    }
    for (const auto& each : learned.fields) value_postings.append(each.value, where, 1);
    sums.resize(where + 1, 0);
}

namespace {

// One search among the earlier tickets.
class search {
public:
    search(const engine::state& all, const read_ticket& asked) : all_(all), asked_(asked) {
        usual_length_ = all.tickets.size() > 0 ? std::max(1.0, all.total_length / all.tickets.size()) : 1;
        for (const auto& [term, weight] : asked.terms) {
            const auto often = static_cast<double>(weight);
            worth_.push_back(all.rarity(term) * often * (asked_saturation + 1) / (often + asked_saturation));
            same_text_ += worth_.back() * held(often, asked.length, usual_length_);
        }
    }

    std::vector<hit> find(std::size_t limit) {
        add_words();
        add_fields();
        auto found = strongest();
        std::vector<hit> hits;
        set_letters();
        for (auto place : found) hits.push_back(compare(place, static_cast<double>(all_.sums[place]), hits.size() < spelt));
        clear_letters();
        for (auto place : touched_) all_.sums[place] = 0;
        std::sort(hits.begin(), hits.end(), [](const hit& one, const hit& other) {
            return one.score > other.score || (one.score == other.score && one.where > other.where);
        });
        if (hits.size() > limit) hits.resize(limit);
        return hits;
    }

private:
    void add(place where, double worth) {
        auto& sum = all_.sums[where];
        if (sum == 0) touched_.push_back(where);
        sum += static_cast<float>(worth);
    }

    void add_words() {
        std::vector<std::size_t> order(asked_.terms.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [this](std::size_t one, std::size_t other) { return worth_[one] > worth_[other]; });
        auto budget = postings_budget;
        for (auto at : order) {
            const auto worth = worth_[at] / impact_scale;
            budget -=
                all_.postings.read(asked_.terms[at].first, budget, [&](place where, std::uint8_t impact) { add(where, worth * impact); });
            if (budget == 0) break;
        }
    }

    // Rare values that groups agree on find tickets that share no word.
    void add_fields() {
        constexpr double worth_reading = 1; // log-odds
        for (const auto& each : asked_.fields) {
            if (each.value == no_number) continue;
            const auto gain = all_.reader.fields().evidence(each, 1);
            if (gain < worth_reading) continue;
            const auto worth = gain * all_.tuned.rank_fields * same_text_;
            auto oldest = no_place;
            all_.value_postings.read(each.value, value_postings_budget, [&](place where, std::uint8_t) {
                add(where, worth);
                oldest = where;
            });
            worths_of_fields_.push_back({each.value, oldest, worth});
        }
    }

    std::vector<place> strongest() {
        std::erase_if(touched_, [this](place where) {
            const bool is_left_out = all_.tickets.at(where).is_erased || all_.tickets.at(where).id == asked_.id;
            if (is_left_out) all_.sums[where] = 0;
            return is_left_out;
        });
        const auto kept = std::min(touched_.size(), compared);
        auto best = touched_;
        std::partial_sort(best.begin(), best.begin() + static_cast<std::ptrdiff_t>(kept), best.end(), [this](place one, place other) {
            return all_.sums[one] > all_.sums[other] || (all_.sums[one] == all_.sums[other] && one > other);
        });
        best.resize(kept);
        return best;
    }

    hit compare(place where, double sum, bool is_spelt) {
        hit found;
        found.where = where;
        all_.tickets.read(where, content_);
        found.words = (sum - field_worth(where)) / std::max(same_text_, 1e-9);
        if (is_spelt) found.letters = letters_in_content();
        for (const auto& each : asked_.fields) found.fields += field_evidence(each);
        found.score = found.words + all_.tuned.rank_letters * found.letters + all_.tuned.rank_fields * found.fields;
        const auto at = all_.tickets.at(where).at;
        if (at != no_time && asked_.at != no_time)
            found.score -= all_.tuned.rank_age * std::log1p(std::abs(static_cast<double>(asked_.at - at)) / day_s);
        return found;
    }

    // What the letters asked are worth stands in a table while the search lasts.
    void set_letters() {
        float squares = 0;
        for (auto triple : asked_.triples) {
            const auto rarity = all_.reader.triples().rarity(triple);
            all_.letter_worths[triple] = rarity * rarity;
            squares += rarity * rarity;
        }
        letters_norm_ = std::sqrt(squares);
    }
    void clear_letters() {
        for (auto triple : asked_.triples) all_.letter_worths[triple] = 0;
    }

    // The cosine of the letters' triples, each counted once.
    double letters_in_content() const {
        float sum = 0, squares = 0;
        all_.reader.triples_of(content_, [&](std::uint32_t triple) {
            const auto rarity = all_.reader.triples().rarity(triple);
            sum += all_.letter_worths[triple];
            squares += rarity * rarity;
        });
        return squares > 0 && letters_norm_ > 0 ? static_cast<double>(sum / (std::sqrt(squares) * letters_norm_)) : 0;
    }

    // What the fields added to the sum of the ticket in content_.
    double field_worth(place where) const {
        double sum = 0;
        for (const auto& [value, oldest, worth] : worths_of_fields_)
            if (where >= oldest && std::find(content_.values.begin(), content_.values.end(), value) != content_.values.end()) sum += worth;
        return sum;
    }

    double field_evidence(const numbered_field& ours) const {
        for (auto value : content_.values)
            if (all_.reader.fields().of_value(value).name == ours.name)
                return all_.reader.fields().evidence(ours, value == ours.value ? 1 : 0);
        return 0;
    }

    const engine::state& all_;
    const read_ticket& asked_;
    double usual_length_ = 1, same_text_ = 0;
    float letters_norm_ = 0;
    std::vector<double> worth_; // of each term asked, to a ticket that holds it
    std::vector<place> touched_;
    ticket_content content_;
    struct read_value {
        std::uint32_t value = 0;
        place oldest = no_place; // that was read
        double worth = 0;
    };
    std::vector<read_value> worths_of_fields_;
};

} // namespace

std::vector<hit> engine::state::nearest(const read_ticket& asked, std::size_t limit) const { return search(*this, asked).find(limit); }

} // namespace relais::model::grouping

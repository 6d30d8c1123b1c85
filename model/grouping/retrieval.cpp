// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/state.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace relais::model::grouping {
namespace {

// BM25 as published: a word repeated soon says no more, and long texts hold more words by chance.
constexpr double saturation = 1.2, length_share = 0.75;
constexpr double asked_saturation = 2; // the same for the words asked
constexpr double rarity_power = 1.5;   // rare words decide more than BM25 has it: +1 point on every French set
constexpr double impact_scale = posting_lists::most_impact / (saturation + 1);

// One search reads so many postings at most, the words worth most first, the newest tickets first; once it read enough, it leaves out
// the words that are worth little. This keeps it under a millisecond among a million tickets.
constexpr std::uint32_t postings_budget = 10'000, postings_enough = 4'000;
constexpr double share_read = 0.8;                   // of what all words asked are worth together, at least
constexpr std::uint32_t value_postings_budget = 400; // for one value of a field
constexpr std::size_t compared = 50;                 // tickets whose words are compared exactly
constexpr std::size_t spelt = 30;                    // of these, tickets whose letters are
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
        postings.append(term, where, static_cast<std::uint8_t>(std::clamp<long>(impact, 1, posting_lists::most_impact)));
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
        const auto own = all_.tickets.find(asked_.id);
        if (own != no_place) all_.sums[own] = left_out;
        add_words();
        add_fields();
        const auto found = strongest();
        for (auto where : touched_) all_.sums[where] = 0;
        if (own != no_place && !all_.tickets.at(own).is_erased) all_.sums[own] = 0;
        auto hits = compared_exactly(found);
        if (hits.size() > limit) hits.resize(limit);
        return hits;
    }

private:
    void add(place where, float worth) {
        auto& sum = all_.sums[where];
        if (sum == 0) touched_.push_back(where);
        sum += worth;
    }

    void add_words() {
        std::vector<std::size_t> order(asked_.terms.size());
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(), [this](std::size_t one, std::size_t other) { return worth_[one] > worth_[other]; });
        auto budget = postings_budget;
        auto left = share_read * std::accumulate(worth_.begin(), worth_.end(), 0.0);
        for (auto at : order) {
            const auto worth = static_cast<float>(worth_[at] / impact_scale);
            const auto see = [&](place where, std::uint8_t impact) { add(where, worth * impact); };
            budget -= all_.postings.read(asked_.terms[at].first, budget, see);
            left -= worth_[at];
            if (budget == 0 || (left <= 0 && budget < postings_budget - postings_enough)) break;
        }
    }

    // Rare values that groups agree on find tickets that share no word.
    void add_fields() {
        constexpr double worth_reading = 1; // log-odds
        for (const auto& each : asked_.fields) {
            if (each.value == no_number) continue;
            const auto gain = all_.reader.fields().evidence(each, 1);
            if (gain < worth_reading) continue;
            const auto worth = static_cast<float>(gain * all_.tuned.rank_fields * same_text_);
            all_.value_postings.read(each.value, value_postings_budget, [&](place where, std::uint8_t) { add(where, worth); });
        }
    }

    // The places of the greatest sums, in no order.
    std::vector<place> strongest() {
        auto least = 0.0f;
        if (touched_.size() > compared) {
            std::vector<float> sums;
            sums.reserve(touched_.size());
            for (auto where : touched_) sums.push_back(all_.sums[where]);
            const auto last = sums.begin() + static_cast<std::ptrdiff_t>(compared) - 1;
            std::nth_element(sums.begin(), last, sums.end(), std::greater<>());
            least = *last;
        }
        std::vector<place> best;
        for (auto where : touched_)
            if (all_.sums[where] >= least) best.push_back(where);
        std::sort(best.begin(), best.end(), std::greater<>()); // of equal sums the newest
        std::stable_sort(best.begin(), best.end(), [this](place one, place other) { return all_.sums[one] > all_.sums[other]; });
        best.resize(std::min(best.size(), compared));
        return best;
    }

    std::vector<hit> compared_exactly(const std::vector<place>& found) {
        std::vector<hit> hits;
        set_worths();
        for (auto where : found) hits.push_back(compare(where, hits.size() < spelt));
        clear_worths();
        std::sort(hits.begin(), hits.end(), [](const hit& one, const hit& other) {
            return one.score > other.score || (one.score == other.score && one.where > other.where);
        });
        return hits;
    }

    hit compare(place where, bool is_spelt) {
        hit found;
        found.where = where;
        all_.tickets.read(where, content_);
        found.words = words_in_content(static_cast<double>(all_.tickets.at(where).length)) / std::max(same_text_, 1e-9);
        if (is_spelt) found.letters = letters_in_content();
        for (const auto& each : asked_.fields) found.fields += field_evidence(each);
        found.score = found.words + all_.tuned.rank_letters * found.letters + all_.tuned.rank_fields * found.fields;
        const auto at = all_.tickets.at(where).at;
        if (at != no_time && asked_.at != no_time)
            found.score -= all_.tuned.rank_age * std::log1p(std::abs(static_cast<double>(asked_.at - at)) / day_s);
        return found;
    }

    // What the words asked are worth to the ticket in content_.
    double words_in_content(double length) {
        shared_.clear();
        const auto see = [&](const std::vector<std::uint32_t>& words, float weight) {
            for (auto word : words) {
                const auto term = all_.reader.words().term_of(word);
                if (all_.term_worths[term] == 0) continue;
                const auto same = std::find_if(shared_.begin(), shared_.end(), [&](const auto& one) { return one.first == term; });
                if (same != shared_.end())
                    same->second += weight;
                else
                    shared_.emplace_back(term, weight);
            }
        };
        see(content_.title, static_cast<float>(all_.tuned.title));
        see(content_.body, 1);
        double sum = 0;
        for (const auto& [term, weight] : shared_)
            sum +=
                static_cast<double>(all_.term_worths[term]) * held(static_cast<double>(all_.reader.damped(weight)), length, usual_length_);
        return sum;
    }

    // What the words and letters asked are worth stands in tables while the search lasts.
    void set_worths() {
        all_.term_worths.resize(std::max<std::size_t>(all_.term_worths.size(), all_.reader.words().term_count()), 0);
        for (std::size_t at = 0; at < worth_.size(); ++at)
            if (const auto term = asked_.terms[at].first; term < all_.term_worths.size())
                all_.term_worths[term] = static_cast<float>(worth_[at]);
        float squares = 0;
        for (auto triple : asked_.triples) {
            const auto rarity = all_.reader.triples().rarity(triple);
            all_.letter_worths[triple] = rarity * rarity;
            squares += rarity * rarity;
        }
        letters_norm_ = std::sqrt(squares);
    }
    void clear_worths() {
        for (const auto& [term, weight] : asked_.terms)
            if (term < all_.term_worths.size()) all_.term_worths[term] = 0;
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
    term_vector shared_;
};

} // namespace

std::vector<hit> engine::state::nearest(const read_ticket& asked, std::size_t limit) const { return search(*this, asked).find(limit); }

} // namespace relais::model::grouping

// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/reading.hpp"

#include <algorithm>
#include <cmath>

namespace relais::model::grouping {
namespace {

constexpr std::uint32_t unknown_terms = 0x80000000; // numbers from here on are of words nobody wrote before

// Title first, then the body, in one list.
std::vector<word> words_of(const ticket& asked, language in, std::size_t& title_words) {
    auto typed = read_words(asked.title, in);
    title_words = typed.size();
    auto body = read_words(asked.text, in);
    typed.insert(typed.end(), std::make_move_iterator(body.begin()), std::make_move_iterator(body.end()));
    return typed;
}

} // namespace

ticket_reader::ticket_reader(const weights& wanted) : weights_(wanted) {
    for (std::size_t times = 0; times < damped_.size(); ++times) damped_[times] = damp(static_cast<float>(times));
}

float ticket_reader::damp(float weight) const { return std::pow(weight, static_cast<float>(weights_.repeats)); }

read_ticket ticket_reader::read(const ticket& asked) const {
    const auto in = language_of(asked.language);
    std::size_t title_words = 0;
    const auto typed = words_of(asked, in, title_words);
    read_ticket out;
    fill(out, typed, title_words, false, in);
    out.id = asked.id;
    if (asked.at) out.at = seconds(*asked.at);
    out.fields = fields_.find(asked.fields);
    return out;
}

read_ticket ticket_reader::learn(const ticket& arrived) {
    const auto in = language_of(arrived.language);
    std::size_t title_words = 0;
    const auto typed = words_of(arrived, in, title_words);
    std::vector<std::uint32_t> numbers;
    for (const auto& each : typed) numbers.push_back(words_.add(each, in));
    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    for (auto number : numbers) words_.count(number);
    read_ticket out;
    fill(out, typed, title_words, true, in);
    out.id = arrived.id;
    if (arrived.at) out.at = seconds(*arrived.at);
    out.fields = fields_.add(arrived.fields);
    fields_.count(out.fields);
    for (const auto& each : out.fields) out.content.values.push_back(each.value);
    triples_.count(out.triples);
    return out;
}

void ticket_reader::fill(read_ticket& out, const std::vector<word>& typed, std::size_t title_words, bool is_learned, language in) const {
    std::vector<std::pair<std::uint32_t, float>> occurrences;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> bearers; // term, word
    string_table unknown;
    for (std::size_t at = 0; at < typed.size(); ++at) {
        const bool is_title = at < title_words;
        const auto number = words_.find(typed[at]);
        auto term = number == no_number ? words_.guess(typed[at], in) : is_learned ? words_.term_of(number) : words_.latest_term_of(number);
        if (term == no_number) term = unknown_terms + unknown.add(typed[at].folded);
        if (number != no_number) (is_title ? out.content.title : out.content.body).push_back(number);
        occurrences.emplace_back(term, is_title ? static_cast<float>(weights_.title) : 1.0f);
        bearers.emplace_back(term, number);
    }
    weigh(occurrences, out.terms);
    std::stable_sort(bearers.begin(), bearers.end(), [](const auto& one, const auto& other) { return one.first < other.first; });
    auto bearer = bearers.begin();
    for (const auto& [term, weight] : out.terms) {
        while (bearer->first != term) ++bearer;
        out.own_words.push_back(bearer->second);
        out.length += static_cast<double>(weight);
    }
    auto at = typed.begin();
    const auto next = [&] { return at == typed.end() ? std::string_view{} : std::string_view((at++)->folded); };
    triples_.of_words(next, [&](std::uint32_t triple) { out.triples.push_back(triple); });
}

void ticket_reader::recall(const ticket_content& content, term_vector& terms) const {
    std::vector<std::pair<std::uint32_t, float>> occurrences;
    for (auto number : content.title) occurrences.emplace_back(words_.term_of(number), static_cast<float>(weights_.title));
    for (auto number : content.body) occurrences.emplace_back(words_.term_of(number), 1.0f);
    weigh(occurrences, terms);
}

// Sums the occurrences of each term and damps them.
void ticket_reader::weigh(std::vector<std::pair<std::uint32_t, float>>& occurrences, term_vector& terms) const {
    std::sort(occurrences.begin(), occurrences.end(), [](const auto& one, const auto& other) { return one.first < other.first; });
    terms.clear();
    for (const auto& [term, weight] : occurrences) {
        if (!terms.empty() && terms.back().first == term)
            terms.back().second += weight;
        else
            terms.emplace_back(term, weight);
    }
    for (auto& [term, weight] : terms) weight = damped(weight);
}

} // namespace relais::model::grouping

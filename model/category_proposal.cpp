// SPDX-License-Identifier: EUPL-1.2
#include "model/category_proposal.hpp"

#include "model/category.hpp"
#include "model/digits.hpp"
#include "model/procedure.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace relais::model {
namespace {

constexpr std::size_t beginning_bytes = 3;
constexpr std::size_t most_words = 4000; // a message of 20 000 code points
constexpr std::size_t reason_bytes = 400;
constexpr std::size_t reason_words = 6;
// A procedure of the category's own speaks for it, another one against it; what concerns every procedure is not judged by it.
constexpr int right_procedure = 2;
constexpr int other_procedure = -2;

bool is_word_character(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || digits::is_digit(c) || (c >= 'a' && c <= 'z') || c == '*';
}

std::vector<std::string_view> words_of(std::string_view folded) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; at < folded.size() && out.size() < most_words;) {
        auto end = at;
        while (end < folded.size() && is_word_character(folded[end])) ++end;
        if (end > at) out.push_back(folded.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

bool fits(const std::vector<std::string>& procedures, std::string_view procedure) {
    return std::find(procedures.begin(), procedures.end(), procedure) != procedures.end();
}

int procedure_score(const std::vector<std::string>& procedures, std::string_view procedure) {
    if (procedures.empty() || procedure.empty() || procedure == "NONE") return 0;
    return fits(procedures, procedure) ? right_procedure : other_procedure;
}

} // namespace

std::string category_proposal::reason() const {
    std::string out;
    for (const auto& each : words) {
        if (out.size() + each.size() + 2 > reason_bytes) break;
        out += (out.empty() ? "" : ", ") + each;
    }
    return out;
}

category_words::category_words(std::string_view json) {
    try {
        const auto root = nlohmann::json::parse(json);
        least_score_ = root.at("least_score").get<int>();
        for (const auto& [code, values] : root.at("categories").items()) {
            if (!categories::is_known(code)) throw std::runtime_error("there is no category " + code);
            entries_.push_back({code, values.at("procedures").get<std::vector<std::string>>()});
            for (const auto& each : entries_.back().procedures) {
                if (!procedures::is_known(each)) throw std::runtime_error(code + ": there is no procedure " + each);
            }
            for (const auto& [weight, list] : values.at("words").items()) {
                const auto value = digits::value(weight);
                if (!value) throw std::runtime_error(code + ": " + weight + " is not a weight");
                for (const auto& each : list) add_terms(text::fold(each.get<std::string>()), entries_.size() - 1, *value);
            }
        }
    } catch (const nlohmann::json::exception& error) {
        throw std::runtime_error(std::string("the words of the categories cannot be read: ") + error.what());
    }
}

category_words category_words::load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error(path + " cannot be read");
    const std::string json{std::istreambuf_iterator<char>(file), {}};
    return category_words(json);
}

void category_words::add_terms(std::string_view folded, std::size_t category, int weight) {
    term wanted{{}, category, weight};
    for (auto each : words_of(folded)) {
        const bool is_prefix = each.ends_with('*');
        if (is_prefix) each.remove_suffix(1);
        wanted.words.push_back({std::string(each), is_prefix});
    }
    const bool has_bare_star = std::any_of(wanted.words.begin(), wanted.words.end(), [](const word& each) { return each.text.empty(); });
    if (wanted.words.empty() || has_bare_star || (wanted.words[0].is_prefix && wanted.words[0].text.size() < beginning_bytes)) {
        throw std::runtime_error("too little to look for: " + std::string(folded));
    }
    by_beginning_[wanted.words[0].text.substr(0, beginning_bytes)].push_back(terms_.size());
    terms_.push_back(std::move(wanted));
}

bool category_words::matches(const term& wanted, const std::vector<std::string_view>& words, std::size_t at) {
    if (at + wanted.words.size() > words.size()) return false;
    for (std::size_t i = 0; i < wanted.words.size(); ++i) {
        const auto& [text, is_prefix] = wanted.words[i];
        if (is_prefix ? !words[at + i].starts_with(text) : words[at + i] != text) return false;
    }
    return true;
}

// The terms that stand in the text, each once, in their own order.
std::vector<std::size_t> category_words::found_in(std::string_view folded) const {
    std::vector<bool> seen(terms_.size());
    const auto words = words_of(folded);
    for (std::size_t at = 0; at < words.size(); ++at) {
        const auto candidates = by_beginning_.find(words[at].substr(0, beginning_bytes));
        if (candidates == by_beginning_.end()) continue;
        for (auto index : candidates->second) {
            if (!seen[index] && matches(terms_[index], words, at)) seen[index] = true;
        }
    }
    std::vector<std::size_t> out;
    for (std::size_t index = 0; index < seen.size(); ++index) {
        if (seen[index]) out.push_back(index);
    }
    return out;
}

std::optional<category_proposal> category_words::propose(std::string_view folded, std::string_view procedure) const {
    auto found = found_in(folded);
    if (found.empty()) return std::nullopt;
    std::vector<int> scores(entries_.size());
    for (auto index : found) {
        auto& score = scores[terms_[index].category];
        if (score == 0) score = procedure_score(entries_[terms_[index].category].procedures, procedure);
        score += terms_[index].weight;
    }
    const auto best = std::max_element(scores.begin(), scores.end());
    if (*best < least_score_) return std::nullopt;
    const auto category = static_cast<std::size_t>(best - scores.begin());
    category_proposal out{entries_[category].code, *best, {}, fits(entries_[category].procedures, procedure)};
    std::erase_if(found, [&](std::size_t index) { return terms_[index].category != category; });
    std::stable_sort(found.begin(), found.end(), [&](std::size_t a, std::size_t b) { return terms_[a].weight > terms_[b].weight; });
    if (found.size() > reason_words) found.resize(reason_words);
    for (auto index : found) {
        std::string phrase;
        for (const auto& [text, is_prefix] : terms_[index].words) phrase += (phrase.empty() ? "" : " ") + text + (is_prefix ? "*" : "");
        out.words.push_back(std::move(phrase));
    }
    return out;
}

} // namespace relais::model

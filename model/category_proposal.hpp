// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// A category that an agent may confirm, and the words of the text that speak for it. Never a decision on a citizen's right.
struct category_proposal {
    std::string code;
    int score = 0;
    std::vector<std::string> words; // folded, the strongest first
    bool fits_procedure = false;    // this procedure is one of the category's own

    // The words, for category_reason: at most 400 bytes.
    std::string reason() const;
};

// The words of config/category_words.json, ready to be looked for. Read once, then shared by threads.
// A term is one or more words; a word ending in * stands for all that begin with it.
class category_words {
public:
    // Throws std::runtime_error, which says what is wrong, when the text is not of this form or names an unknown category.
    explicit category_words(std::string_view json);
    static category_words load(const std::string& path);

    // The category whose terms weigh most in a text already folded (text::fold of the subject and the body); the first in the order of
    // codes when several do. Nothing below the least score. procedure may be empty. The same text always gives the same answer.
    std::optional<category_proposal> propose(std::string_view folded, std::string_view procedure) const;

private:
    struct word {
        std::string text;
        bool is_prefix = false;
    };
    struct term {
        std::vector<word> words;
        std::size_t category = 0;
        int weight = 0;
    };
    struct entry {
        std::string code;
        std::vector<std::string> procedures;
    };
    static bool matches(const term& wanted, const std::vector<std::string_view>& words, std::size_t at);
    void add_terms(std::string_view folded, std::size_t category, int weight);
    std::vector<std::size_t> found_in(std::string_view folded) const;

    std::vector<entry> entries_;
    std::vector<term> terms_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_beginning_; // of the first word, indexes in terms_
    int least_score_ = 1;
};

} // namespace relais::model

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct sb_stemmer;

namespace relais::model::grouping {

enum class language { french, english };

// "en" and "en-..." are English; all else is French.
language language_of(std::string_view code);

// Snowball's stemmers. One thread at a time.
class stemmer {
public:
    stemmer();
    // word: lower case, UTF-8, with its accents (the French rules read them). "remboursements" gives "rembours".
    std::string stem(std::string_view word, language in) const;

private:
    struct closer {
        void operator()(sb_stemmer* opened) const;
    };
    std::unique_ptr<sb_stemmer, closer> french_, english_;
};

} // namespace relais::model::grouping

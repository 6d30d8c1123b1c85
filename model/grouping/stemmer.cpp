// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/stemmer.hpp"

#include <libstemmer.h>

#include <stdexcept>

namespace relais::model::grouping {

language language_of(std::string_view code) {
    const bool is_english = code.starts_with("en") && (code.size() == 2 || code[2] == '-' || code[2] == '_');
    return is_english ? language::english : language::french;
}

stemmer::stemmer() : french_(sb_stemmer_new("french", "UTF_8")), english_(sb_stemmer_new("english", "UTF_8")) {
    if (!french_ || !english_) throw std::runtime_error("libstemmer has no French or English stemmer");
}

std::string stemmer::stem(std::string_view word, language in) const {
    auto* chosen = in == language::french ? french_.get() : english_.get();
    const auto* stemmed = sb_stemmer_stem(chosen, reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
    if (stemmed == nullptr) return std::string(word); // out of memory inside the library
    return {reinterpret_cast<const char*>(stemmed), static_cast<std::size_t>(sb_stemmer_length(chosen))};
}

void stemmer::closer::operator()(sb_stemmer* opened) const { sb_stemmer_delete(opened); }

} // namespace relais::model::grouping

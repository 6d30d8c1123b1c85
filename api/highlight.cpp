// SPDX-License-Identifier: EUPL-1.2
#include "api/highlight.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <utility>

namespace relais::api::highlight {

namespace {

// Letters and digits of any script are bytes above 127 or alphanumeric; the rest stands between words.
bool is_word_byte(char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool begin_alike(std::string_view one, std::string_view other) {
    constexpr std::size_t enough = 4;
    auto length = std::min(one.size(), other.size());
    if (one == other) return true;
    // The last letters may differ: refuse, refusee, refusees.
    return length >= enough && one.substr(0, length) == other.substr(0, length) && std::max(one.size(), other.size()) - length <= enough;
}

std::string_view excerpt(std::string_view text) {
    if (text.size() <= excerpt_limit) return text;
    auto end = text.find_last_of(" \n", excerpt_limit);
    return text.substr(0, end == std::string_view::npos || end == 0 ? excerpt_limit : end);
}

// The text in pieces: words that are hits, and what stands between them.
class pieces {
public:
    void add(std::string_view text, bool is_hit) {
        if (is_hit != is_hit_) end();
        text_ += text, is_hit_ = is_hit;
    }
    nlohmann::json all() {
        end();
        return std::move(all_);
    }

private:
    void end() {
        if (text_.empty()) return;
        auto& piece = all_.emplace_back(nlohmann::json::object()); // filled name by name: an excerpt has dozens
        piece["text"] = std::exchange(text_, {}), piece["is_hit"] = is_hit_;
    }
    nlohmann::json all_ = nlohmann::json::array();
    std::string text_;
    bool is_hit_ = false;
};

} // namespace

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    auto folded = model::text::fold(text);
    constexpr std::size_t shortest = 3;
    for (std::size_t at = 0; at < folded.size();) {
        auto end = std::min(folded.find_first_of(" ,;:.|/_", at), folded.size());
        if (end - at >= shortest) out.push_back(folded.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

nlohmann::json marked(std::string_view text, const std::vector<std::string>& wanted) {
    pieces out;
    auto shown = excerpt(text);
    for (std::size_t at = 0; at < shown.size();) {
        auto end = at;
        while (end < shown.size() && is_word_byte(shown[end]) == is_word_byte(shown[at])) ++end;
        auto piece = shown.substr(at, end - at);
        auto word = is_word_byte(piece.front()) ? model::text::fold(piece) : std::string{};
        auto is_hit = !word.empty() && std::any_of(wanted.begin(), wanted.end(), [&](const auto& each) { return begin_alike(word, each); });
        out.add(piece, is_hit);
        at = end;
    }
    if (shown.size() < text.size()) out.add(" [...]", false);
    return out.all();
}

} // namespace relais::api::highlight

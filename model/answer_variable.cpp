// SPDX-License-Identifier: EUPL-1.2
#include "model/answer_variable.hpp"

#include "model/text.hpp"

#include <algorithm>
#include <iterator>

namespace relais::model::answer_variables {

namespace {

constexpr std::size_t longest_bytes = 40; // a variable's name

// Which variable these words between braces are: its place in `names`, or their number.
std::size_t place_of(std::string_view inside) {
    static const auto folded = [] {
        std::array<std::string, names.size()> out;
        std::transform(names.begin(), names.end(), out.begin(), [](auto each) { return text::fold(each); });
        return out;
    }();
    auto wanted = text::fold(inside);
    return static_cast<std::size_t>(std::distance(folded.begin(), std::find(folded.begin(), folded.end(), wanted)));
}

// Calls found(before, braces, place) for each pair of braces on one line, then found(rest, "", number of names).
template <class Found> void each_braces(std::string_view text, Found found) {
    std::size_t done = 0;
    for (auto open = text.find('{'); open != std::string_view::npos;) {
        auto close = text.find_first_of("{}\n", open + 1);
        if (close == std::string_view::npos) break;
        if (text[close] != '}' || close - open > longest_bytes) {
            open = text.find('{', open + 1);
            continue;
        }
        found(text.substr(done, open - done), text.substr(open, close - open + 1), place_of(text.substr(open + 1, close - open - 1)));
        done = close + 1;
        open = text.find('{', done);
    }
    found(text.substr(done), std::string_view{}, names.size());
}

} // namespace

std::string fill(std::string_view text, const values& known) {
    const std::array<const std::string*, names.size()> by_place = {&known.name, &known.reference, &known.dossier_status,
                                                                   &known.announced_delay};
    std::string out;
    each_braces(text, [&](std::string_view before, std::string_view braces, std::size_t place) {
        out += before;
        out += place < names.size() && !by_place[place]->empty() ? std::string_view(*by_place[place]) : braces;
    });
    return out;
}

std::vector<std::string> left(std::string_view text) {
    std::vector<std::string> out;
    each_braces(text, [&](std::string_view, std::string_view braces, std::size_t place) {
        if (place < names.size()) out.emplace_back(braces);
    });
    return out;
}

std::vector<std::string> unknown(std::string_view text) {
    std::vector<std::string> out;
    each_braces(text, [&](std::string_view, std::string_view braces, std::size_t place) {
        if (place == names.size() && !braces.empty()) out.emplace_back(braces);
    });
    return out;
}

} // namespace relais::model::answer_variables

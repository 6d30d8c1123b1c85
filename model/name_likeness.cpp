// SPDX-License-Identifier: EUPL-1.2
#include "model/name_likeness.hpp"

#include "model/dossier_keys.hpp"
#include "model/first_names.hpp"

#include <algorithm>
#include <array>

namespace relais::model {

namespace {

constexpr std::size_t typo_from_letters = 5, word_from_letters = 4, compared_limit = 256;
constexpr std::array<std::string_view, 4> particles = {"d", "de", "du", "des"};

words without_particles(const words& name) {
    words out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (std::find(particles.begin(), particles.end(), name[i]) != particles.end()) continue;
        // "de la Tour" is Tour, but "La Tour" and "Le Gall" are whole names.
        if (i > 0 && name[i] == "la" && name[i - 1] == "de") continue;
        if (i > 0 && name[i] == "l" && name[i - 1] == "de") continue;
        out.push_back(name[i]);
    }
    return out;
}

words both(words a, const words& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

bool has_word(const words& name, const std::string& word) { return std::find(name.begin(), name.end(), word) != name.end(); }

// "Martin" of "Martin Durand": one whole word of a name of several.
bool is_part(const words& some, const words& name) {
    if (some.empty() || some.size() >= name.size()) return false;
    auto is_known = [&name](const std::string& each) { return each.size() >= word_from_letters && has_word(name, each); };
    return std::all_of(some.begin(), some.end(), is_known);
}

bool starts_with(const words& all, const words& beginning) {
    return beginning.size() <= all.size() && std::equal(beginning.begin(), beginning.end(), all.begin());
}

// The first words of a list, run together, are this text.
bool is_beginning(std::string_view text, const words& list) {
    std::string so_far;
    for (const auto& each : list) {
        so_far += each;
        if (so_far == text) return true;
        if (!text.starts_with(so_far)) return false;
    }
    return false;
}

// Louis and Louise, Mario and Maria: two people rather than a typing error.
bool differ_by_ending(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) std::swap(a, b);
    constexpr std::string_view endings = "aeo";
    if (endings.find(b.back()) == std::string_view::npos) return false;
    if (b.size() == a.size() + 1) return b.starts_with(a);
    return a.size() == b.size() && a.substr(0, a.size() - 1) == b.substr(0, b.size() - 1) &&
           endings.find(a.back()) != std::string_view::npos;
}

// Letters that both begin or end with are no errors: most names that are compared differ at once.
void drop_what_is_common(std::string_view& a, std::string_view& b) {
    auto begins = static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
    a.remove_prefix(begins), b.remove_prefix(begins);
    auto ends = static_cast<std::size_t>(std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first - a.rbegin());
    a.remove_suffix(ends), b.remove_suffix(ends);
}

} // namespace

std::size_t typing_errors(std::string_view a, std::string_view b, std::size_t limit) {
    auto apart = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (apart > limit || std::max(a.size(), b.size()) > compared_limit) return limit + 1;
    drop_what_is_common(a, b);
    std::array<std::array<std::size_t, compared_limit + 1>, 3> rows;
    auto *row = rows[0].data(), *above = rows[1].data(), *before = rows[2].data(); // this one, the one before, the one before that
    for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        auto least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            auto cost = a[i - 1] == b[j - 1] ? std::size_t{0} : std::size_t{1};
            auto best = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + cost});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = std::min(best, before[j - 2] + 1);
            row[j] = best;
            least = std::min(least, best);
        }
        if (least > limit + 1) return limit + 1; // a swap may still reach back one row, hence the 1
        std::swap(before, above);
        std::swap(above, row);
    }
    return std::min(above[b.size()], limit + 1);
}

likeness compare_name(const words& typed, const words& name) {
    if (typed.empty() || name.empty()) return likeness::unknown;
    auto a = dossiers::squeezed(typed), b = dossiers::squeezed(name);
    if (a == b) return likeness::same;
    auto plain_a = dossiers::squeezed(without_particles(typed)), plain_b = dossiers::squeezed(without_particles(name));
    if (!plain_a.empty() && plain_a == plain_b) return likeness::same;
    auto is_typo = [](const std::string& one, const std::string& other) {
        return std::min(one.size(), other.size()) >= typo_from_letters && typing_errors(one, other, 1) == 1;
    };
    if (is_typo(a, b) || is_typo(plain_a, plain_b)) return likeness::typo;
    if (is_part(typed, name) || is_part(name, typed)) return likeness::part;
    return likeness::other;
}

likeness compare_names(const words& typed, const words& birth_name, const words& usual_name) {
    auto best = std::max(compare_name(typed, birth_name), compare_name(typed, usual_name));
    // Unknown stands above other in the order, but a name that is said and differs is not unknown.
    if (best == likeness::unknown && !typed.empty() && (!birth_name.empty() || !usual_name.empty())) best = likeness::other;
    if (birth_name.empty() || usual_name.empty()) return best;
    return std::max({best, compare_name(typed, both(birth_name, usual_name)), compare_name(typed, both(usual_name, birth_name))});
}

likeness compare_first_names(const words& typed, const words& first_names) {
    if (typed.empty() || first_names.empty()) return likeness::unknown;
    if (starts_with(first_names, typed) || starts_with(typed, first_names)) return likeness::same;
    auto a = dossiers::squeezed(typed), b = dossiers::squeezed(first_names);
    if (a == b) return likeness::same;
    if (typed.size() == 1 && a.size() == 1) return a[0] == b[0] ? likeness::unknown : likeness::other;
    if (is_beginning(a, first_names) || is_beginning(b, typed)) return likeness::same; // "Jeanpierre" for "Jean-Pierre Marie"
    auto shared = static_cast<std::ptrdiff_t>(std::min(typed.size(), first_names.size()));
    auto beginning = dossiers::squeezed(words(first_names.begin(), first_names.begin() + shared));
    for (const auto& whole : {beginning, first_names.front(), b}) {
        if (std::min(a.size(), whole.size()) < 2) continue;
        if (differ_by_ending(a, whole) || are_two_first_names(a, whole)) return likeness::pair;
        if (std::min(a.size(), whole.size()) >= typo_from_letters && typing_errors(a, whole, 1) == 1) return likeness::typo;
    }
    if (has_word(first_names, typed.front())) return likeness::part;
    return likeness::other;
}

} // namespace relais::model

// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/words.hpp"

#include <catch2/catch.hpp>

using namespace relais::model::grouping;

namespace {

std::string read(std::string_view text, language in = language::french) {
    std::string all;
    for (const auto& each : read_words(text, in)) all += (all.empty() ? "" : " ") + each.folded;
    return all;
}

} // namespace

TEST_CASE("what identifies one person is read as its kind", "[grouping][words]") {
    CHECK(read("écrire à paul.renard@example.org demain") == "ecrire <mail> demain");
    CHECK(read("@ a@ @b a@b.fr, (x@y.example)") == "<mail> <mail>");
    CHECK(read("voir https://example.org/page?x=1 et www.example.org") == "voir <link> <link>");
    CHECK(read("NEPH 120700340056, joindre 06 39 98 41 07, né le 12/03/1991") == "neph <number> joindre <number> <date>");
    CHECK(read("code 7O4KD2M9OPQ1ZT5W8LB3XA") == "code <code>");
    CHECK(read("erreur PGA-2101, écran 404") == "erreur pga-2101 ecran 404");
}

TEST_CASE("every text comes to an end, wherever it is cut", "[grouping][words]") {
    const std::string text =
        "Joindre a@b ou @@@ \"paul@example.org\"; 06 39-98/41 07 l'@ 12h30 www. http:// é@\xff é -- PGA- -2101- 1.2.3.4.5.6.7.8.9";
    for (std::size_t from = 0; from < text.size(); ++from)
        for (std::size_t length = 1; length <= text.size() - from; ++length)
            REQUIRE(read_words(std::string_view(text).substr(from, length), language::english).size() <= length);
}

// SPDX-License-Identifier: EUPL-1.2
#include "model/text.hpp"

#include "tests/support/checked.hpp"

#include <catch2/catch.hpp>
#include <ctime>

using namespace relais;
using namespace std::string_literals;
using model::verdict;
namespace text = model::text;

TEST_CASE("a line is trimmed, composed and freed of direction marks", "[text]") {
    const std::pair<std::string, std::string> cases[] = {
        {"Dupont", "Dupont"},
        {"", ""},
        {" \t Dupont \r\n", "Dupont"},
        {"\u00A0Dupont\u202F", "Dupont"},
        {"e\u0301le\u0300ve", "élève"},
        {"\uFEFFDupont", "Dupont"},
        {"\u200E Dupont \u200F", "Dupont"},
        {"admin\u202Egpj.exe", "admingpj.exe"},
        {"a\u2066b\u2069c\u061Cd", "abcd"},
        {"Nguyễn Thị Ánh", "Nguyễn Thị Ánh"},
        {"محمد", "محمد"},
        {"👍🏽", "👍🏽"},
    };
    for (const auto& [typed, kept] : cases) {
        INFO(typed);
        CHECK(text::clean_line(typed, 200) == kept);
    }
}

TEST_CASE("a line refuses bytes that are not text, and says why", "[text]") {
    const std::pair<std::string, std::string> cases[] = {
        {"a\0b"s, "control"},
        {"a\nb", "control"},
        {"a\tb", "control"},
        {"a\x1B[31m", "control"},
        {"a\x7F", "control"},
        {"a\u0085b", "control"},
        {"a\u2028b", "control"},
        {"a\xC0\x80", "malformed"},
        {"a\xE0\x80\xAF", "malformed"},
        {"a\xED\xA0\x80", "malformed"},
        {"a\xF4\x90\x80\x80", "malformed"},
        {"a\xFF", "malformed"},
        {"a\xC3", "malformed"},
        {"a\x80", "malformed"},
        {"a\uFFFE", "malformed"},
    };
    for (const auto& [typed, code] : cases) {
        INFO(typed);
        CHECK(text::check_line(typed, 200).code == code);
        CHECK(!text::clean_line(typed, 200));
    }
}

TEST_CASE("a message keeps its lines and its script", "[text]") {
    CHECK(text::clean_message("a\r\nb\rc\n\td \n") == "a\nb\nc\n\td");
    CHECK(text::clean_message("\u202Bשלום\u202C x") == "\u202Bשלום\u202C x");
    CHECK(text::check_message("a\0b"s).code == "control");
    CHECK(text::check_message("a\x0B"
                              "b")
              .code == "control");
    CHECK(text::check_message("a\xC0\x80").code == "malformed");
}

TEST_CASE("limits count code points after cleaning, on both sides", "[text]") {
    const std::string four = "é👍a\u0301b"; // a and its accent compose
    CHECK(text::clean_line(four, 4) == "é👍áb");
    CHECK(text::check_line(four, 3).code == "too_long");
    CHECK(text::clean_line(" " + std::string(200, 'x') + " ", 200)->size() == 200);
    CHECK(text::check_line(std::string(201, 'x'), 200).code == "too_long");
    CHECK(text::check_line(std::string(1 << 20, 'x'), 200).code == "too_long");
    CHECK(text::clean_message(std::string(20000, 'x')));
    CHECK(!text::clean_message(std::string(20001, 'x')));
}

TEST_CASE("thousands of accents on one letter cost neither time nor memory", "[text]") {
    std::string hostile = "a", innocent = "a";
    for (int i = 0; i < 9000; ++i) hostile += "\u0301\u0316"; // each has to be sorted before those already there
    for (int i = 0; i < 9000; ++i) innocent += "\u00e9\u00e8";
    auto processor_seconds = [](const std::string& typed) {
        const auto start = std::clock();
        REQUIRE(text::clean_message(typed));
        REQUIRE_FALSE(text::fold(typed).empty());
        return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    };
    CHECK(processor_seconds(hostile) < 20 * processor_seconds(innocent) + 0.05); // sorted naively: a thousand times
    const auto kept = text::clean_message(hostile);
    REQUIRE(kept);
    CHECK(text::code_points(*kept) <= 31);
    CHECK(text::fold(hostile) == "a");
}

TEST_CASE("folding leaves what two spellings of a name have in common", "[text]") {
    const std::pair<std::string, std::string> cases[] = {
        {"  Jean-François d’Œuvre ", "jean francois d oeuvre"},
        {"N'DIAYE", "n diaye"},
        {"Straße", "strasse"},
        {"Łukasz Ørsted Æsir", "lukasz orsted aesir"},
        {"ﬁn", "fin"},
        {"İpek Yıldız", "ipek yildiz"},
        {"Ｄｕｐｏｎｔ", "dupont"},
        {"Nguye\u0302\u0303n", "nguyen"},
        {"Nguyễn", "nguyen"},
        {"a - b", "a b"},
        {"a\u00A0b\u00ADc\u2010d\n e", "a b c d e"},
        {"ΣΊΣΥΦΟΣ", "σισυφοσ"},
        {"", ""},
        {" - ", ""},
        {"bad\xFF", "bad\uFFFD"},
    };
    for (const auto& [given, folded] : cases) {
        INFO(given);
        CHECK(text::fold(given) == folded);
        CHECK(text::fold(folded) == folded);
    }
}

TEST_CASE("code points are counted, a malformed byte for one", "[text]") {
    CHECK(text::code_points("") == 0);
    CHECK(text::code_points("é👍a") == 3);
    CHECK(text::code_points("\xFF\xFE") == 2);
}

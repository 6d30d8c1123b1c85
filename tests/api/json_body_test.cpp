// SPDX-License-Identifier: EUPL-1.2
#include "api/json_body.hpp"

#include "api/malformed.hpp"

#include <catch2/catch.hpp>

using namespace relais::api;

namespace {

std::pair<std::string, std::size_t> fault_of(const std::string& text) {
    try {
        json_body::parse(text);
    } catch (const malformed& why) {
        return {why.code, why.position};
    }
    return {"", 0};
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string array_of(std::size_t count) {
    std::string out = "[0";
    for (std::size_t i = 1; i < count; ++i) out += ",0";
    return out + "]";
}

} // namespace

TEST_CASE("ordinary JSON is read whole", "[json_body]") {
    auto text = R"({"a":[1,-2,3.5,true,false,null,{}],"b":{"c":"é😀\n"},"d":18446744073709551615})";
    auto value = json_body::parse(text);
    CHECK(value["a"].size() == 7);
    CHECK(value["b"]["c"] == "é😀\n");
    CHECK(value["d"].get<std::uint64_t>() == 18446744073709551615U);
    CHECK(json_body::parse(json_body::dump(value)) == value);
    CHECK(json_body::parse(" \"seul\" ") == "seul");
    CHECK(json_body::parse("[[],{}]").size() == 2);
}

TEST_CASE("what another reader could understand otherwise is refused, with its position", "[json_body]") {
    struct {
        std::string text, code;
        std::size_t position;
    } cases[] = {
        {R"({"a":1,"a":2})", "json_duplicate_key", 10},
        {R"({"a":1,"b":{"c":1,"c":1}})", "json_duplicate_key", 21},
        {R"({"a":1,"\u0061":2})", "json_duplicate_key", 15},
        {R"(["\u0000"])", "json_nul", 9},
        {R"({"\u0000":1})", "json_nul", 9},
        {"", "json_syntax", 0},
        {"{", "json_syntax", 1},
        {"[1,]", "json_syntax", 3},
        {"[1] x", "json_syntax", 4},
        {"NaN", "json_syntax", 0},
        {"[Infinity]", "json_syntax", 1},
        {"[-Infinity]", "json_syntax", 2},
        {"[1e999]", "json_syntax", 5},
        {"[01]", "json_syntax", 2},
        {"{'a':1}", "json_syntax", 1},
        {"[1 /* a */]", "json_syntax", 3},
        {"[\"\xFF\"]", "json_syntax", 2},
        {"[\"\xC0\xAF\"]", "json_syntax", 2},
        {R"(["\ud800"])", "json_syntax", 8},
        {"[\"a\nb\"]", "json_syntax", 3},
    };
    for (const auto& one : cases) {
        INFO(one.text);
        auto [code, position] = fault_of(one.text);
        CHECK(code == one.code);
        CHECK(position == one.position);
    }
}

TEST_CASE("the limits of JSON hold on both sides", "[json_body]") {
    CHECK(fault_of(nested(32)).first.empty());
    CHECK(fault_of(nested(33)).first == "json_depth");
    CHECK(fault_of(nested(100'000)).first == "json_depth");
    CHECK(fault_of(array_of(9'999)).first.empty());
    CHECK(fault_of(array_of(10'000)).first == "json_too_many");
    CHECK(fault_of("{\"" + std::string(128, 'k') + "\":1}").first.empty());
    CHECK(fault_of("{\"" + std::string(129, 'k') + "\":1}").first == "json_key_too_long");
}

TEST_CASE("an old row that is not UTF-8 never makes an answer fail", "[json_body]") {
    CHECK(json_body::dump("a\xFFz") == "\"a\xEF\xBF\xBDz\"");
}

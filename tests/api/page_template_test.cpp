// SPDX-License-Identifier: EUPL-1.2
#include "api/page_template.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using nlohmann::json;

namespace {

std::string write(const std::string& source, const json& data) {
    std::string out;
    api::page_template(source).write(out, data);
    return out;
}

} // namespace

TEST_CASE("a page shows texts and numbers, escaped, and nothing for what is not one", "[pages]") {
    struct row {
        json value;
        std::string shown;
    };
    for (const auto& [value, shown] : std::vector<row>{{"<a href=\"x\">'&'</a>", "&lt;a href=&quot;x&quot;&gt;&apos;&amp;&apos;&lt;/a&gt;"},
                                                       {"{{x}}", "{{x}}"},
                                                       {"", ""},
                                                       {0, "0"},
                                                       {-3, "-3"},
                                                       {1.5, "1.5"},
                                                       {true, ""},
                                                       {nullptr, ""},
                                                       {json::object(), ""},
                                                       {json::array({1}), ""}})
        CHECK(write("[{{x}}|{{ x }}]", {{"x", value}}) == "[" + shown + "|" + shown + "]");
    CHECK(write("[{{x}}]", json::object()) == "[]");
    CHECK(api::html_escape("Zoé & \"Cie\"") == "Zoé &amp; &quot;Cie&quot;");
}

TEST_CASE("a section shows each line of a list, and finds outside what the line does not have", "[pages]") {
    json data = {{"who", "Zoé"}, {"lines", {{{"name", "un"}}, {{"name", "deux"}, {"who", "Ali"}}, {{"name", "trois"}, {"who", ""}}}}};
    CHECK(write("{{#lines}}{{name}} {{who}};{{/lines}}", data) == "un Zoé;deux Ali;trois ;");
    CHECK(write("{{#words}}<{{.}}>{{/words}}", {{"words", {"a", "&", 3}}}) == "<a><&amp;><3>");
    CHECK(write("{{#a}}{{b.c}}{{#b}}{{c}}{{/b}}{{/a}}", {{"a", {{"b", {{"c", "x"}}}}}}) == "xx");
    CHECK(write("{{b.c}}|{{b.d}}|{{b.c.e}}|{{z.c}}", {{"b", {{"c", "x"}}}}) == "x|||");
    CHECK(write("{{#b}}{{#lines}}{{b.c}}{{/lines}}{{/b}}", {{"b", {{"c", "x"}, {"lines", {json::object(), {{"b", {{"c", "y"}}}}}}}}}) ==
          "xy");
}

TEST_CASE("a section within the same section is closed by its own end", "[pages]") {
    json data = {{"a", {{{"a", {{{"x", 1}}, {{"x", 2}}}}, {"y", 0}}}}};
    CHECK(write("{{#a}}({{#a}}{{x}}{{/a}}{{y}}){{/a}}{{^a}}none{{/a}}!", data) == "(120)!");
    CHECK(write("{{#a}}({{x}}){{/a}}{{^a}}none{{#b}} but b{{/b}}{{/a}}!", {{"a", json::array()}, {"b", true}}) == "none but b!");
}

TEST_CASE("a section alone on its line leaves no line behind", "[pages]") {
    json data = {{"lines", {"a", "b"}}};
    CHECK(write("<ul>\n  {{#lines}}\n  <li>{{.}}</li>\n  {{/lines}}\n</ul>\n", data) == "<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>\n");
    CHECK(write("{{#lines}}\r\n{{.}}\r\n{{/lines}}", data) == "a\r\nb\r\n");
    CHECK(write("  {{^none}}\nx\n  {{/none}}", data) == "x\n");
    CHECK(write("<p> {{#lines}}{{.}} {{/lines}} </p>", data) == "<p> a b  </p>");
}

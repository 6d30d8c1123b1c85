// SPDX-License-Identifier: EUPL-1.2
#include "api/pages.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <thread>
#include <vector>

using namespace relais;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// The real templates, beside which a test may put its own.
class template_folder {
public:
    template_folder() {
        write("templates/locales/fr.json", R"({"title": {"a": "Titre de {name}"}, "hello": "Bonjour {name} !", "fault": "Trop <court>"})");
        write("templates/locales/en.json", R"({"title": {"a": "Title of {name}"}, "hello": "Hello {name}!", "fault": "Too <short>"})");
        write("templates/parts/layout.html", "<title>{{page_title}}</title>{{> content}}");
    }
    void write(const std::string& name, const std::string& text) {
        auto file = folder_.path(name);
        fs::create_directories(fs::path(file).parent_path());
        std::ofstream(file) << text;
    }
    std::string show(const std::string& source, const json& data, const std::string& language = "fr") {
        write("templates/a.html", source);
        return api::pages(folder_.path()).render("a", language, data);
    }
    std::string path() const { return folder_.path(); }

private:
    tests::temporary_folder folder_;
};

} // namespace

TEST_CASE("a page shows its texts in the person's language and escapes what people wrote", "[pages]") {
    template_folder at;
    auto data = json{{"name", "<Zoé> & \"Cie\""}};
    CHECK(at.show("<p>{{t.hello}}</p>", data) ==
          "<title>Titre de &lt;Zoé&gt; &amp; &quot;Cie&quot;</title><p>Bonjour &lt;Zoé&gt; &amp; &quot;Cie&quot;\u202f!</p>");
    CHECK(at.show("<p>{{t.hello}}</p>", {{"name", "Zoé"}}, "en") == "<title>Title of Zoé</title><p>Hello Zoé!</p>");
    CHECK(at.show("{{t.fault}}{{name}}", {{"name", "{{t.hello}}{{> parts}}"}}).ends_with("Trop &lt;court&gt;{{t.hello}}{{&gt; parts}}"));
}

TEST_CASE("what is empty is absent, and a number is there even when it is zero", "[pages]") {
    template_folder at;
    auto source = "{{#x}}yes{{/x}}{{^x}}no{{/x}}";
    struct row {
        json value;
        std::string shown;
    };
    for (const auto& [value, shown] : std::vector<row>{{"", "no"},
                                                       {json::array(), "no"},
                                                       {nullptr, "no"},
                                                       {false, "no"},
                                                       {"a", "yes"},
                                                       {0, "yes"},
                                                       {true, "yes"},
                                                       {json::object(), "yes"}})
        CHECK(at.show(source, {{"x", value}, {"name", "n"}}) == "<title>Titre de n</title>" + shown);
}

TEST_CASE("a fault's text is said in the person's language, with the value it quotes", "[pages]") {
    template_folder at;
    auto data = json{{"name", "n"}, {"faults", json::array({{{"t:message", "hello"}, {"name", "Zoé"}}, {{"t:message", "unknown.key"}}})}};
    CHECK(at.show("{{#faults}}[{{message}}]{{/faults}}", data, "en").ends_with("[Hello Zoé!][unknown.key]"));
}

TEST_CASE("a template that could not be trusted stops the start", "[pages]") {
    template_folder at;
    struct row {
        std::string source, why;
    };
    std::string deep;
    for (int i = 0; i < 13; ++i) deep += "{{#x}}";
    for (int i = 0; i < 13; ++i) deep += "{{/x}}";
    for (const auto& [source, why] : std::vector<row>{{"{{{name}}}", "escaped"},
                                                      {"{{& name}}", "escaped"},
                                                      {"{{=<% %>=}}", "not allowed"},
                                                      {"{{t.absent}}", "t"},
                                                      {"{{> absent}}", "cannot be read"},
                                                      {"{{#a}}", "is not closed"},
                                                      {"{{#a}}{{/b}}", "where it is not open"},
                                                      {"{{#a}}{{#b}}{{/a}}{{/b}}", "where it is not open"},
                                                      {"{{/a}}", "where it is not open"},
                                                      {"{{name", "not closed"},
                                                      {deep, "too deep"}}) {
        at.write("templates/a.html", source);
        CHECK_THROWS_WITH(api::pages(at.path()), Catch::Contains(why));
    }
    at.write("templates/a.html", deep.substr(6, deep.size() - 12)); // twelve is allowed
    CHECK_NOTHROW(api::pages(at.path()));
    at.write("templates/parts/loop.html", "{{> loop}}");
    at.write("templates/a.html", "{{> loop}}");
    CHECK_THROWS_WITH(api::pages(at.path()), Catch::Contains("without end"));
}

TEST_CASE("both languages have the same texts, quoting the same values", "[pages]") {
    template_folder at;
    at.write("templates/a.html", "x");
    at.write("templates/locales/en.json", R"({"title": {"a": "Title of {name}"}, "hello": "Hello {nom}!", "fault": "x"})");
    CHECK_THROWS_WITH(api::pages(at.path()), Catch::Contains("hello"));
    at.write("templates/locales/en.json", R"({"title": {"a": "Title of {name}"}, "hello": "Hello {name}!"})");
    CHECK_THROWS_WITH(api::pages(at.path()), Catch::Contains("fault"));
}

TEST_CASE("several threads render one page at once, each with its own data", "[pages]") {
    template_folder at;
    at.write("templates/a.html", "{{#items}}<i>{{.}}</i>\n{{/items}}{{t.hello}}");
    api::pages pages(at.path());
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int thread = 0; thread < 4; ++thread)
        threads.emplace_back([&, thread] {
            auto name = "n" + std::to_string(thread);
            auto data = json{{"name", name}, {"items", {name, name}}};
            auto expected = "<title>Titre de " + name + "</title><i>" + name + "</i>\n<i>" + name + "</i>\nBonjour " + name + "\u202f!";
            for (int turn = 0; turn < 300; ++turn)
                if (pages.render("a", "fr", data) != expected) ++wrong;
        });
    for (auto& each : threads) each.join();
    CHECK(wrong == 0);
}

TEST_CASE("the real pages compile, and each has a title of its own in both languages", "[pages]") {
    api::pages pages(".", "build/assets");
    CHECK(pages.names().size() > 5);
    for (auto language : api::languages) {
        std::set<std::string> titles;
        for (const auto& name : pages.names()) {
            if (name.starts_with("print/") || name.starts_with("fragment/")) continue;
            auto key = "title." + name;
            std::replace(key.begin(), key.end(), '/', '.');
            CHECK(titles.insert(pages.texts().get(language, key)).second);
        }
    }
}

TEST_CASE("templates hold no script, no style and no attribute without quotes", "[pages]") {
    for (const auto& entry : fs::recursive_directory_iterator("templates")) {
        if (entry.path().extension() != ".html") continue;
        std::ifstream in(entry.path());
        std::string text{std::istreambuf_iterator<char>(in), {}};
        INFO(entry.path());
        CHECK(text.find("{{{") == std::string::npos);
        CHECK(text.find("{{&") == std::string::npos);
        CHECK(text.find("javascript:") == std::string::npos);
        CHECK(text.find("={{") == std::string::npos);
        CHECK_FALSE(std::regex_search(text, std::regex("<[^>]* on[a-z]+=")));
        if (entry.path().string().find("/mail/") != std::string::npos) continue;
        CHECK(text.find("style=") == std::string::npos);
        CHECK(text.find("<style") == std::string::npos);
        CHECK(text.find("<script>") == std::string::npos);
    }
}

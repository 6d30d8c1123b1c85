// SPDX-License-Identifier: EUPL-1.2
#include "api/console_menu.hpp"
#include "api/routes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace relais;

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

// Every template of the console, with the parts that frame it.
std::map<std::string, std::string> templates() {
    std::map<std::string, std::string> out = {{"parts/console.html", text_of("templates/parts/console.html")}};
    for (const auto& each : std::filesystem::directory_iterator("templates/console"))
        out["console/" + each.path().filename().string()] = text_of(each.path());
    return out;
}

// A template with its parts put in, as the server does.
std::string with_parts(std::string text) {
    for (auto at = text.find("{{> "); at != std::string::npos; at = text.find("{{> ", at)) {
        auto end = text.find("}}", at);
        auto name = text.substr(at + 4, end - at - 4);
        text.replace(at, end + 2 - at, name == "content" ? "" : text_of("templates/parts/" + name + ".html"));
    }
    return text;
}

// The tag that begins at or before a place.
std::string tag_around(const std::string& text, std::size_t at) {
    auto begin = text.rfind('<', at), end = text.find('>', at);
    return begin == std::string::npos || end == std::string::npos ? "" : text.substr(begin, end - begin);
}

// The tags that begin so, in a page.
std::vector<std::string> tags(const std::string& page, const std::string& begins) {
    std::vector<std::string> out;
    for (auto at = page.find(begins); at != std::string::npos; at = page.find(begins, at + 1)) out.push_back(tag_around(page, at));
    return out;
}

// True when a link or a form leads there, with or without what was chosen on the page, and a key presses it: on the link itself, or on the
// button of the form.
bool has_key(const std::string& text, const std::string& path) {
    for (const auto* attribute : {"href=\"", "action=\""})
        for (auto at = text.find(attribute + path); at != std::string::npos; at = text.find(attribute + path, at + 1)) {
            auto after = text.substr(at + std::string_view(attribute).size() + path.size());
            if (!after.starts_with('"') && !after.starts_with("{{")) continue; // another page's address that begins so
            if (tag_around(text, at).find("data-relais-key=") != std::string::npos) return true;
            auto is_form = std::string_view(attribute) == "action=\"";
            if (is_form && text.substr(at, text.find("</form>", at) - at).find("data-relais-key=") != std::string::npos) return true;
        }
    return false;
}

// What is no page of its own: pieces of pages, the stream, the feed for other programs, and where the search box leads.
const std::set<std::string> pieces = {"/console/",
                                      "/console/tickets/counts",
                                      "/console/views/counts",
                                      "/console/alertes/nouvelles",
                                      "/console/recherche/apercu",
                                      "/console/calls/current",
                                      "/console/stream",
                                      "/console/shares/feed"};

} // namespace

TEST_CASE("every page of the console is a key away from another", "[console_keys]") {
    auto all = templates();
    for (const auto& each : api::routes()) {
        std::string path(each.pattern);
        if (each.method != "GET" || !path.starts_with("/console/") || path.find('{') != std::string::npos || pieces.contains(path))
            continue;
        auto menu = api::console_menu::all();
        auto is_reached = std::any_of(menu.begin(), menu.end(), [&](const auto& one) { return one.address == path && !one.key.empty(); });
        for (const auto& [name, text] : all) is_reached |= has_key(text, path);
        INFO(path);
        CHECK(is_reached);
    }
}

TEST_CASE("the command box leads to every page of the console", "[console_keys]") {
    auto all = api::console_menu::all();
    for (const auto& each : api::routes()) {
        std::string path(each.pattern);
        if (each.method != "GET" || !path.starts_with("/console/") || path.find('{') != std::string::npos || pieces.contains(path))
            continue;
        if (path == "/console/shares/comparison") continue; // of two weeks, which its form asks for
        INFO(path);
        CHECK(std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.address == path; }));
    }
}

TEST_CASE("every form of the console is sent, or gone to, by a key", "[console_keys]") {
    auto holds_key = [](const std::string& text) {
        return text.find("data-relais-key=\"") != std::string::npos || text.find("data-relais-focus=\"") != std::string::npos ||
               text.find("data-key=\"") != std::string::npos;
    };
    int count = 0;
    for (const auto& [name, text] : templates()) {
        auto page = with_parts(text);
        for (auto at = page.find("<form method=\"post\""); at != std::string::npos; at = page.find("<form method=\"post\"", at + 1)) {
            auto form = page.substr(at, page.find("</form>", at) - at);
            INFO(name << ": " << form.substr(0, form.find('>')));
            CHECK(holds_key(form));
            ++count;
        }
    }
    CHECK(count > 80); // what is read are the forms
}

TEST_CASE("every list of the console turns its page by a key", "[console_keys]") {
    int count = 0;
    for (const auto& [name, text] : templates())
        for (const auto* address : {"{{next_address}}", "{{previous_address}}", "{{first_address}}", "{{next}}", "{{previous}}"})
            for (const auto& tag : tags(with_parts(text), "<a ")) {
                if (tag.find("href=\"" + std::string(address) + "\"") == std::string::npos) continue;
                INFO(name << ": " << tag);
                CHECK(tag.find("data-relais-key=") != std::string::npos);
                ++count;
            }
    CHECK(count >= 15); // what is read are the pagers
}

TEST_CASE("every box to tick on the line of a list is ticked by a key", "[console_keys]") {
    for (const auto* name : {"tickets", "letters", "incident_tickets"})
        for (const auto& tag : tags(templates().at(std::string("console/") + name + ".html"), "<input type=\"checkbox\"")) {
            if (tag.find("{{reference}}") == std::string::npos) continue; // of a form, not of a line
            INFO(name << ": " << tag);
            CHECK(tag.find("data-relais-key=\"c\"") != std::string::npos);
        }
}

TEST_CASE("every link of the agent's workspace is followed by a key, or is the line of a list", "[console_keys]") {
    // The second best incident is said with the reasons, which a key unfolds; the views are numbered by the script.
    auto is_beside = [](const std::string& tag) {
        return tag.find("{{runner_up}}") != std::string::npos || tag.find("fr-tag") != std::string::npos ||
               tag.find("\"tel:") != std::string::npos;
    };
    for (const auto* name : {"tickets", "ticket", "search", "dossiers", "dossier", "calls", "call", "callbacks", "callback", "letters",
                             "notices", "canned_answers", "canned_answer", "reply_preview", "bulk_preview", "bulk_job", "bulk_jobs"})
        for (const auto& tag : tags(with_parts(templates().at(std::string("console/") + name + ".html")), "<a ")) {
            if (is_beside(tag)) continue;
            INFO(name << ": " << tag);
            CHECK((tag.find("data-relais-key=") != std::string::npos || tag.find("data-relais-row") != std::string::npos));
        }
}

TEST_CASE("the lines of every list of the console are walked with the keys j and k", "[console_keys]") {
    auto all = templates();
    for (const auto* name :
         {"tickets", "incidents", "incident_list", "incident_tickets", "incident_dossiers", "dossiers", "calls", "callbacks",
          "canned_answers", "notices", "bulk_jobs", "shares", "search", "letters", "dossier", "bulk_job", "rules"}) {
        INFO(name);
        CHECK(all.at(std::string("console/") + name + ".html").find(" data-relais-row>") != std::string::npos);
    }
}

TEST_CASE("no key of a page is another's on the same page", "[console_keys]") {
    auto keys_of = [](const std::string& text) {
        std::multiset<std::string> out;
        for (const std::string attribute : {"data-relais-key=\"", "data-relais-focus=\""})
            for (auto at = text.find(attribute); at != std::string::npos; at = text.find(attribute, at + 1)) {
                auto from = at + attribute.size();
                out.insert(text.substr(from, text.find('"', from) - from));
            }
        return out;
    };
    auto all = templates();
    std::multiset<std::string> frame;
    for (const auto& each : api::console_menu::all())
        if (!each.key.empty()) frame.emplace(each.key);
    frame.emplace("g z"); // signs out
    for (const auto& key : frame) CHECK(frame.count(key) == 1);
    for (const auto& [name, text] : all)
        for (const auto& key : keys_of(text)) {
            INFO(name << ": " << key);
            CHECK(!(key == "g" || key == "j" || key == "k"));
            if (name != "parts/console.html") CHECK(frame.count(key) == 0);
        }
}

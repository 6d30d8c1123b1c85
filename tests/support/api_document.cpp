// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/api_document.hpp"

#include "api/routes.hpp"
#include "tests/support/json_schema.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <regex>
#include <set>

namespace relais::tests::api_document {

namespace {

using nlohmann::json;

constexpr auto how = "in docs/api/parts/<noun>.json, then run `node docs/api/merge.mjs`";
const std::set<std::string> shared_statuses = {"400", "401", "403", "413", "429", "503"};

const json& document() {
    static const json read = [] {
        std::ifstream in("docs/api/openapi.json");
        return json::parse(in);
    }();
    return read;
}

const json& resolved(const json& what) {
    auto reference = what.find("$ref");
    return reference == what.end() ? what : document().at(json::json_pointer(reference->get<std::string>().substr(1)));
}

std::string verb_of(std::string_view method) {
    std::string out(method);
    std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
    return out;
}

std::string name_of(const api::route& route) { return std::string(route.method) + " " + std::string(route.pattern); }

const json* operation_of(const api::route& route) {
    auto item = document()["paths"].find(std::string(route.pattern));
    if (item == document()["paths"].end()) return nullptr;
    auto found = item->find(verb_of(route.method));
    return found == item->end() ? nullptr : &*found;
}

std::set<std::string>& tried() {
    static std::set<std::string> out;
    return out;
}

std::string content_type_of(const api::reply& answered) {
    for (const auto& [name, value] : answered.headers)
        if (name == "Content-Type") return value.substr(0, value.find(';'));
    return answered.content_type.empty() ? "application/json" : answered.content_type.substr(0, answered.content_type.find(';'));
}

void compare_headers(const json& response, const api::reply& answered, const std::string& where, std::vector<std::string>& out) {
    if (!response.contains("headers")) return;
    for (const auto& [name, described] : response["headers"].items()) {
        const auto& header = resolved(described);
        auto found =
            std::find_if(answered.headers.begin(), answered.headers.end(), [&n = name](const auto& each) { return each.first == n; });
        if (found == answered.headers.end()) {
            if (header.value("required", false)) out.push_back(where + " has no header " + name + ", which the document promises");
            continue;
        }
        auto pattern = header["schema"].value("pattern", "");
        if (!pattern.empty() && !std::regex_search(found->second, std::regex(pattern)))
            out.push_back(where + ": the header " + name + ": " + found->second + " does not match " + pattern);
    }
}

void compare_body(const json& response, const api::reply& answered, const std::string& where, std::vector<std::string>& out) {
    auto type = content_type_of(answered);
    const auto& contents = response.value("content", json::object());
    auto content = contents.contains(type) ? contents.find(type) : contents.find("*/*");
    if (content == contents.end()) {
        out.push_back(where + " is " + type + ", which is not described: add it " + how);
        return;
    }
    if (!answered.content_type.empty() && type != "application/json") return; // bytes
    auto body = answered.content_type.empty() ? answered.data : json::parse(answered.text);
    for (const auto& fault : json_schema::faults(document(), (*content)["schema"], body))
        out.push_back(where + ": " + fault + ". Correct it " + how);
}

void compare_request(const json& operation, const api::request& asked, const std::string& where, std::vector<std::string>& out) {
    for (const auto& [name, value] : asked.query) {
        auto known = operation.value("parameters", json::array());
        auto is_described = [&n = name](const json& each) { return resolved(each)["name"] == n; };
        if (std::none_of(known.begin(), known.end(), is_described))
            out.push_back(where + " was asked with ?" + name + "=, which is not described: add the parameter " + how);
    }
    if (!operation.contains("requestBody") || asked.body.empty()) return;
    for (const auto& fault :
         json_schema::faults(document(), operation["requestBody"]["content"]["application/json"]["schema"], json::parse(asked.body)))
        out.push_back(where + " took a body that is not described: " + fault + ". Correct it " + how);
}

} // namespace

std::vector<std::string> differences(const api::request& asked, const api::reply& answered) {
    auto match = api::find_route(asked.method, asked.path);
    if (!match.found || !asked.is_api()) return {};
    auto name = name_of(*match.found);
    const auto* operation = operation_of(*match.found);
    if (!operation) return {name + " is not described: add it " + how};
    auto status = std::to_string(answered.status);
    auto where = name + " answering " + status;
    auto response = (*operation)["responses"].find(status);
    if (response == (*operation)["responses"].end()) return {where + " is not described: add the response " + how};
    tried().insert(name + " " + status);
    std::vector<std::string> out;
    compare_headers(resolved(*response), answered, where, out);
    compare_body(resolved(*response), answered, where, out);
    if (answered.status < 300) compare_request(*operation, asked, where, out);
    return out;
}

std::vector<std::string> untried() {
    std::vector<std::string> out;
    for (const auto& route : api::routes()) {
        const auto* operation = operation_of(route);
        if (!operation) continue;
        for (const auto& [status, ignored] : (*operation)["responses"].items())
            if (!shared_statuses.contains(status) && !tried().contains(name_of(route) + " " + status))
                out.push_back("no test of tests/api has " + name_of(route) + " answer " + status +
                              ", which docs/api/openapi.json promises: add the test, or take the promise away");
    }
    return out;
}

std::vector<std::string> mismatches() {
    std::vector<std::string> out;
    std::set<std::string> built;
    for (const auto& route : api::routes()) {
        if (!route.pattern.starts_with("/api/v1/")) continue;
        built.insert(verb_of(route.method) + " " + std::string(route.pattern));
        if (!operation_of(route)) out.push_back(name_of(route) + " is not described: add it " + how);
    }
    for (const auto& [path, item] : document()["paths"].items())
        for (const auto& [verb, ignored] : item.items())
            if (!built.contains(verb + " " + path)) out.push_back(verb + " " + path + " is described and is no route of api/routes.cpp");
    return out;
}

} // namespace relais::tests::api_document

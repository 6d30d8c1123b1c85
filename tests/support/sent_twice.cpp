// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/sent_twice.hpp"

#include "api/routes.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <set>

namespace relais::tests::sent_twice {

namespace {

// Routes that say by other means what was already received, or change nothing.
const std::map<std::string, std::string> without_a_key = {
    {"POST /api/v1/cti", "an event is known by its call, kind, user and cause"},
    {"POST /api/v1/cti/{token}", "an event is known by its call, kind, user and cause"},
    {"POST /api/v1/dossiers/search", "asks, since names may not stand in an address"},
    {"POST /api/v1/rules/trial", "asks what a rule would have done, and does nothing"},
};

std::set<std::string>& tried() {
    static std::set<std::string> out;
    return out;
}

std::string name_of(const api::request& asked) {
    auto match = api::find_route(asked.method, asked.path);
    return match.found ? std::string(match.found->method) + " " + std::string(match.found->pattern) : std::string();
}

std::string status_of(const api::reply& answered) { return std::to_string(answered.status); }

} // namespace

bool prepare(api::request& asked) {
    auto name = name_of(asked);
    if (asked.method == "GET" || name.empty() || without_a_key.contains(name) || tried().contains(name)) return false;
    asked.headers.emplace("idempotency-key", "sent-twice " + asked.id); // unless the test gave one
    return true;
}

std::vector<std::string> differences(const api::request& asked, const api::reply& answered,
                                     const std::function<api::reply(api::request)>& ask) {
    if (answered.status < 200 || answered.status >= 300) return {};
    auto name = name_of(asked);
    if (!tried().insert(name).second) return {};
    std::vector<std::string> out;
    auto again = ask(asked);
    if (again.status != answered.status || again.data != answered.data)
        out.push_back(name + " sent twice under one key answers " + status_of(answered) + " " + answered.data.dump() + ", then " +
                      status_of(again) + " " + again.data.dump());
    auto other = asked;
    if (other.body.empty())
        other.headers["if-match"] = "\"999999\""; // part of what is asked
    else
        other.body += "\n"; // as a body it is another
    auto refused = ask(other);
    if (refused.status != 422 || refused.data["errors"][0]["field"] != "idempotency_key")
        out.push_back(name + " sent otherwise under a key that was used answers " + status_of(refused) + " instead of 422");
    return out;
}

std::vector<std::string> untried() {
    std::vector<std::string> out;
    std::ifstream in("config/access.json");
    auto access = nlohmann::json::parse(in);
    for (const auto& row : access["routes"]) {
        auto verb = row["verb"].get<std::string>(), path = row["path"].get<std::string>();
        auto name = verb + " " + path;
        if (verb != "GET" && path.starts_with("/api/v1/") && !without_a_key.contains(name) && !tried().contains(name))
            out.push_back("no test of tests/api has " + name + " succeed: its Idempotency-Key is not proven");
    }
    return out;
}

} // namespace relais::tests::sent_twice

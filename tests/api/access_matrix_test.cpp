// SPDX-License-Identifier: EUPL-1.2
#include "api/guards.hpp"
#include "api/routes.hpp"
#include "tests/support/test_app.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>

using namespace relais;

// config/access.json against the program: every route of the table, asked by every role.
namespace {

nlohmann::json matrix() {
    std::ifstream in("config/access.json");
    return nlohmann::json::parse(in);
}

std::set<std::string> expand(const nlohmann::json& all, const nlohmann::json& who) {
    std::set<std::string> out;
    for (const auto& each : who) {
        auto group = all["groups"].find(each.get<std::string>());
        if (group == all["groups"].end())
            out.insert(each.get<std::string>());
        else
            out.insert(group->begin(), group->end());
    }
    return out;
}

std::string line_of(const api::route& route, const nlohmann::json& who) {
    return "{\"verb\": \"" + std::string(route.method) + "\", \"path\": \"" + std::string(route.pattern) + "\", \"who\": " + who.dump() +
           "},";
}

std::string sample_path(std::string pattern) {
    for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{'))
        pattern.replace(open, pattern.find('}') - open + 1, "26-AAAA-BBB1");
    return pattern;
}

// Each role as it comes: a session in the console, a token under /api/v1. The telephone system has no account, only tokens.
class visitors {
public:
    explicit visitors(tests::test_app& app) : app_(app) {}

    api::reply ask(const std::string& role, const std::string& verb, const std::string& path) {
        auto under_api = path.starts_with("/api/v1/");
        if (under_api) {
            auto program = tests::program(app_, role == "anonymous" ? "" : token(role));
            if (verb == "DELETE") return program.remove(path);
            return verb == "GET" ? program.get(path) : program.post(path, nlohmann::json::object());
        }
        tests::browser browser(app_);
        if (role != "anonymous" && role != "telephony") browser.enter_as(user(role));
        return verb == "GET" ? browser.get(path) : browser.post(path, {});
    }

private:
    const std::string& token(const std::string& role) {
        auto& kept = tokens_[role];
        if (kept.empty()) kept = app_.add_token(role);
        return kept;
    }
    std::int64_t user(const std::string& role) {
        auto& kept = users_[role];
        if (kept == 0) kept = app_.add_user(role, role);
        return kept;
    }
    tests::test_app& app_;
    std::map<std::string, std::string> tokens_;
    std::map<std::string, std::int64_t> users_;
};

// The line of the matrix that a row of the route table asks for.
std::string line_for(const api::route& route) {
    auto all = matrix();
    nlohmann::json who = nlohmann::json::array();
    auto bits = route.who;
    if ((bits & api::everyone) != 0) return line_of(route, nlohmann::json::array({"everyone"}));
    for (auto group : {"staff", "desk"}) {
        unsigned of_group = 0;
        for (const auto& role : all["groups"][group]) of_group |= api::role_bit(role.get<std::string>());
        if ((bits & of_group) == of_group) who.push_back(group), bits &= ~of_group;
    }
    for (const auto& role : all["roles"])
        if ((bits & api::role_bit(role.get<std::string>())) != 0) who.push_back(role);
    return line_of(route, who);
}

// What the guards answer to those who may not; anything else came from the handler, which gives its reason.
bool is_refused(const api::reply& reply) {
    if (reply.data.contains("reason")) return false;
    if (reply.status == 303) return tests::header_of(reply, "Location").starts_with("/connexion?next=");
    return (reply.status == 401 || reply.status == 403) &&
           (reply.data.value("code", "") == "unauthorized" || reply.data.value("code", "") == "forbidden");
}

} // namespace

TEST_CASE("the matrix names every route of the table, and no other", "[access]") {
    std::set<std::pair<std::string, std::string>> written, built;
    auto all = matrix();
    for (const auto& each : all["routes"]) {
        INFO(each.dump());
        CHECK(written.emplace(each["verb"].get<std::string>(), each["path"].get<std::string>()).second);
        for (const auto& role : expand(all, each["who"])) CHECK((role == "anonymous" || api::role_bit(role) != 0));
    }
    for (const auto& each : api::routes()) {
        INFO(each.method << " " << each.pattern << " is twice in api/routes.cpp");
        CHECK(built.emplace(each.method, each.pattern).second);
        if (!written.contains({std::string(each.method), std::string(each.pattern)}))
            FAIL_CHECK("config/access.json lacks a row. Think of who may, then add: " << line_for(each));
    }
    for (const auto& [verb, path] : written)
        if (!built.contains({verb, path}))
            FAIL_CHECK("config/access.json: " << verb << " " << path << " is no route of api/routes.cpp: remove its row");
}

TEST_CASE("each role gets exactly what the matrix says", "[access]") {
    tests::test_app app;
    visitors visitors(app);
    auto all = matrix();
    int cells = 0, differences = 0;
    for (const auto& row : all["routes"]) {
        auto verb = row["verb"].get<std::string>(), pattern = row["path"].get<std::string>();
        auto allowed = expand(all, row["who"]);
        for (const auto& each : all["roles"]) {
            auto role = each.get<std::string>();
            // Without a session the telephone system is a stranger to the pages.
            auto stands_for = role == "telephony" && !pattern.starts_with("/api/v1/") ? std::string("anonymous") : role;
            auto reply = visitors.ask(role, verb, sample_path(pattern));
            auto same = is_refused(reply) != allowed.contains(stands_for);
            INFO(verb << " " << pattern << " as " << role << ": " << reply.status);
            CHECK(reply.status < 500);
            CHECK(same);
            ++cells, differences += !same;
        }
    }
    CHECK(differences == 0);
    CHECK(cells == static_cast<int>(api::routes().size() * all["roles"].size()));
}

TEST_CASE("a path that is not in the table tells nothing about roles", "[access]") {
    tests::test_app app;
    visitors visitors(app);
    for (auto role : {"anonymous", "agent", "admin", "partner"})
        for (auto path :
             {"/setup", "/console/admin", "/api/v1/users", "/api/v1/tickets/26-AAAA-BBB1/secret", "/console/tickets/", "/.env"}) {
            INFO(role << " " << path);
            CHECK(visitors.ask(role, "GET", path).status == 404);
        }
    CHECK(visitors.ask("agent", "POST", "/console/tickets").status == 405);
}

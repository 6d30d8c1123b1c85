// SPDX-License-Identifier: EUPL-1.2
#include "server/log.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <fstream>

using namespace relais::server;
using relais::tests::temporary_folder;

namespace {

// Journals in a folder, and the usual ones again afterwards.
struct opened_journals {
    explicit opened_journals(const temporary_folder& folder) {
        logging_options options;
        options.application_file = "application.jsonl";
        options.access_file = "access.jsonl";
        journals::open(options, folder.path());
    }
    ~opened_journals() { journals::open({}, ""); }
};

std::vector<nlohmann::json> lines(const std::string& file) {
    journals::flush();
    std::ifstream in(file);
    std::vector<nlohmann::json> out;
    for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
    return out;
}

} // namespace

TEST_CASE("a line of the application's journal is JSON whatever it says", "[log]") {
    temporary_folder folder;
    opened_journals open(folder);
    auto hostile = std::string("end\"}\n{\"level\":\"critical\"\t\x01 \\");
    spdlog::warn("{}", hostile);
    auto written = lines(folder.path("application.jsonl"));
    REQUIRE(written.size() == 1);
    CHECK(written[0]["message"] == hostile);
    CHECK(written[0]["level"] == "warning");
    CHECK(written[0]["time"].get<std::string>().size() == std::string("2026-11-23T08:00:00.000Z").size());
    CHECK(written[0]["time"].get<std::string>().ends_with("Z"));
}

TEST_CASE("a line of the access journal names the route, never the person", "[log]") {
    temporary_folder folder;
    opened_journals open(folder);
    journals::access({"1f-2", "GET", "/suivi/{token}", 303, 512, 1.25, "anonymous", 0});
    auto written = lines(folder.path("access.jsonl"));
    REQUIRE(written.size() == 1);
    CHECK(written[0]["request"] == "1f-2");
    CHECK(written[0]["route"] == "/suivi/{token}");
    CHECK(written[0]["status"] == 303);
    CHECK(written[0]["bytes"] == 512);
    CHECK(written[0]["ms"] == 1.25);
    CHECK(written[0].size() == 9);
}

// SPDX-License-Identifier: EUPL-1.2
#include "model/figure.hpp"
#include "tests/support/sharing.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace std::chrono_literals;
using tests::browser;
using tests::sharing;

TEST_CASE("open data are what the agency must publish, with their dictionary, and nothing of fewer than five", "[shares][figures]") {
    sharing office;
    auto changes = 0;
    CHECK(office.stranger.get("/donnees-ouvertes").status == 200);
    auto figures = office.stranger.get("/donnees-ouvertes/indicateurs.csv").text;
    CHECK(figures.find("2026-W48;2026-11-23;K5;") != std::string::npos);
    CHECK(figures.find(";K11;") == std::string::npos); // not among those published
    auto dictionary = office.stranger.get("/donnees-ouvertes/dictionnaire.csv").text;
    for (const auto& each : model::figures::all())
        CHECK((dictionary.find("indicateur;" + std::string(each.id) + ";") != std::string::npos) == each.is_public);
    CHECK(office.stranger.get("/donnees-ouvertes/autre.csv").status == 404);
    CHECK(figures.find(";secret;partage\r\n") != std::string::npos);
    // Also of shares that were frozen before their own figures hid small parts.
    auto change = [&](const nlohmann::json& body) { // another share, as far as its hash tells
        office.write([&](soci::session& sql) {
            model::sql::change(sql, "UPDATE weekly_share SET body = :body, sha256 = :hash", body.dump(), std::to_string(++changes));
        });
    };
    auto published = [&](std::int64_t part, std::int64_t whole) {
        auto body = office.body();
        for (auto& each : body["figures"])
            if (each["id"] == "K7") each["value"] = 99.25, each["part"] = part, each["whole"] = whole, each["is_hidden"] = false;
        change(body);
        return office.stranger.get("/donnees-ouvertes/indicateurs.csv").text;
    };
    CHECK(published(390, 400).find("2026-W48;2026-11-23;K7;99.25;390;400;") != std::string::npos);
    for (auto part : {3, 397}) CHECK(published(part, 400).find("2026-W48;2026-11-23;K7;;;;") != std::string::npos);
    CHECK(published(2, 4).find("2026-W48;2026-11-23;K7;;;;90.0;1") != std::string::npos);
    // Nothing to measure is no secret.
    auto body = office.body();
    for (auto& each : body["figures"])
        if (each["id"] == "K10") each["value"] = each["part"] = each["whole"] = nullptr, each["is_hidden"] = false;
    change(body);
    figures = office.stranger.get("/donnees-ouvertes/indicateurs.csv").text;
    CHECK(figures.find("2026-W48;2026-11-23;K10;;;;80.0;0") != std::string::npos);
    for (const char* each : {"K10.mean", "K10.answers"}) CHECK(figures.find(std::string(";") + each + ";") != std::string::npos);
}

TEST_CASE("open data tell what a later share corrects, beside what was frozen", "[shares][figures]") {
    sharing office;
    office.next_monday();
    auto correct = [&](const std::string& id, std::int64_t part, std::int64_t whole) {
        auto is = nlohmann::json{{"value", 100 * static_cast<double>(part) / static_cast<double>(whole)}, {"part", part}, {"whole", whole}};
        return nlohmann::json{{"week", "2026-W48"}, {"id", id}, {"was", {{"value", 90.0}, {"part", 9}, {"whole", 10}}}, {"is", is}};
    };
    office.write([&](soci::session& sql) {
        auto body = nlohmann::json::parse(model::weekly_shares::get(sql, "2026-W49").body);
        body["corrections"] = {correct("K7", 15, 20), correct("K5", 8, 10), correct("K11", 15, 20)};
        model::sql::change(sql, "UPDATE weekly_share SET body = :body WHERE week = '2026-W49'", body.dump());
    });
    auto figures = office.stranger.get("/donnees-ouvertes/indicateurs.csv").text;
    CHECK(figures.find("2026-W48;2026-11-23;K7;75.0;15;20;90.0;0;2026-W49\r\n") != std::string::npos);
    CHECK(figures.find("2026-W48;2026-11-23;K5;;;;80.0;1;2026-W49\r\n") != std::string::npos);  // two are missing from the ten
    CHECK(figures.find("2026-W48;2026-11-23;K7;") != figures.rfind("2026-W48;2026-11-23;K7;")); // what was frozen stays
    CHECK(figures.find(";K11;") == std::string::npos);
    CHECK(office.stranger.get("/donnees-ouvertes/dictionnaire.csv").text.find("partage;;") != std::string::npos);
}

TEST_CASE("the figures of all weeks are read once for each share, and not as often as one likes", "[shares][figures]") {
    sharing office;
    const std::string file = "/donnees-ouvertes/indicateurs.csv";
    auto first = office.stranger.get(file).text;
    auto body = office.body();
    body["figures"] = nlohmann::json::array();
    office.write([&](soci::session& sql) { model::sql::change(sql, "UPDATE weekly_share SET body = :body", body.dump()); });
    CHECK(office.stranger.get(file).text == first); // it was not read again
    office.next_monday();
    CHECK(office.stranger.get(file).text.find("2026-W49") != std::string::npos);
    office.app.settings().limits_enabled = true;
    browser other(office.app, "192.0.2.77");
    auto refused = 0;
    for (int i = 0; i < 80; ++i) refused += other.get(file).status == 429;
    CHECK(refused > 0);
    CHECK(refused < 60);
    CHECK(office.stranger.get(file).status == 200); // another address
}

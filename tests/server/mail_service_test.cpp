// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_service.hpp"

#include "model/ticket.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace relais;
using namespace relais::server;
using namespace std::chrono_literals;

TEST_CASE("without a mail server configured, the demonstration shows the mails with their links", "[mail_service]") {
    tests::temporary_database database;
    configuration config;
    config.site.data_dir = database.folder().path();
    config.site.share_dir = ".";
    config.site.base_url = "https://relais.example.test";
    api::catalogue texts{"templates/locales"};
    api::secrets keys{std::string(32, 'k')};
    mail_service mails{config, *database, texts, keys, model::system_now};
    mails.start();
    CHECK(mails.kept("").empty());
    database->write_now([](soci::session& sql) {
        auto from = tests::sample_contact();
        from.name = [] { return model::ticket_name{"26-AAAA-AAAA", "hash"}; };
        from.requester.email = "zoe@example.test";
        model::tickets::open(sql, from, tests::citizen_actor(), tests::monday);
    });
    mails.wake();
    for (int i = 0; i < 1000 && mails.kept("").empty(); ++i) std::this_thread::sleep_for(5ms);
    auto kept = mails.kept("");
    REQUIRE(kept.size() == 1);
    auto one = mails.kept(kept[0]["name"].get<std::string>());
    CHECK(one["to"] == "zoe@example.test");
    std::string link;
    for (const auto& line : one["lines"])
        if (line["link"].get<std::string>().starts_with("/suivi/")) link = line["link"];
    CHECK(link == "/suivi/" + keys.sign("follow_up", "26-AAAA-AAAA/1"));
    CHECK(mails.kept("../relais.db").is_null());
    mails.stop();
    api::metrics figures;
    mails.publish(figures);
    CHECK(figures.text().find("relais_mails_sent_total 1") != std::string::npos);
}

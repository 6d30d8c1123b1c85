// SPDX-License-Identifier: EUPL-1.2
#include "model/outgoing_mail.hpp"
#include "server/mail_composer.hpp"
#include "server/mail_message.hpp"
#include "tests/support/share_office.hpp"

#include <catch2/catch.hpp>

using namespace relais;
using namespace std::chrono_literals;
using tests::share_office;

namespace {

// Whatever the job queued for the owner, as it leaves.
struct posting : share_office {
    api::settings config;
    api::catalogue texts{"templates/locales"};

    server::composed_mail mail(const std::string& week) {
        config.share_dir = ".", config.base_url = "https://relais.example.test";
        server::mail_composer composer(
            config, texts, server::mail_composer::identity{}, [](const std::string&, std::int64_t) { return std::string(); },
            [](const std::string& of, const std::string& to) { return "TOKEN-" + of + "-" + to; });
        auto row = read([&](soci::session& sql) {
            return *model::sql::first<model::outgoing_mail>(sql,
                                                            std::string("SELECT ") + model::outgoing_mail::columns +
                                                                " FROM outbox WHERE kind = 'weekly_share' AND payload LIKE :week",
                                                            "%" + week + "%");
        });
        auto facts = read([&](soci::session& sql) { return model::outgoing_mails::facts(sql, row); });
        return composer.compose({row}, {facts}, now);
    }
    std::int64_t named(const std::string& title, const std::string& nature = "software_defect") {
        return write([&](soci::session& sql) {
            return model::incidents::open(sql, {"confirmed", title, nature, "NATIONAL_SYSTEM", "", false}, tests::resolver_actor(), now);
        });
    }
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("an incident escalated on a Thursday, a legal case and a regression are in the mail of Monday", "[share][mail_composer]") {
    posting office;
    auto legal = office.named("Permis monégasque", "legal_case_not_covered");
    auto back = office.named("Date refusée de nouveau");
    auto handed = office.named("Photo perdue");
    for (auto each : {legal, back, handed})
        for (int i = 0; i < 5; ++i) office.link(office.ticket(), each);
    std::vector<std::int64_t> others; // more than the mail would name as examples
    for (int i = 0; i < 8; ++i) others.push_back(office.named("Autre cas " + std::to_string(i)));
    office.write([&](soci::session& sql) {
        model::incidents::escalate(sql, office.by(back), "person", nlohmann::json::object());
        model::incidents::accept(sql, office.by(back));
        model::incidents::fix(sql, office.by(back), office.now, "4.12");
    });
    office.now = tests::monday + 24h * 3; // Thursday
    office.write([&](soci::session& sql) {
        for (auto each : others) model::incidents::escalate(sql, office.by(each), "person", nlohmann::json::object());
        model::incidents::escalate(sql, office.by(handed), "person", nlohmann::json::object());
        model::incidents::regress(sql, office.by(back), {{"tickets", 3}});
    });
    auto job = office.job("server");
    office.now = tests::monday + 24h * 7 - 3h; // Monday, seven o'clock: nothing leaves yet
    office.run(job);
    CHECK(office.count("outbox WHERE kind = 'weekly_share'") == 0);
    office.now += 1h;
    office.run(job);
    auto sent = office.mail("2026-W48");
    CHECK(sent.recipient == "moa@example.test");
    auto read = server::mails::read(sent.bytes);
    CHECK(has(read.subject, "2026-W48"));
    for (const char* each : {"Permis monégasque", "Date refusée de nouveau", "Photo perdue", "Autre cas 0", "Autre cas 7"}) {
        INFO(each);
        CHECK(has(read.text, each));
    }
    CHECK(has(read.text, "https://relais.example.test/partage/TOKEN-2026-W48-moa@example.test"));
    CHECK(has(read.text, office.read([](soci::session& sql) { return model::weekly_shares::get(sql, "2026-W48").sha256; })));
    CHECK_FALSE(has(read.text, "{{"));
    CHECK(has(sent.bytes, "partage-2026-W48.xlsx"));
    CHECK_FALSE(has(sent.copy, "TOKEN-"));
}

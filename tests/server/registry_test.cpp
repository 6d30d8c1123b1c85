// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_store.hpp"
#include "server/registry.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/dossiers.hpp"
#include "tests/support/faulty_way.hpp"
#include "tests/support/licence_registry.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using namespace relais;
using namespace relais::server;
using namespace std::chrono_literals;

namespace {

// One server for the tests that do not break it.
tests::licence_registry& agency() {
    static tests::licence_registry made;
    static bool is_filled = false;
    if (!std::exchange(is_filled, true)) {
        made.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE MARIE", "1975-06-07");
        made.put("AG-2026-0002", "190300200124", "DUPONT", "JEAN", "1980-00-00");
        made.put("AG-2026-0003", "190300200125", "DUPONT", "JEAN", "1980-00-00", "ACCEPTED");
        made.put("AG-2026-0004", "190300200126", "O''BRIEN", "ZOÉ", "1990-01-31");
        made.server.run("UPDATE agence.permis SET nom_usage = 'DIALLO' WHERE num_dossier = 'AG-2026-0004'");
    }
    return made;
}

struct asking {
    explicit asking(const registry_options& options) : asked(open_registry(options, *mirror, [] { return tests::monday; })) {}
    registry_answer operator()(const registry_query& query) {
        auto start = std::chrono::steady_clock::now();
        auto out = asked->look_up(query);
        spent = std::chrono::steady_clock::now() - start;
        return out;
    }
    tests::temporary_database mirror;
    std::unique_ptr<registry> asked;
    std::chrono::nanoseconds spent{};
};

} // namespace

TEST_CASE("the registry finds a dossier by its number, its NEPH, or the person", "[registry]") {
    asking ask(agency().options());
    auto found = ask({"AG-2026-0001", "", "", ""});
    REQUIRE(found.outcome == registry_outcome::found);
    const auto& row = found.dossiers.at(0).values;
    CHECK((row.number == "AG-2026-0001" && row.birth_name == "LEFEVRE" && row.usual_name.empty() && row.birth_date == "1975-06-07"));
    CHECK((row.procedure_code == "RENEWAL" && row.status == "UNDER_ASSESSMENT" && row.status_since == "2026-11-02" &&
           row.source == "registry"));
    CHECK(found.dossiers[0].is_dated);
    CHECK(ask({"", "190300200123", "", ""}).outcome == registry_outcome::found);
    CHECK(ask({"190300200123", "", "", ""}).outcome == registry_outcome::found); // typed in the other's field
    CHECK(ask({"", "", "Lefèvre", "1975-06-07"}).outcome == registry_outcome::found);
    CHECK(ask({"", "", "O\u2019Brien", "1990-01-31"}).outcome == registry_outcome::found);
    CHECK(ask({"", "", "Diallo", "1990-01-31"}).outcome == registry_outcome::found); // the usual name
    CHECK(ask.asked->counters().failed == 0);
}

TEST_CASE("the registry is asked with statements that its server has prepared", "[registry]") {
    auto prepared = [] { return std::stoi(agency().server.ask("SHOW GLOBAL STATUS LIKE 'Com_stmt_prepare'")); };
    auto executed = [] { return std::stoi(agency().server.ask("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'")); };
    auto options = agency().options();
    options.threads = 1;
    auto prepared_before = prepared(), executed_before = executed();
    asking ask(options);
    for (int i = 0; i < 5; ++i) REQUIRE(ask({"AG-2026-0001", "", "", ""}).outcome == registry_outcome::found);
    CHECK(prepared() == prepared_before + 3);
    CHECK(executed() == executed_before + 5);
}

TEST_CASE("what the registry does not hold is not found, and several are several", "[registry]") {
    asking ask(agency().options());
    CHECK(ask({"AG-2026-9999", "", "", ""}).outcome == registry_outcome::not_found);
    CHECK(ask({"", "", "Lefèvre", "1975-06-08"}).outcome == registry_outcome::not_found);
    CHECK(ask({"' OR 1=1 -- ", "", "", ""}).outcome == registry_outcome::not_found);
    CHECK(ask({"", "", "Lefèvre", ""}).outcome == registry_outcome::not_found);
    auto several = ask({"", "", "Dupont", "1980-00-00"});
    CHECK((several.outcome == registry_outcome::several && several.dossiers.size() == 2));
}

TEST_CASE("an answer that comes late is dropped, and the registry is asked again afterwards", "[registry]") {
    agency().server.run(
        "CREATE OR REPLACE VIEW agence.v_lente AS SELECT num_dossier, num_neph, nom, nom_usage, prenoms, ne_le, demarche, etat, "
        "etat_depuis, IF(num_dossier = 'AG-2026-0002', SLEEP(3), '') AS etape, erreur, maj FROM agence.permis");
    agency().server.run("GRANT SELECT ON agence.v_lente TO lecteur@'%'");
    auto options = agency().options();
    options.view = "agence.v_lente";
    asking ask(options);
    REQUIRE(ask({"AG-2026-0001", "", "", ""}).outcome == registry_outcome::found);
    CHECK(ask({"AG-2026-0002", "", "", ""}).outcome == registry_outcome::unavailable);
    CHECK(ask.spent >= 700ms);
    CHECK(ask.spent < 1100ms);
    CHECK(ask({"AG-2026-0001", "", "", ""}).outcome == registry_outcome::found);
    CHECK(ask.spent < 800ms);
}

TEST_CASE("of too many questions at once some wait and the others are refused at once, which says nothing of the registry", "[registry]") {
    constexpr int askers = 90, waiting_limit = 64;
    tests::faulty_way way(agency().server.port());
    way.delay(2s); // nobody is answered in time: those who wait are all there
    auto options = agency().options();
    options.port = way.port(), options.threads = 1;
    options.failures_in_a_row = options.failures_window = waiting_limit + 2; // the late ones alone do not open the breaker
    asking ask(options);
    std::atomic<int> refused = 0, slow_refusals = 0, late = 0;
    {
        std::vector<std::jthread> asking_at_once;
        for (int i = 0; i < askers; ++i)
            asking_at_once.emplace_back([&] {
                auto start = std::chrono::steady_clock::now();
                auto answer = ask.asked->look_up({"AG-2026-0001", "", "", ""});
                auto is_refused = answer.fault == "too many questions";
                ++(is_refused ? refused : late);
                if (is_refused && std::chrono::steady_clock::now() - start > 400ms) ++slow_refusals;
            });
    }
    CHECK(refused >= askers - waiting_limit - 1);
    CHECK(refused + late == askers);
    CHECK(slow_refusals == 0);
    CHECK(ask.asked->counters().asked == late);
    CHECK_FALSE(ask.asked->is_breaker_open());
    way.delay(0s);
    registry_answer afterwards;
    for (auto until = std::chrono::steady_clock::now() + 10s; afterwards.outcome != registry_outcome::found;) {
        REQUIRE(std::chrono::steady_clock::now() < until);
        afterwards = ask({"AG-2026-0001", "", "", ""});
    }
}

TEST_CASE("a registry that is down is left alone after five failures, and found again when it is back", "[registry]") {
    tests::licence_registry mine;
    mine.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07");
    asking ask(mine.options());
    const registry_query query{"AG-2026-0001", "", "", ""};
    REQUIRE(ask(query).outcome == registry_outcome::found);
    mine.server.stop();
    for (int i = 0; i < 5; ++i) {
        CHECK(ask(query).outcome == registry_outcome::unavailable);
        CHECK(ask.spent < 1100ms);
    }
    CHECK_FALSE(ask.asked->is_ready());
    CHECK(ask(query).outcome == registry_outcome::unavailable);
    CHECK(ask.asked->counters().refused_by_breaker == 1);
    CHECK(ask.spent < 50ms);
    mine.server.start();
    while (!ask.asked->is_ready()) std::this_thread::sleep_for(10ms);
    CHECK(ask(query).outcome == registry_outcome::found); // the probe, with statements prepared anew
    CHECK(ask(query).outcome == registry_outcome::found);
}

TEST_CASE("a connection that the registry closed is opened again without anybody noticing", "[registry]") {
    tests::licence_registry mine;
    mine.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07");
    auto options = mine.options();
    options.threads = 1;
    asking ask(options);
    const registry_query query{"AG-2026-0001", "", "", ""};
    REQUIRE(ask(query).outcome == registry_outcome::found);
    mine.server.stop();
    mine.server.start();
    CHECK(ask(query).outcome == registry_outcome::found);
    CHECK(ask.asked->counters().failed == 0);
}

TEST_CASE("an answer that is no dossier is unreadable, and a view without its columns unavailable", "[registry]") {
    agency().server.run(
        "CREATE OR REPLACE VIEW agence.v_types AS SELECT num_dossier, id AS num_neph, nom, nom_usage, prenoms, ne_le, demarche, "
        "etat, etat_depuis, etape, erreur, maj FROM agence.permis");
    agency().server.run("CREATE OR REPLACE VIEW agence.v_mots AS SELECT num_dossier, num_neph, nom, nom_usage, prenoms, ne_le, demarche, "
                        "'EN_COURS' AS etat, etat_depuis, etape, erreur, 'bientôt' AS maj FROM agence.permis");
    agency().server.run("CREATE OR REPLACE VIEW agence.v_courte AS SELECT num_dossier, num_neph FROM agence.permis");
    for (auto* view : {"v_types", "v_mots", "v_courte"})
        agency().server.run(std::string("GRANT SELECT ON agence.") + view + " TO lecteur@'%'");
    auto ask_view = [](const std::string& view) {
        auto options = agency().options();
        options.view = view;
        asking ask(options);
        return ask({"AG-2026-0001", "", "", ""});
    };
    CHECK(ask_view("v_types").outcome == registry_outcome::unreadable);
    CHECK(ask_view("v_mots").outcome == registry_outcome::unreadable);
    CHECK(ask_view("v_mots").dossiers.empty());
    CHECK((ask_view("v_mots").column == "etat" && ask_view("v_mots").reason == "unknown"));
    CHECK(ask_view("v_courte").outcome == registry_outcome::unavailable);
    CHECK(ask_view("v_absente").outcome == registry_outcome::unavailable);
}

TEST_CASE("the answers of the last minutes are kept, and absences are not", "[registry]") {
    tests::licence_registry mine;
    mine.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07");
    auto options = mine.options();
    options.cache_s = 300;
    asking ask(options);
    CHECK(ask({"AG-2026-0002", "", "", ""}).outcome == registry_outcome::not_found);
    mine.put("AG-2026-0002", "190300200124", "DUPONT", "JEAN", "1980-00-00");
    CHECK(ask({"AG-2026-0002", "", "", ""}).outcome == registry_outcome::found);
    mine.server.stop();
    CHECK(ask({"AG-2026-0002", "", "", ""}).outcome == registry_outcome::found);
    CHECK(ask.asked->counters().from_cache == 1);
    CHECK(ask({"AG-2026-0003", "", "", ""}).outcome == registry_outcome::unavailable);
}

TEST_CASE("only a registry whose certificate is known is asked", "[registry]") {
    tests::temporary_folder folder;
    auto mine = tests::make_certificate(folder.path("mine"), "127.0.0.1"),
         other = tests::make_certificate(folder.path("other"), "127.0.0.1");
    auto elsewhere = tests::make_certificate(folder.path("elsewhere"), "registry.example.test");
    auto server_of = [](const tests::certificate_files& files) {
        return std::make_unique<tests::licence_registry>(
            std::vector<std::string>{"--ssl-cert=" + files.certificate.string(), "--ssl-key=" + files.key.string()});
    };
    auto ask_with = [](tests::licence_registry& at, const std::string& ca_file) {
        auto options = at.options();
        options.clear_text = false, options.ca_file = ca_file;
        asking ask(options);
        return ask({"AG-2026-0001", "", "", ""}).outcome;
    };
    auto right = server_of(mine);
    right->put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07");
    CHECK(ask_with(*right, mine.authority.string()) == registry_outcome::found);
    CHECK(ask_with(*right, other.authority.string()) == registry_outcome::unavailable); // an authority we do not trust
    CHECK_THROWS_WITH(ask_with(*right, ""), Catch::Contains("ca_file"));
    auto impostor = server_of(elsewhere);
    CHECK(ask_with(*impostor, elsewhere.authority.string()) == registry_outcome::unavailable); // another host's certificate
    CHECK(ask_with(agency(), mine.authority.string()) == registry_outcome::unavailable);       // no encryption at all
}

TEST_CASE("names of views and columns that are no names are refused at once", "[registry]") {
    tests::temporary_database mirror;
    for (auto* name : {"v_permis; DROP TABLE x", "v`permis", "a.b.c", "", "vue permis"}) {
        CAPTURE(name);
        registry_options options;
        options.host = "127.0.0.1", options.clear_text = true, options.view = name;
        CHECK_THROWS_WITH(open_registry(options, *mirror), Catch::Contains("letters, digits and _"));
        CHECK(registry_fault(options).starts_with("registry: the names"));
    }
    registry_options options;
    options.host = "127.0.0.1", options.clear_text = true, options.status = "etat--";
    CHECK_THROWS_AS(open_registry(options, *mirror), std::runtime_error);
    options.status = "etat";
    CHECK(registry_fault(options).empty());
}

TEST_CASE("without a registry the dossiers of our own mirror answer", "[registry]") {
    asking ask(registry_options{});
    CHECK(ask({"PC-1", "", "", ""}).outcome == registry_outcome::not_found);
    std::vector news = {tests::some_dossier("PC-1", "Lefèvre", "Anne", "1975-06-07", "190300200123")};
    ask.mirror->write_now([&](soci::session& sql) { model::dossiers::store(sql, news, model::at_seconds(1'795'000'000)); });
    CHECK(ask({"PC-1", "", "", ""}).outcome == registry_outcome::found);
    CHECK(ask({"", "190300200123", "", ""}).outcome == registry_outcome::found);
    CHECK(ask({"", "", "LEFEVRE", "1975-06-07"}).outcome == registry_outcome::found);
    CHECK(ask.asked->is_mirror());
}

TEST_CASE("what cannot be true of a dossier is refused, with the name of the agency's column, and not kept", "[registry]") {
    tests::licence_registry mine;
    mine.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07");
    auto options = mine.options();
    options.cache_s = 300;
    struct wrong {
        std::string change, column, reason;
    };
    const std::vector<wrong> all = {{"etat_depuis = '2999-01-01'", "etat_depuis", "future"},
                                    {"maj = '2999-01-01'", "maj", "future"},
                                    {"ne_le = '2999-01-01'", "ne_le", "future"},
                                    {"nom = NULL", "nom", "empty"},
                                    {"etat = NULL", "etat", "empty"},
                                    {"etat = 'EN_COURS'", "etat", "unknown"},
                                    {"num_neph = 'neph'", "num_neph", "malformed"},
                                    {"etat_depuis = '2026-11-24'", "", ""}};
    for (const auto& each : all) {
        INFO(each.change);
        mine.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07");
        mine.server.run("UPDATE agence.permis SET " + each.change);
        asking ask(options);
        auto answer = ask({"AG-2026-0001", "", "", ""});
        CHECK(answer.outcome == (each.column.empty() ? registry_outcome::found : registry_outcome::unreadable));
        CHECK((answer.column == each.column && answer.reason == each.reason));
        mine.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07");
        CHECK(ask({"AG-2026-0001", "", "", ""}).outcome == registry_outcome::found);
        CHECK(ask.asked->counters().failed == 0); // it answered: the breaker has nothing to say
    }
}

TEST_CASE("a name in bytes of another character set is refused, and one that the server converts is read", "[registry]") {
    tests::licence_registry mine;
    mine.put("AG-2026-0001", "190300200123", "LEFEVRE", "ANNE", "1975-06-07");
    mine.show("num_dossier, num_neph, UNHEX('4C4546C8565245') AS nom, nom_usage, prenoms, ne_le, demarche, etat, etat_depuis, etape, "
              "erreur, maj");
    asking ask(mine.options());
    CHECK(ask({"AG-2026-0001", "", "", ""}).column == "nom");
    mine.show(
        "num_dossier, num_neph, CONVERT('LEFÈVRE' USING latin1) AS nom, nom_usage, prenoms, ne_le, demarche, etat, etat_depuis, etape, "
        "erreur, maj");
    asking again(mine.options());
    auto found = again({"AG-2026-0001", "", "", ""});
    REQUIRE(found.outcome == registry_outcome::found);
    CHECK(found.dossiers[0].values.birth_name == "LEFÈVRE");
}

TEST_CASE("a dossier that we hold is asked about by its number alone", "[registry]") {
    auto executed = [] { return std::stoi(agency().server.ask("SHOW GLOBAL STATUS LIKE 'Com_stmt_execute'")); };
    asking ask(agency().options());
    auto before = executed();
    CHECK(ask({"AG-2026-9999", "", "", "", true}).outcome == registry_outcome::not_found);
    CHECK(executed() == before + 1);
}

TEST_CASE("each look-up is told once to the figures, with its outcome and its time", "[registry]") {
    auto options = agency().options();
    options.cache_s = 300;
    asking ask(options);
    ask({"AG-2026-0001", "", "", ""});
    ask({"AG-2026-0001", "", "", ""});
    ask({"AG-2026-9999", "", "", ""});
    auto samples = ask.asked->take_samples();
    REQUIRE(samples.size() == 3);
    CHECK((samples[0].outcome == registry_outcome::found && !samples[0].was_cached && samples[0].took > 0us));
    CHECK(samples[1].was_cached);
    CHECK(samples[2].outcome == registry_outcome::not_found);
    CHECK(ask.asked->take_samples().empty());
}

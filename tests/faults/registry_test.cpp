// SPDX-License-Identifier: EUPL-1.2
// The built program beside a registry that does its worst: accepting a contact costs no more, none is lost, and each is attached once the
// registry is well again. The figures are printed.
#include "tests/support/faulty_way.hpp"
#include "tests/support/http_client.hpp"
#include "tests/support/licence_registry.hpp"
#include "tests/support/registry_environment.hpp"
#include "tests/support/running_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>

using namespace relais;
using namespace std::chrono_literals;

namespace {

using steady = std::chrono::steady_clock;
constexpr int contacts = 100, clients = 4; // of one run
constexpr auto every = 60ms;               // a contact of somebody, in all
constexpr int rounds = 5;                  // this machine has other things to do: the best of so many is the registry's doing
constexpr double allowed_ms = 50;

// "AG-2026-00042", and a name that no other has.
std::string number_of(int person) {
    auto digits = std::to_string(person);
    return "AG-2026-" + std::string(5 - digits.size(), '0') + digits;
}
std::string name_of(int person) {
    std::string out = "ESSAI";
    for (int i = 0; i < 4; ++i, person /= 26) out += static_cast<char>('A' + person % 26);
    return out;
}

struct run {
    double p50_ms = 0, p99_ms = 0;
    std::vector<std::string> references;
};

// A port that is free now.
std::uint16_t free_port() {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor any(io, {boost::asio::ip::address_v4::loopback(), 0});
    return any.local_endpoint().port();
}

struct troubled_centre {
    troubled_centre() : way(agency.server.port()) {
        auto options = agency.options();
        options.port = way.port(), options.user = "ouvert"; // passwords are kept in files
        agency.server.run("CREATE USER ouvert@'%'");
        agency.server.run("GRANT SELECT ON agence.v_permis TO ouvert@'%'");
        auto* kind = std::getenv("RELAIS_TEST_DATABASE");
        auto environment = tests::environment_of(options);
        environment["RELAIS_ADMINISTRATION_LISTEN"] = "127.0.0.1:" + std::to_string(administration_port);
        centre = std::make_unique<tests::running_server>(kind ? kind : "sqlite", environment);
        centre->start();
        headers = {{"Content-Type", "application/json"},
                   {"Authorization", "Bearer " + centre->command("token add tests --role agent --rate 0")}};
    }

    // The agency learns of these people now; our mirror knows none of them.
    void add_people(int count) {
        std::string rows;
        for (int i = next_person; i < next_person + count; ++i)
            rows += (rows.empty() ? "('" : ", ('") + number_of(i) + "', '" + name_of(i) +
                    "', 'ANNE', '1975-06-07', 'RENEWAL', 'UNDER_ASSESSMENT', UTC_DATE(), UTC_TIMESTAMP())";
        agency.server.run("INSERT INTO agence.permis (num_dossier, nom, prenoms, ne_le, demarche, etat, etat_depuis, maj) VALUES " + rows);
    }

    std::string contact_of(int person) const {
        nlohmann::json body = {
            {"channel", "phone"},
            {"requester", {{"name", "Anne " + name_of(person)}, {"email", "anne" + std::to_string(person) + "@example.test"}}},
            {"subject_person", {{"birth_name", name_of(person)}, {"first_names", "Anne"}, {"birth_date", "1975-06-07"}}},
            {"dossier_number", number_of(person)},
            {"procedure", "RENEWAL"},
            {"department", "33"},
            {"subject", "Dossier bloqué"},
            {"body", "Mon dossier n'avance plus."}};
        return body.dump();
    }

    // So many of the people that the agency knows write, one every 60 ms whatever the answers.
    run write(int count) {
        std::vector<double> took(static_cast<std::size_t>(count));
        run out;
        out.references.resize(took.size());
        auto start = steady::now();
        auto work = [&](int client) {
            tests::http_client http(centre->port(), 30);
            for (int i = client; i < count; i += clients) {
                std::this_thread::sleep_until(start + every * i);
                auto began = steady::now();
                auto answer = http.post("/api/v1/tickets", contact_of(next_person + i), headers);
                // On a machine that has too much to do the server says so, and one comes back: the time goes on.
                while (answer.status == 503) answer = http.post("/api/v1/tickets", contact_of(next_person + i), headers);
                auto at = static_cast<std::size_t>(i);
                took[at] = std::chrono::duration<double, std::milli>(steady::now() - began).count();
                out.references[at] = answer.status == 201 ? nlohmann::json::parse(answer.body)["reference"].get<std::string>()
                                                          : "not accepted: " + std::to_string(answer.status) + " " + answer.body;
            }
        };
        std::vector<std::thread> threads;
        for (int i = 0; i < clients; ++i) threads.emplace_back(work, i);
        for (auto& each : threads) each.join();
        next_person += count;
        std::sort(took.begin(), took.end());
        out.p50_ms = took[took.size() / 2], out.p99_ms = took[took.size() * 99 / 100];
        return out;
    }

    // Questions to the registry that ended so, by /metrics: found, unavailable, unreadable...
    double answers(const std::string& outcome) const {
        tests::http_client http(administration_port, 30);
        auto text = http.get("/metrics").body;
        auto name = "relais_registry_answers_total{outcome=\"" + outcome + "\"} ";
        auto at = text.find(name);
        return at == std::string::npos ? 0 : std::stod(text.substr(at + name.size()));
    }
    // Waits until more of them ended so; false when none does within a minute.
    bool has_more_answers(const std::string& outcome, double before) const {
        for (auto until = steady::now() + 60s; steady::now() < until; std::this_thread::sleep_for(50ms))
            if (answers(outcome) > before) return true;
        return false;
    }

    nlohmann::json read(const std::string& reference) {
        auto answer = reader->get("/api/v1/tickets/" + reference, headers);
        while (answer.status == 503) answer = reader->get("/api/v1/tickets/" + reference, headers);
        return answer.status == 200 ? nlohmann::json::parse(answer.body) : nlohmann::json(std::to_string(answer.status));
    }
    // What the agency has in truth, whatever it said for a while.
    static bool is_true(const nlohmann::json& dossier) {
        return dossier["status"] == "UNDER_ASSESSMENT" && dossier["number"].get<std::string>().starts_with("AG-2026-") &&
               dossier["birth_name"].get<std::string>().starts_with("ESSAI") && dossier["status_since"] < "2100";
    }
    // The first contact that was not accepted, is not there, or is not attached to what is true within five minutes; empty: none.
    std::string fault_among(const std::vector<std::string>& references) {
        reader = std::make_unique<tests::http_client>(centre->port(), 30);
        auto until = steady::now() + 300s;
        for (const auto& each : references) {
            if (each.starts_with("not accepted")) return each;
            for (auto shown = read(each);; shown = read(each)) {
                if (!shown.is_object()) return each + " is not there: " + shown.dump();
                if (steady::now() > until) return each + " has no dossier";
                if (!shown["dossier"].is_null()) {
                    if (!is_true(shown["dossier"])) return each + ": " + shown["dossier"].dump();
                    break;
                }
                std::this_thread::sleep_for(50ms);
            }
        }
        return {};
    }

    tests::licence_registry agency;
    tests::faulty_way way;
    std::unique_ptr<tests::running_server> centre;
    std::unique_ptr<tests::http_client> reader;
    std::map<std::string, std::string> headers;
    std::uint16_t administration_port = free_port();
    int next_person = 1;
};

struct trouble {
    std::string name;
    std::string outcome; // that it makes of questions
    std::function<void(troubled_centre&)> begin, end;
};

const std::vector<trouble>& troubles() {
    static const std::vector<trouble> all = {
        {"10 s late", "unavailable", [](auto& at) { at.way.delay(10s); }, [](auto& at) { at.way.delay(0s); }},
        {"down", "unavailable", [](auto& at) { at.agency.server.stop(); }, [](auto& at) { at.agency.server.start(); }},
        // With the second try on a new connection, seven cuts in ten are one question in two without an answer.
        {"half of the questions cut", "unavailable", [](auto& at) { at.way.cut(70); }, [](auto& at) { at.way.cut(0); }},
        // Unknown words, a number where a name is, no name, Latin-1 bytes, days to come.
        {"wrong data", "unreadable",
         [](auto& at) {
             at.agency.show(
                 "num_dossier, CASE id % 5 WHEN 1 THEN id ELSE num_neph END AS num_neph, CASE id % 5 WHEN 2 THEN NULL WHEN 3 THEN "
                 "UNHEX('4C4546C8565245') ELSE nom END AS nom, nom_usage, prenoms, ne_le, demarche, CASE id % 5 WHEN 0 THEN "
                 "'EN_COURS' ELSE etat END AS etat, CASE id % 5 WHEN 4 THEN DATE '2999-01-01' ELSE etat_depuis END AS etat_depuis, "
                 "etape, erreur, TIMESTAMP '2999-01-01 00:00:00' AS maj");
         },
         [](auto& at) { at.agency.show(tests::licence_registry::true_columns); }}};
    return all;
}

} // namespace

TEST_CASE("a registry at its worst slows no contact down by more than 50 ms and loses none", "[faults]") {
    troubled_centre at;
    at.add_people(100);
    at.write(100); // the first ones open files and connections
    std::printf("%-28s %12s %12s %12s %12s\n", "registry", "healthy p50", "healthy p99", "troubled p50", "troubled p99");
    for (const auto& each : troubles()) {
        std::vector<std::string> references;
        auto least_ms = 1e9;
        INFO(each.name);
        for (int i = 0; i < rounds && least_ms > allowed_ms; ++i) {
            at.add_people(2 * contacts);
            auto healthy = at.write(contacts);
            auto before = at.answers(each.outcome);
            each.begin(at);
            auto troubled = at.write(contacts);
            CHECK(at.has_more_answers(each.outcome, before)); // or it was no trouble
            each.end(at);
            std::printf("%-28s %9.1f ms %9.1f ms %9.1f ms %9.1f ms\n", each.name.c_str(), healthy.p50_ms, healthy.p99_ms, troubled.p50_ms,
                        troubled.p99_ms);
            least_ms = std::min(least_ms, troubled.p99_ms - healthy.p99_ms);
            references.insert(references.end(), healthy.references.begin(), healthy.references.end());
            references.insert(references.end(), troubled.references.begin(), troubled.references.end());
        }
        CHECK(least_ms <= allowed_ms);
        CHECK(at.fault_among(references) == "");
    }
    CHECK(at.way.cuts() > 0);
}

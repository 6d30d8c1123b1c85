// SPDX-License-Identifier: EUPL-1.2
// The view that the agency is asked for, made from the file that it is given.
#include "server/registry.hpp"
#include "tests/support/certificate.hpp"
#include "tests/support/private_mariadb.hpp"
#include "tests/support/samples.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace relais;

namespace {

std::string text_of(const std::string& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

void replace(std::string& in, const std::string& what, const std::string& by) {
    for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + by.size())) in.replace(at, what.size(), by);
}

// An agency with tables of its own, in the character set of another age.
struct agency {
    agency() {
        server.run("CREATE DATABASE permis CHARACTER SET latin1");
        server.run(
            "CREATE TABLE permis.personne (id INT PRIMARY KEY, nom_naissance VARCHAR(80), nom_usage VARCHAR(80), prenoms VARCHAR(80), "
            "date_naissance DATE, courriel VARCHAR(80), telephone VARCHAR(20))");
        server.run(
            "CREATE TABLE permis.dossier (num_dossier VARCHAR(32) PRIMARY KEY, num_neph CHAR(12), personne_id INT, type_demarche "
            "VARCHAR(10), etat VARCHAR(10), date_etat DATE, etape VARCHAR(40), code_erreur VARCHAR(20), version_portail VARCHAR(20), "
            "cert VARCHAR(40), departement VARCHAR(3), auto_ecole VARCHAR(80), date_examen DATE, date_depot DATE, fin_aptitude "
            "DATE, fin_suspension DATE, maj_utc DATETIME)");
        server.run("INSERT INTO permis.personne VALUES (1, 'LEFÈVRE', NULL, 'ANNE', '1975-06-07', 'anne@example.test', '0612345678')");
        server.run("INSERT INTO permis.dossier VALUES ('AG-2026-0001', '190300200123', 1, 'RENOUV', 'INSTR', '2026-11-02', 'instruction', "
                   "NULL, '4.2', 'CERT de Nantes', '33', NULL, NULL, NULL, '2026-12-01', '0000-00-00', '2026-11-20 08:00:00')");
        // The operator's servers are here, and nothing else is changed in the file.
        auto file = text_of("config/registry-view.sql");
        replace(file, "10.0.0.%", "127.0.0.1");
        std::ofstream(folder.path("view.sql")) << file;
        tests::process client({"mariadb", "--no-defaults", "-uroot", "-S", server.socket(), "-e", "source " + folder.path("view.sql")});
        if (client.wait() != 0) throw std::runtime_error("the file is refused");
    }
    server::registry_options options() {
        server::registry_options out; // the names of the file are those of relais.toml
        out.host = "127.0.0.1", out.port = server.port(), out.database = "permis", out.user = "relais";
        out.password = "a long password", out.ca_file = certificate.authority.string();
        out.exam_on = "exam_on", out.filed_on = "filed_on", out.medical_on = "medical_on", out.suspension_end_on = "suspension_end_on";
        return out;
    }

    tests::temporary_folder folder;
    tests::certificate_files certificate = tests::make_certificate(folder.path("certificate"), "127.0.0.1");
    tests::private_mariadb server{{"--ssl-cert=" + certificate.certificate.string(), "--ssl-key=" + certificate.key.string()}};
};

} // namespace

TEST_CASE("the view that config/registry-view.sql makes is read with the configuration as it comes, encrypted", "[registry]") {
    agency at;
    tests::temporary_database mirror;
    auto asked = server::open_registry(at.options(), *mirror, [] { return tests::monday; });
    auto found = asked->look_up({.number = "AG-2026-0001", .neph = {}, .birth_name = {}, .birth_date = {}});
    INFO(found.fault);
    REQUIRE(found.outcome == server::registry_outcome::found);
    const auto& row = found.dossiers.at(0).values;
    CHECK(row.birth_name == "LEFÈVRE");
    CHECK(row.birth_date == "1975-06-07");
    CHECK(row.procedure_code == "RENEWAL");
    CHECK(row.status == "UNDER_ASSESSMENT");
    CHECK(row.status_since == "2026-11-02");
    CHECK(row.portal_release == "4.2");
    CHECK(row.centre == "CERT de Nantes");
    CHECK(row.department == "33");
    CHECK(row.phone == "+33612345678");
    CHECK(row.email == "anne@example.test");
    CHECK(found.dossiers[0].is_dated);
    CHECK(found.dossiers[0].dates == std::array<std::string, 4>{"", "", "2026-12-01", ""});
    CHECK(asked->look_up({.number = {}, .neph = {}, .birth_name = "Lefèvre", .birth_date = "1975-06-07"}).outcome ==
          server::registry_outcome::found);
}

TEST_CASE("the account of config/registry-view.sql reads the view, and nothing else, and only encrypted", "[registry]") {
    agency at;
    CHECK(at.server.ask("SELECT CONCAT('', COUNT(*)) FROM mysql.tables_priv WHERE User = 'relais'") == "1");
    CHECK(at.server.ask("SELECT CONCAT('', Table_priv) FROM mysql.tables_priv WHERE User = 'relais'") == "Select");
    auto ask_as_relais = [&](const std::string& what, const std::string& secrecy) {
        tests::process client({"mariadb", "--no-defaults", "-urelais", "-pa long password", "-h127.0.0.1",
                               "-P" + std::to_string(at.server.port()), secrecy, "-e", what},
                              {.error_file = at.folder.path("refused")});
        return client.wait();
    };
    CHECK(ask_as_relais("SELECT COUNT(*) FROM permis.licence_dossier", "--ssl") == 0);
    CHECK(ask_as_relais("SELECT COUNT(*) FROM permis.licence_dossier", "--skip-ssl") != 0);
    CHECK(ask_as_relais("SELECT COUNT(*) FROM permis.personne", "--ssl") != 0);
    CHECK(ask_as_relais("UPDATE permis.licence_dossier SET etape = ''", "--ssl") != 0);
}

TEST_CASE("the names that config/registry-view.sql gives are those of config/relais.toml", "[registry]") {
    auto view = text_of("config/registry-view.sql");
    server::registry_options usual;
    usual.exam_on = "exam_on", usual.filed_on = "filed_on", usual.medical_on = "medical_on", usual.suspension_end_on = "suspension_end_on";
    for (const auto* each : {&usual.number,         &usual.neph,
                             &usual.birth_name,     &usual.usual_name,
                             &usual.first_names,    &usual.birth_date,
                             &usual.procedure,      &usual.status,
                             &usual.status_since,   &usual.step,
                             &usual.error_code,     &usual.release,
                             &usual.centre,         &usual.department,
                             &usual.email,          &usual.phone,
                             &usual.driving_school, &usual.updated_at,
                             &usual.exam_on,        &usual.filed_on,
                             &usual.medical_on,     &usual.suspension_end_on}) {
        INFO(*each);
        CHECK(view.find(" AS " + *each) != std::string::npos);
        auto is_explained = view.find("--   " + *each) != std::string::npos || view.find(", " + *each) != std::string::npos;
        CHECK(is_explained);
    }
}

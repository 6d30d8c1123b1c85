// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/registry.hpp"
#include "tests/support/private_mariadb.hpp"

#include <string>

namespace relais::tests {

// The agency's registry as somebody else made it: another schema, French names, its own types, one read-only account.
class licence_registry {
public:
    explicit licence_registry(std::vector<std::string> arguments = {}) : server(std::move(arguments)) {
        server.run("CREATE DATABASE agence CHARACTER SET utf8mb4");
        server.run(
            "CREATE TABLE agence.permis (id BIGINT AUTO_INCREMENT PRIMARY KEY, num_dossier VARCHAR(32) UNIQUE, num_neph CHAR(12), "
            "nom VARCHAR(120), nom_usage VARCHAR(120), prenoms VARCHAR(200), ne_le VARCHAR(10), demarche VARCHAR(40), etat VARCHAR(40), "
            "etat_depuis DATE, etape VARCHAR(80), erreur VARCHAR(40), maj DATETIME, KEY (num_neph), KEY (ne_le, nom))");
        server.run(
            "CREATE VIEW agence.v_permis AS SELECT num_dossier, num_neph, nom, nom_usage, prenoms, ne_le, demarche, etat, etat_depuis, "
            "etape, erreur, maj FROM agence.permis");
        server.run("CREATE USER lecteur@'%' IDENTIFIED BY 'lecture'");
        server.run("GRANT SELECT ON agence.v_permis TO lecteur@'%'");
    }

    void put(const std::string& number, const std::string& neph, const std::string& name, const std::string& first_names,
             const std::string& born, const std::string& status = "UNDER_ASSESSMENT") {
        server.run("REPLACE INTO agence.permis (num_dossier, num_neph, nom, nom_usage, prenoms, ne_le, demarche, etat, etat_depuis, etape, "
                   "erreur, maj) VALUES ('" +
                   number + "', '" + neph + "', '" + name + "', NULL, '" + first_names + "', '" + born + "', 'RENEWAL', '" + status +
                   "', '2026-11-02', 'instruction', '', '2026-11-20 08:00:00')");
    }

    // As if everything had changed just now, for a server that lives by the true clock.
    void make_recent() { server.run("UPDATE agence.permis SET maj = UTC_TIMESTAMP(), etat_depuis = UTC_DATE()"); }
    // What the agency's view gives: these columns, whatever the table holds, as SQL in the order of the table.
    void show(const std::string& columns) {
        server.run("CREATE OR REPLACE VIEW agence.v_permis AS SELECT " + columns + " FROM agence.permis");
    }
    static constexpr auto true_columns =
        "num_dossier, num_neph, nom, nom_usage, prenoms, ne_le, demarche, etat, etat_depuis, etape, erreur, maj";

    // What an operator would write in relais.toml.
    server::registry_options options() const {
        server::registry_options out;
        out.host = "127.0.0.1", out.port = server.port(), out.clear_text = true;
        out.database = "agence", out.user = "lecteur", out.password = "lecture", out.view = "v_permis";
        out.number = "num_dossier", out.neph = "num_neph", out.birth_name = "nom", out.usual_name = "nom_usage",
        out.first_names = "prenoms";
        out.birth_date = "ne_le", out.procedure = "demarche", out.status = "etat", out.status_since = "etat_depuis", out.step = "etape";
        out.error_code = "erreur", out.updated_at = "maj";
        out.release = out.centre = out.department = out.email = out.phone = out.driving_school = "";
        out.cache_s = 0, out.probe_ms = 200;
        return out;
    }

    private_mariadb server;
};

} // namespace relais::tests

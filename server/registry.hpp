// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_match.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace relais::model {
class database;
}

namespace relais::server {

// The agency's licence registry: a read-only view in a MySQL or MariaDB server of somebody else (relais.toml, [registry]).
// Names of the view and of its columns are the operator's: letters, digits, "_" and "." for the view; an empty column is not there.
struct registry_options {
    std::string host, socket; // neither: no registry, our own mirror answers
    int port = 3306;
    std::string database, user, password;
    std::string ca_file;        // required unless socket or allow_clear_text: the server's certificate and host name are verified
    bool allow_clear_text = false;
    std::string view = "licence_dossier";
    std::string number = "number", neph = "neph", birth_name = "birth_name", usual_name = "usual_name", first_names = "first_names";
    std::string birth_date = "birth_date", procedure_code = "procedure", status = "status", status_since = "status_since", step = "step";
    std::string error_code = "error_code", portal_release = "release", centre = "centre", department = "department", email = "email";
    std::string phone = "phone", driving_school = "driving_school", updated_at = "updated_at"; // updated_at: a date and time, UTC
    int threads = 4, connect_ms = 500, total_ms = 800, cache_s = 300;
    int failures_open = 5, window = 20, probe_ms = 5000; // breaker: open after failures_open in a row or half of window
    bool is_configured() const { return !host.empty() || !socket.empty(); }
};

enum class registry_outcome { found, not_found, several, unavailable };

// One row of the registry, in our words.
struct registry_row;

struct registry_state {
    bool configured = false, breaker_open = false;
    std::int64_t asked = 0, answered = 0, failed = 0, late = 0, refused_by_breaker = 0, from_cache = 0;
};

} // namespace relais::server

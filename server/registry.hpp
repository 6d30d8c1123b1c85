// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_store.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace relais::model {
class database;
}

namespace relais::server {

// The agency's licence registry: a read-only view in a MySQL or MariaDB server of somebody else (relais.toml, [registry]). The names of
// the view and its columns are the operator's: letters, digits and "_" ("schema.view" for the view); an empty name: there is no such
// column. Dates may be DATE or text, updated_at a date and time in UTC.
struct registry_options {
    std::string host, socket; // neither: no registry, our own mirror answers
    int port = 3306;
    std::string database, user, password;
    std::string ca_file;     // the server's certificate and host name are verified against it
    bool clear_text = false; // allowed without ca_file only when this says so (a local tunnel)
    std::string view = "licence_dossier";
    std::string number = "number", neph = "neph", birth_name = "birth_name", usual_name = "usual_name", first_names = "first_names";
    std::string birth_date = "birth_date", procedure = "procedure_code", status = "status", status_since = "status_since", step = "step";
    std::string error_code = "error_code", release = "portal_release", centre = "centre", department = "department", email = "email";
    std::string phone = "phone", driving_school = "driving_school", updated_at = "updated_at";
    int threads = 4, connect_ms = 500, total_ms = 800, cache_s = 300;
    int failures_in_a_row = 5, failures_window = 20, probe_ms = 5000;
    bool is_configured() const { return !host.empty() || !socket.empty(); }
};

// What is known of the dossier looked for. The number is tried first, then the NEPH, then the birth name with the birth date.
struct registry_query {
    std::string number, neph, birth_name, birth_date;
    bool is_empty() const { return number.empty() && neph.empty() && (birth_name.empty() || birth_date.empty()); }
    auto operator<=>(const registry_query&) const = default;
};

// unreadable: the registry answered with something that is no dossier (a column of another type, an unknown status).
enum class registry_outcome { found, not_found, several, unreadable, unavailable };

struct registry_answer {
    registry_outcome outcome = registry_outcome::unavailable;
    std::vector<model::dossier_news> dossiers; // one when found, up to 20 when several
    std::string fault;                         // for the log: codes, never personal
};

// What the administration listener shows.
struct registry_counters {
    std::atomic<std::int64_t> asked = 0, found = 0, not_found = 0, failed = 0, late = 0, refused_by_breaker = 0, from_cache = 0;
};

// Never called inside a visit nor before an answer to a citizen.
class registry {
public:
    virtual ~registry() = default;
    // Asks and waits, total_ms at most: a later answer is dropped. Never throws.
    virtual registry_answer look_up(const registry_query& query) = 0;
    // False while the breaker is open and no probe is due.
    virtual bool is_ready() const = 0;
    // "registry", or "mirror" when no registry is configured: what a snapshot says of its source.
    virtual std::string source() const = 0;
    const registry_counters& counters() const { return counters_; }

protected:
    registry_counters counters_;
};

// The registry, or our own mirror in its place. Throws std::runtime_error with a sentence that says what to do: a name that is no name,
// neither ca_file nor clear_text. Does not connect yet: a registry that is down never stops the start.
std::unique_ptr<registry> open_registry(const registry_options& options, model::database& mirror);

} // namespace relais::server

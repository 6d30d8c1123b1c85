// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <string>

namespace relais::server {

// The agency's licence registry: a read-only view in a MySQL or MariaDB server of somebody else (relais.toml, [registry]). The names of
// the view and its columns are the operator's: letters, digits and "_" ("schema.view" for the view); an empty name: there is no such
// column. Dates may be DATE or text, updated_at a date and time in UTC.
struct registry_options {
    std::string host, socket; // neither: no registry, our own mirror answers
    int port = 3306;
    std::string database, user, password_file, password;
    std::string ca_file;     // the server's certificate and host name are verified against it
    bool clear_text = false; // without ca_file only when this says so (a local tunnel)
    std::string view = "licence_dossier";
    std::string number = "number", neph = "neph", birth_name = "birth_name", usual_name = "usual_name", first_names = "first_names";
    std::string birth_date = "birth_date", procedure = "procedure_code", status = "status", status_since = "status_since", step = "step";
    std::string error_code = "error_code", release = "portal_release", centre = "centre", department = "department", email = "email";
    std::string phone = "phone", driving_school = "driving_school", updated_at = "updated_at";
    std::string exam_on, filed_on, medical_on, suspension_end_on; // what the law counts from; views of before have none
    int threads = 4, connect_ms = 500, total_ms = 800, cache_s = 300;
    std::int64_t refresh_per_day = 20'000; // readings of dossiers with an open ticket; 0: none
    int refresh_hours = 6;                 // one read less than so long ago is not read again
    int failures_in_a_row = 5, failures_window = 20, probe_ms = 5000;
    bool is_configured() const { return !host.empty() || !socket.empty(); }
};

// What is wrong with them, as a sentence that says what to do; empty when nothing is, or when no registry is configured.
std::string registry_fault(const registry_options& options);

} // namespace relais::server

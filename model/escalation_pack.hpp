// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident_sheet.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace relais::model {

// What goes with an incident to those who correct it: enough to find the fault, nothing that tells whose it is. The incident's own words
// are hidden in it like its tickets'.
struct escalation_pack {
    incident_sheet sheet;
    // A message that says it well, without its writer; the state of its dossier then and now.
    struct sample {
        std::string name; // "dossier A": the same letter everywhere in the pack
        std::string subject, text;
        std::string received_on; // YYYY-MM-DD
        std::string department, procedure, step, error_code, portal_message, browser, release;
        std::string status_then, step_then, error_code_then, status_now, step_now, error_code_now;
        bool has_dossier = false;
    };
    std::vector<sample> samples;
    struct day {
        std::string on; // YYYY-MM-DD
        std::int64_t tickets = 0;
    };
    std::vector<day> days;              // of the last four weeks, empty ones included
    double a_day = 0, a_day_before = 0; // tickets a day: of the last 7 days, of the 7 before
};

namespace escalation_packs {

constexpr int sample_limit = 5;

// Throws: not_found.
escalation_pack make(soci::session& sql, std::int64_t number, sys_seconds now);

} // namespace escalation_packs

} // namespace relais::model

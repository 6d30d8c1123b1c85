// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include "model/event.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

namespace relais::model {

// One contact about a dossier: a ticket that was opened, or a later message of it.
struct dossier_contact {
    std::string kind; // ticket, citizen, reply, note, system
    sys_seconds at{};
    std::string reference, channel, subject, status;
    std::string role;            // what the dossier is to the ticket: subject, duplicate, homonym, pupil, candidate
    std::string author, excerpt; // of a message
    auto fields() { return std::tie(kind, at, reference, channel, subject, status, role, author, excerpt); }
};

namespace dossier_timelines {

constexpr int limit = 200;

// All contacts about a dossier, whoever made them, newest first, at most limit. Tickets that the dossier is only a candidate of are
// there without their messages: they may be somebody else's.
std::vector<dossier_contact> of(soci::session& sql, std::int64_t dossier_id);

// Who read it, newest first, at most limit.
std::vector<event> readings(soci::session& sql, std::int64_t dossier_id);

} // namespace dossier_timelines

} // namespace relais::model

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/form_draft.hpp"
#include "api/request.hpp"
#include "api/settings.hpp"

#include <nlohmann/json.hpp>

#include <vector>

// The files of a contact form before it is sent: bound to the form's secret, counted together, taken back at will.
namespace relais::api::contact_files {

// Adds the files that just came, removes the one named; draft.refused_files then says what was refused and why.
// Limits: 10 files, 10 MiB each, 25 MiB in all, of the types of security.md line 28.
void take(soci::session& sql, const secrets& keys, const settings& config, form_draft& draft, const std::vector<uploaded_file>& files,
          const std::string& removed, std::chrono::sys_seconds now);
void drop_all(soci::session& sql, const form_draft& draft);

// Writes the row of a file that is on disk, for a draft (draft_key) or for a message to come of a ticket.
void keep(soci::session& sql, const secrets& keys, const settings& config, const uploaded_file& file, std::string_view draft_key,
          std::chrono::sys_seconds now);
// Why a file cannot be taken beside those already there, as the key of a text; empty when it can.
std::string refusal(const settings& config, const uploaded_file& file, const std::vector<model::attachment>& beside);

// {name, size, public_id} of each, for pages.
nlohmann::json shown(const std::vector<model::attachment>& files, const catalogue& texts, std::string_view language);

} // namespace relais::api::contact_files

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/contact.hpp"
#include "model/database.hpp"
#include "model/demo/records.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace relais::model::demo {

// Told now and then while a base is being filled. stage: "dossiers" or "tickets".
using fill_progress = std::function<void(std::string_view stage, std::uint64_t done, std::uint64_t of)>;

// Fills an empty base with the agency of these options, through the same functions as real contacts, some hundreds a transaction.
// Nothing is mailed and no registry is asked. name: draws a reference and the hash of its follow-up link.
// The base remembers that it is filled: again, nothing happens and false is returned. Memory does not grow with the counts.
bool fill(database& into, const options& wanted, const std::function<ticket_name()>& name, const fill_progress& progress);

} // namespace relais::model::demo

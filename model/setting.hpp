// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/soci.h>

#include <optional>
#include <string>
#include <string_view>

// Small facts about the installation itself, by name: not its configuration, which is relais.toml.
namespace relais::model::settings {

std::optional<std::string> find(soci::session& sql, std::string_view name);
// Writes the value unless the name has one. Returns the value that stands.
std::string keep_first(soci::session& sql, std::string_view name, std::string_view value);
void set(soci::session& sql, std::string_view name, std::string_view value);

} // namespace relais::model::settings

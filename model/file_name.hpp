// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace relais::model::file_names {

constexpr std::size_t limit_bytes = 120;

// The name to show to people for a file that somebody sent; never a name on our disk. Full-width letters become ordinary and
// invisible characters go *first*, then the folder is cut off, what Windows refuses becomes '_', and the rest is bounded with its
// extension kept. The decision is thus taken on the very text that is stored. An empty name stays empty; one of which nothing
// remains is "document". Applying it twice changes nothing.
// Source: security.md 1.4 (FreeScout CVE-2026-28289: checked before it was normalised).
std::string safe(std::string_view sent);

} // namespace relais::model::file_names

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// The names of a zip archive's entries, read from the directory at its end; nothing is inflated. tail: the last bytes of the archive;
// size_bytes: of the whole. Nothing when the directory is not whole in the tail or says anything doubtful: several disks, Zip64,
// encryption, more than 2,000 entries or 1 GiB once inflated, a name that is empty, absolute or climbs, or comes twice.
// Source: APPNOTE.TXT 4.3.12 and 4.3.16.
std::optional<std::vector<std::string>> zip_entry_names(std::string_view tail, std::uint64_t size_bytes);

} // namespace relais::model

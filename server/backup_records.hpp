// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/sealed_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace relais::server {

// What a backup is made of: lists of texts, some absent, whose first word says what they are.
//     begin   format, program, time (seconds UTC)
//     schema  the numbers of the migrations
//     table   name, columns...          then its rows
//     r       one value a column
//     file    storage name              then its bytes
//     b       bytes
//     end     how many rows, how many files
using backup_record = std::vector<std::optional<std::string>>;
constexpr auto backup_format = "1";

void write_record(sealed_writer& to, const backup_record& record);
// False when the file has ended. Throws std::runtime_error when it is damaged.
bool read_record(sealed_reader& from, backup_record& into);

} // namespace relais::server

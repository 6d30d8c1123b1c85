// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/error.hpp"

#include <string>
#include <string_view>
#include <vector>

// Passwords are kept as argon2id: 65,536 KiB, 3 passes, 1 lane. A hash takes about 130 ms, so it runs on app.workers.
// Source: security.md lines 33 to 36.
namespace relais::model::passwords {

constexpr std::size_t length_min = 14, length_max = 128; // code points

// A PHC string with a salt of its own. Throws busy when the memory cannot be had.
std::string hash(const std::string& clear);
// True when the password made the hash. Takes the same time for any well-formed hash.
bool verify(const std::string& hash, const std::string& clear);
// True when the hash was made with other settings than today's: make it again at the next sign-in.
bool needs_rehash(const std::string& hash);
// A hash that no password makes, so that an unknown login takes as long as a known one.
const std::string& dummy_hash();

// What is wrong with a chosen password: too short, too long, too common. Empty when it may be used.
// common: words that people put in passwords (config/common_passwords.txt), folded; login: counts as one of them.
std::vector<field_fault> faults(std::string_view clear, std::string_view login, const std::vector<std::string>& common);
// Reads the list: one word a line, `#` starts a comment.
std::vector<std::string> read_common(const std::string& file);

} // namespace relais::model::passwords

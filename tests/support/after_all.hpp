// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

namespace relais::tests {

// What can be said only when every test of a program has run, such as what none of them tried: the sentences of what is missing.
using last_check = std::vector<std::string> (*)();

// Asks for a check at the end of a run of the whole program; a run of some tests makes none. Returns true, for a static variable.
bool after_all(last_check check);
const std::vector<last_check>& last_checks();

} // namespace relais::tests

// SPDX-License-Identifier: EUPL-1.2
#pragma once

namespace relais::server {

// The program: reads the command line, runs one command, returns the exit status: 0 success, 1 failure with a sentence that says what
// to do, 2 wrong usage. Progress goes to standard error, results to standard output.
// Source: docs/operations.md, "Commands".
int run_command_line(int count, char** words);

} // namespace relais::server

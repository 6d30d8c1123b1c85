// SPDX-License-Identifier: EUPL-1.2
#include "server/command_line.hpp"

int main(int count, char** words) { return relais::server::run_command_line(count, words); }

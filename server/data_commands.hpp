// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/commands.hpp"

namespace relais::server {

// `import dossiers`, `import tickets`: the file is the input. Every bad line is told with its number and reason; the result is a count.
int import_dossiers(command_context& context);
int import_tickets(command_context& context);
// `journal verify`: 0 when the journal is whole; the result is the hash of its last block.
int verify_journal(command_context& context);
// `search rebuild`.
int rebuild_search(command_context& context);

} // namespace relais::server

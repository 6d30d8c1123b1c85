// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/commands.hpp"

namespace relais::server {

// `share`: writes a weekly share as HTML, XLSX, CSV and JSON into a folder; freezes it first when its week ended and it was not made.
// The result is one line a file. arguments: {"week"?, "out"}.
int write_share(command_context& context);
// `figures rebuild`: reads first answers again where none was counted, and makes the facts of the key figures again from the rows.
int rebuild_figures(command_context& context);

} // namespace relais::server

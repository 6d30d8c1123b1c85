// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/mysql/soci-mysql.h>

namespace relais::model::mariadb {

// SOCI's own sessions for MariaDB, but for this: a statement with bound values, kept for later runs, is prepared by the server and its
// values travel beside it. SOCI writes them into the text, and the server reads the whole text again each time, a quarter of the work of
// a ticket (decision 171). What the server will not prepare runs as SOCI would run it.
extern const soci::backend_factory& prepared_sessions;

} // namespace relais::model::mariadb

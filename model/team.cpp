// SPDX-License-Identifier: EUPL-1.2
#include "model/team.hpp"

#include "model/sql.hpp"

namespace relais::model::teams {

std::vector<team> all(soci::session& sql) { return sql::all<team>(sql, "SELECT id, code, name FROM team ORDER BY name LIMIT 200"); }

} // namespace relais::model::teams

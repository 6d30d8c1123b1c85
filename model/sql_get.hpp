// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/error.hpp"
#include "model/sql.hpp"

namespace relais::model::sql {

// The one row of a query, bound as `first` does. Throws: not_found, when there is none.
template <class Row, class... Values> Row get(soci::session& session, std::string_view query, const Values&... values) {
    auto found = first<Row>(session, query, values...);
    if (!found) throw not_found();
    return std::move(*found);
}

} // namespace relais::model::sql

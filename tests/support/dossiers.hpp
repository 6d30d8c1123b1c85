// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/dossier_store.hpp"

#include <string>

namespace relais::tests {

// A dossier under assessment, to be changed by the test.
inline model::dossier_news some_dossier(const std::string& number, const std::string& birth_name, const std::string& first_names,
                                        const std::string& birth_date, const std::string& neph = "") {
    model::dossier_news out;
    auto& row = out.values;
    row.number = number, row.neph = neph;
    row.birth_name = birth_name, row.first_names = first_names, row.birth_date = birth_date;
    row.procedure_code = "RENEWAL", row.status = "UNDER_ASSESSMENT", row.status_since = "2026-10-01", row.step = "assessment";
    row.department = "33", row.source = "import";
    row.updated_at = model::at_seconds(1'790'000'000);
    return out;
}

} // namespace relais::tests

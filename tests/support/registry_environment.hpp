// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/registry_options.hpp"

#include <map>
#include <string>

namespace relais::tests {

// What an operator writes in relais.toml, as the environment.
inline std::map<std::string, std::string> environment_of(const server::registry_options& options) {
    std::map<std::string, std::string> out = {{"HOST", options.host},
                                              {"PORT", std::to_string(options.port)},
                                              {"DATABASE", options.database},
                                              {"USER", options.user},
                                              {"CLEAR_TEXT", "true"},
                                              {"CACHE_S", std::to_string(options.cache_s)},
                                              {"REFRESH_PER_DAY", std::to_string(options.refresh_per_day)},
                                              {"VIEW", options.view},
                                              {"NUMBER_COLUMN", options.number},
                                              {"NEPH_COLUMN", options.neph},
                                              {"BIRTH_NAME_COLUMN", options.birth_name},
                                              {"USUAL_NAME_COLUMN", options.usual_name},
                                              {"FIRST_NAMES_COLUMN", options.first_names},
                                              {"BIRTH_DATE_COLUMN", options.birth_date},
                                              {"PROCEDURE_COLUMN", options.procedure},
                                              {"STATUS_COLUMN", options.status},
                                              {"STATUS_SINCE_COLUMN", options.status_since},
                                              {"STEP_COLUMN", options.step},
                                              {"ERROR_CODE_COLUMN", options.error_code},
                                              {"UPDATED_AT_COLUMN", options.updated_at}};
    for (auto* absent : {"RELEASE", "CENTRE", "DEPARTMENT", "EMAIL", "PHONE", "DRIVING_SCHOOL"}) out[std::string(absent) + "_COLUMN"] = "";
    std::map<std::string, std::string> prefixed;
    for (const auto& [key, value] : out) prefixed["RELAIS_REGISTRY_" + key] = value;
    return prefixed;
}

} // namespace relais::tests

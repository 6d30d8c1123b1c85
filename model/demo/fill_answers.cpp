// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill_answers.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>

namespace relais::model::demo {

void fill_answers(soci::session& sql, const std::string& file, const std::string& author, sys_seconds now) {
    if (!canned_answers::all(sql).empty()) return;
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file);
    actor who{"staff", {}, author, {}};
    for (const auto& each : nlohmann::json::parse(in))
        canned_answers::add(sql, {{}, each.at("title").get<std::string>(), each.at("body").get<std::string>()}, who, now);
}

} // namespace relais::model::demo

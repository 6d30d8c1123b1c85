// SPDX-License-Identifier: EUPL-1.2
#include "api/services.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace relais::api {

namespace {

std::vector<competent_service> read(const std::string& file) {
    std::ifstream in(file);
    auto list = nlohmann::json::parse(in, nullptr, false);
    if (!list.is_array()) throw std::runtime_error("The list of services " + file + " cannot be read.");
    std::vector<competent_service> out;
    for (const auto& each : list) out.push_back({each.at("code"), each.at("name"), each.at("contact")});
    return out;
}

} // namespace

const std::vector<competent_service>& competent_services(const std::string& share_dir) {
    static const auto list = read(share_dir + "/config/services.json");
    return list;
}

const competent_service* find_service(const std::string& share_dir, std::string_view code) {
    const auto& list = competent_services(share_dir);
    auto found = std::find_if(list.begin(), list.end(), [code](const auto& each) { return each.code == code; });
    return found == list.end() ? nullptr : &*found;
}

} // namespace relais::api

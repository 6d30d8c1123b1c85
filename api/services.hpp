// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// Another service that a request may belong to (config/services.json).
struct competent_service {
    std::string code, name, contact;
    // What the citizen is told: who is in charge now, and how to reach them (CRPA L.114-2).
    std::string shown() const { return name + " (" + contact + ")"; }
};

// Read once a process. Throws std::runtime_error when the file is missing or is not a list of {code, name, contact}.
const std::vector<competent_service>& competent_services(const std::string& share_dir);
const competent_service* find_service(const std::string& share_dir, std::string_view code);

} // namespace relais::api

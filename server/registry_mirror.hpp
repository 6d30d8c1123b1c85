// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/registry.hpp"

namespace relais::server {

// Without a registry: the dossiers imported from a file into our own table answer.
std::unique_ptr<registry> mirror_registry(model::database& mirror);

} // namespace relais::server

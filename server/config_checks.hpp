// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/config.hpp"

#include <string>
#include <vector>

namespace relais::server {

// Adds what no single key can tell: addresses that cannot be read, a certificate without its key, an unknown zone.
void check_configuration(const configuration& config, std::vector<config_fault>& faults);

// Where templates/, config/ and the built assets are: the nearest folder above the program that holds templates/, else /usr/share/relais.
std::string default_share_dir();

} // namespace relais::server

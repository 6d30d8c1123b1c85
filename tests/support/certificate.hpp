// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <filesystem>
#include <string>

namespace relais::tests {

// An authority of one test and a certificate it signed for one host; files in PEM.
struct certificate_files {
    std::filesystem::path authority;   // to trust
    std::filesystem::path certificate; // of the host
    std::filesystem::path key;
};

// host: a name ("localhost") or an IPv4 address ("127.0.0.1"). Valid for a day.
certificate_files make_certificate(const std::filesystem::path& directory, const std::string& host);

} // namespace relais::tests

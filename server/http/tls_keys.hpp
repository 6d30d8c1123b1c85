// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/config.hpp"

#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace relais::server {

// TLS 1.2 and 1.3 with the suites ANSSI recommends; null when no certificate is configured.
// Throws std::runtime_error when the certificate or its key cannot be read, or do not match.
// Source: security.md line 56; ANSSI PA-037 (recommandations de sécurité relatives à TLS).
std::shared_ptr<boost::asio::ssl::context> load_tls_keys(const tls_options& options);

} // namespace relais::server

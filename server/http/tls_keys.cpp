// SPDX-License-Identifier: EUPL-1.2
#include "server/http/tls_keys.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>

#include <stdexcept>

namespace relais::server {

namespace ssl = boost::asio::ssl;

namespace {
constexpr auto suites_1_2 = "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
                            "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";
}

std::shared_ptr<ssl::context> load_tls_keys(const tls_options& options) {
    if (!options.enabled()) return nullptr;
    auto keys = std::make_shared<ssl::context>(ssl::context::tls_server);
    try {
        keys->set_options(ssl::context::default_workarounds | ssl::context::no_compression);
        keys->use_certificate_chain_file(options.certificate_file);
        keys->use_private_key_file(options.key_file, ssl::context::pem);
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot use the certificate " + options.certificate_file + " with the key " + options.key_file + ": " +
                                 error.code().message());
    }
    SSL_CTX_set_min_proto_version(keys->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(keys->native_handle(), suites_1_2);
    SSL_CTX_set_options(keys->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    return keys;
}

} // namespace relais::server

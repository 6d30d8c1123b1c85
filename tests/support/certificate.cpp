// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace relais::tests {
namespace {

using key_pointer = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_pointer = std::unique_ptr<X509, decltype(&X509_free)>;
using file_pointer = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

key_pointer make_key() { return {EVP_EC_gen("P-256"), EVP_PKEY_free}; }

void set_name(X509_NAME* name, const std::string& text) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
}

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension{X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()),
                                                                              X509_EXTENSION_free};
    if (!extension || X509_add_ext(certificate, extension.get(), -1) != 1) throw std::runtime_error("no certificate extension");
}

certificate_pointer start(const std::string& name, long serial, EVP_PKEY* key) {
    certificate_pointer out{X509_new(), X509_free};
    X509_set_version(out.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(out.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(out.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(out.get()), 24 * 3600);
    set_name(X509_get_subject_name(out.get()), name);
    X509_set_pubkey(out.get(), key);
    return out;
}

file_pointer open(const std::filesystem::path& path) {
    file_pointer out{std::fopen(path.c_str(), "wb"), std::fclose};
    if (!out) throw std::runtime_error("cannot write " + path.string());
    return out;
}

} // namespace

certificate_files make_certificate(const std::filesystem::path& directory, const std::string& host) {
    auto authority_key = make_key();
    auto authority = start("Test authority", 1, authority_key.get());
    X509_set_issuer_name(authority.get(), X509_get_subject_name(authority.get()));
    extend(authority.get(), authority.get(), NID_basic_constraints, "critical,CA:TRUE");
    extend(authority.get(), authority.get(), NID_subject_key_identifier, "hash");
    X509_sign(authority.get(), authority_key.get(), EVP_sha256());

    auto key = make_key();
    auto certificate = start(host, 2, key.get());
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority.get()));
    auto is_number = host.find_first_not_of("0123456789.") == std::string::npos;
    extend(certificate.get(), authority.get(), NID_subject_alt_name, (is_number ? "IP:" : "DNS:") + host);
    X509_sign(certificate.get(), authority_key.get(), EVP_sha256());

    std::filesystem::create_directories(directory);
    certificate_files out{directory / "authority.pem", directory / "certificate.pem", directory / "key.pem"};
    PEM_write_X509(open(out.authority).get(), authority.get());
    PEM_write_X509(open(out.certificate).get(), certificate.get());
    PEM_write_PrivateKey(open(out.key).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return out;
}

} // namespace relais::tests

// SPDX-License-Identifier: EUPL-1.2
#include "api/secrets.hpp"

#include <sodium.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace relais::api {

namespace {

constexpr std::size_t key_bytes = crypto_auth_hmacsha256_KEYBYTES;

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string base64url(std::string_view raw) {
    constexpr auto variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
    std::string out(sodium_base64_ENCODED_LEN(raw.size(), variant), '\0');
    sodium_bin2base64(out.data(), out.size(), bytes(raw), raw.size(), variant);
    out.pop_back(); // the closing zero
    return out;
}

std::string from_base64url(std::string_view text) {
    std::string out(text.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(bytes(out), out.size(), text.data(), text.size(), nullptr, &size, nullptr,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
        throw std::runtime_error("sealed text is not base64");
    out.resize(size);
    return out;
}

std::string hmac(std::string_view key, std::string_view text) {
    std::string out(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256(bytes(out), bytes(text), text.size(), bytes(key));
    return out;
}

void write_new_key(const std::string& file) {
    auto folder = std::filesystem::path(file).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder);
    std::array<unsigned char, key_bytes> key{};
    randombytes_buf(key.data(), key.size());
    std::string hex(key.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), key.data(), key.size());
    hex.back() = '\n';
    auto descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
    if (descriptor < 0 && errno == EEXIST) return; // another process was first
    if (descriptor < 0) throw std::runtime_error("The key file " + file + " cannot be written.");
    auto written = ::write(descriptor, hex.data(), hex.size());
    auto synced = ::fsync(descriptor);
    ::close(descriptor);
    if (written != static_cast<ssize_t>(hex.size()) || synced != 0)
        throw std::runtime_error("The key file " + file + " cannot be written.");
}

} // namespace

std::string secrets::sign(std::string_view use, std::string_view text) const { return base64url(hmac(hmac(master, use), text)); }

bool secrets::verify(std::string_view use, std::string_view text, std::string_view signature) const {
    auto expected = sign(use, text);
    return expected.size() == signature.size() && sodium_memcmp(expected.data(), signature.data(), expected.size()) == 0;
}

std::string secrets::seal(std::string_view use, std::string_view clear) const {
    auto key = hmac(master, use);
    std::string out(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES + clear.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
    auto* nonce = bytes(out);
    randombytes_buf(nonce, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    unsigned long long size = 0;
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, &size, bytes(clear), clear.size(),
                                               bytes(use), use.size(), nullptr, nonce, bytes(key));
    return base64url(out);
}

std::string secrets::open(std::string_view use, std::string_view sealed) const {
    auto raw = from_base64url(sealed);
    constexpr auto head = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, tail = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    if (raw.size() < head + tail) throw std::runtime_error("sealed text is too short");
    auto key = hmac(master, use);
    std::string out(raw.size() - head - tail, '\0');
    unsigned long long size = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(bytes(out), &size, nullptr, bytes(raw) + head, raw.size() - head, bytes(use), use.size(),
                                                   bytes(raw), bytes(key)) != 0)
        throw std::runtime_error("sealed text was altered or made with another key");
    return out;
}

std::string random_token(std::size_t size) {
    std::string raw(size, '\0');
    randombytes_buf(raw.data(), raw.size());
    return base64url(raw);
}

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), bytes(text), text.size());
    std::string out(hash.size() * 2 + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), hash.data(), hash.size());
    out.pop_back();
    return out;
}

secrets load_secrets(const std::string& file) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start.");
    if (!std::filesystem::exists(file)) write_new_key(file);
    std::ifstream in(file);
    std::string hex;
    in >> hex;
    secrets out{std::string(key_bytes, '\0')};
    std::size_t size = 0;
    if (sodium_hex2bin(bytes(out.master), key_bytes, hex.data(), hex.size(), nullptr, &size, nullptr) != 0 || size != key_bytes)
        throw std::runtime_error("The key file " + file + " must hold 64 hexadecimal characters and be readable.");
    return out;
}

} // namespace relais::api

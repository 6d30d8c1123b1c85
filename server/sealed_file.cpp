// SPDX-License-Identifier: EUPL-1.2
#include "server/sealed_file.hpp"

#include <sodium.h>
#include <zlib.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <utility>

namespace relais::server {

namespace {

constexpr std::string_view magic = "RELAIS SEALED 1\n";
constexpr std::size_t piece_bytes = 1024 * 1024, nonce_bytes = 16, check_bytes = 43;
constexpr std::size_t sealed_limit = 2 * piece_bytes; // of a piece that is compressed and sealed
constexpr int compression = 1;
constexpr auto use = "sealed_file", check_use = "sealed_file_check";

unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes(const std::string& text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string key_of(const api::secrets& keys, const std::string& nonce) {
    auto text = keys.sign(use, nonce);
    std::string key(crypto_secretstream_xchacha20poly1305_KEYBYTES, '\0');
    std::size_t size = 0;
    sodium_base642bin(bytes(key), key.size(), text.data(), text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    if (size != key.size()) throw std::logic_error("sealed_file: a signature is not a key");
    return key;
}

std::string number(std::uint32_t value) {
    std::string out(4, '\0');
    for (auto& each : out) each = static_cast<char>(value & 0xff), value >>= 8;
    return out;
}

std::uint32_t number(std::string_view text) {
    std::uint32_t out = 0;
    for (std::size_t i = 4; i-- > 0;) out = out << 8 | static_cast<unsigned char>(text[i]);
    return out;
}

std::string compressed(const std::string& clear) {
    auto size = compressBound(clear.size());
    std::string out(size, '\0');
    if (compress2(bytes(out), &size, bytes(clear), clear.size(), compression) != Z_OK) throw std::runtime_error("cannot compress");
    out.resize(size);
    return number(static_cast<std::uint32_t>(clear.size())) + out;
}

void sync(const std::string& path) {
    auto descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    auto synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) throw std::runtime_error("cannot write " + path);
}

} // namespace

struct sealed_writer::cipher {
    crypto_secretstream_xchacha20poly1305_state state;
};
struct sealed_reader::cipher {
    crypto_secretstream_xchacha20poly1305_state state;
};

sealed_writer::sealed_writer(std::string file, const api::secrets& keys)
    : file_(std::move(file)), part_(file_ + ".part"), cipher_(std::make_unique<cipher>()) {
    if (std::filesystem::exists(file_)) throw std::runtime_error(file_ + " exists already: choose another name, or move it away");
    out_.open(part_, std::ios::binary | std::ios::trunc);
    if (!out_) throw std::runtime_error("cannot write " + part_);
    std::string nonce(nonce_bytes, '\0'), header(crypto_secretstream_xchacha20poly1305_HEADERBYTES, '\0');
    randombytes_buf(nonce.data(), nonce.size());
    crypto_secretstream_xchacha20poly1305_init_push(&cipher_->state, bytes(header), bytes(key_of(keys, nonce)));
    put(magic), put(nonce), put(keys.sign(check_use, nonce)), put(header);
}

sealed_writer::~sealed_writer() {
    std::error_code ignored;
    if (!is_finished_) std::filesystem::remove(part_, ignored);
}

void sealed_writer::put(std::string_view text) {
    out_.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!out_) throw std::runtime_error("cannot write " + part_ + ": is the disk full?");
    size_ += text.size();
}

void sealed_writer::write(std::string_view text) {
    while (!text.empty()) {
        auto some = text.substr(0, piece_bytes - clear_.size());
        clear_ += some;
        text.remove_prefix(some.size());
        if (clear_.size() == piece_bytes) seal(false);
    }
}

void sealed_writer::seal(bool is_last) {
    auto clear = compressed(clear_);
    std::string sealed(clear.size() + crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    auto tag = is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    crypto_secretstream_xchacha20poly1305_push(&cipher_->state, bytes(sealed), nullptr, bytes(clear), clear.size(), nullptr, 0,
                                               static_cast<unsigned char>(tag));
    put(number(static_cast<std::uint32_t>(sealed.size()))), put(sealed);
    clear_.clear();
}

void sealed_writer::finish() {
    seal(true);
    out_.close();
    if (!out_) throw std::runtime_error("cannot write " + part_ + ": is the disk full?");
    sync(part_);
    std::filesystem::rename(part_, file_);
    is_finished_ = true;
    auto folder = std::filesystem::path(file_).parent_path();
    sync(folder.empty() ? "." : folder.string());
}

sealed_reader::sealed_reader(const std::string& file, const api::secrets& keys)
    : file_(file), in_(file, std::ios::binary), cipher_(std::make_unique<cipher>()) {
    if (!in_) throw std::runtime_error("cannot read " + file);
    std::string head(magic.size() + nonce_bytes + check_bytes + crypto_secretstream_xchacha20poly1305_HEADERBYTES, '\0');
    in_.read(head.data(), static_cast<std::streamsize>(head.size()));
    if (!in_ || !head.starts_with(magic)) throw std::runtime_error(file + " is not a backup of Relais");
    auto nonce = head.substr(magic.size(), nonce_bytes), check = head.substr(magic.size() + nonce_bytes, check_bytes);
    auto header = head.substr(magic.size() + nonce_bytes + check_bytes);
    if (!keys.verify(check_use, nonce, check))
        throw std::runtime_error(file + " was written under another master key: put that one in place first");
    if (crypto_secretstream_xchacha20poly1305_init_pull(&cipher_->state, bytes(header), bytes(key_of(keys, nonce))) != 0)
        throw std::runtime_error(file + " is damaged at its beginning");
}

sealed_reader::~sealed_reader() = default;

bool sealed_reader::open_next() {
    if (has_ended_) return false;
    std::string size(4, '\0');
    in_.read(size.data(), 4);
    auto sealed_size = in_ ? number(size) : 0;
    if (sealed_size < crypto_secretstream_xchacha20poly1305_ABYTES + 4 || sealed_size > sealed_limit)
        throw std::runtime_error(file_ + " is damaged or cut short");
    std::string sealed(sealed_size, '\0'), opened(sealed_size - crypto_secretstream_xchacha20poly1305_ABYTES, '\0');
    in_.read(sealed.data(), static_cast<std::streamsize>(sealed.size()));
    unsigned char tag = 0;
    if (!in_ || crypto_secretstream_xchacha20poly1305_pull(&cipher_->state, bytes(opened), nullptr, &tag, bytes(sealed), sealed.size(),
                                                           nullptr, 0) != 0)
        throw std::runtime_error(file_ + " is damaged or cut short");
    has_ended_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    uLongf clear_size = number(opened);
    if (clear_size > piece_bytes) throw std::runtime_error(file_ + " is damaged");
    clear_.resize(clear_size), at_ = 0;
    if (uncompress(bytes(clear_), &clear_size, bytes(opened) + 4, opened.size() - 4) != Z_OK || clear_size != clear_.size())
        throw std::runtime_error(file_ + " is damaged");
    return true;
}

bool sealed_reader::read(char* into, std::size_t size_bytes) {
    std::size_t done = 0;
    while (done < size_bytes) {
        if (at_ == clear_.size() && !open_next()) {
            if (done == 0) return false;
            throw std::runtime_error(file_ + " ends in the middle of something");
        }
        auto some = std::min(size_bytes - done, clear_.size() - at_);
        std::memcpy(into + done, clear_.data() + at_, some);
        done += some, at_ += some;
    }
    return true;
}

} // namespace relais::server

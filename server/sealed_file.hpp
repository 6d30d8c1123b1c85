// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

// A file that only the holder of the master key reads: bytes in pieces of a megabyte, compressed, then encrypted and chained by libsodium's
// secretstream (XChaCha20-Poly1305), so that a piece altered, moved or missing at the end shows. Each file has a key of its own.
namespace relais::server {

class sealed_writer {
public:
    // Writes beside the file until finish(). Throws std::runtime_error when the file exists or cannot be written.
    sealed_writer(std::string file, const api::secrets& keys);
    ~sealed_writer(); // without finish() nothing is left
    sealed_writer(const sealed_writer&) = delete;
    sealed_writer& operator=(const sealed_writer&) = delete;

    void write(std::string_view bytes);
    // The file is complete and synced when this returns.
    void finish();
    std::uint64_t size_bytes() const { return size_; }

private:
    struct cipher;
    void put(std::string_view bytes);
    void seal(bool is_last);

    std::string file_, part_, clear_;
    std::ofstream out_;
    std::unique_ptr<cipher> cipher_;
    std::uint64_t size_ = 0;
    bool is_finished_ = false;
};

class sealed_reader {
public:
    // Throws std::runtime_error when it is no such file, or was written under another master key.
    sealed_reader(const std::string& file, const api::secrets& keys);
    ~sealed_reader();
    sealed_reader(const sealed_reader&) = delete;
    sealed_reader& operator=(const sealed_reader&) = delete;

    // Exactly so many bytes; false when the file ends, whole, right here. Throws std::runtime_error when it is damaged or cut short.
    bool read(char* into, std::size_t size_bytes);

private:
    struct cipher;
    bool open_next();

    std::string file_, clear_;
    std::size_t at_ = 0;
    std::ifstream in_;
    std::unique_ptr<cipher> cipher_;
    bool has_ended_ = false;
};

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace relais::model {

// The bytes of attachments: files of random names (mode 0600, folder 0700), each encrypted under a key of its own (libsodium secretstream,
// XChaCha20-Poly1305), so that destroying the key erases the file wherever its copies lie. Source: security.md 4.12.
class attachment_store {
public:
    struct stored {
        std::string storage_name; // random, in the store's folder
        std::string key;          // base64; sealed by the caller before it is kept
        std::string sha256;       // hex, of the clear bytes
        std::string head;         // the first clear bytes, enough to tell the type
        std::int64_t size_bytes = 0;
    };

    // One file being written. Dropped without finish(), it leaves nothing.
    class writer {
    public:
        virtual ~writer() = default;
        virtual void write(std::string_view bytes) = 0; // throws std::runtime_error when the disk refuses
        virtual stored finish() = 0;                    // the file and its folder are synced when this returns
    };

    // folder is made when it does not exist. Throws std::runtime_error when it cannot be.
    explicit attachment_store(std::string folder);

    std::unique_ptr<writer> create();
    // The clear bytes of one file, piece by piece; nothing after the last. Throws std::runtime_error when it is truncated or altered.
    class reader {
    public:
        virtual ~reader() = default;
        virtual std::optional<std::string> next() = 0;
    };
    // Throws std::runtime_error when the file is missing or the key is not its own.
    std::unique_ptr<reader> open(const std::string& storage_name, const std::string& key) const;
    // Gives all of them to the sink. Throws as both.
    void read(const std::string& storage_name, const std::string& key, const std::function<void(std::string_view)>& sink) const;
    // Removes a file; nothing happens when it is gone already.
    void remove(const std::string& storage_name);
    // Names of the files older than the given age, for the sweep of those that no row knows.
    void each_older_than(std::int64_t age_s, const std::function<void(const std::string&)>& found) const;

private:
    std::string folder_;
};

} // namespace relais::model

// SPDX-License-Identifier: EUPL-1.2
#include "model/attachment_store.hpp"

#include <sodium.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace relais::model {

namespace {

constexpr std::size_t piece_bytes = 64 * 1024, head_bytes = 4096, name_bytes = 24;
constexpr std::size_t sealed_piece_bytes = piece_bytes + crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t key_bytes = crypto_secretstream_xchacha20poly1305_KEYBYTES;

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::string encode(const unsigned char* from, std::size_t size) {
    std::string out(sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(out.data(), out.size(), from, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out.pop_back();
    return out;
}

bool is_plain_name(std::string_view name) {
    return !name.empty() &&
           name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string_view::npos;
}

// A file descriptor that closes itself.
class descriptor {
public:
    explicit descriptor(int value) : value_(value) {}
    ~descriptor() { close(); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int get() const { return value_; }
    void close() {
        if (value_ >= 0) ::close(value_);
        value_ = -1;
    }

private:
    int value_;
};

void write_all(int to, const unsigned char* from, std::size_t size) {
    while (size > 0) {
        auto written = ::write(to, from, size);
        if (written <= 0) throw std::runtime_error("attachment: the disk refuses to write");
        from += written;
        size -= static_cast<std::size_t>(written);
    }
}

void sync_folder(const std::string& folder) {
    descriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened.get() < 0 || ::fsync(opened.get()) != 0) throw std::runtime_error("attachment: the folder cannot be synced");
}

class file_writer final : public attachment_store::writer {
public:
    explicit file_writer(std::string folder) : folder_(std::move(folder)), file_(-1) {
        std::array<unsigned char, name_bytes> name{};
        randombytes_buf(name.data(), name.size());
        out_.storage_name = encode(name.data(), name.size());
        path_ = folder_ + "/" + out_.storage_name;
        opened_ = std::make_unique<descriptor>(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        file_ = opened_->get();
        if (file_ < 0) throw std::runtime_error("attachment: the file cannot be made");
        std::array<unsigned char, key_bytes> key{};
        crypto_secretstream_xchacha20poly1305_keygen(key.data());
        out_.key = encode(key.data(), key.size());
        std::array<unsigned char, crypto_secretstream_xchacha20poly1305_HEADERBYTES> header{};
        crypto_secretstream_xchacha20poly1305_init_push(&state_, header.data(), key.data());
        sodium_memzero(key.data(), key.size());
        crypto_hash_sha256_init(&hash_);
        write_all(file_, header.data(), header.size());
    }
    ~file_writer() override {
        if (!finished_) ::unlink(path_.c_str());
    }

    void write(std::string_view bytes) override {
        out_.size_bytes += static_cast<std::int64_t>(bytes.size());
        crypto_hash_sha256_update(&hash_, raw(bytes), bytes.size());
        if (out_.head.size() < head_bytes) out_.head += bytes.substr(0, head_bytes - out_.head.size());
        while (!bytes.empty()) {
            auto taken = bytes.substr(0, piece_bytes - piece_.size());
            piece_ += taken;
            bytes.remove_prefix(taken.size());
            if (piece_.size() == piece_bytes) push(0);
        }
    }

    attachment_store::stored finish() override {
        push(crypto_secretstream_xchacha20poly1305_TAG_FINAL);
        if (::fsync(file_) != 0) throw std::runtime_error("attachment: the file cannot be synced");
        opened_->close();
        sync_folder(folder_);
        std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
        crypto_hash_sha256_final(&hash_, hash.data());
        out_.sha256.resize(hash.size() * 2 + 1);
        sodium_bin2hex(out_.sha256.data(), out_.sha256.size(), hash.data(), hash.size());
        out_.sha256.pop_back();
        finished_ = true;
        return std::move(out_);
    }

private:
    void push(unsigned char tag) {
        std::vector<unsigned char> sealed(piece_.size() + crypto_secretstream_xchacha20poly1305_ABYTES);
        crypto_secretstream_xchacha20poly1305_push(&state_, sealed.data(), nullptr, raw(piece_), piece_.size(), nullptr, 0, tag);
        write_all(file_, sealed.data(), sealed.size());
        piece_.clear();
    }

    std::string folder_, path_, piece_;
    std::unique_ptr<descriptor> opened_;
    int file_;
    crypto_secretstream_xchacha20poly1305_state state_{};
    crypto_hash_sha256_state hash_{};
    attachment_store::stored out_;
    bool finished_ = false;
};

std::size_t read_some(int from, std::vector<unsigned char>& into) {
    std::size_t have = 0;
    while (have < into.size()) {
        auto got = ::read(from, into.data() + have, into.size() - have);
        if (got < 0) throw std::runtime_error("attachment: the disk refuses to read");
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return have;
}

class file_reader : public attachment_store::reader {
public:
    file_reader(const std::string& path, const std::string& key)
        : file_(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)), sealed_(sealed_piece_bytes) {
        std::array<unsigned char, key_bytes> opened_key{};
        std::size_t size = 0;
        if (sodium_base642bin(opened_key.data(), opened_key.size(), key.data(), key.size(), nullptr, &size, nullptr,
                              sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
            size != opened_key.size())
            throw std::runtime_error("attachment: the key is not one");
        std::vector<unsigned char> header(crypto_secretstream_xchacha20poly1305_HEADERBYTES);
        if (file_.get() < 0 || read_some(file_.get(), header) != header.size() ||
            crypto_secretstream_xchacha20poly1305_init_pull(&state_, header.data(), opened_key.data()) != 0)
            throw std::runtime_error("attachment: the file is missing or damaged");
    }

    std::optional<std::string> next() override {
        if (tag_ == crypto_secretstream_xchacha20poly1305_TAG_FINAL) return std::nullopt;
        auto got = read_some(file_.get(), sealed_);
        unsigned long long size = 0;
        std::string clear(piece_bytes, '\0');
        if (crypto_secretstream_xchacha20poly1305_pull(&state_, reinterpret_cast<unsigned char*>(clear.data()), &size, &tag_,
                                                       sealed_.data(), got, nullptr, 0) != 0)
            throw std::runtime_error("attachment: the file is truncated or altered");
        clear.resize(static_cast<std::size_t>(size));
        return clear;
    }

private:
    descriptor file_;
    std::vector<unsigned char> sealed_;
    crypto_secretstream_xchacha20poly1305_state state_{};
    unsigned char tag_ = 0;
};

} // namespace

attachment_store::attachment_store(std::string folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    if (::chmod(folder_.c_str(), 0700) != 0) throw std::runtime_error("attachment: the folder's mode cannot be set");
}

std::unique_ptr<attachment_store::writer> attachment_store::create() { return std::make_unique<file_writer>(folder_); }

std::unique_ptr<attachment_store::reader> attachment_store::open(const std::string& storage_name, const std::string& key) const {
    if (!is_plain_name(storage_name)) throw std::runtime_error("attachment: not a name of this store");
    return std::make_unique<file_reader>(folder_ + "/" + storage_name, key);
}

void attachment_store::read(const std::string& storage_name, const std::string& key,
                            const std::function<void(std::string_view)>& sink) const {
    auto file = open(storage_name, key);
    while (auto piece = file->next()) sink(*piece);
}

void attachment_store::remove(const std::string& storage_name) {
    if (is_plain_name(storage_name)) ::unlink((folder_ + "/" + storage_name).c_str());
}

void attachment_store::each_older_than(std::int64_t age_s, const std::function<void(const std::string&)>& found) const {
    auto limit = std::filesystem::file_time_type::clock::now() - std::chrono::seconds(age_s);
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
        if (entry.is_regular_file() && entry.last_write_time() < limit) found(entry.path().filename().string());
}

} // namespace relais::model

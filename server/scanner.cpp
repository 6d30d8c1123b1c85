// SPDX-License-Identifier: EUPL-1.2
#include "server/scanner.hpp"

#include "model/attachment.hpp"

#include <spdlog/spdlog.h>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <stdexcept>

namespace relais::server {

namespace {

constexpr int batch = 20;
constexpr std::size_t answer_limit_bytes = 4096;

// A connection to clamd, with a deadline on each operation.
class connection {
public:
    explicit connection(const scanner_options& options) : socket_(options.socket.empty() ? tcp(options) : local(options)) {
        if (socket_ < 0) throw std::runtime_error("clamd cannot be reached");
    }
    ~connection() { ::close(socket_); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void send(const void* bytes, std::size_t size) {
        auto* from = static_cast<const char*>(bytes);
        while (size > 0) {
            auto sent = ::send(socket_, from, size, MSG_NOSIGNAL);
            if (sent <= 0) throw std::runtime_error("clamd does not read");
            from += sent;
            size -= static_cast<std::size_t>(sent);
        }
    }
    // One chunk of an INSTREAM command: its length, big-endian, then its bytes; the empty one ends the file.
    void send_chunk(std::string_view bytes) {
        auto length = htonl(static_cast<std::uint32_t>(bytes.size()));
        send(&length, sizeof length);
        send(bytes.data(), bytes.size());
    }
    std::string answer() {
        std::string out;
        char piece[256];
        for (;;) {
            auto got = ::recv(socket_, piece, sizeof piece, 0);
            if (got < 0) throw std::runtime_error("clamd does not answer");
            out.append(piece, static_cast<std::size_t>(got));
            if (got == 0 || out.back() == '\0' || out.size() > answer_limit_bytes) return out;
        }
    }

private:
    static int with_deadline(int made, int timeout_s) {
        timeval limit{timeout_s, 0};
        ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        return made;
    }
    static int opened(int made, const sockaddr* address, socklen_t size) {
        if (made >= 0 && ::connect(made, address, size) == 0) return made;
        if (made >= 0) ::close(made);
        return -1;
    }
    static int local(const scanner_options& options) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (options.socket.size() >= sizeof address.sun_path) return -1;
        options.socket.copy(address.sun_path, options.socket.size());
        auto made = with_deadline(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), options.timeout_s);
        return opened(made, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    static int tcp(const scanner_options& options) {
        addrinfo wanted{}, *found = nullptr;
        wanted.ai_socktype = SOCK_STREAM;
        if (::getaddrinfo(options.host.c_str(), std::to_string(options.port).c_str(), &wanted, &found) != 0) return -1;
        auto made = with_deadline(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), options.timeout_s);
        auto out = opened(made, found->ai_addr, found->ai_addrlen);
        ::freeaddrinfo(found);
        return out;
    }

    int socket_;
};

} // namespace

scan_verdict scan(const scanner_options& options, const std::function<void(const std::function<void(std::string_view)>&)>& source) {
    try {
        connection clamd(options);
        constexpr std::string_view command("zINSTREAM\0", 10);
        clamd.send(command.data(), command.size());
        source([&clamd](std::string_view piece) {
            if (!piece.empty()) clamd.send_chunk(piece);
        });
        clamd.send_chunk({});
        auto answer = clamd.answer();
        if (answer.find(" FOUND") != std::string::npos) return scan_verdict::infected;
        if (answer.starts_with("stream: OK")) return scan_verdict::clean;
        return scan_verdict::unavailable; // a size limit, an error: never taken for clean
    } catch (const std::exception&) {
        return scan_verdict::unavailable;
    }
}

int scan_pending(const scanner_options& options, model::database& database, const model::attachment_store& store,
                 const api::secrets& keys) {
    if (!options.is_configured()) return 0;
    auto waiting = database.read_now([](soci::session& sql) { return model::attachments::pending(sql, batch); });
    int judged = 0;
    for (const auto& each : waiting) {
        auto sealed = database.read_now([&](soci::session& sql) { return model::attachments::key_sealed(sql, each.id); });
        auto key = keys.open("attachment", sealed);
        auto verdict = scan(options, [&](const auto& sink) { store.read(each.storage_name, key, sink); });
        if (verdict == scan_verdict::unavailable) {
            spdlog::warn("attachment {} stays held: the scanner gave no verdict", each.id);
            break;
        }
        auto state = verdict == scan_verdict::clean ? "clean" : "infected";
        database.write_now([&](soci::session& sql) { model::attachments::set_scan_state(sql, each.id, state); });
        ++judged;
    }
    return judged;
}

std::string first_scan_state(const scanner_options& options) { return options.is_configured() ? "pending" : "unscanned"; }

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#include "server/supervisor.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

namespace relais::server {

void notify_supervisor(std::string_view state) {
    const char* given = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (!given || std::strlen(given) >= sizeof address.sun_path) return;
    auto name = std::string(given);
    if (name.starts_with('@')) name.front() = '\0'; // an abstract socket
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    auto socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return;
    ::sendto(socket, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), length);
    ::close(socket);
}

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/mail_message.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relais::server {

// Where mails go when no mail server is configured: one .eml file each, readable by any mail program, shown at /demo/courriels.
class mail_folder {
public:
    struct entry {
        std::string name; // of the file: "20260921T073000Z-3f2a....eml"
        mail content;
    };

    // Makes the folder (mode 0700) when it is absent. Throws std::filesystem::filesystem_error.
    explicit mail_folder(std::filesystem::path folder);

    // Writes one mail, durable when this returns; the same message id at the same time replaces itself, so a mail sent twice is
    // kept once. at: seconds, UTC. Returns the file's name. Throws std::system_error.
    std::string keep(std::string_view bytes, std::string_view message_id, std::int64_t at) const;

    // The newest mails first, `limit` at most.
    std::vector<entry> list(std::size_t limit = 100) const;

    // One mail by its file's name, or nothing; a name that could lead out of the folder finds nothing.
    std::optional<entry> find(std::string_view name) const;

private:
    std::filesystem::path folder_;
};

} // namespace relais::server

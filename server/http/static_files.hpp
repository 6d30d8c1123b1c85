// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/reply.hpp"
#include "api/request.hpp"

#include <map>
#include <string>
#include <string_view>

namespace relais::server {

// The built assets, all in memory since the start: nothing a request says ever becomes a name on the disk.
class static_files {
public:
    struct file {
        std::string bytes, gzip; // gzip: empty when no compressed copy stood beside it
        std::string type, etag;
    };
    // What to answer; `body` is a view of a file kept as long as this object.
    struct answer {
        api::reply reply;
        std::string_view body;
    };

    // Reads every file below the folder that has a known type. An absent folder gives no files: the pages then have no style.
    explicit static_files(const std::string& folder);

    static bool is_asset(std::string_view path) { return path.starts_with("/assets/"); }
    // The file at /assets/..., 304 when the browser already holds it, gzip when it takes it; 404 for anything else.
    answer find(const api::request& request) const;
    std::size_t count() const { return files_.size(); }

private:
    std::map<std::string, file, std::less<>> files_; // by path below /assets/
};

} // namespace relais::server

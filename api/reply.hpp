// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/live_source.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace relais::api {

// What goes out. The JSON answer is `data`; the page is templates/<page>.html rendered with `data`.
struct reply {
    int status = 200;
    nlohmann::json data = nlohmann::json::object();
    std::string page;         // template name without ".html"; empty: JSON
    std::string text;         // when content_type is set: sent as it is, `data` and `page` are ignored
    std::string content_type; // of `text` or of `stream`
    std::vector<std::pair<std::string, std::string>> headers;
    // A body made in pieces (a decrypted attachment): the next one, nothing after the last. Called on app.workers, which wait for no
    // client.
    std::function<std::optional<std::string>()> stream;
    std::int64_t stream_size_bytes = -1;
    // A body without an end (live updates): sent piece by piece on the connection's thread, until it ends or the client leaves.
    std::shared_ptr<live_source> live;
};

// 200 with a page for browsers, `data` for programs.
inline reply page(std::string name, nlohmann::json data, int status = 200) {
    reply out;
    out.status = status;
    out.data = std::move(data);
    out.page = std::move(name);
    return out;
}

// JSON whatever the client prefers.
inline reply json(nlohmann::json data, int status = 200) {
    reply out;
    out.status = status;
    out.data = std::move(data);
    return out;
}

// 303 to a local path: the answer to every form that changed something.
inline reply see_other(std::string location) {
    reply out;
    out.status = 303;
    out.headers.emplace_back("Location", std::move(location));
    return out;
}

} // namespace relais::api

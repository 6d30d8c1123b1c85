// SPDX-License-Identifier: EUPL-1.2
#include "api/openapi.hpp"

#include "api/settings.hpp"
#include "model/error.hpp"

#include <fstream>
#include <iterator>

namespace relais::api {

asio::awaitable<reply> show_openapi(const request&, app& app) {
    static const auto text = [&app] {
        std::ifstream in(app.config.share_dir + "/docs/api/openapi.json", std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    }();
    if (text.empty()) throw model::not_found();
    reply out;
    out.content_type = "application/json; charset=utf-8";
    out.text = text;
    out.headers.emplace_back("Cache-Control", "public, max-age=3600");
    co_return out;
}

} // namespace relais::api

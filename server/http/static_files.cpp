// SPDX-License-Identifier: EUPL-1.2
#include "server/http/static_files.hpp"

#include "api/secrets.hpp"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace relais::server {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> types = {{
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml; charset=utf-8"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".webmanifest", "application/manifest+json; charset=utf-8"},
    {".wasm", "application/wasm"},
}};

// One year: the name of a file changes with its content.
constexpr auto forever = "public, max-age=31536000, immutable";

std::string_view type_of(const fs::path& name) {
    for (const auto& [extension, type] : types)
        if (name.extension() == extension) return type;
    return {};
}

std::string read_file(const fs::path& name) {
    std::ifstream in(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

static_files::file load(const fs::path& name, std::string_view type) {
    static_files::file out;
    out.bytes = read_file(name);
    auto compressed = fs::path(name.string() + ".gz");
    if (fs::is_regular_file(compressed)) out.gzip = read_file(compressed);
    out.type = type;
    out.etag = api::sha256_hex(out.bytes).substr(0, 32);
    return out;
}

// "gzip, br;q=0.5": a refusal is written q=0.
bool takes_gzip(std::string_view accepted) {
    auto at = accepted.find("gzip");
    if (at == std::string_view::npos) return false;
    auto rest = accepted.substr(at + 4, accepted.find(',', at) - at - 4);
    return rest.find("q=0") == std::string_view::npos || rest.find("q=0.") != std::string_view::npos;
}

api::reply plain_reply(int status) {
    api::reply out;
    out.status = status;
    out.content_type = "text/plain; charset=utf-8";
    return out;
}

} // namespace

static_files::static_files(const std::string& folder) {
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
        auto type = type_of(entry.path());
        if (type.empty() || !entry.is_regular_file()) continue;
        files_.emplace(fs::relative(entry.path(), folder).generic_string(), load(entry.path(), type));
    }
}

static_files::answer static_files::find(const api::request& request) const {
    constexpr std::string_view root = "/assets/";
    if (request.method != "GET" && request.method != "HEAD") {
        auto refused = plain_reply(405);
        refused.headers.emplace_back("Allow", "GET, HEAD");
        return {std::move(refused), {}};
    }
    auto found = files_.find(std::string_view(request.path).substr(root.size()));
    if (found == files_.end()) return {plain_reply(404), {}};
    const auto& asset = found->second;
    auto compressed = !asset.gzip.empty() && takes_gzip(request.header("accept-encoding"));
    auto etag = "\"" + asset.etag + (compressed ? "-gz\"" : "\"");
    auto out = plain_reply(request.header("if-none-match").find(etag) == std::string_view::npos ? 200 : 304);
    out.content_type = asset.type;
    out.headers = {{"Cache-Control", forever}, {"ETag", etag}};
    if (!asset.gzip.empty()) out.headers.emplace_back("Vary", "Accept-Encoding");
    if (compressed && out.status == 200) out.headers.emplace_back("Content-Encoding", "gzip");
    return {std::move(out), compressed ? std::string_view(asset.gzip) : std::string_view(asset.bytes)};
}

} // namespace relais::server

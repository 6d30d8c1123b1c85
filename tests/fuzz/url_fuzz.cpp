// SPDX-License-Identifier: EUPL-1.2
#include "api/malformed.hpp"
#include "api/url.hpp"
#include "model/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <string>

using namespace relais;
using fuzz::require;

namespace {

std::string encode(const api::target& target) {
    std::string out;
    std::string_view path = target.path;
    while (!path.empty()) {
        path.remove_prefix(1);
        auto end = std::min(path.find('/'), path.size());
        out += "/" + api::encode_component(path.substr(0, end));
        path.remove_prefix(end);
    }
    out += '?';
    for (const auto& [name, value] : target.query) out += api::encode_component(name) + "=" + api::encode_component(value) + "&";
    return out;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = fuzz::view(data, size);
    if (model::utf8::is_valid(input) && input.find('\0') == std::string_view::npos) {
        require(api::decode_component(api::encode_component(input), true) == input, "what is encoded is decoded");
    }
    api::target target;
    try {
        target = api::parse_target(input);
    } catch (const api::malformed& why) {
        require(!why.code.empty() && why.status == 400, "a refusal has a reason");
        return 0;
    }
    const auto& path = target.path;
    require(path.starts_with('/') && !path.starts_with("//"), "a local path");
    require((path + "/").find("/../") == std::string::npos && (path + "/").find("/./") == std::string::npos, "no dot segment");
    require(path.find("//") == std::string::npos && path.find('\\') == std::string::npos, "no empty segment, no backslash");
    require(model::utf8::is_valid(path) && path.find('\0') == std::string::npos && path.find('\n') == std::string::npos, "clean text");
    require(target.query.size() <= api::query_limit_parameters, "bounded");
    auto again = api::parse_target(encode(target));
    require(again.path == target.path && again.query == target.query, "what is encoded is read back");
    return 0;
}

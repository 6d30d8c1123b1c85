// SPDX-License-Identifier: EUPL-1.2
#include "api/content_disposition.hpp"

#include "api/url.hpp"
#include "model/file_name.hpp"
#include "model/utf8.hpp"

namespace relais::api {

namespace {

// One '_' for each character that is not plain. '%' too: some browsers decode it in the plain name.
std::string plain(std::string_view name) {
    std::string out;
    while (!name.empty()) {
        auto [point, size] = model::utf8::first(name);
        bool is_plain = point >= 0x20 && point < 0x7F && point != '"' && point != '\\' && point != '%';
        out += is_plain ? static_cast<char>(point) : '_';
        name.remove_prefix(size);
    }
    return out;
}

} // namespace

std::string attachment_disposition(std::string_view display_name) {
    auto name = model::file_names::safe(display_name.empty() ? "document" : display_name);
    auto ascii = plain(name);
    auto out = "attachment; filename=\"" + ascii + "\"";
    return ascii == name ? out : out + "; filename*=UTF-8''" + encode_component(name);
}

} // namespace relais::api

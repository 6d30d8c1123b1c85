// SPDX-License-Identifier: EUPL-1.2
#include "api/accept_language.hpp"
#include "api/content_disposition.hpp"
#include "api/header_parameters.hpp"
#include "api/http_date.hpp"
#include "api/malformed.hpp"
#include "model/file_name.hpp"
#include "model/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

using namespace relais;
using fuzz::require;

namespace {

void check_file_name(std::string_view sent) {
    auto name = model::file_names::safe(sent);
    require(model::file_names::safe(name) == name, "made safe twice is made safe once");
    require(name.size() <= model::file_names::limit_bytes && name.empty() == sent.empty(), "bounded, and there when something was sent");
    require(model::utf8::is_valid(name), "UTF-8");
    require(name.find_first_of("/\\<>:\"|?*\r\n") == std::string::npos && !name.starts_with('.'), "no path, nothing Windows refuses");
    require(std::none_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; }), "no control character");
}

// The field names one file, and the extended form gives its exact name back.
void check_disposition(std::string_view sent) {
    auto field = api::attachment_disposition(sent);
    require(std::all_of(field.begin(), field.end(), [](char c) { return c >= 0x20 && c < 0x7F; }), "one line of ASCII");
    auto read = api::parse_header_value(field);
    require(read.value == "attachment" && read.parameters.size() <= 2, "an attachment");
    auto wanted = model::file_names::safe(sent.empty() ? "document" : sent);
    auto extended = read.find("filename*");
    auto name = extended == nullptr ? *read.find("filename") : api::decode_extended_value(*extended).value_or("");
    require(name == wanted, "the true name comes back");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = fuzz::view(data, size);
    check_file_name(text);
    check_disposition(text);
    auto language = api::choose_language(text);
    require(language == "fr" || language == "en", "one of the two languages");
    if (auto at = api::parse_http_date(text)) require(api::http_date(*at) == text, "a date is written as it was read");
    if (auto value = api::decode_extended_value(text)) require(model::utf8::is_valid(*value), "UTF-8");
    try {
        auto read = api::parse_header_value(text);
        for (const auto& [name, value] : read.parameters) require(read.find(name) == &value, "a parameter comes once");
    } catch (const api::malformed& why) {
        require(why.position <= size, "a position inside the text");
    }
    return 0;
}

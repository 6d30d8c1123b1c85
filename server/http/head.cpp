// SPDX-License-Identifier: EUPL-1.2
// The only file that includes Beast: it is slow to compile, and its parser is used for heads alone.
#include "server/http/head.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/src.hpp>

namespace relais::server {
namespace {

std::string lower(boost::beast::string_view name) {
    std::string out(name);
    for (auto& letter : out)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return out;
}

} // namespace

std::optional<header_fields> parse_fields(std::string_view raw_head) {
    namespace http = boost::beast::http;
    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(raw_head.size() + 1));
    boost::system::error_code error;
    parser.put(boost::asio::buffer(raw_head), error);
    if (error || !parser.is_header_done()) return std::nullopt;
    header_fields fields;
    for (const auto& field : parser.get()) {
        auto value = std::string(field.value());
        auto [place, is_new] = fields.try_emplace(lower(field.name_string()), value);
        if (!is_new) place->second.append(place->first == "cookie" ? "; " : ", ").append(value);
    }
    return fields;
}

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#include "api/tracker.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace relais::api {

namespace {

using nlohmann::json;

std::string read_file(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("The file " + file + " of a tracker cannot be read.");
    std::string out{std::istreambuf_iterator<char>(in), {}};
    while (!out.empty() && (out.back() == '\n' || out.back() == '\r' || out.back() == ' ')) out.pop_back();
    return out;
}

std::string secret(const json& from) {
    return from.contains("token_file") ? read_file(from.at("token_file").get<std::string>()) : std::string{};
}

bool is_safe(const std::string& url) {
    return url.starts_with("https://") || url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:");
}

tracker read_one(const json& from) {
    tracker out;
    out.name = from.at("name").get<std::string>();
    if (out.name.empty() || out.name.size() > 40 ||
        out.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
        throw std::runtime_error("The tracker's name \"" + out.name + "\" must be of small letters, digits and hyphens.");
    const auto& push = from.at("push");
    out.url = push.at("url").get<std::string>();
    if (!is_safe(out.url)) throw std::runtime_error("The address of the tracker " + out.name + " must begin with https://.");
    out.token = secret(push);
    out.headers = push.value("headers", json::object()), out.body = push.at("body");
    out.reference_at = push.at("reference").get<std::string>(), out.address_at = push.value("address", std::string{});
    if (!from.contains("inbound")) return out;
    const auto& inbound = from.at("inbound");
    out.inbound_header = inbound.value("header", std::string{}), out.inbound_parameter = inbound.value("parameter", std::string{});
    out.inbound_secret = secret(inbound);
    if (out.inbound_secret.size() < 16)
        throw std::runtime_error("The inbound secret of the tracker " + out.name + " is shorter than 16 characters.");
    out.inbound_reference_at = inbound.at("reference").get<std::string>(), out.inbound_state_at = inbound.at("state").get<std::string>();
    return out;
}

} // namespace

std::vector<tracker> read_trackers(const std::string& file) {
    std::vector<tracker> out;
    if (file.empty()) return out;
    try {
        for (const auto& each : json::parse(read_file(file))) out.push_back(read_one(each));
    } catch (const json::exception& error) {
        throw std::runtime_error("The file of trackers " + file + " is not as config/trackers.example.json shows: " + error.what());
    }
    return out;
}

// One pass: what was put in is not read again.
std::string fill_places(std::string_view text, const json& values) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        auto end = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
        auto name = end == std::string_view::npos ? std::string{} : std::string(text.substr(at + 1, end - at - 1));
        if (name.empty() || !values.contains(name)) {
            out += text[at++];
            continue;
        }
        out += values[name].is_string() ? values[name].get<std::string>() : values[name].dump();
        at = end + 1;
    }
    return out;
}

json tracker_body(const tracker& to, const json& values) {
    auto fill = [&values](const auto& self, const json& part) -> json {
        if (part.is_string()) return fill_places(part.get<std::string>(), values);
        if (!part.is_structured()) return part;
        json out = part.is_object() ? json::object() : json::array();
        for (const auto& [name, value] : part.items())
            if (part.is_object())
                out[name] = self(self, value);
            else
                out.push_back(self(self, value));
        return out;
    };
    return fill(fill, to.body);
}

} // namespace relais::api

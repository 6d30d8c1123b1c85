// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/incident_sheet.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

// Trackers outside, as the operator describes them in a JSON file (config/trackers.example.json): where an incident is sent and in which
// form, and how what comes back is read. Nothing here knows GitLab or Jira: their shapes are templates.
namespace relais::api {

struct tracker {
    std::string name;
    // Out: POST to `url` with these headers and this body; in texts, {title}, {description}, {number}, {link} and, in headers, {token}.
    std::string url, token;
    nlohmann::json headers = nlohmann::json::object(), body = nlohmann::json::object();
    std::string reference_at, address_at; // JSON pointers into the answer; an address may be a text with {reference}
    // In: POST /trackers/{name} with this header (or this parameter of the address) holding this secret.
    std::string inbound_header, inbound_parameter, inbound_secret;
    std::string inbound_reference_at, inbound_state_at; // JSON pointers into what comes
};

// Reads the file; an empty name means none. Secrets come from the files it names. Throws std::runtime_error with a sentence that says
// what to mend. An address must be https, or http to this machine.
std::vector<tracker> read_trackers(const std::string& file);

// What is sent for an incident: the body with every place filled. description: from the pack, so it holds no personal data.
nlohmann::json tracker_body(const tracker& to, const nlohmann::json& values);
// A text with its places filled.
std::string fill_places(std::string_view text, const nlohmann::json& values);

} // namespace relais::api

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <string>
#include <vector>

namespace relais::server {

// What came back. status 0: nothing did, and error says why in curl's words.
struct http_answer_received {
    long status = 0;
    std::string body, error;
};

struct post_options {
    bool is_public_only = false; // refuses to connect to an address of a private, local or special network, whatever name led there
};

// Posts a JSON text and waits: at most 5 s to connect and 15 s in all, no redirect, certificates verified, an answer of at most 256 KiB.
// headers: "Name: value". For threads that may wait.
http_answer_received post_json(const std::string& url, const std::vector<std::string>& headers, const std::string& body,
                               const post_options& options = {});

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// Who asks. Decided once by the guards, before any handler runs.
struct audience {
    enum class kind { anonymous, staff, token };
    kind is = kind::anonymous;
    std::string role;         // contract.md "Roles"; empty when anonymous
    std::int64_t id = 0;      // user or token
    std::string name;         // shown to colleagues and, for replies, to the citizen
    std::string quality;      // beside the name on replies (CRPA L.111-2)
    std::string session_hash; // of the staff session, for CSRF and sign-out
    std::int64_t rate = 0;    // requests a second for tokens, 0 = no limit

    bool is_anonymous() const { return is == kind::anonymous; }
};

// A file of a multipart form, already on disk, encrypted under its own key, synced (model/attachment_store.hpp).
struct uploaded_file {
    std::string field;
    std::string display_name; // sanitised, for people
    std::string storage_name; // random, on disk
    std::string key;          // base64, of this file alone
    std::string media_type;   // by content; empty when not in the allow-list
    std::string sha256;       // hex, of the clear bytes
    std::int64_t size_bytes = 0;
};

// What came in, already past the gate: decoded once, checked as UTF-8, duplicates refused.
struct request {
    std::string id; // shown on error pages, written in logs
    std::string method;
    std::string path;
    std::map<std::string, std::string, std::less<>> query;
    std::map<std::string, std::string, std::less<>> headers; // lower-case names
    std::map<std::string, std::string, std::less<>> cookies;
    std::map<std::string, std::string, std::less<>> form; // url-encoded or multipart fields
    std::vector<uploaded_file> files;
    std::string body; // raw, for JSON
    std::string remote_address;
    std::string language = "fr"; // "fr" or "en"
    std::vector<std::string> captures;
    std::chrono::sys_seconds now;
    audience who;

    // The n-th {capture} of the route's pattern, from 0.
    const std::string& capture(std::size_t n) const { return captures.at(n); }
    // The value or an empty text.
    std::string_view header(std::string_view name) const { return find(headers, name); }
    std::string_view field(std::string_view name) const { return find(form, name); }
    std::string_view parameter(std::string_view name) const { return find(query, name); }
    std::string_view cookie(std::string_view name) const { return find(cookies, name); }
    // True under /api/v1: always JSON, bearer tokens only, cookies ignored.
    bool is_api() const { return path.starts_with("/api/v1/"); }
    bool wants_json() const { return is_api() || header("accept").starts_with("application/json"); }

private:
    static std::string_view find(const std::map<std::string, std::string, std::less<>>& in, std::string_view name) {
        auto found = in.find(name);
        return found == in.end() ? std::string_view{} : std::string_view{found->second};
    }
};

} // namespace relais::api

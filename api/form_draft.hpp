// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/contact_form.hpp"
#include "api/secrets.hpp"
#include "model/attachment.hpp"

#include <nlohmann/json.hpp>
#include <soci/soci.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// A contact form begun: kept sealed in the database under the hash of the browser's secret, so that one may go back, reload, change
// language or close a tab without losing anything, and no address ever holds a word of it.
struct form_draft {
    std::string key; // the cookie's value
    std::string id;  // of this form: the idempotency key of its sending
    contact_forms::fields fields;
    contact_forms::fields seen;             // values whose hint was shown, by field: accepted when sent again
    unsigned visited = 0;                   // bit n: step n was sent once, its faults may be shown
    std::vector<std::string> refused_files; // message keys of the last upload
    std::int64_t wait_until = 0;            // seconds UTC: the way without proof of work, see contact_pressure.hpp
    bool exists = false;
    std::chrono::sys_seconds begun_at;
    std::vector<model::attachment> files;

    std::string key_hash() const { return sha256_hex(key); }
    bool was_visited(int step) const { return (visited >> step) & 1U; }
};

namespace form_drafts {

// The draft of this browser's secret, with its files; an empty one when there is none.
form_draft find(soci::session& sql, const secrets& keys, const std::string& key, std::chrono::sys_seconds now);
void save(soci::session& sql, const secrets& keys, const form_draft& draft, std::chrono::sys_seconds now);
// The token that a page of this draft sends back (security.md line 22).
std::string token(const secrets& keys, std::string_view key);

} // namespace form_drafts
} // namespace relais::api

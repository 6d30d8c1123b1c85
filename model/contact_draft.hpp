// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace relais::model {

// A contact form begun and not yet sent. Its content is sealed by the caller; its name is the hash of a secret of the browser.
struct contact_draft {
    std::string sealed;
    sys_seconds created_at, updated_at;

    static constexpr auto columns = "sealed, created_at, updated_at";
    auto fields() { return std::tie(sealed, created_at, updated_at); }
};

namespace contact_drafts {

constexpr int kept_s = 3600; // after the last step; said on the page and in docs/ and the privacy page

// Nothing when there is none, or when it was left for an hour.
std::optional<contact_draft> find(soci::session& sql, std::string_view key_hash, sys_seconds now);
// Writes the draft, or its new content.
void save(soci::session& sql, std::string_view key_hash, std::string_view sealed, sys_seconds now);
void remove(soci::session& sql, std::string_view key_hash);
// Forgets drafts left for an hour, with the rows and keys of their files, at most `limit` a call. Returns how many.
std::int64_t purge(soci::session& sql, sys_seconds now, int limit = 200);

} // namespace contact_drafts
} // namespace relais::model

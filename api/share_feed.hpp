// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "api/views.hpp"
#include "model/weekly_share.hpp"

#include <soci/soci.h>

#include <string>
#include <string_view>
#include <vector>

namespace relais::api::share_feed {

// The last shares.
std::vector<model::weekly_share> read(soci::session& sql);
// The summary of each as an Atom feed (RFC 4287). path: where it was asked for, which readers of news ask again.
std::string write(const std::vector<model::weekly_share>& all, std::string_view base_url, std::string_view path, const lens& through);
// The same as an answer.
reply file(const std::vector<model::weekly_share>& all, std::string_view base_url, std::string_view path, lens through);
// The summary in a few lines of plain text: for the feed and for the mail.
std::string summary(const model::weekly_share& share, const lens& through);

} // namespace relais::api::share_feed

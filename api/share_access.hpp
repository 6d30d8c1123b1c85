// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"
#include "api/secrets.hpp"

#include <string>
#include <string_view>

// The share by the link of its mail, without an account: /partage/<token> puts the token in a cookie and leaves the address bar.
// Source: security.md 4.8
namespace relais::api {

namespace share_tokens {
// 43 characters; made again from the server's key for the mail, only its hash is stored.
std::string make(const secrets& keys, std::string_view week, std::string_view recipient);
std::string hash(std::string_view token);
std::string url(std::string_view base_url, std::string_view token);
// The address of a colleague's own feed, for a reader of news, which signs in nowhere: it opens nothing but the summaries, and ends with
// the account.
std::string feed_path(const secrets& keys, std::int64_t user_id);
} // namespace share_tokens

asio::awaitable<reply> open_share_link(const request& request, app& app);
asio::awaitable<reply> show_signed_feed(const request& request, app& app);
asio::awaitable<reply> show_linked_share(const request& request, app& app);
asio::awaitable<reply> get_linked_file(const request& request, app& app);
asio::awaitable<reply> post_linked_acknowledgement(const request& request, app& app);
asio::awaitable<reply> post_linked_decision(const request& request, app& app);
asio::awaitable<reply> post_linked_comment(const request& request, app& app);

} // namespace relais::api

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// The follow-up of one's request, by a private link and nothing else.
namespace relais::api {

// GET /suivi/{token}: moves the token from the address to a cookie. Changes nothing: mail scanners follow links too.
asio::awaitable<reply> open_follow_up(const request& request, app& app);
// GET /suivi: the request of the cookie, or how to find one's link.
asio::awaitable<reply> show_follow_up(const request& request, app& app);
// POST /suivi/lien: mails the link again to the address of the ticket; answers the same whatever was asked.
asio::awaitable<reply> send_link_again(const request& request, app& app);
// POST /suivi/messages and /suivi/pieces: writes back, with files.
asio::awaitable<reply> write_back(const request& request, app& app);
// POST /suivi/resolu
asio::awaitable<reply> tell_solved(const request& request, app& app);
// POST /suivi/satisfaction: 0 to 10 and a word.
asio::awaitable<reply> rate_answer(const request& request, app& app);

// POST /suivi/personnes/retrait: the requester removes who follows the request with them: a mandate is withdrawn.
asio::awaitable<reply> withdraw_participant(const request& request, app& app);

// GET /suivi/pieces/{id}: a file already sent, after a code when the ticket has a mail address.
asio::awaitable<reply> get_own_file(const request& request, app& app);
// GET and POST /suivi/code, POST /suivi/code/envoi: asks for the code, checks it.
asio::awaitable<reply> show_file_code(const request& request, app& app);
asio::awaitable<reply> send_file_code(const request& request, app& app);
asio::awaitable<reply> check_file_code(const request& request, app& app);

} // namespace relais::api

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/action_fields.hpp"
#include "api/routes.hpp"
#include "model/canned_answer.hpp"
#include "model/reply_draft.hpp"
#include "model/reply_recall.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <vector>

// Writing to the citizen of a ticket: canned answers, drafts, the preview, and taking back what was just sent.
namespace relais::api {

asio::awaitable<reply> post_draft(const request& request, app& app);   // {body, waits?, canned?}: keeps it, a canned answer put behind
asio::awaitable<reply> post_preview(const request& request, app& app); // the mail or the letter as it would be read: of an
                                                                       // answer {body, waits?}, or {kind, text} of a closing or forwarding
asio::awaitable<reply> post_recall(const request& request, app& app);  // {message}: the answer is a draft again

namespace reply_writing {

// What the writer of an answer is offered beside the ticket.
struct desk {
    std::vector<model::canned_answer> canned;
    std::optional<model::reply_draft> draft;
    std::optional<model::reply_recall> recall;
};
desk read(soci::session& sql, std::int64_t ticket_id, std::int64_t user_id, std::chrono::sys_seconds now);
// Puts it on the ticket's page.
void put(nlohmann::json& data, const desk& offered, const request& request);
// After a refusal: which form asks why the citizen should file again.
void put_refusal(nlohmann::json& data, const action_fields& typed);

} // namespace reply_writing

} // namespace relais::api

// SPDX-License-Identifier: EUPL-1.2
#include "api/follow_up_access.hpp"

#include "api/follow_up_token.hpp"
#include "api/private_cookie.hpp"
#include "model/citizen.hpp"
#include "model/error.hpp"
#include "model/reply_recall.hpp"
#include "model/ticket_merge.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace relais::api::follow_ups {

std::string token_of(const request& request, const app& app) { return private_cookies::get(request, app.config, cookie); }

model::ticket ticket_of(soci::session& sql, std::string_view token, int follow_up_days, std::chrono::sys_seconds now) {
    if (token.empty()) throw model::not_found();
    auto found = model::tickets::find_by_follow_up(sql, follow_up_tokens::hash(token), follow_up_days, now);
    if (!found) throw model::not_found();
    return std::move(*found);
}

viewer viewer_of(soci::session& sql, std::string_view token, int follow_up_days, std::chrono::sys_seconds now) {
    if (token.empty()) throw model::not_found();
    auto hash = follow_up_tokens::hash(token);
    if (auto own = model::tickets::find_by_follow_up(sql, hash, follow_up_days, now)) return {std::move(*own), {}};
    auto who = model::participants::find_by_link(sql, hash, now);
    if (!who) throw model::not_found();
    auto followed = model::tickets::find_followed(sql, who->ticket_id, follow_up_days, now);
    if (!followed) throw model::not_found();
    return {std::move(*followed), std::move(who)};
}

mailbox mailbox_of(soci::session& sql, const viewer& who) {
    if (who.participant) return {who.participant->email, who.participant->language};
    auto person = model::citizens::get(sql, who.ticket.requester_id);
    return {person.email, person.language};
}

std::vector<model::message> thread_of(soci::session& sql, const viewer& who, std::chrono::sys_seconds now) {
    if (who.participant) return model::message_readers::thread(sql, who.participant->id, now);
    auto out = model::messages::of(sql, who.ticket.id, false);
    auto held = model::reply_recalls::held(sql, who.ticket.id, now);
    std::erase_if(out, [&held](const auto& each) { return std::find(held.begin(), held.end(), each.id) != held.end(); });
    return out;
}

std::vector<model::attachment> files_of(soci::session& sql, const std::vector<model::message>& thread) {
    std::set<std::int64_t> tickets, messages;
    for (const auto& each : thread) tickets.insert(each.ticket_id), messages.insert(each.id);
    std::map<std::int64_t, model::attachment> found; // a ticket lists those of the ones merged into it too
    for (auto ticket : tickets)
        for (auto& file : model::attachments::of(sql, ticket))
            if (file.message_id && messages.contains(*file.message_id)) found.emplace(file.id, std::move(file));
    std::vector<model::attachment> out;
    for (auto& [id, file] : found) out.push_back(std::move(file));
    return out;
}

model::attachment file_of(soci::session& sql, const viewer& who, std::string_view public_id, std::chrono::sys_seconds now) {
    auto files = files_of(sql, thread_of(sql, who, now));
    auto found = std::find_if(files.begin(), files.end(), [public_id](const auto& each) { return each.public_id == public_id; });
    if (found == files.end()) throw model::not_found();
    return std::move(*found);
}

std::string form_token(const secrets& keys, std::string_view token) { return keys.sign("follow_up_form", token); }

void check_form(const request& request, const app& app, std::string_view token) {
    if (!app.keys.verify("follow_up_form", token, request.field("form_token"))) throw model::forbidden("error.form_expired.text");
}

model::actor citizen() {
    model::actor out;
    out.kind = "citizen";
    return out;
}

model::actor actor_of(const viewer& who) {
    auto out = citizen();
    if (who.participant) out.name = who.participant->name;
    return out;
}

} // namespace relais::api::follow_ups

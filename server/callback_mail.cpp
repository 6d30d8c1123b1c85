// SPDX-License-Identifier: EUPL-1.2
#include "server/callback_mail.hpp"

#include "api/calendar_file.hpp"
#include "api/callback_view.hpp"
#include "model/phone.hpp"

namespace relais::server::callback_mails {
namespace {

using nlohmann::json;

// Two digits: enough to know which telephone, not enough to give it to whoever reads the mail. Older rows hold the whole number.
std::string ending_of(const std::string& phone) { return phone.size() < 2 ? phone : phone.substr(phone.size() - 2); }

std::chrono::sys_seconds at(const json& part, const char* name) { return model::at_seconds(part.value(name, std::int64_t{0})); }

} // namespace

std::optional<json> part_of(const model::outgoing_mail& row) {
    auto payload = json::parse(row.payload, nullptr, false);
    if (!payload.is_object() || !payload.contains("callback")) return std::nullopt;
    return payload["callback"];
}

json values(const json& part, const api::settings& config, const api::catalogue& texts, const std::string& language) {
    auto out = api::callback_views::said(texts, language, config.callback->book(), at(part, "starts_at"), at(part, "ends_at"),
                                         part.value("zone", std::string("Europe/Paris")));
    out["code_word"] = part.value("code_word", std::string{});
    out["ending"] = ending_of(part.value("phone", std::string{}));
    out["attempts"] = part.value("attempts", std::int64_t{0});
    auto why = part.value("why", std::string{});
    for (const auto* each : {"unreached", "voicemail", "wrong_number", "expired"}) out[std::string("is_") + each] = why == each;
    return out;
}

std::optional<mail_attachment> calendar(const model::outgoing_mail& row, const std::string& reference, const api::settings& config,
                                        const api::catalogue& texts) {
    auto part = part_of(row);
    if (!part || row.kind == "callback_missed") return std::nullopt;
    api::callback_views::appointment about;
    about.id = part->value("id", std::string{});
    about.sequence = part->value("sequence", std::int64_t{0});
    about.is_cancelled = row.kind == "callback_cancellation";
    about.from = at(*part, "starts_at"), about.to = at(*part, "ends_at"), about.written_at = row.created_at;
    about.service = config.service.name, about.reference = reference, about.code_word = part->value("code_word", std::string{});
    return mail_attachment{"rappel.ics", "text/calendar", api::callback_views::calendar(about, texts, row.language)};
}

} // namespace relais::server::callback_mails

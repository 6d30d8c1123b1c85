// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_service.hpp"

#include "api/reply_address.hpp"
#include "api/share_access.hpp"
#include "api/view_text.hpp"

#include <algorithm>
#include <filesystem>
#include <string>

namespace relais::server {
namespace {

constexpr std::size_t shown_limit = 100;

mailer_options options_of(const mail_settings& mail) {
    mailer_options out;
    out.workers = mail.workers;
    return out;
}

// A line that is an address of ours is shown as a link: one reads the mail and follows it, as at home.
nlohmann::json lines_of(const std::string& text, const std::string& base_url) {
    auto out = nlohmann::json::array();
    for (std::size_t start = 0; start < text.size();) {
        auto end = std::min(text.find('\n', start), text.size());
        auto line = text.substr(start, end - start);
        auto at = line.find(base_url + "/");
        auto link = at == std::string::npos ? std::string{} : line.substr(at + base_url.size());
        if (!line.empty())
            out.push_back(
                {{"text", link.empty() ? line : line.substr(0, at)}, {"link", link}, {"label", link.empty() ? "" : base_url + link}});
        start = end + 1;
    }
    return out;
}

std::function<std::string(const std::string&, std::int64_t)> reply_to_of(const configuration& config, const api::secrets& keys) {
    if (!config.inbound.is_configured()) return {};
    return [&keys, base = config.inbound.address](const std::string& reference, std::int64_t generation) {
        return api::reply_addresses::make(keys, base, reference, generation);
    };
}

nlohmann::json shown(const mail_folder::entry& entry, const std::string& base_url) {
    const auto& mail = entry.content;
    return {{"name", entry.name},
            {"from", mail.from_name + " <" + mail.from_address + ">"},
            {"to", mail.to_address},
            {"subject", mail.subject},
            {"sent_at", api::view_text::rfc3339(model::at_seconds(mail.date))},
            {"sent", api::view_text::short_moment(model::at_seconds(mail.date))},
            {"lines", lines_of(mail.text, base_url)}};
}

} // namespace

mail_service::mail_service(const configuration& config, model::database& database, const api::catalogue& texts, const api::secrets& keys,
                           model::clock_function now)
    : config_{config}, folder_{std::filesystem::path{config.site.data_dir} / "mail"},
      composer_{config.site,
                texts,
                {config.mail.from_name, config.mail.from_address, config.mail.message_id_host, reply_to_of(config, keys)},
                [&keys](const std::string& reference, std::int64_t generation) {
                    return keys.sign("follow_up", reference + "/" + std::to_string(generation));
                },
                [&keys](const std::string& week, const std::string& recipient) { return api::share_tokens::make(keys, week, recipient); }},
      mailer_{database, composer_, transports(), std::move(now), options_of(config.mail)} {}

transport_factory mail_service::transports() const {
    if (config_.mail.server.host.empty()) return [this](const std::atomic<bool>&) { return folder_transport(folder_); };
    return [this](const std::atomic<bool>& abandoned) { return smtp_transport(config_.mail.server, abandoned); };
}

void mail_service::publish(api::metrics& to) {
    const auto& counters = mailer_.counters();
    auto sent = counters.sent.load(), failed = counters.failed.load();
    to.add(api::counter::mails_sent, static_cast<double>(sent - published_sent_));
    to.add(api::counter::mails_failed, static_cast<double>(failed - published_failed_));
    to.set(api::gauge::outbox_depth, static_cast<double>(counters.waiting.load()));
    published_sent_ = sent, published_failed_ = failed;
}

nlohmann::json mail_service::kept(std::string_view name) const {
    if (!name.empty()) {
        auto found = folder_.find(name);
        return found ? shown(*found, config_.site.base_url) : nlohmann::json();
    }
    auto out = nlohmann::json::array();
    for (const auto& entry : folder_.list(shown_limit)) out.push_back(shown(entry, config_.site.base_url));
    return out;
}

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#include "server/config_checks.hpp"

#include "model/share_link.hpp"
#include "server/address.hpp"
#include "server/mail_message.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace relais::server {
namespace {

namespace fs = std::filesystem;

void refuse_unless(bool right, std::string text, std::vector<config_fault>& faults) {
    if (!right) faults.push_back({0, std::move(text)});
}

bool is_readable(const std::string& file) { return std::ifstream(file).good(); }

bool is_base_url(std::string_view url) {
    auto scheme = url.starts_with("https://") || url.starts_with("http://");
    auto host = url.substr(std::min(url.size(), url.find("://") + 3));
    return scheme && !host.empty() && host.find_first_of("/?# ") == std::string_view::npos;
}

bool is_known_zone(const std::string& name) {
    try {
        return date::locate_zone(name) != nullptr;
    } catch (const std::runtime_error&) {
        return false;
    }
}

void check_listening(const configuration& config, std::vector<config_fault>& faults) {
    for (const auto& text : config.listen)
        refuse_unless(parse_endpoint(text).has_value(), "http.listen: " + text + " is not ADDRESS:PORT", faults);
    refuse_unless(!config.listen.empty(), "http.listen is empty", faults);
    const auto& administration = config.administration_listen;
    refuse_unless(administration.empty() || parse_endpoint(administration), "administration.listen is not ADDRESS:PORT", faults);
    for (const auto& text : config.site.trusted_proxies)
        refuse_unless(parse_network(text).has_value(), "site.trusted_proxies: " + text + " is not an address or a CIDR block", faults);
}

void check_callbacks(const configuration& config, std::vector<config_fault>& faults) {
    refuse_unless(config.callback.call_minutes >= config.callback.retry_gap_minutes,
                  "callback.call_minutes is less than callback.retry_gap_minutes", faults);
    if (config.site.calendar_file.empty()) return;
    try {
        model::calendar_books::load(config.site.calendar_file);
    } catch (const std::runtime_error& error) {
        faults.push_back({0, std::string("site.calendar_file: ") + error.what()});
    }
}

void check_inbound(const configuration& config, std::vector<config_fault>& faults) {
    const auto& inbound = config.inbound;
    refuse_unless(inbound.listen.empty() == inbound.address.empty(), "inbound.listen and inbound.address go together", faults);
    refuse_unless(inbound.listen.empty() || parse_endpoint(inbound.listen), "inbound.listen is not ADDRESS:PORT", faults);
    refuse_unless(inbound.address.empty() || mails::is_address(inbound.address), "inbound.address is not a mail address", faults);
    refuse_unless(inbound.address.find('+') == std::string::npos, "inbound.address has no + of its own", faults);
    for (const auto& text : inbound.allowed)
        refuse_unless(parse_network(text).has_value(), "inbound.allowed: " + text + " is not an address or a CIDR block", faults);
}

void check_clocks(const configuration& config, std::vector<config_fault>& faults) {
    if (config.clocks_file.empty()) return;
    try {
        model::clock_books::load(config.clocks_file, {});
    } catch (const std::runtime_error& error) {
        faults.push_back({0, std::string("clocks.file: ") + error.what()});
    }
}

void check_files(const configuration& config, std::vector<config_fault>& faults) {
    refuse_unless(config.tls.certificate_file.empty() == config.tls.key_file.empty(), "tls.certificate_file and tls.key_file go together",
                  faults);
    for (const auto& file : {config.tls.certificate_file, config.tls.key_file, config.database_password_file,
                             config.mail.server.password_file, config.mail.server.ca_file, config.registry.password_file,
                             config.registry.ca_file, config.telephony_signature_file, config.originate_token_file})
        refuse_unless(file.empty() || is_readable(file), "cannot read " + file, faults);
    for (const auto& file : {config.tls.key_file, config.database_password_file, config.master_key_file, config.mail.server.password_file,
                             config.registry.password_file, config.telephony_signature_file, config.originate_token_file}) {
        std::error_code error;
        auto rights = fs::status(file, error).permissions();
        if (file.empty() || error) continue;
        refuse_unless((rights & fs::perms::others_all) == fs::perms::none, file + " may be read by everyone: chmod 0400", faults);
    }
}

void check_mail(const mail_settings& mail, const api::service_identity& service, std::vector<config_fault>& faults) {
    const auto& from = mail.from_address.empty() ? service.email : mail.from_address;
    refuse_unless(mails::is_address(from), "mail.from_address (or service.email): " + from + " is not a mail address", faults);
    refuse_unless(mail.message_id_host.empty() || mails::is_address("a@" + mail.message_id_host),
                  "mail.message_id_host is not a domain name", faults);
    refuse_unless(mail.server.user.empty() == mail.server.password_file.empty(), "mail.user and mail.password_file go together", faults);
    auto fault = smtp_fault(mail.server);
    refuse_unless(mail.server.host.empty() || fault.empty(), "mail: " + fault, faults);
}

} // namespace

void check_configuration(const configuration& config, std::vector<config_fault>& faults) {
    constexpr std::array levels = {"trace", "debug", "info", "warn", "err"};
    refuse_unless(is_base_url(config.site.base_url), "site.base_url must be http(s)://name, without a path", faults);
    refuse_unless(is_known_zone(config.site.timezone), "site.timezone is not a zone of the IANA table", faults);
    refuse_unless(std::find(levels.begin(), levels.end(), config.logging.level) != levels.end(),
                  "logging.level is one of trace, debug, info, warn, err", faults);
    refuse_unless(!config.database.is_mariadb() || !config.database.mariadb_user.empty(), "database.user is missing", faults);
    refuse_unless(config.site.attachments_total_bytes >= config.site.attachment_size_bytes,
                  "attachments.total_bytes is less than attachments.size_bytes", faults);
    check_callbacks(config, faults);
    check_clocks(config, faults);
    check_inbound(config, faults);
    check_listening(config, faults);
    check_files(config, faults);
    check_mail(config.mail, config.site.service, faults);
    for (const auto& each : config.share.recipients)
        refuse_unless(model::share_links::recipient_of(each).has_value(), "share.recipients: " + each + " is not \"Name <address>\"",
                      faults);
    auto registry = registry_fault(config.registry);
    refuse_unless(registry.empty(), registry, faults);
}

std::string default_share_dir() {
    std::error_code error;
    auto folder = fs::read_symlink("/proc/self/exe", error).parent_path();
    for (; !folder.empty() && folder != folder.root_path(); folder = folder.parent_path())
        if (fs::exists(folder / "templates" / "locales", error)) return folder.string();
    return "/usr/share/relais";
}

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/catalogue.hpp"
#include "api/metrics.hpp"
#include "api/secrets.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "server/config.hpp"
#include "server/mail_composer.hpp"
#include "server/mail_folder.hpp"
#include "server/mailer.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string_view>

namespace relais::server {

// All that sends mails, as the configuration says: composer, mail server or folder, workers.
class mail_service {
public:
    // Throws: std::runtime_error, when a template or the mail server's password cannot be read.
    mail_service(const configuration& config, model::database& database, const api::catalogue& texts, const api::secrets& keys,
                 model::clock_function now);

    void start() { mailer_.start(); }
    void wake() { mailer_.wake(); }
    // Before the database is stopped.
    void stop() { mailer_.stop(); }

    // Adds what happened since the last call to the figures. From one thread, never waits.
    void publish(api::metrics& to);

    // The mails kept in the folder, newest first, or the one of that name; null when there is none. For the demonstration's page.
    nlohmann::json kept(std::string_view name) const;
    // See mail_composer::preview.
    std::string preview(const model::outgoing_mail& row, const model::mail_facts& facts) const { return composer_.preview(row, facts); }

private:
    transport_factory transports() const;

    const configuration& config_;
    mail_folder folder_;
    mail_composer composer_;
    mailer mailer_;
    std::int64_t published_sent_ = 0;
    std::int64_t published_failed_ = 0;
};

} // namespace relais::server

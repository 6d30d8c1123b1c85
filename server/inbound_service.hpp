// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"
#include "api/settings.hpp"
#include "model/attachment_store.hpp"
#include "model/clock.hpp"
#include "model/database.hpp"
#include "model/inbound_receipt.hpp"
#include "server/inbound_mail.hpp"
#include "server/lmtp_session.hpp"

#include <string>

namespace relais::server {

// Turns answers to our mails into messages of their tickets.
class inbound_service {
public:
    struct options {
        std::string base;     // "reponses@centre.example"
        std::string own_host; // right part of our Message-IDs
    };
    inbound_service(const api::settings& config, const api::secrets& keys, model::database& database, model::attachment_store& store,
                    options how, model::clock_function now)
        : config_(config), keys_(keys), database_(database), store_(store), how_(std::move(how)), now_(std::move(now)) {}

    // For lmtp_session::office. Both wait for the database: never call them on an io_context's thread.
    bool is_known(const std::string& recipient) const;
    std::string take(const lmtp_session::message& mail);

private:
    std::optional<model::inbound_receipts::addressed> whose(const std::string& recipient) const;
    std::string keep(const model::inbound_receipts::addressed& to, const std::string& key, const inbound_mail& mail,
                     inbound_mails::kind what);

    const api::settings& config_;
    const api::secrets& keys_;
    model::database& database_;
    model::attachment_store& store_;
    options how_;
    model::clock_function now_;
};

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/webhook_rules.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace relais::model {
struct callback_rules;
}

namespace relais::api {

// The service in charge, as the law wants it on every acknowledgement (CRPA R.112-11-1).
struct service_identity {
    std::string name = "Agence nationale des titres sécurisés - assistance permis de conduire";
    std::string postal_address = "TSA 00000, 08000 Charleville-Mézières";
    std::string email = "assistance@example.test";
    std::string phone = "34 00";
    std::string phone_from_overseas = "09 70 83 07 07";
    std::string hours = "du lundi au vendredi, 9 h - 17 h (heure de Paris)";
};

// The telephone: what the telephone system and the staffing plan are told.
struct telephony_settings {
    std::string signature_key;   // events must be signed with it; empty: the token is enough
    std::string originate_url;   // where a request to dial is posted; empty: agents dial themselves
    int ring_timeout_s = 1800;   // a call that rang for so long without a hangup is supposed over
    int talk_timeout_s = 14'400; // the same for one that was answered
    int target_percent = 80;     // of the calls...
    int target_within_s = 60;    // ...answered within (K3)
    int patience_s = 180;        // of a caller, on average
    int wrap_up_s = 60;          // writing a call down
    int callback_s = 300;        // making a promised callback
    int history_weeks = 10;      // the forecast learns from
};

// What handlers read of the configuration (server/config.cpp fills it from relais.toml). Every key and its default is in
// config/relais.toml.
struct settings {
    std::string base_url = "http://127.0.0.1:8080"; // of every link in mails; never taken from the Host header
    std::string share_dir;                          // where templates/, config/ and the built assets are
    std::string data_dir = "./var";
    service_identity service;
    webhook_rules webhooks;
    telephony_settings telephony;
    std::string accessibility_state = "non conforme"; // RGAA: until an audit says otherwise
    bool state_identity = false;                      // Marianne font, "République Française" block: operators of the State only
    std::string operator_name = "Relais";
    std::string publication_director = "à renseigner";
    std::string host_name = "à renseigner";
    std::string dpo_contact = "dpo@example.test";
    std::string timezone = "Europe/Paris";
    int answer_working_days = 5;       // announced delay when no rule says better (Marianne: 5 working days)
    int implicit_rejection_months = 2; // CRPA L.231-4
    std::int64_t attachment_size_bytes = 10LL * 1024 * 1024;
    std::int64_t attachments_total_bytes = 25LL * 1024 * 1024;
    int attachments_count = 10;
    bool attachments_scanned = false; // a scanner is configured: files are held until its verdict
    int form_per_address = 5;         // per form_window_s
    int form_burst = 10;
    int form_window_s = 600;
    int form_per_recipient_day = 3;
    int form_total_minute = 600;                           // in all
    int proof_of_work_from = 3;                            // submissions by an address in the window before one is asked
    bool limits_enabled = true;                            // the demonstration lifts them
    int follow_up_days = 90;                               // after closing
    std::string calendar_file;                             // empty: config/calendars.json
    std::shared_ptr<const model::callback_rules> callback; // with the calendars; made when the configuration is completed
    std::vector<std::string> allowed_hosts;                // empty: any
    std::vector<std::string> trusted_proxies;              // CIDR; forwarded headers are believed from these only
    bool secure_cookies = true;                            // __Host- prefix and Secure; off only on plain http loopback
};

} // namespace relais::api

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/settings.hpp"
#include "model/callback_rules.hpp"
#include "model/clock_book.hpp"
#include "model/database.hpp"
#include "model/escalation_rule.hpp"
#include "model/retention.hpp"
#include "server/http/limits.hpp"
#include "server/registry_options.hpp"
#include "server/scanner.hpp"
#include "server/smtp.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace relais::server {

struct logging_options {
    std::string level = "info";   // trace, debug, info, warn, err
    std::string application_file; // empty: standard error
    std::string access_file;      // empty: none; "-": standard error; relative: in the data directory
    std::int64_t rotate_bytes = 100LL * 1024 * 1024;
    int rotate_files = 10;
};

struct tls_options {
    std::string certificate_file, key_file; // PEM; both or neither
    bool enabled() const { return !certificate_file.empty(); }
};

// An empty server.host keeps the mails in <data>/mail.
struct mail_settings {
    smtp_settings server;
    std::string from_name, from_address; // empty: the service's
    std::string message_id_host;         // right part of Message-ID; empty: that of from_address
    int workers = 2;                     // each with a connection of its own
};

// Answers to our mails, handed over by our mail server (LMTP). Empty: answers go to mail.from_address, and no further.
struct inbound_settings {
    std::string listen;
    std::string address; // "reponses@centre.example": the mail server hands over whatever is sent to it with a "+"
    std::vector<std::string> allowed = {"127.0.0.1", "::1"};
    std::int64_t size_bytes = 25LL * 1024 * 1024;
    bool is_configured() const { return !listen.empty() && !address.empty(); }
};

// How tickets are grouped, and what follows.
struct grouping_settings {
    int attach_percent = 90, suggest_percent = 25, forget_days = 30;
    int burst_evidence = 35'000, burst_false_percent = 5;
    model::escalation_terms rules;
    int broadcast_per_minute = 600;
};

// The weekly share with the product owner.
struct share_settings {
    bool is_sending = true;              // by mail; it is written all the same
    int hour = 8;                        // of Monday, Paris
    int link_days = 90;                  // how long the link of a mail opens it
    std::vector<std::string> recipients; // "Name <address>", beside the accounts of product owners
    int clock_hold_minutes = 60;         // how long a clock that went forward by itself is doubted; 0: never
    bool uses_database_clock = true;     // no week is written before the database's clock says that it ended
};

// Everything relais.toml can say.
struct configuration {
    api::settings site;
    model::database_options database;
    http_limits limits;
    logging_options logging;
    tls_options tls;
    mail_settings mail;
    inbound_settings inbound;
    scanner_options scanner;
    registry_options registry;
    model::retention_days retention;
    model::callback_rules callback;
    grouping_settings grouping;
    share_settings share;
    std::string clocks_file; // empty: config/clocks.json
    std::shared_ptr<const model::clock_book> clocks;
    std::string trackers_file; // see config/trackers.example.json; empty: none
    std::vector<std::string> listen = {"127.0.0.1:8080"};
    std::string administration_listen = "127.0.0.1:9090"; // empty: none
    int io_threads = 0;                                   // 0: half the cores, at least one
    int worker_threads = 0;                               // 0: as many as cores, at least two
    std::string master_key_file;                          // empty: master.key in the data directory
    std::string database_password_file;
    std::string telephony_signature_file, originate_token_file, originate_token;
};

// One key of the file: where its value goes, and for numbers the least and the most it may be.
struct config_key {
    std::string_view section, name;
    std::variant<std::string*, int*, std::int64_t*, bool*, std::vector<std::string>*> target;
    std::int64_t least = 0, most = 0;
};

// The only table of keys: reading, the environment, check-config and the example file all follow it.
std::vector<config_key> config_keys(configuration& into);

// One mistake of the configuration. line: 0 when it comes from the environment or from a missing value.
struct config_fault {
    std::int64_t line = 0;
    std::string text;
};

struct loaded_configuration {
    configuration config;
    std::vector<config_fault> faults;
};

// Reads a TOML text, then the environment (RELAIS_<SECTION>_<KEY>), and checks every value. Never throws: faults are all returned.
loaded_configuration read_configuration(std::string_view toml);
// The same from a file; an empty name means defaults and the environment alone.
loaded_configuration load_configuration(const std::string& file);

// The built-in values completed: SQLite file, key file, share directory found beside the program. Reads the secrets from their files.
// Throws std::runtime_error when a secret cannot be read.
void complete_configuration(configuration& config);

// Where the search index of this node is.
std::string search_folder(const configuration& config);

// A secret from its file, without the final newline. Throws std::runtime_error naming the file when it cannot be read.
std::string read_secret(const std::string& file);

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/application.hpp"

#include "api/app.hpp"
#include "api/limits.hpp"
#include "api/live_hub.hpp"
#include "api/metrics.hpp"
#include "api/pages.hpp"
#include "api/secrets.hpp"
#include "api/site.hpp"
#include "model/attachment_store.hpp"
#include "model/clock_job.hpp"
#include "model/event_watch.hpp"
#include "model/incident_grouper.hpp"
#include "model/rule_job.hpp"
#include "model/search_feed.hpp"
#include "model/search_index.hpp"
#include "server/control_server.hpp"
#include "server/data_dir.hpp"
#include "server/dialler.hpp"
#include "server/http/connection.hpp"
#include "server/http/listener.hpp"
#include "server/inbound_service.hpp"
#include "server/lmtp_server.hpp"
#include "server/mail_service.hpp"
#include "server/registry_service.hpp"
#include "server/repeated_task.hpp"
#include "server/share_service.hpp"
#include "server/tracker_sender.hpp"
#include "server/webhook_sender.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace relais::server {

// What stands after the "@" of our mails' Message-ID.
std::string message_id_host(const configuration& config);

// What a server is made of, in the order in which it begins; it ends in the opposite order.
struct application::parts {
    parts(configuration what, options how);

    // Takes back what this node held when it died, then starts everything that works by itself (server/application_tasks.cpp).
    void start_tasks();

    api::app make_app(const options& how);
    command_services services();
    void release_leases();
    template <class Work> void repeat(const char* name, std::chrono::milliseconds every, Work work) {
        tasks.push_back(std::make_unique<repeated_task>(name, every, std::move(work)));
    }
    std::function<lmtp_session::office()> answer_office();
    void sweep_files();

    configuration config;
    std::unique_ptr<directory_lock> lock;
    const std::string node, owner; // of leases
    api::secrets keys;
    api::metrics counters;
    api::limits rates;
    model::attachment_store attachments;
    std::unique_ptr<model::database> database;
    model::search_index search;
    model::search_feed feed;
    api::live_hub live;
    model::event_watch news{*database};
    model::incident_grouper grouper;
    std::mutex feeding; // the feed belongs to one thread at a time
    boost::asio::thread_pool workers;
    api::pages templates;
    static_files assets;
    std::vector<api::tracker> trackers;
    tracker_sender sender;
    webhook_sender hooks{*database, keys, config.site.webhooks};
    mail_service mails;
    inbound_service answers{config.site,      keys, *database, attachments, {config.inbound.address, message_id_host(config)},
                            model::system_now};
    std::unique_ptr<lmtp_server> letter_box;
    registry_service registry;
    model::clock_job clocks{*database, config.clocks, owner};
    model::rule_job rules{*database, config.clocks->centre, owner};
    share_service shares{config, *database, keys, owner};
    dialler dial{{config.site.telephony.originate_url, config.originate_token}, *database};
    api::app app;
    http_site site, administration_site;
    std::vector<std::unique_ptr<repeated_task>> tasks;
    control_server control;
    std::unique_ptr<http_listener> listener, administration_listener;
    std::atomic<bool> is_hurried{false}, is_stopping{false};
};

} // namespace relais::server

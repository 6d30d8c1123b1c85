// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/database.hpp"
#include "model/outgoing_mail.hpp"
#include "server/mail_composer.hpp"
#include "server/mail_folder.hpp"
#include "server/smtp.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace relais::server {

// Carries one message away; each worker has its own.
using mail_transport = std::function<delivery(const composed_mail&)>;

// Makes one; `abandoned` becomes true when a stop can wait no longer for the message under way.
using transport_factory = std::function<mail_transport(const std::atomic<bool>& abandoned)>;

// Through a mail server, or into the folder when none is configured. The folder must outlive the transport.
mail_transport smtp_transport(smtp_settings settings, const std::atomic<bool>& abandoned);
mail_transport folder_transport(const mail_folder& folder);

// What the administration listener shows.
struct mailer_counters {
    std::atomic<std::int64_t> sent = 0;         // messages that left
    std::atomic<std::int64_t> grouped = 0;      // acknowledgements that left in another one's message
    std::atomic<std::int64_t> retried = 0;      // attempts that will be followed by another
    std::atomic<std::int64_t> failed = 0;       // rows given up: refused for good, or for 5 days
    std::atomic<std::int64_t> delayed = 0;      // times a row was put off by the limit of its mailbox
    std::atomic<std::int64_t> waiting = 0;      // rows in the outbox, now and then
    std::atomic<std::int64_t> last_sent_at = 0; // seconds, UTC
};

struct mailer_options {
    int workers = 2;
    int batch = 20;                         // rows taken at once
    int group_limit = 20;                   // acknowledgements in one message
    int lease_s = 150;                      // by the database's clock; longer than attempt_s
    int attempt_s = 65;                     // what one attempt may last: the transport's limit and a margin
    std::chrono::milliseconds poll{5000};   // between two looks at an empty outbox: rows of other nodes, retries that fall due
    std::chrono::milliseconds pause{30000}; // while the mail server does not answer: one probe each
    int breaker = 3;                        // attempts in a row without an answer that make it so
    std::chrono::milliseconds grace{5000};  // for the messages under way when the mailer stops
};

// Sends what waits in the outbox: takes rows under a lease, composes, sends, marks. Every row leaves at least once; twice only when the
// process dies between the sending and the mark, with the same Message-ID then.
class mailer {
public:
    mailer(model::database& database, const mail_composer& composer, transport_factory make_transport, model::clock_function now,
           mailer_options options = {});
    ~mailer();
    mailer(const mailer&) = delete;
    mailer& operator=(const mailer&) = delete;

    // Starts the workers. Called once.
    void start();
    // After a commit that wrote to the outbox: a worker looks at once. Never waits, from any thread.
    void wake();
    // Lets the messages under way finish, or drops them after `grace`; gives the others back; ends the workers. To be called before the
    // database is stopped.
    void stop();

    const mailer_counters& counters() const { return counters_; }

private:
    using steady = std::chrono::steady_clock;
    struct job {
        model::outgoing_group group;
        steady::time_point until; // an attempt begun later could outlive the lease
    };

    void work(const mail_transport& transport);
    std::optional<job> next();
    std::vector<job> claim(int limit);
    void deliver(const job& what, const mail_transport& transport);
    std::vector<model::mail_facts> facts(const model::outgoing_group& group);
    void mark_sent(const model::outgoing_group& group, const composed_mail& mail);
    void settle(const model::outgoing_group& group, const composed_mail& mail, const delivery& result);
    void put_off(const model::outgoing_group& group, const std::string& error);
    void give_up(const model::outgoing_group& group, const std::string& error);
    void give_back(const model::outgoing_group& group);
    template <class Visit> void insist(Visit visit);
    void note_answer(const delivery& result);
    void tidy();
    void count_waiting();

    model::database& database_;
    const mail_composer& composer_;
    transport_factory make_transport_;
    model::clock_function now_;
    mailer_options options_;
    std::string owner_;
    mailer_counters counters_;
    std::int64_t tidied_at_ = 0; // by the worker that claims, as what follows
    steady::time_point counted_at_{};

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<job> jobs_;
    bool stopping_ = false;
    std::size_t working_ = 0; // workers that have not ended
    std::atomic<bool> abandoned_ = false;
    bool claiming_ = false;
    bool woken_ = false;
    int silent_attempts_ = 0;       // in a row, over all workers
    steady::time_point probe_at_{}; // until then nothing is tried: the server does not answer
    std::vector<std::thread> workers_;
};

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#include "server/mailer.hpp"

#include "api/secrets.hpp"
#include "model/error.hpp"
#include "model/mail_cap.hpp"
#include "model/thread_role.hpp"

#include <spdlog/spdlog.h>

#include <iterator>
#include <memory>
#include <stdexcept>
#include <utility>

namespace relais::server {
namespace {

using namespace std::chrono_literals;
namespace outgoing_mails = model::outgoing_mails;

constexpr auto insist_pause = 200ms;
constexpr int insist_tries = 150; // half a minute: then the lease decides
constexpr auto count_every = 10s;
constexpr std::int64_t tidy_every_s = 3600;

} // namespace

mail_transport smtp_transport(smtp_settings settings, const std::atomic<bool>& abandoned) {
    auto client = std::make_shared<smtp_client>(std::move(settings), &abandoned);
    return [client](const composed_mail& mail) { return client->send(mail.sender, mail.recipient, mail.bytes); };
}

mail_transport folder_transport(const mail_folder& folder) {
    return [&folder](const composed_mail& mail) {
        try {
            folder.keep(mail.bytes, mail.message_id, mail.at);
            return delivery{delivery::outcome::sent, 250, "kept in the mail folder"};
        } catch (const std::exception&) {
            return delivery{delivery::outcome::temporary, 0, "the mail folder cannot be written"};
        }
    };
}

mailer::mailer(model::database& database, const mail_composer& composer, transport_factory make_transport, model::clock_function now,
               mailer_options options)
    : database_{database}, composer_{composer},
      make_transport_{std::move(make_transport)}, now_{std::move(now)}, options_{options}, owner_{api::random_token(16)} {
    if (options_.lease_s <= options_.attempt_s) throw std::invalid_argument("the mailer's lease is shorter than an attempt");
}

mailer::~mailer() { stop(); }

void mailer::start() {
    // Made here, so that a password that cannot be read stops the start and not a thread.
    std::vector<mail_transport> transports;
    for (int i = 0; i < options_.workers; ++i) transports.push_back(make_transport_(abandoned_));
    working_ = transports.size();
    for (auto& transport : transports)
        workers_.emplace_back([this, mine = std::move(transport)] {
            model::thread_role::name_background("mailer");
            work(mine);
        });
}

void mailer::wake() {
    {
        std::lock_guard lock{mutex_};
        woken_ = true;
    }
    changed_.notify_one();
}

void mailer::stop() {
    {
        std::unique_lock lock{mutex_};
        stopping_ = true;
        changed_.notify_all();
        if (!changed_.wait_for(lock, options_.grace, [this] { return working_ == 0; })) abandoned_ = true;
    }
    for (auto& worker : workers_) worker.join();
    workers_.clear();
    for (const auto& left : std::exchange(jobs_, {})) give_back(left.group);
}

void mailer::work(const mail_transport& transport) {
    while (auto what = next()) {
        try {
            deliver(*what, transport);
        } catch (const std::exception&) {
            // The row is still in the outbox: its lease ends and it is taken again. what() may hold bound values.
            spdlog::error("mail row {} was left as it was", what->group.front().id);
        }
    }
    std::lock_guard lock{mutex_};
    --working_;
    changed_.notify_all();
}

// The next message to send; waits for one. Nothing when the mailer stops. One worker claims for all: the others would find the same rows.
std::optional<mailer::job> mailer::next() {
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        if (!jobs_.empty()) {
            auto what = std::move(jobs_.front());
            jobs_.pop_front();
            if (steady::now() < what.until) return what;
            lock.unlock();
            give_back(what.group);
            lock.lock();
        } else if (claiming_) {
            changed_.wait(lock);
        } else if (steady::now() < probe_at_) {
            changed_.wait_until(lock, probe_at_);
        } else {
            claiming_ = true;
            woken_ = false;
            auto limit = silent_attempts_ >= options_.breaker ? 1 : options_.batch;
            lock.unlock();
            auto found = claim(limit);
            lock.lock();
            claiming_ = false;
            std::move(found.begin(), found.end(), std::back_inserter(jobs_));
            changed_.notify_all();
            if (jobs_.empty()) changed_.wait_for(lock, options_.poll, [this] { return stopping_ || woken_ || !jobs_.empty(); });
        }
    }
    return std::nullopt;
}

std::vector<mailer::job> mailer::claim(int limit) {
    auto now = now_();
    auto until = steady::now() + std::chrono::seconds{options_.lease_s - options_.attempt_s};
    outgoing_mails::claim_terms terms{.owner = owner_, .limit = limit, .group_limit = options_.group_limit, .lease_s = options_.lease_s};
    std::vector<job> out;
    try {
        count_waiting();
        if (!database_.read_now([now](soci::session& sql) { return outgoing_mails::has_due(sql, now); })) return tidy(), out;
        auto claimed = database_.write_now([terms, now](soci::session& sql) { return outgoing_mails::claim(sql, terms, now); });
        counters_.delayed += claimed.delayed;
        for (auto& group : claimed.groups) out.push_back({std::move(group), until});
    } catch (const std::exception&) {
        spdlog::warn("the outbox cannot be read, the mailer tries again"); // what() may hold bound values
    }
    return out;
}

void mailer::count_waiting() {
    if (steady::now() < counted_at_ + count_every) return;
    counters_.waiting = database_.read_now(outgoing_mails::count_waiting);
    counted_at_ = steady::now();
}

void mailer::tidy() {
    auto now = now_();
    if (model::seconds(now) - tidied_at_ < tidy_every_s) return;
    tidied_at_ = model::seconds(now);
    database_.write_now([now](soci::session& sql) { return model::mail_caps::purge(sql, now); });
}

void mailer::deliver(const job& what, const mail_transport& transport) {
    composed_mail mail;
    try {
        auto known = facts(what.group);
        mail = composer_.compose(what.group, known, now_());
    } catch (const model::busy&) {
        return give_back(what.group);
    } catch (const model::not_found&) {
        return give_up(what.group, "what it announced is gone");
    } catch (const std::invalid_argument&) {
        return give_up(what.group, "the address is not well formed");
    } catch (const std::exception&) {
        // A template that is missing or wrong is ours to repair: the mail waits.
        spdlog::error("mail row {} ({}) cannot be composed", what.group.front().id, what.group.front().kind);
        return put_off(what.group, "it cannot be composed");
    }
    auto result = transport(mail);
    note_answer(result);
    settle(what.group, mail, result);
}

std::vector<model::mail_facts> mailer::facts(const model::outgoing_group& group) {
    auto visit = [group](soci::session& sql) {
        std::vector<model::mail_facts> out;
        for (const auto& row : group) out.push_back(outgoing_mails::facts(sql, row));
        return out;
    };
    return database_.read_now(std::move(visit));
}

void mailer::settle(const model::outgoing_group& group, const composed_mail& mail, const delivery& result) {
    if (result.is == delivery::outcome::permanent) return give_up(group, result.text);
    if (result.is == delivery::outcome::temporary) return put_off(group, result.text);
    mark_sent(group, mail);
    ++counters_.sent;
    counters_.grouped += static_cast<std::int64_t>(group.size()) - 1;
    counters_.last_sent_at = model::seconds(now_());
}

void mailer::mark_sent(const model::outgoing_group& group, const composed_mail& mail) {
    auto hash = api::sha256_hex(mail.bytes);
    auto mark = [this, &group, &hash, now = now_()](const std::string& copy) {
        insist([this, group, hash, copy, now](soci::session& sql) {
            if (!outgoing_mails::mark_sent(sql, group, owner_, hash, copy, now))
                spdlog::warn("mail row {} was sent after its lease", group.front().id);
        });
    };
    try {
        mark(mail.copy);
    } catch (const model::busy&) {
        throw;
    } catch (const std::exception&) {
        // Better without its copy than sent again and again.
        spdlog::error("the copy of mail row {} cannot be kept", group.front().id);
        mark("");
    }
}

void mailer::put_off(const model::outgoing_group& group, const std::string& error) {
    auto delay = outgoing_mails::retry_delay(group.front().attempts);
    if (!delay) return give_up(group, error);
    auto next_at = now_() + *delay;
    insist([this, group, error, next_at](soci::session& sql) { outgoing_mails::postpone(sql, group, owner_, error, next_at); });
    ++counters_.retried;
}

void mailer::give_up(const model::outgoing_group& group, const std::string& error) {
    auto now = now_();
    insist([this, group, error, now](soci::session& sql) { outgoing_mails::give_up(sql, group, owner_, error, now); });
    counters_.failed += static_cast<std::int64_t>(group.size());
}

void mailer::give_back(const model::outgoing_group& group) {
    insist([this, group](soci::session& sql) { outgoing_mails::release(sql, group, owner_); });
}

// What became of a message must be written down, or it would be sent again: a database that is away for a moment is waited for.
template <class Visit> void mailer::insist(Visit visit) {
    for (int i = 0;; ++i) {
        try {
            database_.write_now(visit);
            return;
        } catch (const model::busy&) {
            if (i == insist_tries) throw;
        }
        std::this_thread::sleep_for(insist_pause);
    }
}

// A server that does not even answer will not answer the next mail: those stay untried, so that all leave as soon as it is back.
void mailer::note_answer(const delivery& result) {
    auto is_silence = result.is == delivery::outcome::temporary && result.code < 400;
    std::unique_lock lock{mutex_};
    silent_attempts_ = is_silence ? silent_attempts_ + 1 : 0;
    if (silent_attempts_ < options_.breaker) return;
    if (silent_attempts_ == options_.breaker) spdlog::warn("the mail server does not answer, mails wait");
    probe_at_ = steady::now() + options_.pause;
    auto left = std::exchange(jobs_, {});
    lock.unlock();
    for (const auto& each : left) give_back(each.group);
}

} // namespace relais::server

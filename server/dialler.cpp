// SPDX-License-Identifier: EUPL-1.2
#include "server/dialler.hpp"

#include "model/call.hpp"
#include "model/error.hpp"

#include <curl/curl.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace relais::server {

namespace {

constexpr long patience_ms = 5'000;

// The answer's body says nothing that we need.
std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

} // namespace

dialler::dialler(const options& how, model::database& database) : options_(how), database_(database), thread_([this] { go_on(); }) {}

dialler::~dialler() { stop(); }

void dialler::dial(nlohmann::json what) {
    std::lock_guard lock(mutex_);
    if (waiting_.size() >= waiting_limit) waiting_.pop_front();
    waiting_.push_back(std::move(what));
    more_.notify_one();
}

void dialler::stop() {
    {
        std::lock_guard lock(mutex_);
        is_stopped_ = true;
    }
    more_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void dialler::go_on() {
    std::unique_lock lock(mutex_);
    for (;;) {
        more_.wait(lock, [this] { return is_stopped_ || !waiting_.empty(); });
        if (is_stopped_) return;
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        if (!post(next.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))) tell_failure(next.value("call", std::string()));
        lock.lock();
    }
}

bool dialler::post(const std::string& body) const {
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), curl_easy_cleanup);
    curl_slist* first = curl_slist_append(nullptr, "Content-Type: application/json");
    if (!options_.token.empty()) first = curl_slist_append(first, ("Authorization: Bearer " + options_.token).c_str());
    std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> fields(first, curl_slist_free_all);
    curl_easy_setopt(curl.get(), CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, fields.get());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, patience_ms);
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, drop);
    auto result = curl_easy_perform(curl.get());
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    auto is_done = result == CURLE_OK && status >= 200 && status < 300;
    if (!is_done) spdlog::warn("the telephone system did not take a request to dial: {} {}", status, curl_easy_strerror(result));
    return is_done;
}

void dialler::tell_failure(const std::string& call_public_id) {
    auto now = model::system_now();
    auto write = [&](soci::session& sql) { model::calls::give_up(sql, call_public_id, now); };
    try {
        database_.write_now(write);
    } catch (const std::exception&) {
        spdlog::warn("a request to dial that failed could not be written down");
    }
}

} // namespace relais::server

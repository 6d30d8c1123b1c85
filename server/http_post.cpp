// SPDX-License-Identifier: EUPL-1.2
#include "server/http_post.hpp"

#include <curl/curl.h>

#include <memory>

namespace relais::server {
namespace {

constexpr std::size_t answer_limit_bytes = 256 * 1024;
constexpr long connect_limit_ms = 5'000, whole_limit_ms = 15'000;

std::size_t keep(char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& body = *static_cast<std::string*>(to);
    if (body.size() + size * count > answer_limit_bytes) return 0;
    body.append(bytes, size * count);
    return size * count;
}

struct list_cleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

} // namespace

http_answer_received post_json(const std::string& url, const std::vector<std::string>& headers, const std::string& body) {
    http_answer_received out;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle(curl_easy_init(), curl_easy_cleanup);
    curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
    for (const auto& each : headers) list = curl_slist_append(list, each.c_str());
    std::unique_ptr<curl_slist, list_cleanup> owned(list);
    auto* with = handle.get();
    curl_easy_setopt(with, CURLOPT_URL, url.c_str());
    curl_easy_setopt(with, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(with, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(with, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(with, CURLOPT_CONNECTTIMEOUT_MS, connect_limit_ms);
    curl_easy_setopt(with, CURLOPT_TIMEOUT_MS, whole_limit_ms);
    curl_easy_setopt(with, CURLOPT_HTTPHEADER, owned.get());
    curl_easy_setopt(with, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(with, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(with, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(with, CURLOPT_WRITEDATA, &out.body);
    auto result = curl_easy_perform(with);
    if (result == CURLE_OK)
        curl_easy_getinfo(with, CURLINFO_RESPONSE_CODE, &out.status);
    else
        out.error = curl_easy_strerror(result);
    return out;
}

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#include "server/smtp.hpp"

#include "server/mail_message.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <mutex>
#include <stdexcept>

namespace relais::server {
namespace {

constexpr std::size_t text_limit_bytes = 200;
constexpr long idle_connection_s = 60; // servers close after 5 minutes at least (RFC 5321 4.5.3.2); ours is given up long before

struct easy_cleanup {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct list_cleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

// What the conversation said, read from curl's own trace: the error codes of libcurl do not tell a refused recipient from a refused
// greeting.
struct conversation {
    std::string command; // the last one we said: "MAIL", "RCPT", "DATA"...
    std::string line;    // the last one the server said
    bool is_over = false;
};

int listen(CURL*, curl_infotype kind, char* bytes, std::size_t size, void* to) {
    auto& heard = *static_cast<conversation*>(to);
    auto said = std::string_view{bytes, size};
    if (kind == CURLINFO_HEADER_OUT && said.starts_with("EHLO")) heard = {};
    if (kind == CURLINFO_HEADER_OUT && said.starts_with("QUIT")) heard.is_over = true;
    // libcurl takes leave after a refusal: what counts was said before.
    if (heard.is_over) return 0;
    if (kind == CURLINFO_HEADER_OUT) heard.command = said.substr(0, 4);
    if (kind == CURLINFO_HEADER_IN) heard.line = said.substr(0, text_limit_bytes);
    return 0;
}

std::size_t hand_over(char* to, std::size_t size, std::size_t count, void* from) {
    auto& left = *static_cast<std::string_view*>(from);
    auto now = std::min(size * count, left.size());
    std::memcpy(to, left.data(), now);
    left.remove_prefix(now);
    return now;
}

// libcurl asks at least once a second; anything but 0 ends the transfer.
int is_abandoned(void* flag, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<const std::atomic<bool>*>(flag) ? 1 : 0;
}

// Servers quote the recipient in their replies: words with an '@' are left out, and what is not plain text.
std::string without_addresses(std::string_view line) {
    std::string out;
    for (std::size_t start = 0; start < line.size();) {
        auto end = std::min(line.find(' ', start), line.size());
        auto word = line.substr(start, end - start);
        if (!out.empty()) out += ' ';
        if (word.find('@') != std::string_view::npos)
            out += "(address)";
        else
            std::copy_if(word.begin(), word.end(), std::back_inserter(out), [](char c) { return c > ' ' && c < 0x7F; });
        start = end + 1;
    }
    return out.substr(0, text_limit_bytes);
}

std::string first_line(const std::string& file) {
    std::ifstream in{file};
    std::string line;
    if (!std::getline(in, line) || line.empty()) throw std::runtime_error("the password file of the mail server cannot be read: " + file);
    if (line.back() == '\r') line.pop_back();
    return line;
}

bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; });
}

std::string address_of(const smtp_settings& it) {
    auto host = it.host.find(':') == std::string::npos ? it.host : "[" + it.host + "]";
    return (it.security == "tls" ? "smtps://" : "smtp://") + host + ":" + std::to_string(it.port) + "/" + it.local_name;
}

// Only a 5xx about this recipient (RCPT) or this message (DATA and what follows it) is the recipient's. A refused greeting, password
// or sender, a relay that does not know us (530, 5.7.x: RFC 3463) are ours to repair, and the mail waits.
bool is_about_the_mail(const conversation& heard, int code) {
    auto is_policy = code == 530 || heard.line.find(" 5.7.") == 3;
    return (heard.command == "RCPT" || heard.command == "DATA") && !is_policy;
}

int code_of(std::string_view line) {
    int code = 0;
    std::from_chars(line.data(), line.data() + std::min<std::size_t>(line.size(), 3), code);
    return code >= 200 && code < 600 ? code : 0;
}

} // namespace

std::string smtp_fault(const smtp_settings& it) {
    if (it.host.empty() || has_control(it.host) || it.host.find_first_of("/?#@") != std::string::npos) return "not a host name";
    if (it.port < 1 || it.port > 65535) return "not a port";
    if (it.security != "none" && it.security != "starttls" && it.security != "tls") return "security is none, starttls or tls";
    if (has_control(it.local_name) || it.local_name.find_first_of("/?#") != std::string::npos) return "not a local name";
    auto is_here = it.host == "localhost" || it.host == "127.0.0.1" || it.host == "::1";
    if (!it.user.empty() && it.security == "none" && !is_here) return "a password never travels in clear";
    return "";
}

struct smtp_client::state {
    smtp_settings settings;
    const std::atomic<bool>* abandoned = nullptr;
    std::string password;
    std::unique_ptr<CURL, easy_cleanup> handle;
    conversation heard;
    char error[CURL_ERROR_SIZE] = {};

    void prepare();
    delivery judge(CURLcode result) const;
};

// The options that do not change from a message to the next.
void smtp_client::state::prepare() {
    auto* to = handle.get();
    curl_easy_setopt(to, CURLOPT_URL, address_of(settings).c_str());
    curl_easy_setopt(to, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(to, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(to, CURLOPT_PROXY, "");
    curl_easy_setopt(to, CURLOPT_USE_SSL, static_cast<long>(settings.security == "none" ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(to, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(to, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(to, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!settings.ca_file.empty()) {
        curl_easy_setopt(to, CURLOPT_CAINFO, settings.ca_file.c_str());
        curl_easy_setopt(to, CURLOPT_CAPATH, nullptr);
    }
    if (!settings.user.empty()) {
        curl_easy_setopt(to, CURLOPT_USERNAME, settings.user.c_str());
        curl_easy_setopt(to, CURLOPT_PASSWORD, password.c_str());
    }
    curl_easy_setopt(to, CURLOPT_CONNECTTIMEOUT, static_cast<long>(settings.connect_timeout_s));
    curl_easy_setopt(to, CURLOPT_TIMEOUT, static_cast<long>(settings.total_timeout_s));
    curl_easy_setopt(to, CURLOPT_MAXAGE_CONN, idle_connection_s);
    curl_easy_setopt(to, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(to, CURLOPT_READFUNCTION, hand_over);
    curl_easy_setopt(to, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(to, CURLOPT_DEBUGFUNCTION, listen);
    curl_easy_setopt(to, CURLOPT_DEBUGDATA, &heard);
    curl_easy_setopt(to, CURLOPT_ERRORBUFFER, error);
    if (abandoned) {
        curl_easy_setopt(to, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(to, CURLOPT_XFERINFOFUNCTION, is_abandoned);
        curl_easy_setopt(to, CURLOPT_XFERINFODATA, const_cast<std::atomic<bool>*>(abandoned));
    }
}

delivery smtp_client::state::judge(CURLcode result) const {
    if (result == CURLE_OK) return {delivery::outcome::sent, 250, without_addresses(heard.line)};
    auto code = code_of(heard.line);
    auto refused = code >= 500 && is_about_the_mail(heard, code);
    auto text = code >= 400 ? heard.line : std::string{error[0] ? error : curl_easy_strerror(result)};
    return {refused ? delivery::outcome::permanent : delivery::outcome::temporary, code, without_addresses(text)};
}

smtp_client::smtp_client(smtp_settings settings, const std::atomic<bool>* abandoned) : state_{std::make_unique<state>()} {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    if (auto fault = smtp_fault(settings); !fault.empty()) throw std::invalid_argument("mail: " + fault);
    state_->settings = std::move(settings);
    state_->abandoned = abandoned;
    if (!state_->settings.user.empty()) state_->password = first_line(state_->settings.password_file);
    state_->handle.reset(curl_easy_init());
    if (!state_->handle) throw std::runtime_error("libcurl cannot start");
    state_->prepare();
}

smtp_client::~smtp_client() = default;
smtp_client::smtp_client(smtp_client&&) noexcept = default;
smtp_client& smtp_client::operator=(smtp_client&&) noexcept = default;

delivery smtp_client::send(const std::string& sender, const std::string& recipient, std::string_view message) {
    // libcurl writes a CR LF in an address to the server as it is (curl PR 20157): it never sees one.
    if (!mails::is_address(recipient)) return {delivery::outcome::permanent, 0, "the address is not well formed"};
    if (!sender.empty() && !mails::is_address(sender)) return {delivery::outcome::temporary, 0, "the sender's address is not well formed"};
    auto* to = state_->handle.get();
    std::unique_ptr<curl_slist, list_cleanup> recipients{curl_slist_append(nullptr, recipient.c_str())};
    auto left = message;
    state_->heard = {};
    state_->error[0] = '\0';
    curl_easy_setopt(to, CURLOPT_MAIL_FROM, sender.empty() ? nullptr : sender.c_str());
    curl_easy_setopt(to, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(to, CURLOPT_READDATA, &left);
    curl_easy_setopt(to, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    auto result = curl_easy_perform(to);
    curl_easy_setopt(to, CURLOPT_MAIL_RCPT, nullptr);
    return state_->judge(result);
}

} // namespace relais::server

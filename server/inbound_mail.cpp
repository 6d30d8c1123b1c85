// SPDX-License-Identifier: EUPL-1.2
#include "server/inbound_mail.hpp"

#include "server/gmime_lock.hpp"
#include "server/inbound_text.hpp"

#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <memory>

namespace relais::server::inbound_mails {
namespace {

struct unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T> using owned = std::unique_ptr<T, unref>;
using owned_text = std::unique_ptr<char, decltype(&g_free)>;

std::string text_of(const char* text) { return text ? text : ""; }

std::string lower(std::string text) {
    for (auto& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

std::string header(GMimeObject* of, const char* name) { return text_of(g_mime_object_get_header(of, name)); }

std::string trimmed(const std::string& text) {
    auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_automatic(GMimeObject* of) {
    auto submitted = lower(trimmed(header(of, "Auto-Submitted")));
    if (!submitted.empty() && !submitted.starts_with("no")) return true;
    constexpr std::array<std::string_view, 5> bulk = {"bulk", "junk", "list", "auto_reply", "auto-reply"};
    auto precedence = lower(trimmed(header(of, "Precedence")));
    if (std::find(bulk.begin(), bulk.end(), precedence) != bulk.end()) return true;
    constexpr std::array<const char*, 5> signs = {"X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "List-Id", "X-Loop"};
    return std::any_of(signs.begin(), signs.end(), [of](auto name) { return !header(of, name).empty(); });
}

std::string decoded(GMimePart* part) {
    owned<GMimeStream> stream{g_mime_stream_mem_new()};
    if (auto* content = g_mime_part_get_content(part)) g_mime_data_wrapper_write_to_stream(content, stream.get());
    const auto* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(array->data), array->len};
}

std::string words_of(GMimeObject* object) {
    if (!GMIME_IS_TEXT_PART(object)) return decoded(GMIME_PART(object));
    owned_text text{g_mime_text_part_get_text(GMIME_TEXT_PART(object)), g_free}; // in UTF-8, whatever it was written in
    return text_of(text.get());
}

// "Action: failed", "Status: 5.1.1" among the fields of a delivery report.
void read_report(const std::string& fields, inbound_mail& to) {
    auto value = [&fields](std::string_view name) {
        auto text = lower(fields);
        auto at = text.find(name);
        if (at == std::string::npos || (at > 0 && text[at - 1] != '\n')) return std::string{};
        auto end = text.find_first_of("\r\n", at);
        return trimmed(text.substr(at + name.size(), end == std::string::npos ? end : end - at - name.size()));
    };
    auto action = value("action:"), status = value("status:");
    // A report on several recipients tells the worst: ours are written to one at a time.
    if (to.action.empty() || action == "failed") to.action = action, to.status = status.substr(0, status.find(' '));
}

class reader {
public:
    explicit reader(inbound_mail& to) : to_(to) {}

    void read(GMimeObject* object, int depth) {
        if (!object || depth > depth_limit || ++parts_ > parts_limit) return;
        if (GMIME_IS_MULTIPART(object)) return read_all(GMIME_MULTIPART(object), depth);
        auto* type = g_mime_object_get_content_type(object);
        if (g_mime_content_type_is_type(type, "message", "delivery-status") && GMIME_IS_PART(object))
            return read_report(decoded(GMIME_PART(object)), to_);
        if (!GMIME_IS_PART(object)) return; // a mail within a mail: what somebody else wrote
        auto* part = GMIME_PART(object);
        auto name = text_of(g_mime_part_get_filename(part));
        auto is_text = g_mime_content_type_is_type(type, "text", "plain"), is_html = g_mime_content_type_is_type(type, "text", "html");
        auto is_file = g_mime_part_is_attachment(part) || !name.empty() || (!is_text && !is_html);
        if (is_file)
            to_.files.push_back({name, decoded(part)});
        else if (is_text)
            append(plain_, words_of(object));
        else
            append(html_, words_of(object));
    }

    // Every plain part counts; HTML speaks when there is none.
    void finish() { to_.text = plain_.empty() ? inbound_texts::from_html(html_) : std::move(plain_); }

private:
    void read_all(GMimeMultipart* of, int depth) {
        auto* type = g_mime_object_get_content_type(GMIME_OBJECT(of));
        if (g_mime_content_type_is_type(type, "multipart", "report")) to_.is_report = true;
        for (int i = 0; i < g_mime_multipart_get_count(of); ++i) read(g_mime_multipart_get_part(of, i), depth + 1);
    }
    static void append(std::string& to, const std::string& text) {
        if (!to.empty()) to += "\n";
        to += text;
    }

    inbound_mail& to_;
    std::string plain_, html_;
    int parts_ = 0;
};

void read_sender(GMimeMessage* message, inbound_mail& to) {
    auto* list = g_mime_message_get_from(message);
    if (!list || internet_address_list_length(list) == 0) return;
    auto* first = internet_address_list_get_address(list, 0);
    to.from_name = text_of(internet_address_get_name(first));
    if (INTERNET_ADDRESS_IS_MAILBOX(first)) to.from_address = text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)));
}

} // namespace

inbound_mail read(std::string_view bytes) {
    auto inside = enter_gmime();
    inbound_mail out;
    owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
    owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    owned<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), nullptr)};
    if (!message) return out;
    out.message_id = text_of(g_mime_message_get_message_id(message.get()));
    out.is_automatic = is_automatic(GMIME_OBJECT(message.get()));
    read_sender(message.get(), out);
    reader all(out);
    all.read(g_mime_message_get_mime_part(message.get()), 0);
    all.finish();
    return out;
}

kind kind_of(const inbound_mail& mail, std::string_view sender, std::string_view own_host) {
    // Our own mails name their row and our host: one that comes back has gone round.
    if (!own_host.empty() && mail.message_id.ends_with("@" + std::string(own_host))) return kind::loop;
    if (mail.is_report && !mail.action.empty()) return mail.action == "failed" ? kind::bounce : kind::delay;
    if (sender.empty() || mail.is_automatic || mail.is_report) return kind::automatic; // nobody wrote it
    return kind::message;
}

std::string_view word(kind what) {
    switch (what) {
    case kind::message:
        return "message";
    case kind::bounce:
        return "bounce";
    case kind::delay:
        return "delay";
    case kind::automatic:
        return "automatic";
    default:
        return "loop";
    }
}

} // namespace relais::server::inbound_mails

// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_message.hpp"

#include "server/gmime_lock.hpp"
#include "server/mail_text.hpp"

#include <gmime/gmime.h>

#include <memory>
#include <stdexcept>

namespace relais::server::mails {
namespace {

constexpr std::size_t name_limit = 100;
constexpr std::size_t subject_limit = 200;

struct unref {
    void operator()(void* object) const { g_object_unref(object); }
};
template <class T> using owned = std::unique_ptr<T, unref>;

std::string text_of(const char* text) { return text ? text : ""; }

void fill(GMimePart* part, std::string_view content, GMimeContentEncoding encoding) {
    owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(content.data(), content.size())};
    owned<GMimeDataWrapper> wrapper{g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)};
    g_mime_part_set_content(part, wrapper.get());
    g_mime_part_set_content_encoding(part, encoding);
}

owned<GMimeObject> text_part(const char* subtype, std::string_view text) {
    auto* part = g_mime_part_new_with_type("text", subtype);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    fill(part, clean_text(text), GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    return owned<GMimeObject>{GMIME_OBJECT(part)};
}

owned<GMimeObject> attached_part(const mail_attachment& attached) {
    auto type = clean_media_type(attached.media_type);
    auto slash = type.find('/');
    auto* part = g_mime_part_new_with_type(type.substr(0, slash).c_str(), type.substr(slash + 1).c_str());
    fill(part, attached.content, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_object_set_disposition(GMIME_OBJECT(part), GMIME_DISPOSITION_ATTACHMENT);
    g_mime_part_set_filename(part, safe_filename(attached.name).c_str());
    return owned<GMimeObject>{GMIME_OBJECT(part)};
}

// '=' followed by '_' is in no quoted-printable nor base64 body, so no content can end a part early; made from the message id, so
// that the same mail gives the same bytes.
std::string boundary(const mail& it, std::string_view level) {
    auto seed = it.message_id + std::string{level};
    std::unique_ptr<char, decltype(&g_free)> hash{
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, reinterpret_cast<const guchar*>(seed.data()), seed.size()), g_free};
    return "=_" + std::string{hash.get()}.substr(0, 24);
}

owned<GMimeObject> several(const mail& it, const char* subtype, std::vector<owned<GMimeObject>> parts) {
    owned<GMimeMultipart> together{g_mime_multipart_new_with_subtype(subtype)};
    g_mime_multipart_set_boundary(together.get(), boundary(it, subtype).c_str());
    for (auto& part : parts) g_mime_multipart_add(together.get(), part.get());
    return owned<GMimeObject>{GMIME_OBJECT(together.release())};
}

owned<GMimeObject> body(const mail& it) {
    auto whole = text_part("plain", it.text);
    if (it.html) {
        std::vector<owned<GMimeObject>> versions;
        versions.push_back(std::move(whole));
        versions.push_back(text_part("html", *it.html));
        whole = several(it, "alternative", std::move(versions));
    }
    if (it.attachments.empty()) return whole;
    std::vector<owned<GMimeObject>> parts;
    parts.push_back(std::move(whole));
    for (const auto& attached : it.attachments) parts.push_back(attached_part(attached));
    return several(it, "mixed", std::move(parts));
}

void check(const mail& it) {
    if (!is_address(it.from_address) || !is_address(it.to_address)) throw std::invalid_argument("not a mail address");
    if (!it.auto_submitted.empty() && it.auto_submitted != "auto-replied" && it.auto_submitted != "auto-generated")
        throw std::invalid_argument("not an Auto-Submitted value");
    if (it.message_id.empty()) throw std::invalid_argument("a mail needs its message id");
}

void set_header(GMimeMessage* message, const char* name, const std::string& value) {
    if (!value.empty()) g_mime_object_set_header(GMIME_OBJECT(message), name, value.c_str(), nullptr);
}

void set_headers(GMimeMessage* message, const mail& it) {
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, clean_line(it.from_name, name_limit).c_str(), it.from_address.c_str());
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, clean_line(it.to_name, name_limit).c_str(), it.to_address.c_str());
    g_mime_message_set_subject(message, clean_line(it.subject, subject_limit).c_str(), "utf-8");
    std::unique_ptr<GDateTime, decltype(&g_date_time_unref)> date{g_date_time_new_from_unix_utc(it.date), g_date_time_unref};
    if (!date) throw std::invalid_argument("not a date");
    g_mime_message_set_date(message, date.get());
    if (!it.reply_to.empty()) g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, nullptr, it.reply_to.c_str());
    set_header(message, "Message-Id", bracket_ids(it.message_id));
    set_header(message, "In-Reply-To", bracket_ids(it.in_reply_to));
    set_header(message, "References", bracket_ids(it.references));
    set_header(message, "Auto-Submitted", it.auto_submitted);
    // Exchange answers automatic mail by out-of-office notices unless told not to.
    if (!it.auto_submitted.empty()) set_header(message, "X-Auto-Response-Suppress", "All");
}

// A lone LF or CR is how one message becomes two on the way (SMTP smuggling, CVE-2023-51764): such bytes never leave.
void refuse_lone_line_ends(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')) throw std::logic_error("a lone LF in a mail");
        if (bytes[i] == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n')) throw std::logic_error("a lone CR in a mail");
    }
}

std::string bytes_of(GMimeObject* object) {
    owned<GMimeStream> stream{g_mime_stream_mem_new()};
    std::unique_ptr<GMimeFormatOptions, decltype(&g_mime_format_options_free)> options{g_mime_format_options_new(),
                                                                                       g_mime_format_options_free};
    g_mime_format_options_set_newline_format(options.get(), GMIME_NEWLINE_FORMAT_DOS);
    if (g_mime_object_write_to_stream(object, options.get(), stream.get()) < 0) throw std::runtime_error("a mail could not be written");
    const auto* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(array->data), array->len};
}

std::string decoded(GMimePart* part) {
    owned<GMimeStream> stream{g_mime_stream_mem_new()};
    if (auto* content = g_mime_part_get_content(part)) g_mime_data_wrapper_write_to_stream(content, stream.get());
    const auto* array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
    return {reinterpret_cast<const char*>(array->data), array->len};
}

void read_part(GMimeObject* object, mail& out) {
    if (!GMIME_IS_PART(object)) return;
    auto* part = GMIME_PART(object);
    auto* type = g_mime_object_get_content_type(object);
    if (g_mime_part_is_attachment(part)) {
        std::unique_ptr<char, decltype(&g_free)> media{g_mime_content_type_get_mime_type(type), g_free};
        out.attachments.push_back({text_of(g_mime_part_get_filename(part)), media.get(), decoded(part)});
    } else if (g_mime_content_type_is_type(type, "text", "html")) {
        out.html = clean_text(decoded(part));
    } else if (out.text.empty()) {
        out.text = clean_text(decoded(part));
    }
}

void read_mailbox(InternetAddressList* list, std::string& name, std::string& address) {
    if (!list || internet_address_list_length(list) == 0) return;
    auto* first = internet_address_list_get_address(list, 0);
    name = text_of(internet_address_get_name(first));
    if (INTERNET_ADDRESS_IS_MAILBOX(first)) address = text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)));
}

std::string header(GMimeMessage* message, const char* name) { return text_of(g_mime_object_get_header(GMIME_OBJECT(message), name)); }

std::string without_brackets(std::string text) {
    std::erase_if(text, [](char c) { return c == '<' || c == '>'; });
    return text;
}

} // namespace

std::string write(const mail& it) {
    check(it);
    auto inside = enter_gmime();
    owned<GMimeMessage> message{g_mime_message_new(TRUE)};
    set_headers(message.get(), it);
    auto content = body(it);
    g_mime_message_set_mime_part(message.get(), content.get());
    auto bytes = bytes_of(GMIME_OBJECT(message.get()));
    refuse_lone_line_ends(bytes);
    return bytes;
}

mail read(std::string_view bytes) {
    auto inside = enter_gmime();
    owned<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
    owned<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    owned<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), nullptr)};
    if (!message) throw std::invalid_argument("not a mail");
    mail out;
    read_mailbox(g_mime_message_get_from(message.get()), out.from_name, out.from_address);
    read_mailbox(g_mime_message_get_to(message.get()), out.to_name, out.to_address);
    out.subject = text_of(g_mime_message_get_subject(message.get()));
    out.message_id = text_of(g_mime_message_get_message_id(message.get()));
    out.in_reply_to = without_brackets(header(message.get(), "In-Reply-To"));
    out.references = without_brackets(header(message.get(), "References"));
    out.auto_submitted = header(message.get(), "Auto-Submitted");
    if (auto* date = g_mime_message_get_date(message.get())) out.date = g_date_time_to_unix(date);
    // The iterator walks without recursion: a deeply nested message costs memory, never the stack.
    std::unique_ptr<GMimePartIter, decltype(&g_mime_part_iter_free)> parts{g_mime_part_iter_new(GMIME_OBJECT(message.get())),
                                                                           g_mime_part_iter_free};
    if (g_mime_part_iter_is_valid(parts.get())) {
        do read_part(g_mime_part_iter_get_current(parts.get()), out);
        while (g_mime_part_iter_next(parts.get()));
    }
    return out;
}

} // namespace relais::server::mails

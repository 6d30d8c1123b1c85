// SPDX-License-Identifier: EUPL-1.2
#include "server/mail_text.hpp"

#include "server/mail_message.hpp"

#include <glib.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace relais::server::mails {
namespace {

constexpr std::size_t filename_limit_bytes = 100;
constexpr std::size_t extension_limit_bytes = 10;
constexpr std::size_t id_limit_bytes = 250;

std::string valid_utf8(std::string_view text) {
    std::unique_ptr<char, decltype(&g_free)> valid{g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), g_free};
    return valid.get();
}

bool is_control(gunichar c) { return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029; }

// Zero-width and direction characters: they make a reader see another text than the one that is there.
bool is_invisible(gunichar c) {
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) || c == 0xFEFF || c == 0x061C;
}

void append(std::string& out, gunichar c) {
    char bytes[6];
    out.append(bytes, static_cast<std::size_t>(g_unichar_to_utf8(c, bytes)));
}

template <class Visitor> void each_character(const std::string& text, Visitor visit) {
    for (const char* at = text.c_str(); at < text.c_str() + text.size(); at = g_utf8_next_char(at)) visit(g_utf8_get_char(at));
}

bool is_token(char c) { return g_ascii_isalnum(c) || c == '-' || c == '+' || c == '.' || c == '_'; }

bool is_atom(char c) { return g_ascii_isalnum(c) || std::string_view{"!#$%&'*+-/=?^_`{|}~."}.find(c) != std::string_view::npos; }

bool is_id(std::string_view id) {
    auto at = id.find('@');
    return id.size() <= id_limit_bytes && at != std::string_view::npos && at > 0 && at + 1 < id.size() &&
           id.find('@', at + 1) == std::string_view::npos &&
           std::all_of(id.begin(), id.end(), [](char c) { return c == '@' || is_atom(c); });
}

bool is_domain(std::string_view domain) {
    if (domain.empty() || domain.size() > 253) return false;
    for (std::size_t start = 0; start <= domain.size();) {
        auto end = std::min(domain.find('.', start), domain.size());
        auto label = domain.substr(start, end - start);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        if (!std::all_of(label.begin(), label.end(), [](char c) { return g_ascii_isalnum(c) || c == '-'; })) return false;
        start = end + 1;
    }
    return true;
}

// Cuts before `limit` bytes without splitting a character.
std::string_view cut(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
    return text.substr(0, limit);
}

} // namespace

std::string clean_line(std::string_view text, std::size_t limit) {
    std::string out;
    // A NUL ends text for C libraries: it is turned into a space before any of them sees it.
    std::string whole{text};
    std::replace(whole.begin(), whole.end(), '\0', ' ');
    std::size_t kept = 0;
    each_character(valid_utf8(whole), [&](gunichar c) {
        if (is_invisible(c) || kept == limit) return;
        if (is_control(c)) c = ' ';
        if (c == ' ' && (out.empty() || out.back() == ' ')) return;
        // "=?" begins an encoded word (RFC 2047): typed by a person, it would be decoded by the reader into what it hides.
        if (c == '?' && !out.empty() && out.back() == '=') out += ' ';
        append(out, c);
        ++kept;
    });
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

std::string clean_text(std::string_view text) {
    std::string lines;
    lines.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0') continue;
        if (text[i] != '\r')
            lines += text[i];
        else if (i + 1 == text.size() || text[i + 1] != '\n')
            lines += '\n';
    }
    std::string out;
    out.reserve(lines.size());
    each_character(valid_utf8(lines), [&](gunichar c) {
        if (!is_control(c) || c == '\n' || c == '\t') append(out, c);
    });
    return out;
}

std::string clean_media_type(std::string_view text) {
    auto slash = text.find('/');
    auto good = slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() && text.size() <= 100 &&
                std::count(text.begin(), text.end(), '/') == 1 &&
                std::all_of(text.begin(), text.end(), [](char c) { return c == '/' || is_token(c); });
    if (!good) return "application/octet-stream";
    std::string out{text};
    std::transform(out.begin(), out.end(), out.begin(), [](char c) { return g_ascii_tolower(c); });
    return out;
}

std::string bracket_ids(std::string_view ids) {
    std::string out;
    while (!ids.empty()) {
        auto end = std::min(ids.find(' '), ids.size());
        auto id = ids.substr(0, end);
        ids.remove_prefix(std::min(end + 1, ids.size()));
        if (id.empty()) continue;
        if (id.size() > 2 && id.front() == '<' && id.back() == '>') id = id.substr(1, id.size() - 2);
        if (!is_id(id)) throw std::invalid_argument("not a message id");
        if (!out.empty()) out += ' ';
        out.append("<").append(id).append(">");
    }
    return out;
}

bool is_address(std::string_view text) {
    auto at = text.rfind('@');
    if (text.size() > 254 || at == std::string_view::npos) return false;
    auto local = text.substr(0, at);
    if (local.empty() || local.size() > 64 || local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos)
        return false;
    return std::all_of(local.begin(), local.end(), is_atom) && is_domain(text.substr(at + 1));
}

std::string safe_filename(std::string_view name) {
    auto line = clean_line(name, 1000);
    if (auto slash = line.find_last_of("/\\"); slash != std::string::npos) line.erase(0, slash + 1);
    std::string out;
    for (char c : line)
        if (std::string_view{"\"<>:|?*;%`$&'"}.find(c) == std::string_view::npos) out += c;
    out.erase(0, std::min(out.find_first_not_of(". "), out.size()));
    while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
    if (out.empty()) return "file";
    if (out.size() <= filename_limit_bytes) return out;
    auto dot = out.rfind('.');
    auto extension = dot != std::string::npos && out.size() - dot <= extension_limit_bytes ? out.substr(dot) : std::string{};
    return std::string{cut(out, filename_limit_bytes - extension.size())} + extension;
}

} // namespace relais::server::mails

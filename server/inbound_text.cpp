// SPDX-License-Identifier: EUPL-1.2
#include "server/inbound_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

namespace relais::server::inbound_texts {
namespace {

constexpr std::string_view blank = " \t\r";

std::string_view trimmed(std::string_view text) {
    auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> out;
    for (std::size_t start = 0; start <= text.size();) {
        auto end = std::min(text.find('\n', start), text.size());
        out.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return out;
}

bool is_quoted(std::string_view line) { return trimmed(line).starts_with(">"); }

// "Le lun. 23 nov. 2026 à 10:12, Service <x@y> a écrit :", perhaps over two lines; "On ..., ... wrote:".
bool introduces(std::string_view line, std::string_view next) {
    auto joined = lower(trimmed(line));
    if (!joined.starts_with("le ") && !joined.starts_with("on ") && !joined.starts_with("el ") && !joined.starts_with("am ")) return false;
    auto ends = [](std::string_view text) {
        constexpr std::array<std::string_view, 6> words = {"a écrit :", "a écrit:", "a écrit\u00a0:", "wrote:", "escribió:", "schrieb:"};
        return std::any_of(words.begin(), words.end(), [&](auto word) { return text.ends_with(word); });
    };
    return ends(joined) || ends(lower(trimmed(next)));
}

bool separates(std::string_view line) {
    constexpr std::array<std::string_view, 6> heads = {
        "-----message d'origine",       "-----message d’origine",           "-----original message",
        "---------- forwarded message", "________________________________", "cette réponse concerne votre demande"};
    auto text = lower(trimmed(line));
    return std::any_of(heads.begin(), heads.end(), [&](auto head) { return text.starts_with(head); });
}

// The headers that some programs copy above what they quote: two of them, one after the other.
bool is_header(std::string_view line) {
    constexpr std::array<std::string_view, 8> names = {"de", "from", "envoyé", "sent", "date", "à", "to", "objet"};
    auto text = lower(trimmed(line));
    auto colon = text.find(':');
    if (colon == std::string::npos || colon > 12) return false;
    auto name = trimmed(std::string_view(text).substr(0, colon));
    while (name.ends_with("\u00a0")) name.remove_suffix(std::string_view("\u00a0").size());
    return std::find(names.begin(), names.end(), name) != names.end();
}

// Where the quotation begins; lines.size() when there is none.
std::size_t quotation(const std::vector<std::string_view>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto next = i + 1 < lines.size() ? lines[i + 1] : std::string_view{};
        if (separates(lines[i])) return i;
        if (is_header(lines[i]) && is_header(next)) return i;
        if (!introduces(lines[i], next)) continue;
        // An answer between the lines goes on after the introduction: only a quotation that runs to the end is folded.
        auto after = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(i) + 1, lines.end(), is_quoted);
        auto written = std::find_if(after, lines.end(), [](auto line) { return !is_quoted(line) && !trimmed(line).empty(); });
        if (after == lines.end() || written == lines.end()) return i;
        return lines.size();
    }
    auto end = lines.size();
    while (end > 0 && (is_quoted(lines[end - 1]) || trimmed(lines[end - 1]).empty())) --end;
    auto has_quote = std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(end), lines.end(), is_quoted);
    return has_quote ? end : lines.size();
}

std::string joined(const std::vector<std::string_view>& lines, std::size_t from, std::size_t to) {
    std::string out;
    for (auto i = from; i < to; ++i) {
        auto line = lines[i];
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.append(line).push_back('\n');
    }
    auto first = out.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return {};
    return out.substr(first, out.find_last_not_of(" \t\r\n") - first + 1);
}

void put_code_point(std::string& out, std::uint32_t code) {
    if (code < 0x20 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return;
    auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (code < 0x80) return put(code);
    if (code < 0x800) return put(0xc0 | code >> 6), put(0x80 | (code & 0x3f));
    if (code < 0x10000) return put(0xe0 | code >> 12), put(0x80 | (code >> 6 & 0x3f)), put(0x80 | (code & 0x3f));
    put(0xf0 | code >> 18), put(0x80 | (code >> 12 & 0x3f)), put(0x80 | (code >> 6 & 0x3f)), put(0x80 | (code & 0x3f));
}

constexpr auto entities = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"amp", "&"},   {"lt", "<"},     {"gt", ">"},     {"quot", "\""},  {"apos", "'"},  {"nbsp", " "},  {"eacute", "é"}, {"egrave", "è"},
     {"ecirc", "ê"}, {"agrave", "à"}, {"ccedil", "ç"}, {"ugrave", "ù"}, {"ocirc", "ô"}, {"icirc", "î"}, {"rsquo", "’"},  {"laquo", "«"},
     {"raquo", "»"}, {"euro", "€"},   {"hellip", "…"}, {"ndash", "–"},  {"mdash", "—"}, {"acirc", "â"}, {"ucirc", "û"},  {"Eacute", "É"}});

// Reads an entity at `at`; returns where the text goes on. What is none stays as it is.
std::size_t read_entity(std::string_view html, std::size_t at, std::string& out) {
    constexpr std::size_t longest = 10;
    auto end = html.substr(at, longest).find(';');
    if (end == std::string_view::npos || end < 2) return out.push_back('&'), at + 1;
    auto name = html.substr(at + 1, end - 1);
    if (name.starts_with('#')) {
        auto is_hex = name.size() > 1 && (name[1] == 'x' || name[1] == 'X');
        auto digits = name.substr(is_hex ? 2 : 1);
        std::uint32_t code = 0;
        auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
        if (read.ec == std::errc{} && read.ptr == digits.data() + digits.size()) return put_code_point(out, code), at + end + 1;
    }
    for (const auto& [known, text] : entities)
        if (known == name) return out.append(text), at + end + 1;
    return out.push_back('&'), at + 1;
}

bool is_block(std::string_view tag) {
    constexpr std::array<std::string_view, 10> blocks = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "blockquote", "table"};
    return std::find(blocks.begin(), blocks.end(), tag) != blocks.end();
}

std::string tag_name(std::string_view tag) {
    if (tag.starts_with('/')) tag.remove_prefix(1);
    auto end = std::find_if(tag.begin(), tag.end(), [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
    return lower(tag.substr(0, static_cast<std::size_t>(end - tag.begin())));
}

// Whitespace of the source is one space; blocks break the line; never more than one empty line.
void put_text(std::string& out, char c) {
    auto is_space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!is_space) return out.push_back(c);
    if (!out.empty() && out.back() != ' ' && out.back() != '\n') out.push_back(' ');
}

} // namespace

folded fold(std::string_view text) {
    auto lines = lines_of(text);
    auto at = quotation(lines);
    folded out{joined(lines, 0, at), joined(lines, at, lines.size())};
    if (out.fresh.empty()) return {out.quoted, ""}; // nothing but a quotation: it is all there is to read
    return out;
}

std::string from_html(std::string_view html) {
    std::string out, skipped_until; // the name of the element whose words are nobody's: script, style
    for (std::size_t at = 0; at < html.size();) {
        if (html[at] != '<') {
            if (!skipped_until.empty())
                ++at;
            else if (html[at] == '&')
                at = read_entity(html, at, out);
            else
                put_text(out, html[at++]);
            continue;
        }
        auto is_comment = html.substr(at).starts_with("<!--");
        auto close = is_comment ? html.find("-->", at) : html.find('>', at);
        if (close == std::string_view::npos) break;
        auto tag = html.substr(at + 1, close - at - 1);
        at = close + (is_comment ? 3 : 1);
        if (is_comment) continue;
        auto name = tag_name(tag);
        if (!skipped_until.empty()) {
            if (tag.starts_with('/') && name == skipped_until) skipped_until.clear();
        } else if ((name == "script" || name == "style" || name == "head" || name == "title") && !tag.starts_with('/')) {
            skipped_until = name;
        } else if (is_block(name) && !out.empty() && !out.ends_with("\n\n")) {
            out.push_back('\n');
        }
    }
    return out;
}

} // namespace relais::server::inbound_texts

// SPDX-License-Identifier: EUPL-1.2
#include "model/file_name.hpp"

#include "model/utf8.hpp"

#include <algorithm>
#include <array>

namespace relais::model::file_names {

namespace {

constexpr std::size_t extension_limit_bytes = 10;
constexpr char32_t dropped = 0;

struct range {
    char32_t first, last;
};
// What nobody sees: controls, soft hyphen, joiners, bidi marks, variation selectors, tags, private use of the last planes.
constexpr std::array<range, 20> invisible = {
    {{0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},   {0x17B4, 0x17B5},
     {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0x2800, 0x2800},   {0x3164, 0x3164},   {0xFE00, 0xFE0F},
     {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF}}};

bool is_space(char32_t c) {
    return c == ' ' || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

// One code point as it will be stored; dropped (0) when it is not.
char32_t normalised(char32_t c) {
    auto holds = [c](const range& one) { return c >= one.first && c <= one.last; };
    if (is_space(c)) return ' ';
    if (std::any_of(invisible.begin(), invisible.end(), holds)) return dropped;
    if (c >= 0xFF01 && c <= 0xFF5E) return c - 0xFF01 + '!';
    if (c == 0x2024 || c == 0xFE52) return '.';
    if (c == 0x2044 || c == 0x2215 || c == 0x29F8) return '/';
    if (c == 0x2216 || c == 0x29F5 || c == 0x29F9 || c == 0xFE68) return '\\';
    return c;
}

std::string normalise(std::string_view sent) {
    std::string out;
    while (!sent.empty()) {
        auto [point, size] = utf8::first(sent);
        sent.remove_prefix(std::max<std::size_t>(size, 1));
        auto kept = size == 0 ? U'_' : normalised(point);
        bool repeats_space = kept == ' ' && (out.empty() || out.back() == ' ');
        if (kept != dropped && !repeats_space) utf8::append(out, kept);
    }
    return out;
}

std::string_view trim(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" ."), text.size()));
    return text.substr(0, text.find_last_not_of(" .") + 1);
}

// The longest start of the text that fits and does not cut a character.
std::string_view cut(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
    return text.substr(0, limit);
}

std::string bounded(std::string_view name) {
    if (name.size() <= limit_bytes) return std::string{name};
    auto dot = name.rfind('.');
    auto extension = dot == std::string_view::npos || name.size() - dot > extension_limit_bytes ? std::string_view{} : name.substr(dot);
    auto stem = trim(cut(name.substr(0, name.size() - extension.size()), limit_bytes - extension.size()));
    return std::string{stem}.append(extension);
}

// Windows opens a device for these, whatever the extension.
bool is_device(std::string_view name) {
    constexpr std::array<std::string_view, 6> devices = {"con", "prn", "aux", "nul", "com#", "lpt#"};
    auto stem = trim(name.substr(0, name.find('.')));
    auto same = [stem](std::string_view device) {
        auto equal = [](char a, char b) {
            auto small = a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a;
            return b == '#' ? a >= '0' && a <= '9' : small == b;
        };
        return std::equal(stem.begin(), stem.end(), device.begin(), device.end(), equal);
    };
    return std::any_of(devices.begin(), devices.end(), same);
}

} // namespace

std::string safe(std::string_view sent) {
    if (sent.empty()) return {};
    auto name = normalise(sent);
    if (auto folder = name.find_last_of("/\\"); folder != std::string::npos) name.erase(0, folder + 1);
    auto refused = [](char c) { return std::string_view{"<>:\"|?*"}.find(c) != std::string_view::npos; };
    std::replace_if(name.begin(), name.end(), refused, '_');
    auto out = bounded(trim(name));
    if (out.empty()) return "document";
    return is_device(out) ? bounded("_" + out) : out;
}

} // namespace relais::model::file_names

// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/french.hpp"

#include <algorithm>
#include <array>

namespace relais::model::demo {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> month_names = {"janvier", "février", "mars",      "avril",   "mai",      "juin",
                                                          "juillet", "août",    "septembre", "octobre", "novembre", "décembre"};
constexpr std::array<std::string_view, 7> weekday_names = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"};
constexpr std::array<std::string_view, 13> count_names = {"zéro", "un",   "deux", "trois", "quatre", "cinq", "six",
                                                          "sept", "huit", "neuf", "dix",   "onze",   "douze"};

// U+00C0 to U+017F without their accents; * stands for two letters, written apart.
constexpr std::string_view latin =
    "AAAAAA*CEEEEIIIIDNOOOOO OUUUUYT*aaaaaa*ceeeeiiiidnooooo ouuuuyty"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo**RrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

std::string_view two_letters(unsigned code) {
    switch (code) {
    case 0xC6:
        return "AE";
    case 0xE6:
        return "ae";
    case 0xDF:
        return "ss";
    case 0x152:
        return "OE";
    case 0x153:
        return "oe";
    default:
        return "";
    }
}

// Vietnamese letters, U+1EA0 to U+1EF9; even code points are capitals.
char vietnamese(unsigned code) {
    auto letter = code < 0x1EB8 ? 'a' : code < 0x1EC8 ? 'e' : code < 0x1ECC ? 'i' : code < 0x1EE4 ? 'o' : code < 0x1EF2 ? 'u' : 'y';
    return code % 2 == 0 ? static_cast<char>(letter - 32) : letter;
}

void append_plain_code(unsigned code, std::string& out) {
    if (code >= 0xC0 && code <= 0x17F) {
        auto letter = latin[code - 0xC0];
        if (letter == '*')
            out += two_letters(code);
        else if (letter != ' ')
            out += letter;
    } else if (code >= 0x1EA0 && code <= 0x1EF9)
        out += vietnamese(code);
    else if (code == 0x21B || code == 0x21A)
        out += code == 0x21B ? 't' : 'T';
    else if (code == 0x2019)
        out += '\'';
    else if (code == 0xAB || code == 0xBB)
        out += '"';
    else if (code == 0x2026)
        out += "...";
    else if (code == 0x20AC)
        out += "euros";
}

sys_days last_sunday(year which, month name) { return sys_days{which / name / Sunday[last]}; }

std::string cased(std::string_view text, bool to_upper) {
    std::string changed(text);
    for (std::size_t at = 0; at < changed.size(); ++at) {
        auto letter = static_cast<unsigned char>(changed[at]);
        if (!to_upper && letter >= 'A' && letter <= 'Z') changed[at] = static_cast<char>(letter + 32);
        if (to_upper && letter >= 'a' && letter <= 'z') changed[at] = static_cast<char>(letter - 32);
        if (letter != 0xC3 || at + 1 >= changed.size()) continue;
        auto second = static_cast<unsigned char>(changed[++at]);
        if (to_upper && second >= 0xA0 && second != 0xB7) changed[at] = static_cast<char>(second - 32);
        if (!to_upper && second >= 0x80 && second < 0x9F && second != 0x97) changed[at] = static_cast<char>(second + 32);
    }
    return changed;
}

} // namespace

sys_seconds paris_clock(sys_seconds at) {
    auto which = year_month_day{floor<days>(at)}.year();
    auto summer = at >= last_sunday(which, March) + 1h && at < last_sunday(which, October) + 1h;
    return at + (summer ? 2h : 1h);
}

int paris_weekday(sys_seconds at) { return static_cast<int>(weekday{floor<days>(paris_clock(at))}.iso_encoding()) - 1; }

int paris_hour(sys_seconds at) {
    auto local = paris_clock(at);
    return static_cast<int>((local - floor<days>(local)) / 1h);
}

sys_seconds paris_moment(sys_seconds at, int hour, int minute) {
    auto shown = floor<days>(paris_clock(at)) + hours{hour} + minutes{minute};
    auto guess = shown - 1h;
    return guess - (paris_clock(guess) - shown);
}

void append_plain(std::string_view text, std::string& out, bool to_lower) {
    auto start = out.size();
    for (std::size_t at = 0; at < text.size();) {
        auto lead = static_cast<unsigned char>(text[at]);
        auto length = lead < 0x80 ? 1U : lead < 0xE0 ? 2U : lead < 0xF0 ? 3U : 4U;
        if (lead < 0x80)
            out += text[at];
        else if (at + length <= text.size()) {
            auto code = length == 2 ? lead & 0x1FU : lead & 0x0FU;
            for (auto next = 1U; next < length; ++next) code = code << 6 | (static_cast<unsigned char>(text[at + next]) & 0x3FU);
            append_plain_code(code, out);
        }
        at += length;
    }
    if (!to_lower) return;
    for (auto at = start; at < out.size(); ++at)
        if (out[at] >= 'A' && out[at] <= 'Z') out[at] = static_cast<char>(out[at] + 32);
}

std::string plain(std::string_view text, bool to_lower) {
    std::string out;
    append_plain(text, out, to_lower);
    return out;
}

std::string upper(std::string_view text) { return cased(text, true); }
std::string lower(std::string_view text) { return cased(text, false); }

void append_number(std::string& out, std::int64_t number, int width) {
    auto digits = std::to_string(number);
    for (auto missing = width - static_cast<int>(digits.size()); missing > 0; --missing) out += '0';
    out += digits;
}

void append_count(std::string& out, int count, dice& roll) {
    if (count >= 2 && count <= 12 && roll.percent(60))
        out += count_names[static_cast<std::size_t>(count)];
    else
        append_number(out, count);
}

namespace {

void append_date(std::string& out, sys_seconds day, bool near, dice& roll) {
    year_month_day date{floor<days>(paris_clock(day))};
    auto month = static_cast<unsigned>(date.month());
    out += "le ";
    auto manner = roll.below(10);
    if (static_cast<unsigned>(date.day()) == 1 && manner < 7)
        out += "1er";
    else
        append_number(out, static_cast<unsigned>(date.day()), manner >= 7 ? 2 : 0);
    if (manner >= 7) {
        out += '/';
        append_number(out, month, 2);
    } else if (!near || manner < 4) {
        out += ' ';
        out += month_names[month - 1];
    }
}

} // namespace

void append_past_day(std::string& out, sys_seconds then, sys_seconds now, dice& roll) {
    auto ago = (floor<days>(paris_clock(now)) - floor<days>(paris_clock(then))).count();
    if (ago <= 0)
        out += roll.percent(50) ? "ce matin" : "aujourd'hui";
    else if (ago == 1)
        out += roll.percent(70) ? "hier" : "hier soir";
    else if (ago == 2 && roll.percent(60))
        out += "avant-hier";
    else if (ago < 7 && roll.percent(70)) {
        out += weekday_names[static_cast<std::size_t>(paris_weekday(then))];
        if (roll.percent(40)) out += " dernier";
    } else if (ago < 12 && roll.percent(35))
        out += "la semaine dernière";
    else
        append_date(out, then, ago < 20, roll);
}

void append_coming_day(std::string& out, sys_seconds then, sys_seconds now, dice& roll) {
    auto ahead = (floor<days>(then) - floor<days>(now)).count();
    if (ahead < 7 && roll.percent(70))
        out += weekday_names[static_cast<std::size_t>(paris_weekday(then))];
    else
        append_date(out, then, ahead < 20, roll);
}

void append_duration(std::string& out, sys_seconds then, sys_seconds now, dice& roll) {
    auto length = static_cast<int>((now - then) / 24h);
    if (length < 2) {
        out += roll.percent(50) ? "deux jours" : "48 h";
    } else if (length < 13) {
        append_count(out, length, roll);
        out += " jours";
    } else if (length < 17 && roll.percent(50)) {
        out += "quinze jours";
    } else if (length < 55) {
        append_count(out, std::max(2, (length + 3) / 7), roll);
        out += " semaines";
    } else {
        append_count(out, std::max(2, (length + 12) / 30), roll);
        out += " mois";
    }
}

std::string slashed(std::string_view iso) {
    return std::string(iso.substr(8, 2)) + '/' + std::string(iso.substr(5, 2)) + '/' + std::string(iso.substr(0, 4));
}

} // namespace relais::model::demo

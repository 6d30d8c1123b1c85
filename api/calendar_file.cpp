// SPDX-License-Identifier: EUPL-1.2
#include "api/calendar_file.hpp"

#include <date/date.h>

namespace relais::api {
namespace {

constexpr std::size_t line_limit_bytes = 75;

std::string escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '\r') continue;
        if (c == '\\' || c == ',' || c == ';') out += '\\';
        out += c == '\n' ? "\\n" : std::string(1, c);
    }
    return out;
}

bool is_inside_a_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Folded between two characters, never inside one.
void add(std::string& to, std::string_view line) {
    for (auto room = line_limit_bytes; line.size() > room; room = line_limit_bytes - 1) {
        auto cut = room;
        while (is_inside_a_character(line[cut])) --cut;
        to.append(line.substr(0, cut)).append("\r\n ");
        line.remove_prefix(cut);
    }
    to.append(line).append("\r\n");
}

std::string utc(std::chrono::sys_seconds at) { return date::format("%Y%m%dT%H%M%SZ", at); }

} // namespace

std::string calendar_file(const calendar_event& event) {
    std::string out;
    add(out, "BEGIN:VCALENDAR");
    add(out, "VERSION:2.0");
    add(out, "PRODID:-//Relais//Rappel//FR");
    add(out, event.is_cancelled ? "METHOD:CANCEL" : "METHOD:PUBLISH");
    add(out, "BEGIN:VEVENT");
    add(out, "UID:" + event.uid);
    add(out, "SEQUENCE:" + std::to_string(event.sequence));
    add(out, "DTSTAMP:" + utc(event.written_at));
    add(out, "DTSTART:" + utc(event.from));
    add(out, "DTEND:" + utc(event.to));
    add(out, "SUMMARY:" + escaped(event.summary));
    add(out, "DESCRIPTION:" + escaped(event.description));
    add(out, event.is_cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
    if (!event.is_cancelled) {
        add(out, "BEGIN:VALARM");
        add(out, "ACTION:DISPLAY");
        add(out, "DESCRIPTION:" + escaped(event.summary));
        add(out, "TRIGGER:-PT15M");
        add(out, "END:VALARM");
    }
    add(out, "END:VEVENT");
    add(out, "END:VCALENDAR");
    return out;
}

} // namespace relais::api

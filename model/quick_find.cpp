// SPDX-License-Identifier: EUPL-1.2
#include "model/quick_find.hpp"

#include "model/dossier_keys.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <algorithm>

namespace relais::model::quick_finds {

namespace {

constexpr std::size_t shortest = 2, longest_bytes = 100;
constexpr std::size_t shortest_number = 6; // digits: fewer name thousands of dossiers, and looking for their tickets takes time
// Above every character that a searched column holds: [prefix, prefix + last) is a range of its index.
constexpr auto last = "\xf4\x8f\xbf\xbd";

const std::string found_columns = "ticket.id, ticket.reference, ticket.subject, ticket.status, citizen.name FROM ";
const std::string ticket_of = "SELECT " + found_columns + "ticket JOIN citizen ON citizen.id = ticket.requester_id ";

// A column and its index. The name is MariaDB's, which for a common beginning would rather read every ticket; SQLite reads a comment.
struct indexed {
    std::string column, index;
};
const indexed phone{"citizen.phone", "citizen_phone"}, name{"citizen.name_folded", "citizen_name"},
    turned_name{"citizen.name_turned", "citizen_name_turned"}, number{"dossier.number_key", "dossier_number"},
    neph{"dossier.neph", "dossier_neph"};

std::string by(const indexed& key) { return " /*! FORCE INDEX (" + key.index + ") */ CROSS JOIN ticket ON "; }
std::string tickets_of_person(const indexed& key) {
    return "SELECT /*! STRAIGHT_JOIN */ " + found_columns + "citizen" + by(key) + "ticket.requester_id = citizen.id ";
}
std::string tickets_about(const indexed& key) {
    return "SELECT /*! STRAIGHT_JOIN */ " + found_columns + "dossier" + by(key) +
           "ticket.dossier_id = dossier.id CROSS JOIN citizen ON citizen.id = ticket.requester_id ";
}
const std::string dossier_of = "SELECT id, public_id, number, neph, birth_name, first_names, status FROM dossier ";

std::string digits_of(std::string_view typed) {
    std::string out;
    for (char each : typed)
        if (each >= '0' && each <= '9') out += each;
    return out;
}

// A telephone as columns hold it: 06 39 98 is +33639 98, overseas numbers keep their own prefix.
std::string international(std::string_view typed, const std::string& digits) {
    if (typed.starts_with('+')) return "+" + digits;
    if (digits.starts_with("00")) return "+" + digits.substr(2);
    return digits.starts_with('0') ? "+33" + digits.substr(1) : "";
}

// The beginning of a reference with its dashes: "267k3f" is "26-7K3F".
std::string reference_beginning(std::string_view typed) {
    std::string plain, out;
    for (char each : typed) {
        if (each >= 'a' && each <= 'z') each = static_cast<char>(each - 'a' + 'A');
        if (each == 'O') each = '0';
        if (each == 'I' || each == 'L') each = '1';
        if ((each >= '0' && each <= '9') || (each >= 'A' && each <= 'Z'))
            plain += each;
        else if (each != '-' && each != ' ')
            return "";
    }
    for (std::size_t i = 0; i < plain.size(); ++i) out += (i == 2 || i == 6) ? std::string("-") + plain[i] : std::string(1, plain[i]);
    return out;
}

class gathering {
public:
    gathering(soci::session& sql, int limit) : sql_(sql), limit_(limit) {}

    void tickets(const std::string& select, const std::string& column, const std::string& beginning) {
        add(sql::all<found_ticket>(sql_,
                                   select + "WHERE " + column + " >= :low AND " + column + " < :high ORDER BY " + column + " LIMIT :limit",
                                   beginning, beginning + last, limit_));
    }
    void dossiers(const std::string& column, const std::string& beginning) {
        auto found = sql::all<found_dossier>(
            sql_, dossier_of + "WHERE " + column + " >= :low AND " + column + " < :high ORDER BY " + column + " LIMIT :limit", beginning,
            beginning + last, limit_);
        for (auto& each : found)
            if (room(answer.dossiers) && !known(answer.dossiers, [&](const auto& other) { return other.public_id == each.public_id; }))
                answer.dossiers.push_back(std::move(each));
    }
    quick_answer answer;

private:
    void add(std::vector<found_ticket> found) {
        for (auto& each : found)
            if (room(answer.tickets) && !known(answer.tickets, [&](const auto& other) { return other.id == each.id; }))
                answer.tickets.push_back(std::move(each));
    }
    bool room(const auto& in) const { return static_cast<int>(in.size()) < limit_; }
    static bool known(const auto& in, const auto& same) { return std::any_of(in.begin(), in.end(), same); }
    soci::session& sql_;
    int limit_;
};

} // namespace

quick_answer find(soci::session& sql, std::string_view typed, int limit) {
    typed = typed.substr(0, longest_bytes);
    gathering found(sql, limit);
    auto folded = text::fold(typed);
    if (folded.size() < shortest) return {};
    auto digits = digits_of(typed);
    if (auto reference = reference_beginning(typed); !reference.empty()) found.tickets(ticket_of, "ticket.reference", reference);
    if (digits.size() >= 4) {
        found.dossiers("neph", digits);
        if (auto called = international(typed, digits); called.size() >= 6) found.tickets(tickets_of_person(phone), phone.column, called);
    }
    auto key = dossiers::number_key(typed);
    if (key.size() >= shortest) found.dossiers("number_key", key);
    if (digits.size() >= shortest_number) {
        found.tickets(tickets_about(number), number.column, key);
        found.tickets(tickets_about(neph), neph.column, digits);
    }
    if (digits.empty()) {
        found.tickets(tickets_of_person(name), name.column, folded);
        found.tickets(tickets_of_person(turned_name), turned_name.column, folded);
        found.dossiers("birth_name_folded", folded);
        found.dossiers("usual_key", folded);
    }
    return std::move(found.answer);
}

std::vector<found_incident> incidents(soci::session& sql, std::string_view typed, int limit) {
    constexpr auto listed = "SELECT id, title, state FROM incident WHERE is_listed = 1 ORDER BY state, id LIMIT 500";
    auto wanted = text::fold(typed.substr(0, longest_bytes));
    std::vector<found_incident> out;
    if (wanted.empty()) return out;
    if (wanted.size() < 10 && wanted.find_first_not_of("0123456789") == std::string::npos) {
        if (auto found = sql::first<found_incident>(sql, "SELECT id, title, state FROM incident WHERE id = :id", std::stoll(wanted)))
            out.push_back(std::move(*found));
        return out;
    }
    if (wanted.size() < shortest) return out;
    auto has_all = [&wanted](const std::string& title) {
        for (std::size_t from = 0; from < wanted.size();) {
            auto end = std::min(wanted.find(' ', from), wanted.size());
            if (title.find(" " + wanted.substr(from, end - from)) == std::string::npos) return false;
            from = end + 1;
        }
        return true;
    };
    for (auto& each : sql::all<found_incident>(sql, listed)) {
        if (static_cast<int>(out.size()) == limit) break;
        if (has_all(" " + text::fold(each.title))) out.push_back(std::move(each));
    }
    return out;
}

} // namespace relais::model::quick_finds

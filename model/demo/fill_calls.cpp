// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill_calls.hpp"

#include "model/call.hpp"
#include "model/cti.hpp"
#include "model/demo/random.hpp"
#include "model/holidays.hpp"
#include "model/sql_bulk.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace relais::model::demo {

namespace {

constexpr std::uint64_t purpose = 77; // of the dice
constexpr int days = 70, opens = 9, closes = 17, half_hours = (closes - opens) * 2;
constexpr std::int64_t us_in_s = 1'000'000;
constexpr std::size_t rows_at_once = 500, columns = 23;

// Calls of an ordinary day by half hour from 9:00, per thousand; and of each day of the week, per cent.
constexpr std::array<int, half_hours> shape = {62, 84, 96, 94, 82, 66, 42, 30, 34, 62, 84, 82, 68, 52, 38, 24};
constexpr std::array<int, 7> weekday_percent = {138, 112, 98, 92, 76, 0, 0};

struct known_caller {
    std::string phone;
    std::int64_t ticket = 0, citizen = 0;
    auto fields() { return std::tie(phone, ticket, citizen); }
};

std::string reversed(std::string text) {
    std::reverse(text.begin(), text.end());
    return text;
}

// Numbers that ARCEP keeps for fiction: they are nobody's.
std::string made_up_phone(dice& roll) {
    constexpr std::array<const char*, 3> ranges = {"+3363998", "+3319900", "+3346571"};
    auto end = roll.below(10'000), range = roll.below(3);
    return fmt::format("{}{:04}", ranges[range], end);
}

class writer_of_calls {
public:
    writer_of_calls(const options& wanted, const std::vector<call_taker>& takers, std::vector<known_caller> known)
        : wanted_(wanted), takers_(takers), known_(std::move(known)), home_team_(takers.front().team_id), a_day_(calls_a_day(wanted)) {}

    std::vector<std::string> rows;
    std::int64_t count = 0;

    void day(date::local_days day, const date::time_zone& zone) {
        auto weekday = date::weekday(day).iso_encoding() - 1;
        if (weekday_percent[weekday] == 0 || holidays::is_holiday(date::year_month_day(day))) return;
        dice roll(wanted_.seed, purpose, static_cast<std::uint64_t>(day.time_since_epoch().count()));
        for (std::size_t slot = 0; slot < shape.size(); ++slot) {
            auto expected = a_day_ * shape[slot] * weekday_percent[weekday]; // in hundred thousandths
            auto calls = expected / 100'000 + (static_cast<int>(roll.below(100'000)) < expected % 100'000 ? 1 : 0);
            calls = std::max(0, calls + roll.between(-calls / 5, calls / 5));
            auto opens_at = date::floor<std::chrono::seconds>(zone.to_sys(day, date::choose::earliest)) + std::chrono::hours(opens) +
                            std::chrono::minutes(30) * static_cast<int>(slot);
            for (int i = 0; i < calls; ++i)
                call_at(opens_at + std::chrono::seconds(roll.below(1800)), weekday_percent[weekday] * shape[slot] / 100, roll);
        }
    }

private:
    // pressure: about 20 in calm hours, 130 on a Monday at ten.
    void call_at(sys_seconds at, int pressure, dice& roll) {
        auto is_out = roll.percent(8);
        auto patience = 20 + roll.wait(160), wait = roll.wait(6 + pressure * pressure / 260);
        auto is_answered = is_out ? roll.percent(70) : wait < patience;
        if (!is_answered && !is_out) wait = patience;
        const auto* from = !known_.empty() && roll.percent(45) ? &known_[roll.below(static_cast<std::uint32_t>(known_.size()))] : nullptr;
        auto phone = from ? from->phone : roll.percent(4) ? std::string() : made_up_phone(roll);
        const auto& taker = takers_[roll.below(static_cast<std::uint32_t>(takers_.size()))];
        auto talk = is_answered ? 40 + roll.wait(200) : 0;
        add(at, is_out, phone, wait, talk, is_answered, is_answered || is_out ? &taker : nullptr, is_answered ? from : nullptr, roll);
    }

    void add(sys_seconds at, bool is_out, const std::string& phone, std::int64_t wait, std::int64_t talk, bool is_answered,
             const call_taker* taker, const known_caller* about, dice& roll) {
        auto outcome = is_answered ? "answered" : is_out ? "missed" : roll.percent(80) ? "abandoned" : "missed";
        auto us = [](sys_seconds when) { return std::to_string(seconds(when) * us_in_s); };
        auto start = at, answer = at + std::chrono::seconds(wait), end = answer + std::chrono::seconds(talk);
        auto text = [&](std::string value) { rows.push_back(std::move(value)); };
        text(fmt::format("{:024x}", roll.next() ^ static_cast<std::uint64_t>(++count)));
        text(is_out ? "out" : "in"), text(phone), text(phone.empty() ? "anonymous" : phone.substr(1)), text(reversed(phone));
        text(is_out ? "201" : "3400"), text(is_out ? "" : "permis"), text("ended");
        text(us(start)), text(is_answered ? us(answer) : "-1"), text(us(end)), text(std::to_string(wait));
        text(outcome), text(is_answered ? "normalClearing" : "cancel"), text("hangup");
        text(taker ? std::to_string(taker->user_id) : "0"), text(taker ? taker->name : "");
        text(about ? "confirmed" : ""), text(about ? std::to_string(about->citizen) : "0"),
            text(about ? std::to_string(about->ticket) : "0");
        text(is_answered ? std::to_string(seconds(end)) : "0"), text(std::to_string(taker ? taker->team_id : home_team_)), text("1");
    }

    const options& wanted_;
    const std::vector<call_taker>& takers_;
    std::vector<known_caller> known_;
    std::int64_t home_team_; // whose the unanswered ones are
    int a_day_;
};

// Numbers stand for what is absent: every value of such a statement is a text.
constexpr auto insert_rows =
    "INSERT INTO phone_call (public_id, direction, phone, phone_given, phone_reversed, line, queue, state, started_at_us, answered_at_us, "
    "ended_at_us, wait_s, outcome, cause, ended_by, agent_id, agent_name, identity, citizen_id, ticket_id, written_at, team_id, version) "
    "VALUES ";

void write(soci::session& sql, const std::vector<std::string>& rows) {
    for (std::size_t at = 0; at < rows.size();) {
        auto size = std::min(rows_at_once * columns, rows.size() - at);
        sql::change_bulk(sql, insert_rows + sql::placeholder_rows(size / columns, columns), std::span(rows).subspan(at, size));
        at += size;
    }
    sql::change(sql, "UPDATE phone_call SET answered_at_us = NULL WHERE answered_at_us = -1");
    for (const auto* column : {"agent_id", "citizen_id", "ticket_id", "written_at", "team_id"})
        sql::change(sql, std::string("UPDATE phone_call SET ") + column + " = NULL WHERE " + column + " = 0");
}

std::int64_t team(soci::session& sql, const char* code, const char* name) {
    if (auto found = sql::first<std::int64_t>(sql, "SELECT id FROM team WHERE code = :code", code)) return *found;
    return sql::insert(sql, "INSERT INTO team (code, name) VALUES (:code, :name)", code, name);
}

// Our own people in Charleville-Mézières, and those of the contractor, whose names the telephone system tells.
void join_teams(database& into, std::vector<call_taker>& takers) {
    auto [ours, contractor] = into.write_now([&takers](soci::session& sql) {
        auto home = team(sql, "charleville", "Charleville-Mézières"), other = team(sql, "prestataire", "Prestataire");
        for (const auto& each : takers)
            sql::change(sql, "UPDATE user_account SET team_id = :team WHERE id = :id AND team_id IS NULL", home, each.user_id);
        return std::pair{home, other};
    });
    for (auto& each : takers) each.team_id = ours;
    for (const auto* name : {"Leïla Haddad", "Tom Renard", "Inès Moreau", "Paul Gérard", "Sofia Lopes"})
        takers.push_back({0, name, "", contractor});
}

} // namespace

int calls_a_day(const options& wanted) { return static_cast<int>(std::clamp<std::uint64_t>(wanted.tickets / 25, 4, 400)); }

std::int64_t fill_calls(database& into, const options& wanted, std::vector<call_taker> takers) {
    if (takers.empty()) return 0;
    auto known = into.read_now([](soci::session& sql) {
        if (sql::first<std::int64_t>(sql, "SELECT id FROM phone_call LIMIT 1")) return std::optional<std::vector<known_caller>>();
        return std::optional(sql::all<known_caller>(
            sql, "SELECT citizen.phone, ticket.id, citizen.id FROM ticket JOIN citizen ON citizen.id = ticket.requester_id "
                 "WHERE citizen.phone <> '' ORDER BY ticket.id DESC LIMIT 2000"));
    });
    if (!known) return 0;
    join_teams(into, takers);
    writer_of_calls calls(wanted, takers, std::move(*known));
    const auto* paris = date::locate_zone("Europe/Paris");
    auto today = date::floor<date::days>(paris->to_local(wanted.now));
    for (auto day = today - date::days(days); day < today; day += date::days(1)) calls.day(day, *paris);
    into.write_now([&](soci::session& sql) {
        write(sql, calls.rows);
        for (const auto& each : takers)
            if (!each.extension.empty()) extensions::set(sql, each.user_id, each.extension, {}, wanted.now);
    });
    return calls.count;
}

} // namespace relais::model::demo

// SPDX-License-Identifier: EUPL-1.2
// Who answers on which extension, whose queue it is, and the numbers whose calls are refused.
#include "model/cti.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <sstream>

namespace relais::model {

namespace {

constexpr std::size_t extension_limit_bytes = 40, extensions_limit = 5, reason_limit = 200;
constexpr int longest_block_days = 365;

std::vector<std::string> words(std::string_view text) {
    auto spaced = std::string(text);
    std::replace(spaced.begin(), spaced.end(), ',', ' ');
    std::vector<std::string> out;
    std::istringstream in(spaced);
    for (std::string each; in >> each;) out.push_back(each);
    return out;
}

bool is_extension(const std::string& word) {
    return word.size() <= extension_limit_bytes && std::all_of(word.begin(), word.end(), [](unsigned char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '+' || c == '-' || c == '_' ||
                      c == '/' || c == '.';
           });
}

void give(soci::session& sql, const std::string& number, std::int64_t user) {
    auto owner = sql::first<std::int64_t>(sql, "SELECT user_id FROM extension WHERE number = :number", number);
    if (owner == user) return;
    if (owner) throw invalid({{"extension", "taken", "fault.extension.taken", number}});
    try {
        sql::change(sql, "INSERT INTO extension (number, user_id) VALUES (:number, :user)", number, user);
    } catch (const std::exception& error) {
        if (!sql::is_duplicate(error)) throw;
        throw invalid({{"extension", "taken", "fault.extension.taken", number}});
    }
}

} // namespace

namespace extensions {

std::vector<extension_line> list(soci::session& sql) {
    auto out = sql::all<extension_line>(
        sql,
        "SELECT id, login, name, '', version FROM user_account WHERE role IN ('agent', 'resolver', 'supervisor') AND disabled_at IS NULL "
        "ORDER BY name, id LIMIT 500");
    using row = std::tuple<std::string, std::int64_t>;
    for (const auto& [number, user] : sql::all<row>(sql, "SELECT number, user_id FROM extension ORDER BY number LIMIT 2000"))
        for (auto& each : out)
            if (each.user_id == user) each.numbers += (each.numbers.empty() ? "" : ", ") + number;
    return out;
}

void set(soci::session& sql, std::int64_t user, std::string_view numbers, const actor& who, sys_seconds now, std::int64_t seen) {
    auto wanted = words(numbers);
    if (wanted.size() > extensions_limit || !std::all_of(wanted.begin(), wanted.end(), is_extension))
        throw invalid({{"extension", "malformed", "fault.extension.malformed"}});
    if (!sql::first<std::int64_t>(sql, "SELECT id FROM user_account WHERE id = :id AND disabled_at IS NULL", user)) throw not_found();
    auto taken = sql::change(sql, "UPDATE user_account SET version = version + 1 WHERE id = :id AND (version = :seen OR :whatever = 0)",
                             user, seen, seen);
    if (taken == 0) throw conflict("conflict.extension");
    for (const auto& had : sql::all<std::string>(sql, "SELECT number FROM extension WHERE user_id = :user", user))
        if (std::find(wanted.begin(), wanted.end(), had) == wanted.end())
            sql::change(sql, "DELETE FROM extension WHERE number = :number", had);
    for (const auto& each : wanted) give(sql, each, user);
    events::record(sql, who, "telephony.extension_set", "user", user, {{"extensions", wanted}}, now);
}

std::string of(soci::session& sql, std::int64_t user) {
    return sql::first<std::string>(sql, "SELECT number FROM extension WHERE user_id = :user ORDER BY number LIMIT 1", user).value_or("");
}

} // namespace extensions

namespace phone_queues {

std::vector<phone_queue_line> list(soci::session& sql) {
    return sql::all<phone_queue_line>(sql, "SELECT phone_queue.name, phone_queue.team_id, COALESCE(team.name, '') FROM phone_queue "
                                           "LEFT JOIN team ON team.id = phone_queue.team_id ORDER BY phone_queue.name LIMIT 200");
}

std::vector<std::pair<std::int64_t, std::string>> teams(soci::session& sql) {
    std::vector<std::pair<std::int64_t, std::string>> out;
    for (auto& [id, name] : sql::all<std::tuple<std::int64_t, std::string>>(sql, "SELECT id, name FROM team ORDER BY name LIMIT 200"))
        out.emplace_back(id, std::move(name));
    return out;
}

void set_team(soci::session& sql, std::string_view name, std::optional<std::int64_t> team, std::optional<std::int64_t> seen,
              const actor& who, sys_seconds now) {
    if (team && !sql::first<std::int64_t>(sql, "SELECT id FROM team WHERE id = :id", *team))
        throw invalid({{"team", "unknown", "fault.team.unknown"}});
    if (!sql::first<std::string>(sql, "SELECT name FROM phone_queue WHERE name = :name", name)) throw not_found();
    auto taken = sql::change(sql, "UPDATE phone_queue SET team_id = :team WHERE name = :name AND COALESCE(team_id, 0) = :seen", team, name,
                             seen.value_or(0));
    if (taken == 0) throw conflict("conflict.queue");
    events::record(sql, who, "telephony.queue_set", "queue", 0, {{"queue", name}, {"team", team.value_or(0)}}, now);
}

} // namespace phone_queues

namespace blocked_numbers {

void add(soci::session& sql, std::string_view phone, std::string_view reason, int days, const actor& who, sys_seconds now) {
    std::vector<field_fault> faults;
    auto [number, given] = call_states::phone_of(phone);
    auto why = text::check_message(reason, reason_limit);
    if (number.empty()) faults.push_back({"phone", "malformed", "fault.blocked.phone"});
    if (!why.accepted() || why.normalised.find_first_not_of(" \n\t") == std::string::npos)
        faults.push_back({"reason", "missing", "fault.blocked.reason"});
    if (!faults.empty()) throw invalid(std::move(faults));
    auto until = now + std::chrono::hours(24) * std::clamp(days, 1, longest_block_days);
    if (sql::change(sql, "UPDATE blocked_number SET reason = :reason, blocked_by = :who, until_at = :until WHERE phone = :phone",
                    why.normalised, who.name, until, number) == 0)
        sql::change(sql,
                    "INSERT INTO blocked_number (phone, reason, blocked_by, created_at, until_at) "
                    "VALUES (:phone, :reason, :blocked_by, :created_at, :until_at)",
                    number, why.normalised, who.name, now, until);
    events::record(sql, who, "telephony.number_blocked", "number", 0, {{"days", days}}, now);
}

void remove(soci::session& sql, std::string_view phone, const actor& who, sys_seconds now) {
    if (sql::change(sql, "DELETE FROM blocked_number WHERE phone = :phone", phone) == 0) throw not_found();
    events::record(sql, who, "telephony.number_unblocked", "number", 0, nlohmann::json::object(), now);
}

std::vector<blocked_number> list(soci::session& sql, sys_seconds now) {
    return sql::all<blocked_number>(sql,
                                    "SELECT phone, reason, blocked_by, created_at, until_at FROM blocked_number WHERE until_at > :now "
                                    "ORDER BY created_at DESC LIMIT 500",
                                    now);
}

bool is_blocked(soci::session& sql, std::string_view phone, sys_seconds now) {
    return sql::first<std::string>(sql, "SELECT phone FROM blocked_number WHERE phone = :phone AND until_at > :now", phone, now)
        .has_value();
}

} // namespace blocked_numbers

} // namespace relais::model

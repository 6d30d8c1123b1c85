// SPDX-License-Identifier: EUPL-1.2
#include "model/legal_clock.hpp"

#include "model/birth_date.hpp"
#include "model/calendar.hpp"
#include "model/dossier_date.hpp"
#include "model/dossier_status.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"

#include <date/date.h>

#include <algorithm>
#include <sstream>

namespace relais::model::legal_clocks {

namespace {

constexpr std::string_view paris = "Europe/Paris";

date::local_days day_of(std::string_view text) {
    std::istringstream in{std::string(text)};
    date::local_days out{};
    in >> date::parse("%F", out);
    return out;
}

std::string after_months(std::string_view day, int months) {
    auto end = date::year_month_day(day_of(day)) + date::months(months);
    if (!end.ok()) end = end.year() / end.month() / date::last;
    return date::format("%F", date::local_days(end));
}

const std::string* find(const std::vector<legal_date>& noted, std::string_view kind) {
    auto found = std::find_if(noted.begin(), noted.end(), [kind](const auto& each) { return each.kind == kind; });
    return found == noted.end() ? nullptr : &found->day;
}

// Counted from the date itself, or from the first state known.
void add_months(std::vector<legal_deadline>& to, std::string kind, const std::string* from, std::string_view first_known, int months) {
    auto day = from ? std::string_view(*from) : first_known;
    if (!day.empty()) to.push_back({std::move(kind), after_months(day, months), from == nullptr});
}

// The next to change them needs the next version.
void take(soci::session& sql, std::int64_t dossier_id, std::int64_t seen) {
    auto expected = seen == 0 ? version(sql, dossier_id) : seen;
    auto taken = sql::change(sql, "UPDATE dossier SET dates_version = dates_version + 1 WHERE id = :id AND dates_version = :seen",
                             dossier_id, expected);
    if (taken == 0) throw conflict("conflict.dates");
}

sys_seconds end_of(std::string_view day) { return calendars::instant(paris, date::local_seconds(day_of(day) + date::days(1))); }

} // namespace

std::vector<legal_deadline> read(const dossier& of, const std::vector<legal_date>& noted, std::string_view first_known) {
    std::vector<legal_deadline> out;
    if (dossier_statuses::is_final(of.status)) return out;
    const auto* exam = find(noted, "exam");
    const auto* filing = find(noted, "filing");
    auto is_after_exam = of.procedure_code == "TITLE_AFTER_EXAM", is_exchange = of.procedure_code.starts_with("EXCHANGE_");
    if (exam || is_after_exam) add_months(out, "provisional_certificate", exam, is_after_exam ? first_known : "", provisional_months);
    if (filing || is_exchange) add_months(out, "filing_certificate", filing, is_exchange ? first_known : "", filing_months);
    for (const auto* kind : {"medical", "suspension"})
        if (const auto* day = find(noted, kind)) out.push_back({kind, *day});
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.on < b.on; });
    return out;
}

std::vector<legal_date> noted(soci::session& sql, std::int64_t dossier_id) {
    return sql::all<legal_date>(sql, "SELECT kind, day FROM legal_date WHERE dossier_id = :dossier ORDER BY kind LIMIT 10", dossier_id);
}

std::vector<legal_date> known(soci::session& sql, std::int64_t dossier_id) {
    auto out = noted(sql, dossier_id);
    for (auto& each : dossier_dates::of(sql, dossier_id))
        if (!find(out, each.kind)) out.push_back(std::move(each));
    return out;
}

std::vector<legal_deadline> of(soci::session& sql, const dossier& what) {
    auto first = sql::first<std::string>(sql,
                                         "SELECT COALESCE(MIN(status_since), '') FROM dossier_snapshot WHERE dossier_id = :dossier AND "
                                         "procedure_code = :procedure AND status_since <> ''",
                                         what.id, what.procedure_code)
                     .value_or("");
    if (first.empty() || (!what.status_since.empty() && what.status_since < first)) first = what.status_since;
    return read(what, known(sql, what.id), first);
}

int days_left(sys_seconds passed_at, sys_seconds now) {
    auto last_day = calendars::day_of(paris, passed_at - std::chrono::seconds(1));
    return static_cast<int>((last_day - calendars::day_of(paris, now)).count());
}

int days_left(std::string_view on, sys_seconds now) { return static_cast<int>((day_of(on) - calendars::day_of(paris, now)).count()); }

std::int64_t version(soci::session& sql, std::int64_t dossier_id) {
    return sql::first<std::int64_t>(sql, "SELECT dates_version FROM dossier WHERE id = :id", dossier_id).value_or(0);
}

void note(soci::session& sql, std::int64_t dossier_id, std::string_view kind, std::string_view day, const actor& who, sys_seconds now,
          std::int64_t seen) {
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) throw invalid({{"kind", "unknown", "fault.legal.kind"}});
    if (!day.empty() && birth_dates::precision(day) != birth_precision::day) throw invalid({{"day", "malformed", "fault.legal.day"}});
    take(sql, dossier_id, seen);
    auto noted_before = noted(sql, dossier_id);
    const auto* before = find(noted_before, kind);
    sql::change(sql, "DELETE FROM legal_date WHERE dossier_id = :dossier AND kind = :kind", dossier_id, kind);
    if (!day.empty())
        sql::change(sql, "INSERT INTO legal_date (dossier_id, kind, day, noted_at) VALUES (:dossier, :kind, :day, :now)", dossier_id, kind,
                    day, now);
    events::record(sql, who, "dossier.date_noted", "dossier", dossier_id, {{"kind", kind}, {"from", before ? *before : ""}, {"day", day}},
                   now);
    for (auto each :
         sql::all<std::int64_t>(sql, "SELECT id FROM ticket WHERE dossier_id = :dossier ORDER BY received_at DESC LIMIT 200", dossier_id))
        place(sql, each);
}

void place(soci::session& sql, std::int64_t ticket_id) {
    using row = std::tuple<std::int64_t, std::optional<std::int64_t>>;
    auto found = sql::first<row>(sql, "SELECT legal_at, dossier_id FROM ticket WHERE id = :id", ticket_id);
    if (!found) return;
    auto [before, dossier_id] = *found;
    auto about = dossier_id ? dossiers::find(sql, *dossier_id) : std::nullopt;
    auto deadlines = about ? of(sql, *about) : std::vector<legal_deadline>{};
    auto at = deadlines.empty() ? never : seconds(end_of(deadlines.front().on));
    if (at != before) sql::change(sql, "UPDATE ticket SET legal_at = :at WHERE id = :id", at, ticket_id);
}

} // namespace relais::model::legal_clocks

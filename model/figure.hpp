// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model {

// A key figure: the only definition of it. A ratio is one measure over another, per cent; the rest are measures as they are. Its words and
// its formula are the texts figure.<id>.name and figure.<id>.formula, printed in docs/chiffres.md. Source: domain.md 4.6, K1 to K20.
struct figure_definition {
    enum class unit { percent, seconds, count, days, marks };
    std::string_view id;    // "K5", or "K5.late" for another side of the same figure
    std::string_view part;  // measure
    std::string_view whole; // measure; empty: `part` is the value itself
    unit in = unit::percent;
    std::optional<double> target = {}; // nothing: a trend
    bool at_least = true;              // the target is a floor; otherwise a ceiling
    bool is_public = false;            // published as open data
    bool counts_people = true;         // few of them are not told; hand-overs and shares are nobody
    std::optional<double> alert = {};  // far from the target: below is a matter for today
};

// Counts by name over a period; one that nobody could measure is absent.
using figure_measures = std::map<std::string, std::int64_t, std::less<>>;

// Whose tickets and calls are counted; empty members do not matter. Calls are nobody's in particular.
struct figure_filter {
    std::optional<std::int64_t> team;
    std::string department, procedure, channel;
    std::optional<std::int64_t> agent = {};
    bool is_empty() const { return !team && !agent && department.empty() && procedure.empty() && channel.empty(); }
};

namespace figures {

std::span<const figure_definition> all();
const figure_definition* find(std::string_view id);

// The measures of a half-open period, as they are known now.
figure_measures measure(soci::session& sql, const time_span& over, const figure_filter& whose, sys_seconds now);

// The same of the whole centre without K14, to which reports of the period are added for long: what a share may correct of an earlier
// week.
figure_measures measure_settled(soci::session& sql, const time_span& over, sys_seconds now);

// The measures of tickets alone (K4 to K11, K18 to K20), of the whole period and of each hour of it in which something counted.
struct ticket_course {
    figure_measures whole;
    std::map<sys_seconds, figure_measures> by_hour; // by the hour's beginning; every zone of ours is whole hours from UTC
};
ticket_course course(soci::session& sql, const time_span& over, const figure_filter& whose, sys_seconds now);
// The measures of K20 at one instant, at the latest now.
figure_measures backlog(soci::session& sql, sys_seconds at, const figure_filter& whose, sys_seconds now);

// A figure of these measures; nothing when nothing was counted.
std::optional<double> value(const figure_definition& of, const figure_measures& measured);
std::int64_t part(const figure_definition& of, const figure_measures& measured);
std::int64_t whole(const figure_definition& of, const figure_measures& measured);
// Nothing without a target or a value.
std::optional<bool> is_met(const figure_definition& of, std::optional<double> value);
bool is_alert(const figure_definition& of, std::optional<double> value);

enum class dimension { team, department, centre, procedure, channel };
// Whose team, department, procedure and channel a figure is told by: a ticket's, a call's, those of the first ticket of an incident, a
// hand-over's or nobody's, being of the whole centre. Its words are the texts figures.scope.<name>.
// Source: docs/decisions/0181-what-a-figure-can-be-told-by.md
enum class scope { ticket, call, first_ticket, hand_over, centre };
scope scope_of(const figure_definition& of);
std::string_view name_of(scope of);
// Whether it has a meaning by a dimension.
bool is_told_by(const figure_definition& of, dimension by);

// The measures of tickets by the values of a dimension (teams by their number), with the calls of teams and
// of the telephone, callbacks, incidents and people told as far as is_told_by() says, with what was open at the end of the
// period, or is open now.
std::map<std::string, figure_measures> measure_by(soci::session& sql, const time_span& over, dimension by, const figure_filter& whose,
                                                  sys_seconds now);

// The periods of a unit (day, week, month) that a span touches, whole and in order, at most `limit`: of the clock of Paris.
struct period {
    std::string key; // "2026-11-23", "2026-W48", "2026-11"
    time_span span;
};
std::vector<period> periods(const time_span& over, std::string_view unit, std::size_t limit);

} // namespace figures

} // namespace relais::model

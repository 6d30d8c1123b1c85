// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/shares.hpp"

#include "model/decision.hpp"
#include "model/demo/random.hpp"
#include "model/figure_fact.hpp"
#include "model/quality_review.hpp"
#include "model/review_grid.hpp"
#include "model/share_link.hpp"
#include "model/sql.hpp"
#include "model/weekly_share.hpp"

#include <nlohmann/json.hpp>

namespace relais::model::demo {

namespace {

using namespace std::chrono_literals;
constexpr auto past = 24h * 70;
constexpr std::uint64_t for_review = 100; // beside the purposes of model/demo/random.hpp

// What the owner is asked first, and nobody decided yet.
std::optional<std::pair<std::int64_t, std::string>> asked(soci::session& sql, const nlohmann::json& body) {
    for (const auto& each : body["incidents"]) {
        auto number = each["number"].get<std::int64_t>();
        if (!each["asked"].empty() && decisions::of_incident(sql, number).empty())
            return std::pair{number, each["asked"][0].get<std::string>()};
    }
    return std::nullopt;
}

// Sent on its day by a link that is over: nobody holds its token.
void send(soci::session& sql, const weekly_share& share, const actor& owner) {
    share_links::send(sql, share.id, share.week, {"moa@example.test", owner.name}, "demonstration-" + share.week, 0, share.made_at);
    sql::change(sql, "UPDATE outbox SET state = 'sent', sent_at = :now WHERE kind = 'weekly_share' AND state = 'waiting'", share.made_at);
}

// Two shares in three are acknowledged the next day; each has a decision on what is asked; one in two is carried out.
void live(soci::session& sql, const weekly_share& share, int nth, const actor& owner, const actor& resolver) {
    auto at = share.made_at;
    send(sql, share, owner);
    if (nth % 3 != 0) weekly_shares::acknowledge(sql, share.id, owner, at + 27h);
    auto about = asked(sql, nlohmann::json::parse(share.body));
    if (!about) return;
    auto is_rule = about->second == "rule";
    decisions::draft what;
    what.kind = is_rule ? "accept" : "prioritise";
    what.text = is_rule ? "La règle est confirmée : appliquer le texte, une note suivra." : "À traiter avant les autres évolutions.";
    what.due = date::format("%F", calendars::day_of("Europe/Paris", at + 24h * 14));
    what.incident_id = about->first;
    auto id = decisions::decide(sql, share.id, what, owner, at + 28h);
    if (nth % 2 != 0) return;
    decisions::add_step(sql, id, "answer", "Pris en compte, nous revenons vers vous.", resolver, at + 50h);
    decisions::add_step(sql, id, "carried_out", "", resolver, at + 24h * 9);
}

// A grid as most are: good, with a few things to say.
quality_reviews::draft review_of(const quality_reviews::proposal& of, std::uint64_t seed) {
    dice roll(seed, for_review, static_cast<std::uint64_t>(of.ticket_id));
    quality_reviews::draft out;
    for (auto criterion : review_grids::of_channel(of.channel).criteria)
        out.answers.emplace(criterion, roll.percent(81) ? "yes" : roll.percent(60) ? "no" : "none");
    return out;
}

// On Friday, of the tickets closed since the Monday of the week before.
void review(soci::session& sql, calendar_week week, const actor& supervisor, std::uint64_t seed) {
    auto friday = calendar_weeks::span_of(week).from + 24h * 4 + 15h;
    for (auto closed_in : {calendar_weeks::previous(week), week})
        for (const auto& each : quality_reviews::sample(sql, closed_in, supervisor))
            if (each.closed_at < friday && !each.is_reviewed)
                quality_reviews::add(sql, each.reference, review_of(each, seed), supervisor, friday);
}

} // namespace

int fill_shares(database& into, const options& wanted, const std::string& owner, const std::string& resolver,
                const std::string& supervisor) {
    auto is_done = into.read_now([](soci::session& sql) { return !weekly_shares::list(sql, "", 1).empty(); });
    if (is_done) return 0;
    while (into.write_now([&](soci::session& sql) { return figure_facts::follow(sql, wanted.now); }) > 0) {
    }
    actor by_owner{"staff", {}, owner, {}}, by_resolver{"staff", {}, resolver, {}}, by_supervisor{"staff", {}, supervisor, {}};
    auto last = calendar_weeks::previous(calendar_weeks::of(wanted.now));
    auto made = 0;
    for (auto week = calendar_weeks::of(wanted.now - past); week <= last; week = calendar_weeks::next(week)) {
        if (weekly_shares::published_at(week, weekly_shares::default_hour) > wanted.now) break;
        ++made;
        into.write_now([&](soci::session& sql) {
            auto at = weekly_shares::published_at(week, weekly_shares::default_hour);
            review(sql, week, by_supervisor, wanted.seed);
            auto share = weekly_shares::make(sql, week, "demonstration", at);
            if (week < last) live(sql, share, made, by_owner, by_resolver);
        });
    }
    return made;
}

} // namespace relais::model::demo

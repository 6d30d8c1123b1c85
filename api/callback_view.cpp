// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_view.hpp"

#include "api/calendar_file.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/callback_state.hpp"
#include "model/phone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>

namespace relais::api::callback_views {
namespace {

using nlohmann::json;
using std::chrono::sys_seconds;

std::string on_wall(sys_seconds at, std::string_view zone) {
    return date::format("%F %R", date::make_zoned(std::string(zone), at).get_local_time());
}

json slot_part(const model::callback& of) {
    if (!of.slot_starts_at) return nullptr;
    return {{"start", view_text::rfc3339(*of.slot_starts_at)},
            {"end", view_text::rfc3339(*of.slot_ends_at)},
            {"local_start", local_time(*of.slot_starts_at, of.zone)},
            {"paris_start", local_time(*of.slot_starts_at, view_text::paris)}};
}

// Another attempt is to come: while the telephone rings nobody speaks of the next one.
bool is_again(const model::callback& of) { return of.state == "scheduled" && of.attempts > 0; }

void add_lease(json& to, const model::callback& of) {
    auto is_held = of.state == "claimed" || of.state == "dialling";
    to["lease"] = is_held ? json{{"by", of.lease_name}, {"token", of.lease_token}} : json(nullptr);
}

// What a page adds: words for hours on the person's own clock, and whether it is late.
void add_words(json& to, const model::callback& of, std::string_view zone, const lens& through, const model::calendar_book& book) {
    if (!through.for_people) return;
    const auto& texts = *through.texts;
    to["now_there"] = hour(texts, through.language, through.now, zone);
    to["place"] = place(book, through.language, zone);
    to["due"] = hour(texts, through.language, of.due_at, view_text::paris);
    to["due_day"] = view_text::day(texts, through.language, view_text::local_day(of.due_at));
    to["due_there"] = hour(texts, through.language, of.due_at, zone);
    to["is_elsewhere"] = on_wall(of.due_at, zone) != on_wall(of.due_at, view_text::paris);
    to["waited"] = views::duration(through.now - of.due_at, through);
    to["is_due"] = of.shown_state(through.now) == "due";
    to["is_open"] = model::callback_states::is_open(of.state);
    to["is_late"] = of.slot_ends_at && *of.slot_ends_at <= through.now && to["is_due"].get<bool>() && of.attempts == 0;
    to["is_missed_call"] = of.origin == "missed_call";
    to["is_again"] = is_again(of);
    if (of.slot_starts_at) to["promised"] = said(texts, through.language, book, *of.slot_starts_at, *of.slot_ends_at, zone);
}

} // namespace

std::string hour(const catalogue& texts, std::string_view language, sys_seconds at, std::string_view zone) {
    auto local = date::make_zoned(std::string(zone), at).get_local_time();
    date::hh_mm_ss clock(local - date::floor<date::days>(local));
    return texts.say(language, "callback.hour",
                     {{"hour", std::to_string(clock.hours().count())}, {"minute", fmt::format("{:02}", clock.minutes().count())}});
}

std::string local_time(sys_seconds at, std::string_view zone) { return date::format("%FT%T%Ez", date::make_zoned(std::string(zone), at)); }

std::string place(const model::calendar_book& book, std::string_view language, std::string_view zone) {
    const auto* known = model::calendar_books::find_zone(book, zone);
    if (known == nullptr) return std::string(zone);
    auto found = known->place.find(language);
    return found == known->place.end() ? known->place.at("fr") : found->second;
}

json said(const catalogue& texts, std::string_view language, const model::calendar_book& book, sys_seconds from, sys_seconds to,
          std::string_view zone) {
    auto day = view_text::local_day(from, zone), paris_day = view_text::local_day(from);
    json out = {{"day", view_text::day(texts, language, day)},
                {"from", hour(texts, language, from, zone)},
                {"to", hour(texts, language, to, zone)},
                {"place", place(book, language, zone)},
                {"is_elsewhere", on_wall(from, zone) != on_wall(from, view_text::paris)},
                {"paris_from", hour(texts, language, from, view_text::paris)},
                {"paris_to", hour(texts, language, to, view_text::paris)},
                {"paris_day", day == paris_day ? "" : view_text::day(texts, language, paris_day)}};
    return out;
}

json slot(const model::callback_slot& slot, std::string_view zone) {
    return {{"start", view_text::rfc3339(slot.starts_at)},
            {"end", view_text::rfc3339(slot.ends_at)},
            {"local_start", local_time(slot.starts_at, zone)},
            {"paris_start", local_time(slot.starts_at, view_text::paris)},
            {"left", slot.left},
            {"extended", slot.is_extended}};
}

json slots(const std::vector<model::callback_slot>& all, std::string_view zone) {
    auto out = json::array();
    for (const auto& each : all) out.push_back(slot(each, zone));
    return out;
}

json days(const std::vector<model::callback_slot>& all, const catalogue& texts, std::string_view language, std::string_view zone,
          std::string_view chosen) {
    auto out = json::array();
    std::string day;
    for (const auto& each : all) {
        if (each.left == 0) continue;
        auto its_day = view_text::local_day(each.starts_at, zone);
        if (its_day != day) {
            out.push_back({{"id", "jour-" + its_day}, {"day", view_text::day(texts, language, its_day)}, {"slots", json::array()}});
            day = its_day;
        }
        auto value = view_text::rfc3339(each.starts_at);
        auto elsewhere = on_wall(each.starts_at, zone) != on_wall(each.starts_at, view_text::paris);
        out.back()["slots"].push_back({{"value", value},
                                       {"id", "slot-" + std::to_string(model::seconds(each.starts_at))},
                                       {"from", hour(texts, language, each.starts_at, zone)},
                                       {"paris_from", elsewhere ? hour(texts, language, each.starts_at, view_text::paris) : ""},
                                       {"is_extended", each.is_extended},
                                       {"is_chosen", value == chosen}});
    }
    return out;
}

json zones(const model::calendar_book& book, std::string_view language, std::string_view chosen) {
    auto out = json::array();
    if (model::calendar_books::find_zone(book, chosen) == nullptr)
        out.push_back({{"code", chosen}, {"label", chosen}, {"is_chosen", true}});
    for (const auto& each : book.zones)
        out.push_back({{"code", each.zone}, {"label", place(book, language, each.zone)}, {"is_chosen", each.zone == chosen}});
    return out;
}

json promise(const model::callback& of, const catalogue& texts, std::string_view language, const model::calendar_book& book,
             sys_seconds now) {
    auto is_open = model::callback_states::is_open(of.state);
    auto again = is_again(of);
    json out = {{"state", of.shown_state(now)}, {"code_word", of.code_word}, {"phone", model::phones::display(of.phone)},
                {"is_open", is_open},           {"attempts", of.attempts},   {"zone", of.zone}};
    if (of.slot_starts_at) out["promised"] = said(texts, language, book, *of.slot_starts_at, *of.slot_ends_at, of.zone);
    out["may_change"] = of.state == "scheduled" && of.slot_starts_at && *of.slot_starts_at > now;
    out["is_again"] = again;
    if (again) out["next"] = said(texts, language, book, of.due_at, of.due_at, of.zone);
    out["is_missed"] = of.state == "unreached" || of.state == "voicemail" || of.state == "wrong_number" || of.state == "expired";
    auto is_waited = of.state == "scheduled" && !of.is_booked(); // nothing was promised but a call
    out["t:state_text"] = "callback.citizen_state." + std::string(again ? "again" : is_waited ? "asked" : of.shown_state(now));
    return out;
}

std::string calendar(const appointment& of, const catalogue& texts, std::string_view language) {
    json values = {{"service", of.service}, {"reference", of.reference}, {"code_word", of.code_word}};
    calendar_event event;
    event.uid = of.id + "@relais";
    event.sequence = of.sequence;
    event.is_cancelled = of.is_cancelled;
    event.from = of.from, event.to = of.to, event.written_at = of.written_at;
    event.summary = texts.say(language, "callback.ics.summary", values);
    event.description = texts.say(language, "callback.ics.description", values);
    return calendar_file(event);
}

json callback(const model::callback& of, std::string_view reference, const lens& through, const model::calendar_book& book) {
    auto zone = of.zone.empty() ? model::calendar_books::zone_of_phone(book, of.phone) : of.zone;
    json out = {{"id", of.public_id},
                {"reference", reference.empty() ? json(nullptr) : json(reference)},
                {"zone", zone},
                {"department", of.department},
                {"language", of.language},
                {"slot", slot_part(of)},
                {"attempts", of.attempts},
                {"rings", of.rings},
                {"end_reason", of.end_reason},
                {"restricted", !through.sees.people}};
    views::add_code(out, through, "state", "callback.state", std::string(of.shown_state(through.now)));
    views::add_code(out, through, "origin", "callback.origin", of.origin);
    views::add_moment(out, through, "due_at", of.due_at);
    views::add_moment(out, through, "created_at", of.created_at);
    views::add_moment(out, through, "reached_at", of.reached_at);
    views::add_moment(out, through, "ended_at", of.ended_at);
    add_lease(out, of);
    add_words(out, of, zone, through, book);
    if (!through.sees.people) return out;
    out["name"] = of.name, out["phone"] = of.phone, out["phone_shown"] = model::phones::display(of.phone);
    out["spoken"] = of.spoken, out["access_need"] = of.access_need;
    out["subject"] = through.sees.words ? json(of.subject) : json(nullptr);
    out["code_word"] = of.code_word;
    return out;
}

json attempt(const model::callback_attempt& of, const lens& through) {
    json out = {{"number", of.number}, {"agent", of.agent_name}};
    views::add_code(out, through, "outcome", "callback.outcome", of.outcome);
    views::add_moment(out, through, "dialled_at", of.dialled_at);
    views::add_moment(out, through, "ended_at", of.ended_at);
    return out;
}

} // namespace relais::api::callback_views

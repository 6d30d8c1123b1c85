// SPDX-License-Identifier: EUPL-1.2
#include "api/dossiers.hpp"

#include "api/action_fields.hpp"
#include "api/dossier_clocks.hpp"
#include "api/guards.hpp"
#include "api/parameters.hpp"
#include "api/refusal.hpp"
#include "api/ticket_page.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "api/views.hpp"
#include "model/database.hpp"
#include "model/dossier.hpp"
#include "model/dossier_timeline.hpp"
#include "model/error.hpp"
#include "model/reference.hpp"
#include "model/text.hpp"

namespace relais::api {

namespace {

constexpr std::size_t field_limit = 256; // code points

model::dossier_query query_of(const action_fields& given) {
    std::vector<model::field_fault> faults;
    auto line = [&](std::string_view name) {
        auto checked = model::text::check_line(given.text(name), field_limit);
        if (!checked.accepted()) faults.push_back(model::fault(std::string(name), "text", checked));
        return checked.normalised;
    };
    model::dossier_query out{line("number"), line("neph"), line("name"), line("birth_date"), line("q")};
    if (!faults.empty()) throw model::invalid(std::move(faults));
    return out;
}

// The ticket that a dossier is looked for, as its page was seen: what is found can be linked to it. From the address or the form.
nlohmann::json wanted_for(const request& request) {
    auto given = [&request](std::string_view name) {
        auto typed = request.field(name);
        return std::string(typed.empty() ? request.parameter(name) : typed);
    };
    auto reference = model::references::read(given("for"));
    auto version = parameters::number_of(given("version")), seen = parameters::number_of(given("seen"));
    if (!reference || !version || !seen) return nullptr;
    return {{"ticket", *reference}, {"version", *version}, {"seen", *seen}};
}

reply search_page(const request& request, const action_fields* given = nullptr) {
    auto out = page("console/dossiers", {{"here_dossiers", true}, {"for", wanted_for(request)}});
    if (given) out.data["typed"] = given->all();
    return out;
}

struct dossier_sheet {
    model::dossier dossier;
    model::dossier_timelines::page timeline;
    std::vector<model::dossier_snapshot> snapshots;
    std::vector<model::event> readings; // for those who oversee
    bool is_noted = false;              // that this person reads it
    std::vector<model::event> changes;
    std::vector<model::legal_date> dates;
    std::int64_t dates_version = 0;
    std::vector<model::legal_deadline> deadlines;
    std::optional<model::dossier_pace> pace;
};

// Each kind of thing has states of its own.
std::string_view status_family(std::string_view kind) {
    if (kind == "state") return "dossier_status";
    if (kind == "call") return "call_outcome";
    if (kind == "callback") return "callback.state";
    if (kind == "letter" || kind == "told") return "outbox_state";
    return kind == "incident" ? "incident.state" : "ticket_status";
}

nlohmann::json contact_view(const model::dossier_contact& each, const lens& through) {
    auto is_shown = through.sees.words || each.kind == "incident";
    nlohmann::json out = {{"reference", each.reference.empty() ? nlohmann::json(nullptr) : nlohmann::json(each.reference)},
                          {"incident", each.incident == 0 ? nlohmann::json(nullptr) : nlohmann::json(each.incident)},
                          {"subject", is_shown ? nlohmann::json(each.subject) : nlohmann::json(nullptr)}};
    views::add_code(out, through, "kind", "contact_kind", each.kind);
    views::add_code(out, through, "channel", "channel", each.channel);
    views::add_code(out, through, "status", status_family(each.kind), each.status);
    views::add_code(out, through, "role", "dossier_role", each.role);
    views::add_moment(out, through, "at", each.at);
    if (through.for_people) {
        out["is_" + each.kind] = true;
        out["is_message"] = each.kind == "citizen" || each.kind == "reply" || each.kind == "note" || each.kind == "system";
    }
    if (each.kind == "ticket" || !through.sees.words) return out;
    out["author"] = each.author.empty() ? nlohmann::json(nullptr) : nlohmann::json(each.author);
    out["excerpt"] = each.excerpt;
    return out;
}

std::string status_in(const nlohmann::json& state) { return state.is_object() ? state.value("status", "") : ""; }

// A legal date or the state, from what to what; the former date was not always written down.
nlohmann::json change_view(const model::event& each, const lens& through) {
    auto out = views::event(each, through);
    auto data = nlohmann::json::parse(each.data, nullptr, false);
    if (!data.is_object()) data = nlohmann::json::object();
    auto is_date = each.action == "dossier.date_noted";
    if (is_date) views::add_code(out, through, "kind", "legal_date", data.value("kind", ""));
    auto from = is_date ? data.value("from", "") : status_in(data["from"]), to = is_date ? data.value("day", "") : status_in(data["to"]);
    for (const auto& [name, value] : {std::pair{std::string("from"), from}, {std::string("to"), to}}) {
        out[name] = value;
        if (!through.for_people) continue;
        out[name + "_shown"] = value.empty() ? "-"
                               : is_date     ? view_text::day(*through.texts, through.language, value)
                                             : through.texts->get(through.language, "dossier_status." + value);
    }
    return out;
}

// Who read it, and where it was seen; those who oversee are told even when they may not read a ticket's words.
nlohmann::json reading_view(const model::event& each, const lens& through) {
    auto out = views::event(each, through);
    auto how = nlohmann::json::parse(each.data, nullptr, false);
    views::add_code(out, through, "via", "reading_via", how.is_object() ? how.value("via", "") : "");
    return out;
}

// The moment that the older lines of a timeline go back from: "t1764230400".
std::optional<model::sys_seconds> read_cursor(std::string_view after) {
    if (after.empty()) return std::nullopt;
    auto found = after[0] == 't' ? parameters::number_of(after.substr(1)) : std::nullopt;
    if (!found || *found < 0 || *found > model::legal_clocks::never)
        throw model::invalid({{"after", "malformed", "fault.after.malformed"}});
    return model::at_seconds(*found);
}

bool oversees(const request& request) { return (role_bit(request.who.role) & (supervisor | dpo)) != 0; }

asio::awaitable<dossier_sheet> read_sheet(const request& request, app& app) {
    auto look = [id = request.capture(0), until = read_cursor(request.parameter("after")), oversees = oversees(request),
                 who = actor_of(request), now = request.now](soci::session& sql) {
        dossier_sheet out;
        out.dossier = model::dossiers::get(sql, id);
        out.timeline = model::dossier_timelines::of(sql, out.dossier.id, until);
        out.snapshots = model::dossiers::snapshots_of_dossier(sql, out.dossier.id);
        out.dates = model::legal_clocks::noted(sql, out.dossier.id);
        out.dates_version = model::legal_clocks::version(sql, out.dossier.id);
        out.deadlines = model::legal_clocks::of(sql, out.dossier);
        out.pace = model::dossier_paces::like(sql, out.dossier);
        out.changes = model::dossier_timelines::changes(sql, out.dossier.id);
        out.is_noted = model::dossier_timelines::is_opened_lately(sql, who, out.dossier.id, now);
        if (oversees) out.readings = model::dossier_timelines::readings(sql, out.dossier.id);
        return out;
    };
    co_return co_await app.database.read(std::move(look));
}

void put_timeline(nlohmann::json& data, const dossier_sheet& sheet, const lens& through) {
    data["timeline"] = nlohmann::json::array(), data["timeline_next"] = nullptr;
    for (const auto& each : sheet.timeline.lines) data["timeline"].push_back(contact_view(each, through));
    if (sheet.timeline.older) data["timeline_next"] = "t" + std::to_string(model::seconds(*sheet.timeline.older));
}

// The strip draws a whole life: it stands above the newest lines only.
void put_for_people(nlohmann::json& data, const dossier_sheet& sheet, const request& request, const lens& through) {
    data["can_note"] = (role_bit(request.who.role) & desk) != 0, data["dates_version"] = sheet.dates_version;
    data["is_continued"] = !request.parameter("after").empty();
    if (sheet.timeline.older)
        data["older_address"] = "/console/dossiers/" + sheet.dossier.public_id + "?after=" + data["timeline_next"].get<std::string>();
    if (!data["is_continued"]) data["strip"] = views::dossier_strip(sheet.timeline.lines, through);
    data["has_history"] = !sheet.changes.empty();
    data["here_dossiers"] = true, data["has_readings"] = !sheet.readings.empty();
}

asio::awaitable<void> note_opened(const request& request, app& app, std::int64_t dossier_id) {
    auto note = [id = dossier_id, who = actor_of(request), now = request.now](soci::session& sql) {
        model::dossier_timelines::record_reading(sql, who, {id}, "", now);
    };
    co_await app.database.write(std::move(note));
}

asio::awaitable<reply> dossier_page(const request& request, app& app) {
    auto sheet = co_await read_sheet(request, app);
    if (!sheet.is_noted) co_await note_opened(request, app, sheet.dossier.id);
    auto through = lens_of(request, app);
    auto data = views::dossier(sheet.dossier, through);
    put_timeline(data, sheet, through);
    data["snapshots"] = nlohmann::json::array();
    for (const auto& each : sheet.snapshots) data["snapshots"].push_back(views::snapshot(each, through));
    data.update(views::dossier_clocks(sheet.dossier, sheet.dates, sheet.deadlines, sheet.pace, through));
    data["history"] = nlohmann::json::array();
    for (const auto& each : sheet.changes) data["history"].push_back(change_view(each, through));
    if (oversees(request)) data["readings"] = nlohmann::json::array();
    for (const auto& each : sheet.readings) data["readings"].push_back(reading_view(each, through));
    if (through.for_people) put_for_people(data, sheet, request, through);
    auto out = page("console/dossier", std::move(data));
    out.headers.emplace_back("ETag", ticket_etag(sheet.dates_version));
    co_return out;
}

} // namespace

asio::awaitable<reply> show_dossier_search(const request& request, app&) { co_return search_page(request); }

asio::awaitable<reply> search_dossiers(const request& request, app& app) {
    action_fields given(request, {"number", "neph", "name", "birth_date", "q"});
    std::exception_ptr refused;
    std::vector<model::dossier> found;
    try {
        auto look = [query = query_of(given)](soci::session& sql) { return model::dossiers::search(sql, query); };
        found = co_await app.database.read(std::move(look));
    } catch (const model::invalid&) {
        refused = std::current_exception();
    }
    if (refused && request.wants_json()) std::rethrow_exception(refused);
    auto out = search_page(request, &given);
    if (refused) {
        out.status = 422;
        auto told = error_reply(request, refused);
        out.data["errors"] = told.data["errors"];
        out.data["has_faults"] = true;
        co_return out;
    }
    auto through = lens_of(request, app);
    auto items = nlohmann::json::array();
    for (const auto& each : found) items.push_back(views::dossier(each, through));
    std::vector<std::int64_t> ids;
    for (const auto& each : found) ids.push_back(each.id);
    co_await note_found(request, app, std::move(ids));
    if (request.wants_json()) co_return json({{"items", std::move(items)}, {"next", nullptr}});
    out.data["is_empty"] = items.empty(), out.data["was_searched"] = true, out.data["items"] = std::move(items);
    co_return out;
}

asio::awaitable<reply> show_dossier(const request& request, app& app) { co_return co_await dossier_page(request, app); }

asio::awaitable<reply> show_refused_dossier(const request& request, app& app, const action_fields& typed, std::exception_ptr why) {
    auto out = co_await dossier_page(request, app);
    put_refusal(out, typed.all(), why);
    for (auto& each : out.data["legal_kinds"]) each["is_chosen"] = each["code"] == typed.text("kind");
    co_return out;
}

asio::awaitable<void> note_found(const request& request, app& app, std::vector<std::int64_t> dossier_ids) {
    if (dossier_ids.empty()) co_return;
    auto look = [ids = std::move(dossier_ids), who = actor_of(request), now = request.now](soci::session& sql) {
        return model::dossier_timelines::newly_seen(sql, who, ids, now);
    };
    auto seen = co_await app.database.read(std::move(look));
    if (seen.empty()) co_return;
    auto note = [seen, who = actor_of(request), now = request.now](soci::session& sql) {
        model::dossier_timelines::record_reading(sql, who, seen, "search", now);
    };
    co_await app.database.write(std::move(note));
}

} // namespace relais::api

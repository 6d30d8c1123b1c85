// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_page.hpp"

#include "api/checklists.hpp"
#include "api/dossier_clocks.hpp"
#include "api/guards.hpp"
#include "api/history_words.hpp"
#include "api/incident_suggestion.hpp"
#include "api/incident_view.hpp"
#include "api/pages.hpp"
#include "api/participant_view.hpp"
#include "api/refusal.hpp"
#include "api/reply_writing.hpp"
#include "api/services.hpp"
#include "api/settings.hpp"
#include "api/ticket_clocks.hpp"
#include "api/views.hpp"
#include "model/category.hpp"
#include "model/closure_reason.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/grouping_queue.hpp"
#include "model/inbound_receipt.hpp"
#include "model/reference.hpp"
#include "model/team.hpp"
#include "model/ticket_facts.hpp"
#include "model/ticket_lease.hpp"
#include "model/ticket_sheet.hpp"

#include <array>
#include <charconv>

namespace relais::api {

namespace {

using nlohmann::json;

struct seen_ticket {
    model::ticket_sheet sheet;
    model::ticket_incident incident;
    std::vector<model::ticket_clock> clocks;
    std::optional<model::ticket_wait> waits;
    std::vector<model::legal_deadline> deadlines; // of its dossier
    std::map<std::int64_t, std::string> quotes;   // what messages that came by mail quote
    std::vector<model::user> colleagues;
    std::vector<model::team> teams;
    reply_writing::desk writing;
    std::optional<model::ticket_lease> lease;
    std::vector<model::checklist_step> steps;
    participant_views::seen people;
    std::vector<model::event> changes; // since the page that was refused was shown
    std::optional<model::grouped_ticket> words;
};

bool may_act(const request& request) { return (role_bit(request.who.role) & desk) != 0; }

asio::awaitable<seen_ticket> read_ticket(const request& request, app& app, std::int64_t since_event) {
    // Other people's tickets help whoever treats this one, until it is in an incident that people see, which has them all; a page that is
    // read again part by part has them already.
    auto compares = may_act(request) && request.header("x-relais-live").empty();
    auto look = [reference = ticket_reference(request), acts = may_act(request), me = request.who.id, now = request.now, since_event,
                 compares](soci::session& sql) {
        seen_ticket out;
        out.sheet = model::ticket_sheets::get(sql, reference);
        out.incident = model::tickets::incident_of(sql, out.sheet.ticket.id);
        if (acts) {
            out.colleagues = model::users::desk(sql);
            out.writing = reply_writing::read(sql, out.sheet.ticket.id, me, now);
            out.lease = model::ticket_leases::find(sql, out.sheet.ticket.id);
            out.steps = model::checklist_steps::of(sql, out.sheet.ticket.id);
        }
        out.people = participant_views::read(sql, reference);
        out.teams = model::teams::all(sql);
        out.clocks = model::ticket_clocks::of(sql, out.sheet.ticket.id);
        if (out.sheet.subject_dossier) out.deadlines = model::legal_clocks::of(sql, *out.sheet.subject_dossier);
        out.quotes = model::inbound_receipts::quotes(sql, out.sheet.ticket.id);
        out.waits = model::ticket_waits::current(sql, out.sheet.ticket.id);
        const auto& ticket = out.sheet.ticket;
        auto is_treated = ticket.status != "closed" && ticket.status != "merged";
        auto is_known = out.incident.attached && out.incident.attached->state != "watched";
        if (compares && is_treated && !is_known) out.words = model::grouping_queue::load(sql, ticket.id);
        if (since_event > 0) out.changes = model::ticket_sheets::changes_since(sql, out.sheet.ticket.id, since_event);
        return out;
    };
    auto out = co_await app.database.read(std::move(look));
    if (!out.words) co_return out;
    auto alike = co_await incident_suggestions::find_alike(app, out.words->words);
    if (alike.empty()) co_return out;
    auto look_again = [sheet = out.sheet, alike](soci::session& sql) { return model::ticket_sheets::others(sql, sheet, alike); };
    out.sheet.alike = co_await app.database.read(std::move(look_again));
    co_return out;
}

json category_choices(std::string_view chosen) {
    auto out = json::array();
    for (const auto& each : model::categories::all()) {
        if (out.empty() || out.back()["family"] != each.family())
            out.push_back(
                {{"family", each.family()}, {"t:label", "category_family." + std::string(each.family())}, {"categories", json::array()}});
        out.back()["categories"].push_back(
            {{"code", each.code}, {"t:label", "category." + std::string(each.code)}, {"is_chosen", each.code == chosen}});
    }
    return out;
}

json colleague_choices(const std::vector<model::user>& colleagues, std::optional<std::int64_t> chosen, std::int64_t me) {
    auto out = json::array();
    for (const auto& each : colleagues)
        out.push_back({{"id", each.id}, {"name", each.name}, {"is_chosen", chosen == each.id}, {"is_me", each.id == me}});
    return out;
}

// Whose ticket it is, and which teams there are.
void add_team(json& data, const seen_ticket& seen, bool for_people) {
    data["team"] = nullptr;
    if (for_people) data["teams"] = json::array();
    for (const auto& each : seen.teams) {
        auto is_chosen = seen.sheet.ticket.team_id == each.id;
        if (is_chosen) data["team"] = each.code;
        if (is_chosen && for_people) data["team_name"] = each.name;
        if (for_people) data["teams"].push_back({{"code", each.code}, {"name", each.name}, {"is_chosen", is_chosen}});
    }
}

// What the forms beside the ticket offer.
void put_history_details(json& history, const seen_ticket& seen, const app& app, const std::string& language) {
    const model::event* before = nullptr;
    for (std::size_t i = 0; i < seen.sheet.history.size(); ++i) {
        const auto& each = seen.sheet.history[i];
        auto of_people = participant_views::history_detail(each, seen.people, app.templates.texts(), language);
        auto of_others = history_detail(each, before, seen.colleagues, app.templates.texts(), app.config.share_dir, language);
        history[i]["detail"] = of_people + (of_people.empty() || of_others.empty() ? "" : ", ") + of_others;
        if (model::ticket_facts::are_changed_by(each.action, each.object_kind)) before = &each;
    }
}

void add_choices(json& data, const seen_ticket& seen, const request& request, const app& app) {
    const auto& on = seen.sheet.ticket;
    data["can_act"] = may_act(request) && on.status != "merged";
    data["can_answer"] = may_act(request) && on.status != "merged" && on.status != "closed";
    data["families"] = category_choices(on.category);
    data["colleagues"] = colleague_choices(seen.colleagues, on.assignee_id, request.who.id);
    data["is_mine"] = on.assignee_id == request.who.id;
    auto& reasons = data["closure_reasons"] = json::array();
    for (auto code : model::closure_reasons::chosen)
        reasons.push_back({{"code", code}, {"t:label", "closure_reason." + std::string(code)}});
    auto& services = data["services"] = json::array();
    for (const auto& each : competent_services(app.config.share_dir)) services.push_back({{"code", each.code}, {"name", each.name}});
    data["needs_reason"] = !on.dossier_id && !model::categories::needs_no_dossier(on.category);
    data["can_unmerge"] = may_act(request) && on.status == "merged";
    data["can_split"] = data["can_act"].get<bool>() && seen.sheet.messages.size() > 1;
    if (data.contains("messages"))
        for (auto& each : data["messages"]) each["may_move"] = each["ticket"] == on.reference;
    data["last_event"] = seen.sheet.history.empty() ? 0 : seen.sheet.history.back().id;
    data["dossier_search_address"] = "/console/dossiers?for=" + on.reference + "&version=" + std::to_string(on.version) +
                                     "&seen=" + std::to_string(data["last_event"].get<std::int64_t>());
    data["may_next"] = may_act(request), data["live_id"] = on.id;
    if (seen.lease)
        data["lease"] = {{"holder", seen.lease->holder},
                         {"view", seen.lease->view},
                         {"left_min", (seen.lease->left_s + 59) / 60},
                         {"is_mine", seen.lease->user_id == request.who.id},
                         {"is_other", seen.lease->user_id != request.who.id}};
    if (may_act(request)) reply_writing::put(data, seen.writing, request);
    if (data.contains("participants")) participant_views::put_choices(data, seen.people, request, seen.writing.draft);
    if (may_act(request)) data["checklists"] = checklists::shown(app.config.share_dir, on, seen.steps, request.language);
    data["has_checklists"] = data.contains("checklists") && !data["checklists"].empty();
    if (may_act(request)) put_history_details(data["history"], seen, app, request.language);
    data["changes_address"] =
        "/console/tickets/" + on.reference + "/changes?seen=" + std::to_string(data["last_event"].get<std::int64_t>());
    data["has_candidates"] = !data["candidates"].empty();
    data["has_similar"] = !data["similar"].empty();
    data["here_tickets"] = true;
}

json page_data(const seen_ticket& seen, const request& request, const app& app) {
    auto data = views::ticket(seen.sheet, lens_of(request, app));
    data.update(views::ticket_incident(seen.incident, lens_of(request, app)));
    if (data.contains("messages"))
        for (auto& each : data["messages"])
            if (auto quoted = seen.quotes.find(each["id"].get<std::int64_t>()); quoted != seen.quotes.end())
                each["quoted"] = quoted->second;
    participant_views::put(data, seen.people, lens_of(request, app));
    data["deadlines"] = views::legal_deadlines(seen.deadlines, lens_of(request, app));
    if (!request.wants_json()) data["has_deadlines"] = !data["deadlines"].empty();
    data.update(views::ticket_clocks(seen.clocks, seen.waits, lens_of(request, app)));
    add_team(data, seen, !request.wants_json());
    if (!request.wants_json()) add_choices(data, seen, request, app);
    return data;
}

std::int64_t event_seen(const request& request) {
    auto text = request.field("seen");
    std::int64_t out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

} // namespace

std::string ticket_reference(const request& request) {
    const auto& typed = request.capture(0);
    return model::references::read(typed).value_or(typed);
}

std::string ticket_etag(std::int64_t version) { return '"' + std::to_string(version) + '"'; }

asio::awaitable<reply> show_ticket(const request& request, app& app) {
    auto seen = co_await read_ticket(request, app, 0);
    auto note = [&sheet = seen.sheet, who = actor_of(request), now = request.now](soci::session& sql) {
        model::ticket_sheets::record_reading(sql, who, sheet, now);
    };
    if (!model::ticket_sheets::is_read_already(actor_of(request), seen.sheet, request.now)) co_await app.database.write(std::move(note));
    auto out = page("console/ticket", page_data(seen, request, app));
    constexpr std::array<std::string_view, 23> told = {"steps",   "called",   "replied",      "noted",       "assigned",      "categorised",
                                                       "dossier", "closed",   "reopened",     "forwarded",   "attached",      "detached",
                                                       "merged",  "unmerged", "split",        "draft",       "taken_back",    "entrusted",
                                                       "waiting", "resumed",  "person_added", "person_link", "person_removed"};
    auto done = request.parameter("done");
    if (std::find(told.begin(), told.end(), done) != told.end()) out.data["t:done"] = "ticket.done." + std::string(done);
    out.headers.emplace_back("ETag", ticket_etag(seen.sheet.ticket.version));
    co_return out;
}

asio::awaitable<reply> show_refused(const request& request, app& app, const action_fields& typed, std::exception_ptr why) {
    auto seen = co_await read_ticket(request, app, event_seen(request));
    auto out = page("console/ticket", page_data(seen, request, app));
    put_refusal(out, typed.all(), why);
    reply_writing::put_refusal(out.data, typed);
    out.data["adds_person"] = typed.has("until");
    for (std::string role : {"adviser", "citizen"}) out.data["was_" + role] = typed.has("until") && typed.text("role") == role;
    out.data["was_en"] = typed.has("until") && typed.text("language") == "en";
    if (out.status != 409) co_return out;
    auto through = lens_of(request, app);
    for (const auto& each : seen.changes) out.data["changes"].push_back(views::event(each, through));
    co_return out;
}

} // namespace relais::api

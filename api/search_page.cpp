// SPDX-License-Identifier: EUPL-1.2
#include "api/search_page.hpp"

#include "api/console_menu.hpp"
#include "api/dossiers.hpp"
#include "api/guards.hpp"
#include "api/pages.hpp"
#include "api/ticket_search.hpp"
#include "api/url.hpp"
#include "api/view_parts.hpp"
#include "api/views.hpp"
#include "api/workers.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/quick_find.hpp"
#include "model/reference.hpp"
#include "model/saved_view.hpp"
#include "model/search_index.hpp"
#include "model/text.hpp"

#include <set>

namespace relais::api {

namespace {

using nlohmann::json;

constexpr int page_size = 30, quick_size = 6, completions_limit = 4;
constexpr std::size_t typed_limit_bytes = 400;

std::string typed(const request& request) { return std::string(request.parameter("q").substr(0, typed_limit_bytes)); }

std::string address_of(std::string_view q, std::string_view sort, std::string_view after = {}) {
    auto out = "/console/recherche?q=" + encode_component(q);
    if (!sort.empty()) out += "&sort=" + std::string(sort);
    if (!after.empty()) out += "&after=" + encode_component(after);
    return out;
}

json dossier_line(const model::found_dossier& each, const lens& through) {
    json out = {{"id", each.public_id}, {"number", each.number}, {"neph", each.neph}, {"name", each.birth_name + " " + each.first_names}};
    views::add_code(out, through, "status", "dossier_status", each.status);
    return out;
}

json ticket_line(const model::found_ticket& each, const lens& through) {
    json out = {{"reference", each.reference},
                {"subject", through.sees.words ? json(each.subject) : json(nullptr)},
                {"requester", through.sees.people ? json(each.requester) : json(nullptr)}};
    views::add_code(out, through, "status", "ticket_status", each.status);
    return out;
}

// Where the console goes, for those who may, and this colleague's views by name: only the first nine of these have a key.
json commands_for(const std::string& q, const request& request, const catalogue& texts, const std::vector<model::saved_view>& views) {
    auto out = json::array();
    auto wanted = model::text::fold(q);
    if (wanted.size() < 2) return out;
    auto offer = [&](const std::string& label, std::string_view address) {
        auto folded = " " + model::text::fold(label);
        if (folded.find(" " + wanted) != std::string::npos) out.push_back({{"label", label}, {"address", address}});
    };
    for (const auto& each : console_menu::all())
        if (console_menu::may_open(each, request)) offer(texts.get(request.language, each.label), each.address);
    std::set<std::pair<std::string, std::string>> offered; // kept for oneself, then shared: one view
    for (const auto& each : views)
        if (offered.emplace(each.name, each.query).second) offer(each.name, "/console/views/" + std::to_string(each.id));
    return out;
}

// What SQL finds at once, for this role: people for those who may see them, for the others a whole reference and nothing else.
asio::awaitable<model::quick_answer> quick_find(const request& request, const std::string& q, const sight& sees, app& app) {
    auto reference = model::references::read(q);
    auto shown = sees.people ? q : reference.value_or("");
    auto look = [shown](soci::session& sql) { return model::quick_finds::find(sql, shown, quick_size); };
    auto out = co_await app.database.read(std::move(look));
    if (!sees.people) out.dossiers.clear();
    std::vector<std::int64_t> seen;
    for (const auto& each : out.dossiers) seen.push_back(each.id);
    co_await note_found(request, app, std::move(seen));
    co_return out;
}

json sorts(const std::string& q, std::string_view chosen) {
    auto out = json::array();
    for (std::string_view each : {"newest", "relevance"})
        out.push_back({{"t:label", "search.sort." + std::string(each)},
                       {"address", address_of(q, each)},
                       {"is_chosen", each == (chosen.empty() ? "newest" : chosen)}});
    return out;
}

// The last word typed, completed as tickets spell it; the words before are kept.
json completions(const std::string& q, const std::vector<std::string>& words) {
    auto out = json::array();
    auto last = q.find_last_of(" \"");
    auto before = last == std::string::npos ? std::string() : q.substr(0, last + 1);
    for (const auto& each : words) out.push_back({{"text", before + each}, {"address", address_of(before + each, "")}});
    return out;
}

asio::awaitable<std::vector<std::string>> complete(const std::string& q, const sight& sees, app& app) {
    auto last = q.find_last_of(" \"");
    auto word = last == std::string::npos ? q : q.substr(last + 1);
    if (!sees.words || word.size() < 3 || word.find_first_of("0123456789") != std::string::npos) co_return std::vector<std::string>{};
    auto look = [&index = app.search, word] { return index.complete(word, completions_limit); };
    co_return co_await run_on(app.workers, std::move(look));
}

} // namespace

asio::awaitable<reply> show_search(const request& request, app& app) {
    auto q = typed(request);
    auto sort = request.parameter("sort");
    if (!sort.empty() && sort != "newest" && sort != "relevance") throw model::invalid({{"sort", "unknown", "fault.parameter.unknown"}});
    nlohmann::json data = {{"here_search", true},
                           {"q", q},
                           {"was_searched", !q.empty()},
                           {"items", nlohmann::json::array()},
                           {"dossiers", nlohmann::json::array()}};
    if (q.empty()) co_return page("console/search", std::move(data));
    ticket_search::wish wanted;
    wanted.q = q, wanted.by_relevance = sort == "relevance", wanted.limit = page_size, wanted.filter.status.clear();
    wanted.offset = ticket_search::read_cursor(request.parameter("after"));
    auto through = lens_of(request, app);
    auto found = co_await ticket_search::find(wanted, through.sees, app);
    auto quick = co_await quick_find(request, q, through.sees, app);
    for (const auto& each : found.lines) data["items"].push_back(views::queue_line(each, through));
    for (const auto& each : quick.dossiers) data["dossiers"].push_back(dossier_line(each, through));
    data["search"] = ticket_search::view(found);
    data["next"] = found.next.empty() ? nlohmann::json(nullptr) : nlohmann::json(found.next);
    if (!through.for_people) co_return api::json(std::move(data));
    data["is_empty"] = data["items"].empty(), data["has_dossiers"] = !quick.dossiers.empty();
    data["sorts"] = sorts(q, sort);
    data["sort"] = sort;
    auto is_whole = found.next.empty() && wanted.offset == 0;
    data["about"] = found.about;
    data["t:count"] = !is_whole ? "search.about" : found.lines.size() == 1 ? "search.one" : "search.exactly";
    if (is_whole) data["about"] = found.lines.size();
    if (!found.suggestion.empty()) data["suggestion_address"] = address_of(found.suggestion, sort);
    if (!found.next.empty()) data["next_address"] = address_of(q, sort, found.next);
    data["is_continued"] = wanted.offset > 0, data["first_address"] = address_of(q, sort);
    co_return page("console/search", std::move(data));
}

asio::awaitable<reply> show_quick_find(const request& request, app& app) {
    auto q = typed(request);
    auto through = lens_of(request, app);
    auto found = co_await quick_find(request, q, through.sees, app);
    auto words = co_await complete(q, through.sees, app);
    auto look = [q, me = request.who.id](soci::session& sql) {
        return std::pair(model::quick_finds::incidents(sql, q, quick_size), model::saved_views::of(sql, me));
    };
    auto [incidents, views] = co_await app.database.read(std::move(look));
    nlohmann::json data = {{"tickets", nlohmann::json::array()}, {"dossiers", nlohmann::json::array()}, {"words", completions(q, words)}};
    for (const auto& each : found.tickets) data["tickets"].push_back(ticket_line(each, through));
    for (const auto& each : found.dossiers) data["dossiers"].push_back(dossier_line(each, through));
    data["incidents"] = nlohmann::json::array(), data["commands"] = commands_for(q, request, app.templates.texts(), views);
    for (const auto& each : incidents) {
        nlohmann::json one = {{"number", each.id}, {"title", each.title}};
        views::add_code(one, through, "state", "incident.state", each.state);
        data["incidents"].push_back(std::move(one));
    }
    data["has_incidents"] = !incidents.empty(), data["has_commands"] = !data["commands"].empty();
    data["has_tickets"] = !found.tickets.empty(), data["has_dossiers"] = !found.dossiers.empty(), data["has_words"] = !words.empty();
    data["is_nothing"] = found.tickets.empty() && found.dossiers.empty() && words.empty() && incidents.empty() && data["commands"].empty();
    if (q.size() < 2) data["is_nothing"] = false;
    if (!q.empty()) data["all_address"] = address_of(q, "");
    co_return page("fragment/quick_find", std::move(data));
}

} // namespace relais::api

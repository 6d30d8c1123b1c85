// SPDX-License-Identifier: EUPL-1.2
#include "api/calls.hpp"

#include "api/call_view.hpp"
#include "api/guards.hpp"
#include "api/json_body.hpp"
#include "api/json_reader.hpp"
#include "api/settings.hpp"
#include "api/time_text.hpp"
#include "api/url.hpp"
#include "api/write_once.hpp"
#include "model/call_report.hpp"
#include "model/call_state.hpp"
#include "model/callback_calling.hpp"
#include "model/cti.hpp"
#include "model/database.hpp"
#include "model/error.hpp"
#include "model/reference.hpp"
#include "model/refiling.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"

#include <charconv>

namespace relais::api {

namespace {

using model::field_fault;

constexpr int page_size = 50, created = 201;
constexpr std::int64_t us_in_s = 1'000'000;
constexpr std::size_t text_limit = 100'000; // code points; the true limits are the model's

std::optional<std::chrono::sys_seconds> moment_in(const request& request, std::string_view name, std::vector<field_fault>& faults) {
    auto text = request.parameter(name);
    if (text.empty()) return std::nullopt;
    auto out = time_text::parse(text);
    constexpr std::size_t day_size = 10; // 2026-11-23: the whole of it, up to the end
    if (out && name == "to" && text.size() == day_size) *out += std::chrono::hours(24);
    if (!out) faults.push_back({std::string(name), "malformed", "fault.parameter.malformed"});
    return out;
}

int limit_in(const request& request, std::vector<field_fault>& faults) {
    auto text = request.parameter("limit");
    if (text.empty()) return page_size;
    int out = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || out < 1 || out > model::calls::page_limit)
        faults.push_back({"limit", "out_of_range", "fault.parameter.limit"});
    return out;
}

model::call_filter filter_in(const request& request, std::vector<field_fault>& faults) {
    model::call_filter out;
    out.from = moment_in(request, "from", faults), out.to = moment_in(request, "to", faults);
    out.phone_ending = request.parameter("phone_ending"), out.direction = request.parameter("direction");
    out.outcome = request.parameter("outcome");
    auto ticket = request.parameter("ticket");
    out.reference = model::references::read(ticket).value_or(std::string(ticket));
    out.only_lost = !request.parameter("lost").empty();
    if (!request.parameter("mine").empty()) out.agent_id = request.who.id;
    if (!out.direction.empty() && out.direction != "in" && out.direction != "out")
        faults.push_back({"direction", "unknown", "fault.parameter.unknown"});
    if (!out.outcome.empty() && !model::calls::is_outcome(out.outcome)) faults.push_back({"outcome", "unknown", "fault.parameter.unknown"});
    return out;
}

// The address of a page of the list, with the same filters; after: of the last line before it, nothing for the first page.
std::string page_address(const request& request, const std::string& after) {
    std::string out = "/console/calls?after=" + encode_component(after);
    for (const auto& [name, value] : request.query)
        if (name != "after" && !value.empty()) out += "&" + name + "=" + encode_component(value);
    return out;
}

void add_to_page(nlohmann::json& data, const request& request, const app& app) {
    data["here_calls"] = true;
    data["is_empty"] = data["items"].empty();
    data["is_continued"] = !request.parameter("after").empty();
    if (data["next"].is_string()) data["next_address"] = page_address(request, data["next"]);
    data["first_address"] = page_address(request, "");
    data["phone_ending"] = request.parameter("phone_ending"), data["of_ticket"] = request.parameter("ticket");
    data["from"] = request.parameter("from"), data["to"] = request.parameter("to");
    data["is_lost_only"] = !request.parameter("lost").empty(), data["is_mine_only"] = !request.parameter("mine").empty();
    data["is_filtered"] = request.query.size() > (request.query.contains("after") ? 1U : 0U);
    data["may_oversee"] = (role_bit(request.who.role) & (supervisor | admin)) != 0;
    data["can_dial"] = !app.config.telephony.originate_url.empty();
}

// What POST /api/v1/calls was given.
struct given_call {
    model::call what;
    std::string reference, words, why_file_again;
};

std::optional<std::int64_t> moment_us(json_reader& body, std::string_view name, std::vector<field_fault>& faults, bool is_required) {
    auto text = body.optional_text(name, text_limit);
    if (!text && !is_required) return std::nullopt;
    auto at = text ? time_text::parse(*text) : std::nullopt;
    if (!at)
        faults.push_back(
            {std::string(name), text ? "malformed" : "missing", text ? "fault.parameter.malformed" : "fault.parameter.missing"});
    return at ? std::optional(model::seconds(*at) * us_in_s) : std::nullopt;
}

void check_times(const model::call& what, std::chrono::sys_seconds now, std::vector<field_fault>& faults) {
    if (what.started_at() > now + std::chrono::minutes(5)) faults.push_back({"started_at", "future", "fault.call.future"});
    if (what.ended_at_us && *what.ended_at_us < what.started_at_us)
        faults.push_back({"ended_at", "before_start", "fault.call.ended_before"});
}

given_call read_call(const request& request) {
    auto parsed = json_body::parse(request.body);
    std::vector<field_fault> faults;
    json_reader body(parsed, faults);
    given_call out;
    auto& call = out.what;
    call.direction = body.optional_text("direction", text_limit).value_or("");
    std::tie(call.phone, call.phone_given) = model::call_states::phone_of(body.optional_text("phone", text_limit).value_or(""));
    call.started_at_us = moment_us(body, "started_at", faults, true).value_or(0);
    call.ended_at_us = moment_us(body, "ended_at", faults, false);
    call.outcome = body.optional_text("outcome", text_limit).value_or("");
    auto ticket = body.optional_text("ticket", text_limit).value_or("");
    out.reference = model::references::read(ticket).value_or(ticket);
    auto note = model::text::check_message(body.optional_text("note", text_limit).value_or(""), model::calls::note_limit);
    auto why = model::text::check_line(body.optional_text("new_request_reason", text_limit).value_or(""), model::refilings::reason_limit);
    body.finish();
    if (!why.accepted()) faults.push_back(model::fault("new_request_reason", "text", why));
    out.why_file_again = why.normalised;
    if (call.direction != "in" && call.direction != "out") faults.push_back({"direction", "unknown", "fault.call.direction"});
    if (!model::calls::is_outcome(call.outcome)) faults.push_back({"outcome", "unknown", "fault.call.outcome_unknown"});
    if (!note.accepted()) faults.push_back(model::fault("note", "text", note));
    check_times(call, request.now, faults);
    if (!faults.empty()) throw model::invalid(std::move(faults));
    out.words = call.note = model::sensitive::mask(note.normalised);
    call.state = "ended", call.ended_by = "agent";
    if (!call.ended_at_us) call.ended_at_us = call.started_at_us;
    if (call.outcome == "answered") call.answered_at_us = call.started_at_us;
    call.wait_s = call.outcome == "answered" ? 0 : (*call.ended_at_us - call.started_at_us) / us_in_s;
    if (request.who.is == audience::kind::staff) call.agent_id = request.who.id, call.agent_name = request.who.name;
    return out;
}

model::call begun_call(const request& request) {
    model::call out;
    out.started_at_us = model::seconds(request.now) * us_in_s;
    out.agent_id = request.who.id, out.agent_name = request.who.name;
    return out;
}

// A call that the telephone system is asked to make: it rings until that system tells more.
model::call dialled_call(const request& request, const std::string& phone) {
    auto out = begun_call(request);
    out.direction = "out", out.phone = phone, out.phone_given = phone;
    return out;
}

struct written_call {
    std::string id, extension; // the telephone of the agent who calls
};
written_call write_call(soci::session& sql, const model::call& what, const std::string& ticket, const model::actor& who) {
    auto added = model::calls::add(sql, what, who, what.started_at());
    if (!ticket.empty()) model::calls::join_ticket(sql, added, ticket);
    return {added.public_id, model::extensions::of(sql, *who.id)};
}

// A call that an agent notes by hand: its card asks for the rest.
model::call noted_call(const request& request) {
    auto out = begun_call(request);
    auto given = request.field("phone");
    std::tie(out.phone, out.phone_given) = model::call_states::phone_of(given);
    if (!given.empty() && out.phone.empty()) throw model::invalid({{"phone", "malformed", "fault.call.phone"}});
    out.direction = request.field("direction") == "out" ? "out" : "in";
    out.answered_at_us = out.ended_at_us = out.started_at_us;
    out.state = "ended", out.outcome = "answered", out.ended_by = "agent", out.wait_s = 0;
    return out;
}

} // namespace

asio::awaitable<reply> list_calls(const request& request, app& app) {
    std::vector<field_fault> faults;
    auto filter = filter_in(request, faults);
    auto limit = limit_in(request, faults);
    if (!faults.empty()) throw model::invalid(std::move(faults));
    auto look = [filter, limit, after = std::string(request.parameter("after"))](soci::session& sql) {
        return model::calls::list(sql, filter, after, limit);
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"items", nlohmann::json::array()}, {"next", nullptr}};
    for (const auto& each : found.lines) data["items"].push_back(views::call_line(each, through));
    if (!found.next.empty()) data["next"] = found.next;
    if (request.wants_json()) co_return json(std::move(data));
    add_to_page(data, request, app);
    co_return page("console/calls", std::move(data));
}

asio::awaitable<reply> add_call(const request& request, app& app) {
    auto given = read_call(request);
    std::function<reply(soci::session&)> visit = [given, who = actor_of(request), now = request.now](soci::session& sql) {
        auto added = model::calls::add(sql, given.what, who, now);
        nlohmann::json data = {{"id", added.public_id}, {"outcome", added.outcome}, {"ticket", nullptr}, {"traced", false}};
        if (!given.reference.empty()) {
            auto linked = model::call_reports::link(sql, added, given.reference, given.words, who, now, given.why_file_again);
            data["ticket"] = linked.reference, data["traced"] = linked.is_traced;
        }
        return json(std::move(data), created);
    };
    auto out = co_await write_once(request, app, std::move(visit));
    app.wake_mailer();
    co_return out;
}

asio::awaitable<std::string> dial_out(const request& request, app& app, std::string phone, std::string ticket) {
    auto write = [call = dialled_call(request, phone), ticket, who = actor_of(request)](soci::session& sql) {
        return write_call(sql, call, ticket, who);
    };
    auto made = co_await app.database.write(std::move(write));
    app.originate({{"call", made.id}, {"number", phone}, {"user", request.who.name}, {"extension", made.extension}});
    co_return made.id;
}

asio::awaitable<reply> start_call(const request& request, app& app) {
    auto ticket = std::string(request.field("ticket"));
    auto is_dialled = !request.field("dial").empty() && !app.config.telephony.originate_url.empty();
    auto phone = model::call_states::phone_of(request.field("phone")).first;
    if (is_dialled && phone.empty()) throw model::invalid({{"phone", "missing", "fault.call.phone"}});
    auto made = std::make_shared<std::optional<written_call>>(); // by this press: the button pressed twice rings once
    std::function<reply(soci::session&)> visit = [call = is_dialled ? dialled_call(request, phone) : noted_call(request), ticket, made,
                                                  who = actor_of(request)](soci::session& sql) {
        *made = write_call(sql, call, ticket, who);
        return json({{"id", (*made)->id}});
    };
    auto out = co_await write_once(request, app, std::move(visit));
    auto id = out.data["id"].get<std::string>();
    if (is_dialled && *made)
        app.originate({{"call", id}, {"number", phone}, {"user", request.who.name}, {"extension", (*made)->extension}});
    co_return see_other("/console/calls/" + id);
}

asio::awaitable<reply> show_current_calls(const request& request, app& app) {
    struct mine {
        std::vector<model::call> calls;
        std::vector<std::string> names; // of who may be calling
        std::string held_phone;         // of the callback that this colleague is making
    };
    auto owner = model::callback_caller{actor_of(request), {}}.owner();
    auto look = [user = request.who.id, owner, now = request.now](soci::session& sql) {
        mine out;
        out.calls = model::calls::of_agent(sql, user, now);
        if (auto held = model::callback_calling::find_held(sql, owner)) out.held_phone = held->phone;
        for (const auto& each : out.calls) {
            auto people = model::callers::find(sql, each.phone);
            out.names.push_back(people.size() == 1 ? people.front().who.name : std::string());
        }
        return out;
    };
    auto found = co_await app.database.read(std::move(look));
    auto through = lens_of(request, app);
    nlohmann::json data = {{"calls", nlohmann::json::array()}};
    for (std::size_t i = 0; i < found.calls.size(); ++i) {
        const auto& each = found.calls[i];
        auto item = views::call(each, through);
        item["name"] = found.names[i];
        // A page that nobody writes in turns to the card of a call that is this colleague's alone. A callback has its own page.
        auto rings_for_one = each.rings_for.find(' ') == std::string::npos;
        auto is_callback = each.direction == "out" && !each.phone.empty() && each.phone == found.held_phone;
        item["opens_itself"] = !is_callback && !each.written_at && (each.state == "talking" || (each.state == "ringing" && rings_for_one));
        data["calls"].push_back(std::move(item));
    }
    data["has_calls"] = !found.calls.empty();
    co_return page("fragment/calls", std::move(data));
}

} // namespace relais::api

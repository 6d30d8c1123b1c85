// SPDX-License-Identifier: EUPL-1.2
#include "api/call_view.hpp"

#include "api/pages.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/phone.hpp"

#include <fmt/format.h>

namespace relais::api::views {

using json = nlohmann::json;

namespace {

std::optional<std::chrono::sys_seconds> moment(std::optional<std::int64_t> at_us) {
    if (!at_us) return std::nullopt;
    return model::at_seconds(*at_us / 1'000'000);
}

json number_or_null(std::optional<std::int64_t> value) { return value ? json(*value) : json(nullptr); }

std::string shown_number(const model::call& of, const lens& through) {
    if (!of.phone.empty()) return model::phones::display(of.phone);
    auto is_withheld = of.phone_given.empty() || of.phone_given.find_first_of("0123456789") == std::string::npos;
    return is_withheld ? through.texts->say(through.language, "call.withheld", json::object()) : of.phone_given;
}

} // namespace

std::string seconds_text(std::int64_t seconds) {
    if (seconds < 60) return fmt::format("{} s", seconds);
    return seconds % 60 == 0 ? fmt::format("{} min", seconds / 60) : fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
}

json call(const model::call& of, const lens& through) {
    json out = {{"id", of.public_id},
                {"queue", of.queue},
                {"line", of.line},
                {"cause", of.cause},
                {"agent", of.agent_name.empty() ? json(nullptr) : json(of.agent_name)},
                {"transfers", of.transfers},
                {"wait_s", number_or_null(of.wait_s)},
                {"talk_s", number_or_null(of.talk_s())},
                {"phone", through.sees.people && !of.phone.empty() ? json(of.phone) : json(nullptr)},
                {"note", through.sees.words ? json(of.note) : json(nullptr)},
                {"identity", of.identity}};
    add_code(out, through, "direction", "call_direction", of.direction);
    add_code(out, through, "state", "call_state", of.state);
    add_code(out, through, "outcome", "call_outcome", of.outcome);
    add_moment(out, through, "started_at", moment(of.started_at_us));
    add_moment(out, through, "answered_at", moment(of.answered_at_us));
    add_moment(out, through, "ended_at", moment(of.ended_at_us));
    if (!through.for_people) return out;
    out["phone_shown"] = shown_number(of, through);
    if (of.wait_s) out["wait_shown"] = seconds_text(*of.wait_s);
    if (of.talk_s()) out["talk_shown"] = seconds_text(*of.talk_s());
    out["is_out"] = of.direction == "out";
    out["is_lost"] = of.is_lost();
    out["is_over"] = of.is_over();
    out["is_" + of.state] = true;
    out["is_written"] = of.written_at.has_value();
    out["is_confirmed"] = of.identity == "confirmed";
    return out;
}

json call_line(const model::call_line& of, const lens& through) {
    auto out = call(of.what, through);
    out["ticket"] = of.reference.empty() ? json(nullptr) : json(of.reference);
    out["caller"] = through.sees.people && !of.caller.empty() ? json(of.caller) : json(nullptr);
    return out;
}

json caller(const model::caller& who, const std::vector<model::caller_fact>& facts, const lens& through) {
    json out = {{"key", who.key},
                {"name", who.who.name},
                {"birth_name", who.who.birth_name},
                {"first_names", who.who.first_names},
                {"birth_date", who.who.birth_date},
                {"email", who.who.email},
                {"postal_address", who.who.postal_address},
                {"reference", who.reference}};
    add_code(out, through, "certainty", "caller_certainty", who.certainty);
    out["is_" + who.certainty] = true;
    auto& list = out["facts"] = json::array();
    int number = 0;
    for (const auto& each : facts) {
        json fact = {{"value", each.value}, {"number", ++number}};
        add_code(fact, through, "code", "caller_fact", each.code);
        list.push_back(std::move(fact));
    }
    out["may_be_confirmed"] = facts.size() >= model::callers::facts_needed;
    return out;
}

json card_ticket(const model::ticket& of, const lens& through) {
    json out = {{"reference", of.reference}, {"subject", of.subject}, {"version", of.version}, {"dossier_link", of.dossier_link}};
    add_code(out, through, "status", "ticket_status", of.status);
    add_code(out, through, "procedure", "procedure", of.procedure_code);
    add_moment(out, through, "received_at", of.received_at);
    out["is_open"] = of.status != "closed" && of.status != "merged";
    return out;
}

} // namespace relais::api::views

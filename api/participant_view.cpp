// SPDX-License-Identifier: EUPL-1.2
#include "api/participant_view.hpp"

#include "api/form_fields.hpp"
#include "api/parameters.hpp"
#include "api/view_parts.hpp"
#include "api/view_text.hpp"
#include "model/citizen.hpp"
#include "model/error.hpp"

#include <algorithm>

namespace relais::api::participant_views {

namespace {

using model::message_readers::requester;
using nlohmann::json;

// Who writes for themselves is the citizen; a school or an adviser that opened the ticket is what it is.
std::string role_of_requester(const std::string& channel) {
    if (channel == "driving_school") return "proxy";
    return channel == "france_services" || channel == "prefecture" ? "adviser" : "citizen";
}

const model::participant* find(const seen& what, std::int64_t id) {
    auto found = std::find_if(what.people.begin(), what.people.end(), [id](const auto& each) { return each.id == id; });
    return found == what.people.end() ? nullptr : &*found;
}

json name_of(const seen& what, std::int64_t id) {
    if (id == requester) return {{"id", requester}, {"role", role_of_requester(what.channel)}, {"name", what.requester}};
    const auto* who = find(what, id);
    return {{"id", id}, {"role", who ? who->role : ""}, {"name", who ? who->name : ""}};
}

std::string words_of(const seen& what, std::int64_t id, const catalogue& texts, std::string_view language) {
    auto named = name_of(what, id);
    auto role = named["role"].get<std::string>();
    auto name = named["name"].get<std::string>();
    if (id == requester || role.empty()) return name;
    return name + " (" + texts.get(language, "participant_role." + role) + ")";
}

// Of one message: its readers, and who of the participants wrote it.
struct audience_of_message {
    std::vector<std::int64_t> to;
    std::optional<std::int64_t> author;
};

audience_of_message audience_of(const seen& what, const json& message) {
    audience_of_message out;
    auto id = message["id"].get<std::int64_t>();
    for (const auto& each : what.readers)
        if (each.message_id == id && each.is_author)
            out.author = each.participant_id;
        else if (each.message_id == id)
            out.to.push_back(each.participant_id);
    auto kind = message["kind"].get<std::string>();
    if (out.to.empty() && (kind == "reply" || kind == "system")) out.to.push_back(requester);
    return out;
}

void put_audience(json& message, const seen& what, const lens& through) {
    auto [to, author] = audience_of(what, message);
    message["to"] = json::array();
    for (auto each : to) message["to"].push_back(name_of(what, each));
    message["from_participant"] = author ? json(*author) : json(nullptr);
    if (!through.for_people || what.people.empty() || message["kind"] == "note") return;
    // A mail to their address that came from another keeps that other one's name: the agent shall see it.
    if (author && message["author"] == name_of(what, *author)["name"])
        message["author"] = words_of(what, *author, *through.texts, through.language);
    auto readers = author ? std::vector{*author} : to.empty() ? std::vector{requester} : to;
    message["read_by"] = list(what, readers, *through.texts, through.language);
}

bool is_here(const seen& what, std::int64_t id) { return std::find(what.here.begin(), what.here.end(), id) != what.here.end(); }

std::vector<std::int64_t> typed_in(const request& request) {
    std::vector<std::int64_t> out;
    for (const auto& each : form_list(request.form, "to[]"))
        if (auto id = parameters::number_of(each)) out.push_back(*id);
    return out;
}

// Who wrote last, when they are still there: one answers who asked.
std::int64_t last_author(const json& ticket, const seen& what, std::chrono::sys_seconds now) {
    if (!ticket.contains("messages")) return requester;
    for (auto each = ticket["messages"].rbegin(); each != ticket["messages"].rend(); ++each) {
        if ((*each)["kind"] != "citizen") continue;
        auto author = audience_of(what, *each).author.value_or(requester);
        const auto* who = find(what, author);
        return who && is_here(what, author) && who->is_active(now) ? author : requester;
    }
    return requester;
}

} // namespace

seen read(soci::session& sql, std::string_view reference) {
    auto on = model::tickets::get(sql, reference);
    seen out;
    out.requester = model::citizens::get(sql, on.requester_id).name, out.channel = on.channel;
    out.people = model::participants::of(sql, on.id);
    for (const auto& each : out.people) out.here.push_back(each.id);
    out.readers = model::message_readers::of(sql, on.id);
    for (const auto& each : out.readers)
        if (each.participant_id != requester && !find(out, each.participant_id))
            if (auto elsewhere = model::participants::find(sql, each.participant_id)) out.people.push_back(std::move(*elsewhere));
    return out;
}

json one(const model::participant& who, const lens& through) {
    auto is_present = who.is_active(through.now);
    json out = {{"id", who.id},
                {"name", who.name},
                {"email", who.email},
                {"phone", who.phone},
                {"role", who.role},
                {"language", who.language},
                {"added_by", who.added_by},
                {"is_present", is_present},
                {"ended_by", nullptr},
                {"is_unreachable", who.mail_state == "unreachable"}};
    if (!who.ended_by.empty()) out["ended_by"] = who.ended_by;
    views::add_moment(out, through, "added_at", who.added_at);
    views::add_moment(out, through, "ends_at", who.ends_at);
    if (!through.for_people) return out;
    out["t:role_label"] = "participant_role." + who.role;
    out["since"] = view_text::day(*through.texts, through.language, view_text::local_day(who.added_at));
    if (who.ends_at)
        out["until"] = view_text::day(*through.texts, through.language, view_text::local_day(*who.ends_at - std::chrono::seconds(1)));
    return out;
}

json people(const seen& what, const lens& through) {
    auto out = json::array({name_of(what, requester)});
    for (const auto& each : what.people)
        if (is_here(what, each.id)) out.push_back(one(each, through));
    return out;
}

void put(json& ticket, const seen& what, const lens& through) {
    if (!through.sees.words || !through.sees.people || !ticket.contains("messages")) return;
    ticket["participants"] = people(what, through);
    for (auto& each : ticket["messages"]) put_audience(each, what, through);
}

void put_choices(json& ticket, const seen& what, const request& request, const std::optional<model::reply_draft>& draft) {
    auto chosen = typed_in(request);
    if (chosen.empty() && draft) chosen = model::message_readers::read(draft->readers);
    if (chosen.empty()) chosen.push_back(last_author(ticket, what, request.now));
    auto is_chosen = [&chosen](std::int64_t id) { return std::find(chosen.begin(), chosen.end(), id) != chosen.end(); };
    auto& out = ticket["addressees"] = json::array();
    out.push_back({{"id", std::to_string(requester)},
                   {"name", what.requester},
                   {"is_chosen", is_chosen(requester)},
                   {"is_requester", true},
                   {"role", ""},
                   {"by_phone", false}});
    ticket["people"] = json::array(); // beside the requester, who has a panel of their own
    for (const auto& each : ticket["participants"])
        if (each["id"] != requester) ticket["people"].push_back(each);
    for (const auto& each : what.people)
        if (is_here(what, each.id) && each.is_active(request.now))
            out.push_back({{"id", each.id},
                           {"name", each.name},
                           {"t:role", "participant_role." + each.role},
                           {"by_phone", each.email.empty()},
                           {"is_chosen", is_chosen(each.id)}});
    ticket["has_addressees"] = out.size() > 1;
    ticket["has_people"] = !ticket["people"].empty();
}

// As many as a draft keeps (reply_draft.readers).
constexpr std::size_t readers_limit = 20;

std::vector<std::int64_t> readers_in(const request& request, const action_fields& given) {
    if (!given.has("to[]") && request.field("addressed").empty()) return {};
    std::vector<std::int64_t> out;
    for (const auto& each : given.list("to[]")) {
        auto id = parameters::number_of(each);
        if (!id) throw model::invalid({{"to", "unknown", "fault.participant.reader_unknown"}});
        out.push_back(*id);
    }
    if (out.empty()) throw model::invalid({{"to", "missing", "fault.participant.to_missing"}});
    if (out.size() > readers_limit) throw model::invalid({{"to", "unknown", "fault.participant.reader_unknown"}});
    return out;
}

std::string list(const seen& what, const std::vector<std::int64_t>& ids, const catalogue& texts, std::string_view language) {
    std::string out;
    for (auto each : ids) out += (out.empty() ? "" : ", ") + words_of(what, each, texts, language);
    return out;
}

std::string history_detail(const model::event& of, const seen& what, const catalogue& texts, std::string_view language) {
    auto data = json::parse(of.data, nullptr, false);
    if (!data.is_object()) return {};
    if (data.contains("participant") && data["participant"].is_number_integer())
        return words_of(what, data["participant"].get<std::int64_t>(), texts, language);
    if (of.action != "ticket.replied" || !data.contains("to")) return {};
    return "→ " + list(what, data["to"].get<std::vector<std::int64_t>>(), texts, language);
}

} // namespace relais::api::participant_views

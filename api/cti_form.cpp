// SPDX-License-Identifier: EUPL-1.2
#include "api/cti_form.hpp"
#include "api/json_body.hpp"
#include "api/malformed.hpp"
#include "api/urlencoded.hpp"
#include "model/utf8.hpp"

#include <algorithm>
#include <array>

namespace relais::api::cti_form {

namespace {

using json = nlohmann::json;

constexpr std::size_t call_id_limit_bytes = 250, text_limit_bytes = 120, users_limit = 50;
constexpr std::array<std::string_view, 3> kinds = {"newCall", "answer", "hangup"};
constexpr std::array<std::string_view, 7> causes = {"normalClearing", "busy", "cancel", "noAnswer", "congestion", "notFound", "forwarded"};

template <class List> bool is_one_of(const List& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

// Telephone systems are not particular about types: a number may come as a number.
std::string text_of(const json& value, std::size_t limit) {
    if (value.is_string()) return std::string(model::utf8::cut(value.get_ref<const std::string&>(), limit));
    return value.is_number_integer() ? value.dump() : std::string();
}

void fill_from_json(model::cti_event& out, const json& body) {
    auto text = [&](const char* name, std::size_t limit = text_limit_bytes) {
        return body.contains(name) ? text_of(body[name], limit) : std::string();
    };
    out.kind = text("event"), out.call_id = text("callId", call_id_limit_bytes + 1), out.from = text("from"), out.to = text("to");
    out.direction = text("direction"), out.queue = text("queue"), out.answering_number = text("answeringNumber"), out.cause = text("cause");
    if (!body.contains("user")) return;
    const auto& users = body["user"];
    auto add = [&out](const std::string& user) {
        if (!user.empty() && out.users.size() < users_limit) out.users.push_back(user);
    };
    if (users.is_array())
        for (const auto& each : users) add(text_of(each, text_limit_bytes));
    else
        add(text_of(users, text_limit_bytes));
}

void fill_from_form(model::cti_event& out, const std::string& body) {
    auto form = parse_urlencoded(body);
    json fields = json::object();
    for (const auto& [name, value] : form) fields[name] = value;
    if (form.contains("user[]")) fields["user"] = form_list(form, "user[]");
    fill_from_json(out, fields);
}

std::string fault_of(const model::cti_event& of) {
    if (of.kind.empty()) return "event_missing";
    if (!is_one_of(kinds, of.kind)) return "event_unknown";
    if (of.call_id.empty() || of.call_id.size() > call_id_limit_bytes) return "call_id_missing";
    if (of.direction != "in" && of.direction != "out") return "direction_unknown";
    if (of.kind == "hangup" && !is_one_of(causes, of.cause)) return "cause_unknown";
    return {};
}

} // namespace

read_event read(const request& request) {
    read_event out;
    try {
        if (request.header("content-type").starts_with("application/json")) {
            auto body = json_body::parse(request.body);
            if (!body.is_object()) return {{}, "not_readable"};
            fill_from_json(out.what, body);
        } else {
            fill_from_form(out.what, request.body);
        }
    } catch (const malformed&) {
        return {{}, "not_readable"};
    }
    out.fault = fault_of(out.what);
    return out;
}

} // namespace relais::api::cti_form

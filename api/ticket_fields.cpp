// SPDX-License-Identifier: EUPL-1.2
#include "api/ticket_fields.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

namespace relais::api::ticket_fields {
namespace {

constexpr std::array<std::string_view, 6> channels = {"web_form", "phone", "letter", "driving_school", "france_services", "prefecture"};

void copy_texts(json_reader& from, std::string_view prefix, std::initializer_list<std::string_view> names, contact_forms::fields& to) {
    for (auto name : names)
        if (auto text = from.optional_text(name, text_limit)) to[std::string(prefix).append(name)] = std::move(*text);
}

void copy_object(json_reader& body, std::string_view name, std::initializer_list<std::string_view> members, contact_forms::fields& to) {
    auto object = body.optional_object(name);
    if (!object) return;
    copy_texts(*object, std::string(name).append("."), members, to);
    object->finish();
}

} // namespace

contact_forms::fields read(json_reader& body) {
    contact_forms::fields out;
    copy_object(body, "requester", {"name", "email", "phone", "postal_address"}, out);
    copy_object(body, "subject_person", {"birth_name", "first_names", "birth_date", "relation"}, out);
    copy_object(body, "portal", {"step", "error_code", "message", "browser", "release"}, out);
    copy_texts(body, "", {"dossier_number", "neph", "procedure", "department", "legal_nature", "subject", "body"}, out);
    return out;
}

bool is_channel(std::string_view name) { return std::find(channels.begin(), channels.end(), name) != channels.end(); }

} // namespace relais::api::ticket_fields

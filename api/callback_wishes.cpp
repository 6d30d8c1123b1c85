// SPDX-License-Identifier: EUPL-1.2
#include "api/callback_wishes.hpp"

#include "model/numbering_plan.hpp"
#include "model/phone.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"

#include <date/tz.h>

#include <algorithm>

namespace relais::api::callback_wishes {
namespace {

using contact_forms::fields;

constexpr std::size_t spoken_limit = 100, need_limit = 400, zone_limit = 40;
constexpr std::string_view paris = "Europe/Paris";

std::string value_of(const fields& given, std::string_view name) {
    auto found = given.find(name);
    return found == given.end() ? std::string{} : found->second;
}

void sort(std::string field, std::string_view noun, const model::checked& found, outcome& out) {
    if (found.result == model::verdict::invalid)
        out.faults.push_back(model::fault(std::move(field), noun, found));
    else if (found.result == model::verdict::suspect)
        out.hints.push_back(model::fault(std::move(field), noun, found));
}

std::string line(const fields& given, const std::string& field, std::size_t limit, outcome& out) {
    auto found = model::text::check_line(value_of(given, field), limit);
    sort(field, "text", found, out);
    return model::sensitive::mask(found.normalised);
}

void check_phone(const fields& given, const model::callback_rules& rules, outcome& out) {
    auto found = model::phones::check(value_of(given, "phone"), value_of(given, "department"), model::phones::purpose::callback);
    sort("phone", "phone", found, out);
    out.wish.phone = found.normalised;
    auto is_abroad = found.accepted() && !model::numbering_plan::is_french(found.normalised);
    if (is_abroad && !rules.is_abroad_allowed) out.faults.push_back({"phone", "abroad", "fault.callback.abroad"});
}

void check_place(const fields& given, const model::calendar_book& book, outcome& out) {
    auto chosen = value_of(given, "zone");
    if (!chosen.empty() && !is_zone(chosen)) {
        out.faults.push_back({"zone", "unknown", "fault.callback.zone"});
        return;
    }
    out.wish.place.zone = zone_of(given, out.wish.phone, book);
    out.wish.place.department = value_of(given, "department");
    if (out.wish.place.department.empty()) out.wish.place.department = model::calendar_books::department_of_zone(book, out.wish.place.zone);
}

} // namespace

bool is_zone(const std::string& name) {
    if (name.size() > zone_limit) return false;
    try {
        return date::locate_zone(name) != nullptr;
    } catch (const std::runtime_error&) {
        return false;
    }
}

std::string zone_of(const fields& given, std::string_view phone_e164, const model::calendar_book& book) {
    if (auto chosen = value_of(given, "zone"); !chosen.empty()) return chosen;
    // A mainland department says as little as none: the telephone may be overseas all the same.
    const auto& lives = model::calendar_books::zone_of_department(book, value_of(given, "department"));
    return lives != paris ? lives : model::calendar_books::zone_of_phone(book, phone_e164);
}

outcome check(fields given, const terms& under) {
    outcome out;
    check_phone(given, under.rules, out);
    // The ticket's own form: the same telephone is the way to answer, and the subject says what it is about when nothing more is said.
    given["requester.phone"] = value_of(given, "phone");
    if (value_of(given, "body").find_first_not_of(" \t\r\n") == std::string::npos) given["body"] = value_of(given, "subject");
    auto contact = contact_forms::check(given, under.contact);
    auto is_ours = [](const model::field_fault& each) {
        return each.field == "requester.phone" || each.field == "requester" || (each.field == "body" && each.code == "empty");
    };
    auto take = [&](const auto& from, auto& to) {
        std::copy_if(from.begin(), from.end(), std::back_inserter(to), [&](auto& each) { return !is_ours(each); });
    };
    take(contact.faults, out.faults);
    take(contact.hints, out.hints);
    auto& wish = out.wish;
    wish.spoken = line(given, "spoken", spoken_limit, out);
    wish.access_need = line(given, "access_need", need_limit, out);
    check_place(given, *under.rules.calendars, out);
    const auto& requester = contact.contact.requester;
    wish.name = requester.name, wish.email = requester.email, wish.language = contact.contact.language;
    wish.subject = contact.contact.subject;
    wish.is_anonymous = under.contact.is_anonymous;
    contact.contact.requester.phone = wish.phone;
    wish.opens = std::move(contact.contact);
    return out;
}

} // namespace relais::api::callback_wishes

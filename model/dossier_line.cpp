// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_line.hpp"

#include "model/birth_date.hpp"
#include "model/department.hpp"
#include "model/digits.hpp"
#include "model/dossier_number.hpp"
#include "model/dossier_status.hpp"
#include "model/email_address.hpp"
#include "model/error.hpp"
#include "model/phone.hpp"
#include "model/procedure.hpp"
#include "model/text.hpp"

#include <date/date.h>

#include <algorithm>

namespace relais::model::dossiers {

namespace {

constexpr std::array<std::string_view, columns_count> names = {
    "number", "neph",         "birth_name",     "usual_name", "first_names", "birth_date", "procedure",
    "status", "status_since", "step",           "error_code", "release",     "centre",     "department",
    "email",  "phone",        "driving_school", "exam_on",    "filed_on",    "medical_on", "suspension_end_on"};
constexpr std::array<std::size_t, 17> limits = {40, 19, 256, 256, 256, 10, 40, 40, 10, 80, 80, 40, 120, 3, 254, 20, 200};
constexpr std::array<std::string dossier::*, 17> members = {
    &dossier::number,     &dossier::neph,           &dossier::birth_name, &dossier::usual_name,   &dossier::first_names,
    &dossier::birth_date, &dossier::procedure_code, &dossier::status,     &dossier::status_since, &dossier::step,
    &dossier::error_code, &dossier::portal_release, &dossier::centre,     &dossier::department,   &dossier::email,
    &dossier::phone,      &dossier::driving_school};
constexpr std::size_t fewest_neph_digits = 10;

bool is_plain(std::string_view value) {
    return std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7f; }) && value.front() != ' ' &&
           value.back() != ' ';
}

// Most values are ASCII and clean: they skip the Unicode machinery.
std::string_view put_text(std::string& into, std::string_view value, std::size_t limit) {
    if (is_plain(value)) {
        if (value.size() > limit) return "too_long";
        into = value;
        return {};
    }
    auto checked = text::check_line(value, limit);
    into = std::move(checked.normalised);
    if (checked.code == "too_long") return "too_long";
    return checked.accepted() ? "" : "malformed";
}

std::string_view put_number(std::string& into, std::string_view value) {
    auto is_usual = [](char c) { return digits::is_alphanumeric(c) || c == '-'; };
    if (value.size() <= limits[0] && std::all_of(value.begin(), value.end(), is_usual) && value.front() != '-') {
        into = value;
        return {};
    }
    auto checked = dossier_numbers::check(value);
    if (!checked.accepted()) return checked.code == "long" ? "too_long" : "malformed";
    if (checked.normalised.size() > limits[0]) return "too_long";
    into = std::move(checked.normalised);
    return {};
}

std::string_view put_neph(std::string& into, std::string_view value) {
    into = digits::all(value) ? std::string(value) : text::compact(value);
    if (!digits::all(into)) return "malformed";
    if (into.size() < fewest_neph_digits) return "too_short";
    return into.size() > limits[1] ? "too_long" : "";
}

std::string_view put_day(std::string& into, std::string_view value) {
    if (birth_dates::precision(value.substr(0, 10)) != birth_precision::day) return "malformed";
    if (value.size() > 10 && !read_time(value)) return "malformed";
    into = value.substr(0, 10);
    return {};
}

// Metropolitan numbers written the usual way, and those already in E.164, need no numbering plan.
std::string_view put_phone(std::string& into, std::string_view value) {
    auto rest = value.starts_with("+33") ? value.substr(3) : value.starts_with('0') ? value.substr(1) : std::string_view{};
    constexpr std::array<std::string_view, 7> elsewhere = {"26", "59", "50", "69", "639", "708", "709"};
    auto is_elsewhere = std::any_of(elsewhere.begin(), elsewhere.end(), [&](std::string_view zone) { return rest.starts_with(zone); });
    if (rest.size() == 9 && digits::all(rest) && rest[0] != '0' && rest[0] != '8' && !is_elsewhere) {
        into = "+33";
        into += rest;
        return {};
    }
    auto checked = phones::check(value);
    if (!checked.accepted() || checked.normalised.size() > limits[15]) return "malformed";
    into = std::move(checked.normalised);
    return {};
}

std::string_view put_checked(std::string& into, checked value, std::size_t limit) {
    if (!value.accepted()) return value.code == "unknown" ? "unknown" : "malformed";
    if (value.normalised.size() > limit) return "too_long";
    into = std::move(value.normalised);
    return {};
}

std::string_view put_known(std::string& into, std::string_view value, bool (*is_known)(std::string_view)) {
    if (!is_known(value)) return "unknown";
    into = value;
    return {};
}

bool is_plain_department(std::string_view value) {
    return value.size() == 2 && digits::all(value) && value >= "01" && value <= "95" && value != "20";
}

} // namespace

std::string_view read_value(dossier_news& into, column which, std::string_view value) {
    auto at = static_cast<std::size_t>(which);
    auto& to = at < first_date ? into.values.*members[at] : into.dates[at - first_date];
    if (value.empty()) {
        to.clear();
        return which == column::number ? "empty" : "";
    }
    switch (which) {
    case column::number:
        return put_number(to, value);
    case column::neph:
        return put_neph(to, value);
    case column::birth_date:
        if (!birth_dates::precision(value)) return "malformed";
        to = value;
        return {};
    case column::procedure_code:
        return put_known(to, value, procedures::is_known);
    case column::status:
        return put_known(to, value, [](std::string_view code) { return dossier_statuses::is_known(code); });
    case column::status_since:
    case column::exam_on:
    case column::filed_on:
    case column::medical_on:
    case column::suspension_end_on:
        return put_day(to, value);
    case column::department:
        if (!is_plain_department(value)) return put_checked(to, departments::check(value), limits[at]);
        to = value;
        return {};
    case column::email:
        return put_checked(to, email_addresses::check(value), limits[at]);
    case column::phone:
        return put_phone(to, value);
    default:
        return put_text(to, value, limits[at]);
    }
}

std::optional<sys_seconds> read_time(std::string_view text) {
    auto number = [&text](std::size_t from, std::size_t size) { return digits::value(text.substr(std::min(from, text.size()), size)); };
    auto year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (text.size() < 10 || !year || !month || !day || text[4] != '-' || text[7] != '-') return {};
    auto date = date::year{*year} / *month / *day;
    if (!date.ok()) return {};
    sys_seconds out = date::sys_days(date);
    if (text.size() == 10) return out;
    auto hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (text.size() < 19 || !hour || !minute || !second || text[13] != ':' || text[16] != ':') return {};
    if (*hour > 23 || *minute > 59 || *second > 60 || (text[10] != 'T' && text[10] != ' ')) return {};
    out += std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
    auto rest = text.substr(19);
    if (rest.starts_with('.')) rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
    if (rest.empty() || rest == "Z") return out;
    if (rest.size() != 6 || (rest[0] != '+' && rest[0] != '-') || rest[3] != ':') return {};
    auto zone_hours = digits::value(rest.substr(1, 2)), zone_minutes = digits::value(rest.substr(4, 2));
    if (!zone_hours || !zone_minutes || *zone_hours > 14 || *zone_minutes > 59) return {};
    auto ahead = std::chrono::hours(*zone_hours) + std::chrono::minutes(*zone_minutes);
    return rest[0] == '+' ? out - ahead : out + ahead;
}

line_reader::line_reader(const csv_reader& file) {
    for (std::size_t i = 0; i < names.size(); ++i) places_[i] = file.column(names[i]);
    updated_at_ = file.column("updated_at");
    if (!places_[0]) throw invalid({{"header", "no_number", "fault.csv.no_number"}});
}

std::optional<line_fault> line_reader::read(const csv_reader& file, dossier_news& into) const {
    into.told.reset();
    into.values.source = "import";
    for (std::size_t i = 0; i < places_.size(); ++i) {
        if (!places_[i]) continue;
        into.told[i] = true;
        auto code = read_value(into, static_cast<column>(i), file.field(*places_[i]));
        if (!code.empty()) return line_fault{names[i], code};
    }
    into.is_dated = updated_at_ && !file.field(*updated_at_).empty();
    if (!into.is_dated) return {};
    auto at = read_time(file.field(*updated_at_));
    if (!at) return line_fault{"updated_at", "malformed"};
    into.values.updated_at = *at;
    return {};
}

} // namespace relais::model::dossiers

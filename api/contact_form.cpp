// SPDX-License-Identifier: EUPL-1.2
#include "api/contact_form.hpp"

#include "model/answer_date.hpp"
#include "model/birth_date.hpp"
#include "model/department.hpp"
#include "model/dossier_number.hpp"
#include "model/email_address.hpp"
#include "model/neph.hpp"
#include "model/person_name.hpp"
#include "model/phone.hpp"
#include "model/procedure.hpp"
#include "model/sensitive.hpp"
#include "model/text.hpp"

#include <date/tz.h>

#include <algorithm>
#include <array>

namespace relais::api::contact_forms {
namespace {

using model::checked;
using model::verdict;

constexpr std::array<std::string_view, 8> relations = {"self",    "parent",         "guardian", "spouse",
                                                       "adviser", "driving_school", "employer", "other"};
constexpr std::array<std::string_view, 3> natures = {"information", "request", "complaint"};
constexpr std::array<std::string_view, 20> names = {"requester.name",
                                                    "requester.email",
                                                    "requester.phone",
                                                    "requester.postal_address",
                                                    "subject_person.relation",
                                                    "dossier_number",
                                                    "subject_person.birth_name",
                                                    "subject_person.first_names",
                                                    "subject_person.birth_date",
                                                    "neph",
                                                    "procedure",
                                                    "department",
                                                    "legal_nature",
                                                    "subject",
                                                    "body",
                                                    "portal.step",
                                                    "portal.error_code",
                                                    "portal.message",
                                                    "portal.browser",
                                                    "portal.release"};
constexpr std::size_t address_limit = 1000, typed_limit = 60, phone_typed_limit = 40;
constexpr std::size_t portal_limit = 200, portal_message_limit = 2000, release_limit = 40;

template <class List> bool holds(const List& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

class checker {
public:
    checker(const fields& given, const terms& under) : given_(given), under_(under) {
        today_ = date::year_month_day(date::floor<date::days>(date::make_zoned("Europe/Paris", under.now).get_local_time()));
    }

    outcome run() {
        check_people();
        check_ways_to_answer();
        check_references();
        check_problem();
        decide();
        return std::move(out_);
    }

private:
    std::string_view value(std::string_view name) const {
        auto found = given_.find(name);
        return found == given_.end() ? std::string_view{} : std::string_view(found->second);
    }
    // What a person left empty, spaces included.
    bool is_empty(std::string_view name) const { return value(name).find_first_not_of(" \t\r\n") == std::string_view::npos; }

    // Sorts a result into faults and hints; returns what to store.
    std::string keep(std::string_view name, std::string_view noun, const checked& found) {
        if (found.result == verdict::invalid) out_.faults.push_back(model::fault(std::string(name), noun, found));
        if (found.result != verdict::suspect) return found.normalised;
        out_.hints.push_back(model::fault(std::string(name), noun, found));
        auto leaf = name.substr(name.find('.') == std::string_view::npos ? 0 : name.find('.') + 1);
        out_.contact.flags.append(out_.contact.flags.empty() ? "" : " ").append(leaf).append("_suspect");
        return found.normalised;
    }
    void refuse(std::string_view name, std::string_view code, std::string_view message) {
        out_.faults.push_back({std::string(name), std::string(code), std::string(message)});
    }
    // Both without what a form must not keep, in whatever box it was typed.
    std::string line(std::string_view name, std::size_t limit) {
        return model::sensitive::mask(keep(name, "text", model::text::check_line(value(name), limit)));
    }
    std::string words(std::string_view name, std::size_t limit) {
        return model::sensitive::mask(keep(name, "text", model::text::check_message(value(name), limit)));
    }
    std::string typed(std::string_view name, std::size_t limit) const {
        auto clean = model::text::clean_line(value(name), limit);
        return clean ? model::sensitive::mask(*clean) : std::string{};
    }
    // The code of a closed list, or `otherwise` when nothing was chosen.
    template <class List> std::string one_of(std::string_view name, const List& list, std::string_view otherwise) {
        auto chosen = is_empty(name) ? otherwise : value(name);
        if (!holds(list, chosen)) refuse(name, "unknown", "fault.choice.unknown");
        return std::string(chosen);
    }

    void check_people() {
        auto& contact = out_.contact;
        contact.requester.name = keep("requester.name", "person_name", model::person_names::check(value("requester.name")));
        auto about = person_concerned();
        auto has_person = !about.birth_name.empty() || !about.first_names.empty() || !about.birth_date.empty();
        contact.relation = one_of("subject_person.relation", relations, has_person && under_.channel != "web_form" ? "other" : "self");
        if (contact.relation == "self") {
            about.name = contact.requester.name;
            contact.requester = about;
        } else {
            contact.subject_person = about;
        }
    }

    model::person person_concerned() {
        model::person about;
        auto name_of = [this](std::string_view field) {
            return is_empty(field) ? std::string{} : keep(field, "person_name", model::person_names::check(value(field)));
        };
        about.birth_name = name_of("subject_person.birth_name");
        about.first_names = name_of("subject_person.first_names");
        about.name = about.first_names + (about.first_names.empty() || about.birth_name.empty() ? "" : " ") + about.birth_name;
        if (is_empty("subject_person.birth_date")) return about;
        about.birth_date =
            keep("subject_person.birth_date", "birth_date", model::birth_dates::check(value("subject_person.birth_date"), today_));
        if (auto precision = model::birth_dates::precision(about.birth_date)) about.birth_precision = model::birth_dates::name(*precision);
        return about;
    }

    void check_ways_to_answer() {
        auto& requester = out_.contact.requester;
        if (!is_empty("requester.email"))
            requester.email = keep("requester.email", "email_address", model::email_addresses::check(value("requester.email")));
        if (!is_empty("requester.phone")) {
            requester.phone = keep("requester.phone", "phone", model::phones::check(value("requester.phone"), value("department")));
            requester.phone_typed = typed("requester.phone", phone_typed_limit);
        }
        requester.postal_address = words("requester.postal_address", address_limit);
        if (is_empty("requester.email") && is_empty("requester.phone") && is_empty("requester.postal_address"))
            refuse("requester", "no_way_to_answer", "fault.requester.no_way_to_answer");
        requester.language = out_.contact.language = under_.language;
    }

    void check_references() {
        auto& contact = out_.contact;
        contact.dossier_number_typed = typed("dossier_number", typed_limit);
        contact.neph_typed = typed("neph", typed_limit);
        if (!is_empty("dossier_number"))
            contact.dossier_number = keep("dossier_number", "dossier_number", model::dossier_numbers::check(value("dossier_number")));
        if (!is_empty("neph"))
            contact.neph = keep("neph", "neph", model::nephs::check(value("neph"), date::year_month(today_.year(), today_.month())));
    }

    void check_problem() {
        auto& contact = out_.contact;
        contact.procedure = keep("procedure", "procedure", model::procedures::check(value("procedure")));
        if (under_.asks_department || !is_empty("department"))
            contact.department = keep("department", "department", model::departments::check(value("department")));
        contact.legal_nature = one_of("legal_nature", natures, "request");
        contact.subject = line("subject", model::text::subject_limit);
        contact.body = words("body", model::text::message_limit);
        if (is_empty("subject")) refuse("subject", "empty", "fault.subject.empty");
        if (is_empty("body")) refuse("body", "empty", "fault.body.empty");
        contact.portal.step = line("portal.step", portal_limit);
        contact.portal.error_code = line("portal.error_code", portal_limit);
        contact.portal.message = words("portal.message", portal_message_limit);
        contact.portal.browser = line("portal.browser", portal_limit);
        contact.portal.release = line("portal.release", release_limit);
    }

    // What the law and the announced delay make of it.
    void decide() {
        auto& contact = out_.contact;
        contact.channel = under_.channel;
        contact.is_anonymous = under_.is_anonymous;
        auto dates = model::dates_after(under_.now, contact.legal_nature, {under_.answer_working_days, under_.implicit_rejection_months});
        contact.answer_before = std::move(dates.answer_before), contact.implicit_on = std::move(dates.implicit_on);
        contact.due_at = dates.due_at;
    }

    const fields& given_;
    const terms& under_;
    date::year_month_day today_;
    outcome out_;
};

} // namespace

outcome check(const fields& given, const terms& under) { return checker(given, under).run(); }

bool is_known(std::string_view name) { return holds(names, name); }

} // namespace relais::api::contact_forms

// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill.hpp"

#include "model/birth_date.hpp"
#include "model/demo/stream.hpp"
#include "model/dossier_store.hpp"
#include "model/message.hpp"
#include "model/phone.hpp"
#include "model/sql.hpp"
#include "model/ticket.hpp"
#include "model/working_days.hpp"

#include <date/date.h>

#include <algorithm>
#include <string>
#include <vector>

namespace relais::model::demo {

namespace {

constexpr std::size_t dossiers_a_visit = 2000, tickets_a_visit = 200;
constexpr int answer_working_days = 5, implicit_months = 2;
constexpr auto filled_setting = "demonstration_filled";
const actor citizen{"citizen", {}, {}, {}};

std::string day_text(sys_seconds at) { return date::format("%F", std::chrono::floor<date::days>(at)); }

dossier_news news_of(const demo_dossier& from) {
    dossier_news out;
    auto& to = out.values;
    to.number = from.number, to.neph = from.neph, to.birth_name = from.birth_name, to.usual_name = from.usual_name;
    to.first_names = from.first_names, to.birth_date = from.birth_date, to.procedure_code = from.procedure, to.status = from.state.status;
    to.status_since = day_text(from.state.since), to.step = from.state.step, to.error_code = from.state.error_code;
    to.portal_release = from.state.release, to.centre = from.centre, to.department = from.department, to.email = from.email;
    to.phone = from.phone, to.driving_school = from.driving_school, to.source = "import", to.updated_at = from.updated_at;
    return out;
}

std::string precision_of(const std::string& birth_date) {
    if (birth_date.size() != 10) return "";
    return birth_date.ends_with("-00-00") ? "year" : birth_date.ends_with("-00") ? "month" : "day";
}

// What the form would have computed: the announced date, the order in the queue, the date of the implicit rejection.
void set_dates(contact& to, const demo_ticket& from) {
    date::year_month_day received{std::chrono::floor<date::days>(from.received_at)};
    auto before = working_days::add(received, answer_working_days);
    to.answer_before = date::format("%F", before);
    to.due_at = std::chrono::floor<std::chrono::seconds>(date::sys_days(before) + std::chrono::hours(16));
    if (to.legal_nature == "information") return;
    auto implicit = received + date::months(implicit_months);
    to.implicit_on = date::format("%F", implicit.ok() ? implicit : date::year_month_day(implicit.year() / implicit.month() / date::last));
}

contact contact_of(const demo_ticket& from, const std::function<ticket_name()>& name) {
    contact to;
    to.channel = from.channel, to.procedure = from.procedure, to.department = from.department, to.subject = from.subject, to.body = from.body;
    to.requester.name = from.requester.name, to.requester.email = from.requester.email;
    to.requester.postal_address = from.requester.postal_address, to.requester.phone_typed = from.requester.phone;
    to.requester.phone = phones::check(from.requester.phone, from.department).normalised;
    if (from.subject_person) {
        const auto& about = *from.subject_person;
        person who;
        who.birth_name = about.birth_name, who.first_names = about.first_names, who.birth_date = about.birth_date;
        who.name = about.first_names.empty() ? about.birth_name : about.first_names + " " + about.birth_name;
        who.birth_precision = precision_of(about.birth_date);
        to.relation = about.relation;
        if (about.relation == "self") who.email = to.requester.email, who.phone = to.requester.phone, who.name = to.requester.name;
        to.subject_person = who;
    }
    to.dossier_number = to.dossier_number_typed = from.dossier_number, to.neph = to.neph_typed = from.neph;
    to.portal = {from.portal.step, from.portal.error_code, from.portal.message, from.portal.browser, from.portal.release};
    to.legal_nature = from.legal_nature, to.category = from.category;
    to.is_silent = true;
    to.name = name;
    set_dates(to, from);
    return to;
}

// The conversation since, and where the ticket stands now.
void live_on(soci::session& sql, const demo_ticket& from, const opened_ticket& opened) {
    std::optional<sys_seconds> first_reply;
    auto last = from.received_at;
    for (const auto& each : from.messages) {
        message said;
        auto is_reply = each.from == writer::agent;
        said.ticket_id = opened.id, said.kind = is_reply ? "reply" : "citizen", said.author_name = each.author;
        said.channel = is_reply ? "console" : from.channel, said.body = each.body, said.created_at = each.at;
        auto id = messages::add(sql, said);
        actor who{is_reply ? "staff" : "citizen", {}, each.author, {}};
        events::record(sql, who, is_reply ? "ticket.replied" : "ticket.written_back", "ticket", opened.id, {{"message", id}}, each.at);
        if (is_reply && !first_reply) first_reply = each.at;
        last = std::max(last, each.at);
    }
    if (from.closed_at) {
        last = std::max(last, *from.closed_at);
        events::record(sql, {"staff", {}, "", {}}, "ticket.closed", "ticket", opened.id, {{"reason", "answered"}}, *from.closed_at);
    }
    sql::change(sql,
                "UPDATE ticket SET status = :status, waiting_reason = :waiting, is_active = :active, first_reply_at = :replied, closed_at = :closed, "
                "closure_reason = :reason, category_state = :category_state, updated_at = :updated WHERE id = :id",
                from.status, from.waiting_reason, from.status == "new" || from.status == "open", first_reply, from.closed_at,
                from.closed_at ? "answered" : "", from.category.empty() ? "" : from.category_confirmed ? "confirmed" : "proposed", last, opened.id);
}

// The snapshot shows the dossier as it stood then; tickets::open could only freeze how it stands at the end of the ten weeks.
void date_snapshot(soci::session& sql, const demo_ticket& from, const opened_ticket& opened) {
    if (!from.state_at_contact) return;
    const auto& state = *from.state_at_contact;
    sql::change(sql,
                "UPDATE dossier_snapshot SET status = :status, status_since = :since, step = :step, error_code = :error, portal_release = :release "
                "WHERE ticket_id = :ticket",
                state.status, day_text(state.since), state.step, state.error_code, state.release, opened.id);
}

void write_tickets(soci::session& sql, const std::vector<demo_ticket>& some, const std::function<ticket_name()>& name) {
    for (const auto& each : some) {
        auto who = citizen;
        who.name = each.requester.name;
        auto opened = tickets::open(sql, contact_of(each, name), who, each.received_at);
        live_on(sql, each, opened);
        date_snapshot(sql, each, opened);
        sql::change(sql, "DELETE FROM registry_lookup WHERE ticket_id = :ticket", opened.id);
    }
}

bool is_filled(database& base) {
    auto read = [](soci::session& sql) { return sql::first<std::string>(sql, "SELECT value FROM setting WHERE name = :name", filled_setting); };
    return base.read_now(read).has_value();
}

} // namespace

bool fill(database& into, const options& wanted, const std::function<ticket_name()>& name, const fill_progress& progress) {
    if (is_filled(into)) return false;
    std::vector<dossier_news> dossiers;
    std::vector<demo_ticket> tickets;
    std::uint64_t dossiers_done = 0, tickets_done = 0;
    auto write_dossiers = [&] {
        into.write_now([&](soci::session& sql) { dossiers::store(sql, dossiers, wanted.now); });
        dossiers_done += dossiers.size();
        dossiers.clear();
        progress("dossiers", dossiers_done, wanted.dossiers);
    };
    auto write_some_tickets = [&] {
        into.write_now([&](soci::session& sql) { write_tickets(sql, tickets, name); });
        tickets_done += tickets.size();
        tickets.clear();
        progress("tickets", tickets_done, wanted.tickets);
    };
    auto on_dossier = [&](const demo_dossier& each) {
        dossiers.push_back(news_of(each));
        if (dossiers.size() == dossiers_a_visit) write_dossiers();
    };
    auto on_ticket = [&](const demo_ticket& each) {
        if (!dossiers.empty()) write_dossiers();
        tickets.push_back(each);
        if (tickets.size() == tickets_a_visit) write_some_tickets();
    };
    stream(wanted, on_dossier, on_ticket);
    if (!dossiers.empty()) write_dossiers();
    if (!tickets.empty()) write_some_tickets();
    into.write_now([](soci::session& sql) { sql::change(sql, "INSERT INTO setting (name, value) VALUES (:name, '1')", filled_setting); });
    return true;
}

} // namespace relais::model::demo

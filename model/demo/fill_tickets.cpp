// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill_tickets.hpp"

#include "model/category.hpp"
#include "model/citizen.hpp"
#include "model/demo/agency.hpp"
#include "model/demo/french.hpp"
#include "model/dossier_keys.hpp"
#include "model/reference.hpp"
#include "model/sensitive.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"
#include "model/working_days.hpp"

#include <date/date.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace relais::model::demo {

namespace {

constexpr int answer_working_days = 5;       // Marianne: e-mails within five working days
constexpr int urgent_working_days = 1;       // security and hardship skip the queue
constexpr int implicit_rejection_months = 2; // CRPA L.231-4

date::year_month_day day_of(sys_seconds at) { return date::floor<date::days>(paris_clock(at)); }

std::string text_of(date::year_month_day day) { return date::format("%F", day); }

std::string text_of(sys_seconds at) { return std::to_string(seconds(at)); }

// "06 39 98 12 34" or "+33639981234" as E.164. Only the ranges kept for fiction come here.
std::string e164(std::string_view typed) {
    std::string digits;
    for (auto letter : typed)
        if (letter >= '0' && letter <= '9') digits += letter;
    if (digits.size() == 10 && digits[0] == '0') return "+33" + digits.substr(1);
    return digits.empty() ? "" : "+" + digits;
}

std::string precision_of(const std::string& birth_date) {
    if (birth_date.empty()) return "";
    if (birth_date.ends_with("00-00")) return "year";
    return birth_date.ends_with("-00") ? "month" : "day";
}

bool is_urgent(const demo_ticket& from) {
    const auto* found = categories::find(from.category);
    return found != nullptr && found->skips_queue;
}

// What the contact itself settles, or what the agent who answered has settled since.
bool is_linked(const demo_ticket& from) {
    if (!from.truth.dossier) return false;
    auto said = from.truth.hint == dossier_hint::number || from.truth.hint == dossier_hint::neph || from.truth.hint == dossier_hint::both;
    return said || from.category_confirmed;
}

std::string closing_reason(const demo_ticket& from) {
    if (from.status != "closed") return "";
    return is_linked(from) ? "solved" : from.category == "GEN-02" ? "information" : "no_dossier_needed";
}

} // namespace

ticket_rows::ticket_rows(const options& wanted, const fill_ways& ways)
    : wanted_(wanted), ways_(ways),
      citizens_("citizen", "id, name, name_folded, birth_name, birth_name_folded, first_names, first_names_folded, birth_date, "
                           "birth_precision, email, email_folded, phone, phone_typed, postal_address, language, created_at, name_turned"),
      tickets_(
          "ticket",
          "id, reference, channel, requester_id, subject_person_id, relation, procedure_code, department, subject, status, waiting_reason, "
          "is_active, category, category_state, category_reason, legal_nature, assignee_id?, dossier_id?, dossier_link, "
          "dossier_number_typed, neph_typed, portal_step, portal_error_code, portal_message, portal_browser, portal_release, language, "
          "received_at, due_at, answer_before, implicit_on, first_reply_at?, closed_at?, closure_reason, follow_up_hash, "
          "satisfaction?, satisfaction_text, satisfied_at?, updated_at"),
      links_("ticket_dossier", "ticket_id, dossier_id, role, reason"),
      snapshots_("dossier_snapshot",
                 "dossier_id, ticket_id, taken_at, source, procedure_code, status, status_since, step, error_code, portal_release, centre"),
      messages_("message", "ticket_id, kind, author_name, channel, body, created_at"),
      events_("event", "at_us, actor_kind, actor_name, action, object_kind, object_id, data"),
      outbox_("outbox", "unique_key, kind, medium, ticket_id, recipient, language, payload, mail_message_id, state, attempts, next_at, "
                        "created_at, sent_at"),
      queue_("grouping_queue", "ticket_id, created_at") {}

ticket_rows::written ticket_rows::write(soci::session& sql, std::span<const demo_ticket> some) {
    take_numbers(sql);
    auto known = find_dossiers(sql, some);
    written done;
    for (const auto& from : some) {
        auto id = next_ticket_++;
        auto who = add_people(from);
        auto found = is_linked(from) ? known.find(*from.truth.dossier) : known.end();
        const auto* dossier = found == known.end() ? nullptr : &found->second;
        add_ticket(from, id, who, dossier);
        if (dossier != nullptr) add_link(from, id, *dossier);
        add_messages(from, id);
        if (!from.requester.email.empty()) add_acknowledgement(from, id);
        if (ways_.on_ticket) ways_.on_ticket(id, from);
        if (ways_.queue_for_grouping) {
            queue_.add(id);
            queue_.add(text_of(from.received_at));
        }
        done.linked += dossier != nullptr ? 1U : 0U;
        done.messages += 1 + from.messages.size();
    }
    for (auto* table : {&citizens_, &tickets_, &links_, &snapshots_, &messages_, &events_, &outbox_, &queue_}) table->write(sql);
    return done;
}

// Numbers of our own spare asking for each one; nobody else writes while the demonstration fills.
void ticket_rows::take_numbers(soci::session& sql) {
    next_citizen_ = sql::first<std::int64_t>(sql, "SELECT COALESCE(MAX(id), 0) FROM citizen").value_or(0) + 1;
    next_ticket_ = sql::first<std::int64_t>(sql, "SELECT COALESCE(MAX(id), 0) FROM ticket").value_or(0) + 1;
}

std::map<std::uint64_t, ticket_rows::mirrored> ticket_rows::find_dossiers(soci::session& sql, std::span<const demo_ticket> some) const {
    constexpr std::size_t numbers_a_statement = 256;
    std::map<std::string, std::uint64_t> wanted;
    for (const auto& from : some)
        if (is_linked(from)) wanted.emplace(dossier_number(wanted_.seed, *from.truth.dossier), *from.truth.dossier);
    std::map<std::uint64_t, mirrored> found;
    static const auto text = "SELECT number, id, centre FROM dossier WHERE number_key IN (" + sql::placeholders(numbers_a_statement) + ")";
    using row = std::tuple<std::string, std::int64_t, std::string>;
    for (auto next = wanted.begin(); next != wanted.end();) {
        std::vector<std::string> keys;
        for (; next != wanted.end() && keys.size() < numbers_a_statement; ++next) keys.push_back(dossiers::number_key(next->first));
        keys.resize(numbers_a_statement, keys.front()); // places left over ask for the first again
        for (auto& [number, id, centre] : sql::all_bulk<row>(sql, text, keys)) found[wanted.at(number)] = {id, centre};
    }
    return found;
}

ticket_rows::people ticket_rows::add_people(const demo_ticket& from) {
    auto add = [&](const std::string& name, const demo_subject& is, const demo_requester& reached) {
        auto id = next_citizen_++;
        citizens_.add(id);
        for (const auto* text : {&name, &is.birth_name, &is.first_names}) {
            citizens_.add(*text);
            citizens_.add(text::fold(*text));
        }
        citizens_.add(is.birth_date), citizens_.add(precision_of(is.birth_date));
        citizens_.add(reached.email), citizens_.add(citizens::lower_ascii(reached.email));
        citizens_.add(e164(reached.phone)), citizens_.add(reached.phone), citizens_.add(reached.postal_address);
        citizens_.add(std::string("fr")), citizens_.add(text_of(from.received_at));
        citizens_.add(citizens::turned(text::fold(name)));
        return id;
    };
    people who;
    who.requester = add(from.requester.name, {}, from.requester);
    who.subject = who.requester;
    if (from.subject_person) {
        const auto& about = *from.subject_person;
        who.subject = add(about.first_names.empty() ? about.birth_name : about.first_names + " " + about.birth_name, about, {});
    }
    return who;
}

void ticket_rows::add_ticket(const demo_ticket& from, std::int64_t id, const people& who, const mirrored* dossier) {
    auto reference = demo_reference(wanted_, from.index, from.received_at);
    auto received = day_of(from.received_at);
    auto due = paris_moment(
        sys_seconds{date::sys_days{working_days::add(received, is_urgent(from) ? urgent_working_days : answer_working_days)}}, 17, 0);
    auto first =
        std::find_if(from.messages.begin(), from.messages.end(), [](const demo_message& one) { return one.from == writer::agent; });
    auto answered = first != from.messages.end();
    auto last = from.messages.empty() ? from.received_at : from.messages.back().at;
    if (from.closed_at) last = std::max(last, *from.closed_at);
    auto& row = tickets_;
    row.add(id), row.add(reference), row.add(from.channel), row.add(who.requester), row.add(who.subject);
    row.add(from.subject_person ? from.subject_person->relation : "self");
    row.add(from.procedure), row.add(from.department), row.add(from.subject), row.add(from.status), row.add(from.waiting_reason);
    row.add(std::int64_t{from.status == "new" || from.status == "open"});
    add_category(from);
    row.add(from.legal_nature);
    row.add(answered && !ways_.agents.empty() ? std::to_string(ways_.agents[from.index % ways_.agents.size()]) : "");
    row.add(dossier != nullptr ? std::to_string(dossier->id) : ""), row.add(std::string(dossier != nullptr ? "linked" : "none"));
    row.add(from.dossier_number), row.add(from.neph);
    row.add(from.portal.step), row.add(from.portal.error_code), row.add(from.portal.message), row.add(from.portal.browser),
        row.add(from.portal.release);
    row.add(std::string("fr")), row.add(text_of(from.received_at)), row.add(text_of(due));
    row.add(text_of(working_days::add(received, answer_working_days)));
    auto implicit = received + date::months{implicit_rejection_months};
    if (!implicit.ok()) implicit = implicit.year() / implicit.month() / date::last;
    row.add(from.legal_nature == "information" ? "" : text_of(implicit));
    row.add(answered ? text_of(first->at) : ""), row.add(from.closed_at ? text_of(*from.closed_at) : "");
    row.add(closing_reason(from)), row.add(ways_.follow_up_hash(reference));
    row.add(from.satisfaction ? std::to_string(*from.satisfaction) : ""), row.add(from.satisfaction_text);
    row.add(from.satisfaction ? text_of(last + hours{6}) : ""), row.add(text_of(last));
}

void ticket_rows::add_category(const demo_ticket& from) {
    std::optional<category_proposal> proposed;
    if (!from.category_confirmed && ways_.categories != nullptr)
        proposed = ways_.categories->propose(text::fold(from.subject + " " + from.body), from.procedure);
    auto known = from.category_confirmed || proposed;
    tickets_.add(from.category_confirmed ? from.category : proposed ? proposed->code : "");
    tickets_.add(std::string(!known ? "" : from.category_confirmed ? "confirmed" : "proposed"));
    tickets_.add(proposed ? proposed->reason() : "");
}

void ticket_rows::add_link(const demo_ticket& from, std::int64_t id, const mirrored& dossier) {
    links_.add(id), links_.add(dossier.id), links_.add(std::string("subject")), links_.add(std::string());
    const auto& state = from.state_at_contact.value_or(dossier_state{});
    snapshots_.add(dossier.id), snapshots_.add(id), snapshots_.add(text_of(from.received_at)), snapshots_.add(std::string("mirror"));
    snapshots_.add(from.procedure), snapshots_.add(state.status), snapshots_.add(text_of(day_of(state.since)));
    snapshots_.add(state.step), snapshots_.add(state.error_code), snapshots_.add(state.release), snapshots_.add(dossier.centre);
}

void ticket_rows::add_messages(const demo_ticket& from, std::int64_t id) {
    auto add = [&](std::string_view kind, const std::string& author, std::string_view channel, const std::string& body, sys_seconds at) {
        messages_.add(id), messages_.add(std::string(kind)), messages_.add(author), messages_.add(std::string(channel));
        messages_.add(sensitive::mask(body)), messages_.add(text_of(at));
    };
    add("citizen", from.requester.name, from.channel, from.body, from.received_at);
    auto opened = nlohmann::json{{"channel", from.channel}, {"dossier", is_linked(from) ? "linked" : "none"}};
    add_event(from, id, from.received_at, "citizen", "", "ticket.opened", opened.dump());
    for (const auto& one : from.messages) {
        auto by_agent = one.from == writer::agent;
        add(by_agent ? "reply" : "citizen", one.author, by_agent ? "console" : "web_form", one.body, one.at);
        add_event(from, id, one.at, by_agent ? "staff" : "citizen", by_agent ? one.author : "",
                  by_agent ? "ticket.replied" : "ticket.written_back", "{}");
    }
    if (from.closed_at)
        add_event(from, id, *from.closed_at, "staff", from.messages.empty() ? "" : from.messages.back().author, "ticket.closed",
                  nlohmann::json{{"reason", closing_reason(from)}}.dump());
}

// Left within half a minute.
void ticket_rows::add_acknowledgement(const demo_ticket& from, std::int64_t id) {
    auto sent = from.received_at + std::chrono::seconds(2 + from.index % 29);
    auto number = std::to_string(id);
    auto& row = outbox_;
    row.add("acknowledgement:" + number), row.add(std::string("acknowledgement")), row.add(std::string("mail")), row.add(id);
    row.add(from.requester.email), row.add(std::string("fr")), row.add(std::string("{}")), row.add("demonstration-" + number);
    row.add(std::string("sent")), row.add(std::int64_t{1});
    row.add(text_of(from.received_at)), row.add(text_of(from.received_at)), row.add(text_of(sent));
}

void ticket_rows::add_event(const demo_ticket&, std::int64_t id, sys_seconds at, std::string_view kind, std::string_view name,
                            std::string_view action, std::string data) {
    constexpr std::int64_t us_in_s = 1'000'000;
    events_.add(seconds(at) * us_in_s), events_.add(std::string(kind)), events_.add(std::string(name)), events_.add(std::string(action));
    events_.add(std::string("ticket")), events_.add(id), events_.add(std::move(data));
}

std::string demo_reference(const options& wanted, std::uint64_t number, sys_seconds received_at) {
    constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    constexpr std::uint64_t mask = (1ULL << 35) - 1;
    auto year = static_cast<int>(day_of(received_at).year());
    // One in thirty-two has no check character: the next of the same ticket's thirty-two numbers is tried. One to one on 35 bits.
    for (std::uint64_t at = 0; at < 32; ++at) {
        auto mixed = (number * 32 + at + wanted.seed * 7'919) & mask;
        mixed = (mixed * 0x2545F4915ULL) & mask;
        mixed ^= mixed >> 18;
        mixed = (mixed * 0x5DEECE66DULL) & mask;
        std::string seven;
        for (int shift = 30; shift >= 0; shift -= 5) seven += letters[(mixed >> shift) & 31];
        if (auto made = references::compose(year, seven)) return *made;
    }
    throw std::logic_error("demo: no reference for this ticket");
}

} // namespace relais::model::demo

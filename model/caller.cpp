// SPDX-License-Identifier: EUPL-1.2
#include "model/caller.hpp"

#include "model/citizen.hpp"
#include "model/error.hpp"
#include "model/silent_dossier.hpp"
#include "model/sql.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>

namespace relais::model::callers {

namespace {

constexpr int rows_limit = 40;
constexpr std::int64_t recent_s = 180LL * 24 * 3600;

const std::string select_person = "SELECT id, name, birth_name, first_names, birth_date, birth_precision, email, phone, phone_typed, "
                                  "postal_address, language FROM citizen ";

person holder_of(const dossier& of) {
    person out;
    out.birth_name = of.birth_name, out.first_names = of.first_names, out.birth_date = of.birth_date;
    out.name = of.first_names + " " + (of.usual_name.empty() ? of.birth_name : of.usual_name);
    out.email = of.email, out.phone = of.phone;
    return out;
}

// One row a contact (docs/decisions/0003): the same person comes back under the same name, or the same mail address.
bool is_same(const person& a, const person& b) {
    if (!a.email.empty() && citizens::lower_ascii(a.email) == citizens::lower_ascii(b.email)) return true;
    auto is_born_same = a.birth_date == b.birth_date || a.birth_date.empty() || b.birth_date.empty();
    auto name = [](const person& of) { return text::fold(of.birth_name.empty() ? of.name : of.first_names + " " + of.birth_name); };
    return is_born_same && (name(a) == name(b) || text::fold(a.name) == text::fold(b.name));
}

// What a later contact left out, an earlier one may have told.
void complete(person& kept, const person& other) {
    for (auto part : {&person::birth_name, &person::first_names, &person::birth_date, &person::email, &person::postal_address})
        if ((kept.*part).empty()) kept.*part = other.*part;
}

caller of_dossier(const dossier& of) { return {"d" + of.public_id, "", holder_of(of), of.number}; }

void join(std::vector<caller>& into, caller another) {
    auto same = std::find_if(into.begin(), into.end(), [&](const caller& each) { return is_same(each.who, another.who); });
    if (same != into.end()) return complete(same->who, another.who);
    if (into.size() < people_limit) into.push_back(std::move(another));
}

std::vector<dossier> dossiers_with(soci::session& sql, std::string_view phone) {
    return sql::all<dossier>(
        sql, "SELECT " + std::string(dossier::columns) + " FROM dossier WHERE phone = :phone ORDER BY updated_at DESC LIMIT :limit", phone,
        static_cast<int>(list_limit));
}

std::vector<std::int64_t> tickets_of(soci::session& sql, const std::vector<std::int64_t>& people) {
    std::vector<std::int64_t> out;
    for (auto each : people) {
        for (const auto* column : {"requester_id", "subject_person_id"}) {
            auto found = sql::all<std::int64_t>(
                sql, std::string("SELECT id FROM ticket WHERE ") + column + " = :person ORDER BY id DESC LIMIT 20", each);
            out.insert(out.end(), found.begin(), found.end());
        }
    }
    std::sort(out.begin(), out.end(), std::greater<>());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

bool is_open(const ticket& each) { return each.status != "closed" && each.status != "merged"; }

void add_tickets(soci::session& sql, caller_card& to, std::vector<std::int64_t> ids, sys_seconds now) {
    for (const auto& each : to.dossiers) {
        auto found =
            sql::all<std::int64_t>(sql, "SELECT id FROM ticket WHERE dossier_id = :dossier ORDER BY received_at DESC LIMIT 20", each.id);
        ids.insert(ids.end(), found.begin(), found.end());
    }
    std::sort(ids.begin(), ids.end(), std::greater<>());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    for (auto id : ids) {
        auto found = tickets::get(sql, id);
        if (is_open(found) || found.updated_at + std::chrono::seconds(recent_s) > now) to.tickets.push_back(std::move(found));
    }
    std::stable_partition(to.tickets.begin(), to.tickets.end(), is_open);
    if (to.tickets.size() > list_limit) to.tickets.resize(list_limit);
}

void add_dossiers(soci::session& sql, caller_card& to, const std::vector<std::int64_t>& tickets) {
    to.dossiers = to.what.phone.empty() ? std::vector<dossier>{} : dossiers_with(sql, to.what.phone);
    for (auto id : tickets) {
        if (to.dossiers.size() >= list_limit) return;
        auto of = tickets::get(sql, id).dossier_id;
        auto is_there = [&](const dossier& each) { return each.id == of; };
        if (!of || std::any_of(to.dossiers.begin(), to.dossiers.end(), is_there)) continue;
        if (auto found = dossiers::find(sql, *of)) to.dossiers.push_back(std::move(*found));
    }
}

constexpr auto incident_facts = "SELECT incident.id, incident.title, incident.state, incident.public_workaround FROM ";

void add_incident(caller_card& to, caller_incident found) {
    auto is_there = [&](const caller_incident& other) { return other.number == found.number; };
    if (std::none_of(to.incidents.begin(), to.incidents.end(), is_there)) to.incidents.push_back(std::move(found));
}

// Those that the caller's tickets report, then those that hold a dossier up whose owner never wrote.
void add_incidents(soci::session& sql, caller_card& to) {
    const std::string reported = std::string(incident_facts) + "report JOIN incident ON incident.id = report.incident_id WHERE "
                                                               "report.ticket_id = :ticket AND incident.state <> 'watched' LIMIT 1";
    for (const auto& each : to.tickets)
        if (auto found = sql::first<caller_incident>(sql, reported, each.id)) add_incident(to, std::move(*found));
    for (const auto& each : to.dossiers)
        for (auto number : silent_dossiers::incidents_of(sql, each))
            if (auto found = sql::first<caller_incident>(sql, std::string(incident_facts) + "incident WHERE id = :id", number))
                add_incident(to, std::move(*found));
}

// The rows of everyone with the number, and of the person confirmed.
std::vector<std::int64_t> people_of(soci::session& sql, const call& what) {
    auto out = what.phone.empty()
                   ? std::vector<std::int64_t>{}
                   : sql::all<std::int64_t>(sql, "SELECT id FROM citizen WHERE phone = :phone ORDER BY id DESC LIMIT 50", what.phone);
    if (what.citizen_id) out.push_back(*what.citizen_id);
    return out;
}

std::string postal_code_of(const std::string& address) {
    std::string run;
    for (std::size_t i = 0; i <= address.size(); ++i) {
        if (i < address.size() && std::isdigit(static_cast<unsigned char>(address[i]))) {
            run += address[i];
            continue;
        }
        if (run.size() == 5) return run;
        run.clear();
    }
    return {};
}

std::int64_t id_in(std::string_view key) {
    std::int64_t out = 0;
    auto [end, error] = std::from_chars(key.data() + 1, key.data() + key.size(), out);
    return error == std::errc{} && end == key.data() + key.size() ? out : 0;
}

// The person behind a key: one whom the card of this call shows, or the holder of a dossier that was looked up.
caller chosen(soci::session& sql, caller_card& from, std::string_view key) {
    auto found = std::find_if(from.people.begin(), from.people.end(), [key](const caller& each) { return each.key == key; });
    if (found != from.people.end()) return *found;
    if (!key.starts_with('d')) throw invalid({{"person", "unknown", "fault.caller.unknown"}});
    try {
        auto dossier = dossiers::get(sql, key.substr(1));
        from.dossiers.insert(from.dossiers.begin(), dossier);
        return of_dossier(dossier);
    } catch (const not_found&) {
        throw invalid({{"person", "unknown", "fault.caller.unknown"}});
    }
}

} // namespace

std::vector<caller> find(soci::session& sql, std::string_view phone) {
    std::vector<caller> out;
    if (phone.empty()) return out;
    for (auto& each : sql::all<person>(sql, select_person + "WHERE phone = :phone ORDER BY id DESC LIMIT :limit", phone, rows_limit)) {
        auto key = "c" + std::to_string(each.id);
        join(out, {key, "", std::move(each), ""});
    }
    for (const auto& each : dossiers_with(sql, phone)) join(out, of_dossier(each));
    // An earlier call from this number, whose caller was confirmed, though the number is not on file.
    using row = std::int64_t;
    for (auto id :
         sql::all<row>(sql,
                       "SELECT citizen_id FROM phone_call WHERE phone = :phone AND citizen_id IS NOT NULL AND identity = 'confirmed' "
                       "ORDER BY started_at_us DESC LIMIT 10",
                       phone)) {
        auto who = citizens::get(sql, id);
        auto is_on_file = who.phone == phone;
        if (!is_on_file) join(out, {"c" + std::to_string(id), "maybe", std::move(who), ""});
    }
    for (auto& each : out)
        if (each.certainty.empty()) each.certainty = out.size() == 1 ? "known" : "maybe";
    return out;
}

std::vector<caller> search(soci::session& sql, std::string_view typed) {
    dossier_query query;
    query.q = typed;
    std::vector<caller> out;
    for (const auto& each : dossiers::search(sql, query, static_cast<int>(people_limit))) {
        out.push_back(of_dossier(each));
        out.back().certainty = "maybe";
    }
    return out;
}

caller_card card(soci::session& sql, std::string_view call_public_id, sys_seconds now) {
    caller_card out;
    out.what = calls::get(sql, call_public_id);
    out.people = find(sql, out.what.phone);
    if (out.what.citizen_id) {
        auto who = citizens::get(sql, *out.what.citizen_id);
        std::erase_if(out.people, [&](const caller& each) { return is_same(each.who, who); });
        out.people.insert(out.people.begin(), {"c" + std::to_string(who.id), "confirmed", std::move(who), ""});
    }
    auto ids = tickets_of(sql, people_of(sql, out.what));
    add_dossiers(sql, out, ids);
    add_tickets(sql, out, ids, now);
    add_incidents(sql, out);
    out.earlier = calls::earlier(sql, out.what);
    if (!out.what.phone.empty()) out.promised = callbacks::find_open(sql, out.what.phone);
    if (out.what.ticket_id) out.ticket_reference = tickets::get(sql, *out.what.ticket_id).reference;
    return out;
}

std::vector<caller_fact> facts_of(soci::session& sql, const caller& who, const caller_card& of) {
    std::vector<caller_fact> out;
    auto add = [&out](std::string code, std::string value) {
        auto is_there = std::any_of(out.begin(), out.end(), [&](const auto& each) { return each.code == code && each.value == value; });
        if (!value.empty() && !is_there) out.push_back({std::move(code), std::move(value)});
    };
    add("birth_date", who.who.birth_date);
    add("birth_name", who.who.birth_name);
    add("postal_code", postal_code_of(who.who.postal_address));
    for (const auto& each : of.dossiers) {
        if (text::fold(each.birth_name) != text::fold(who.who.birth_name) && !who.who.birth_name.empty()) continue;
        add("birth_date", each.birth_date);
        add("dossier_number", each.number);
    }
    if (who.key.starts_with('c'))
        for (auto id : tickets_of(sql, {id_in(who.key)})) add("reference", tickets::get(sql, id).reference);
    add("email", who.who.email);
    return out;
}

void confirm(soci::session& sql, std::string_view call_public_id, std::string_view key, const std::vector<std::string>& facts,
             const actor& who, sys_seconds now) {
    auto from = card(sql, call_public_id, now);
    auto person = chosen(sql, from, key);
    auto known = facts_of(sql, person, from);
    std::vector<std::string> checked;
    for (const auto& each : facts) {
        auto is_ours = std::any_of(known.begin(), known.end(), [&](const auto& fact) { return fact.code == each; });
        if (is_ours && std::find(checked.begin(), checked.end(), each) == checked.end()) checked.push_back(each);
    }
    if (checked.size() < facts_needed) throw invalid({{"facts", "too_few", "fault.caller.facts"}});
    auto is_dossier = key.starts_with('d');
    if (is_dossier)
        sql::change(sql, "UPDATE phone_call SET dossier_id = :dossier WHERE id = :id", dossiers::get(sql, key.substr(1)).id, from.what.id);
    auto citizen = is_dossier ? citizens::add(sql, person.who, now) : id_in(key);
    sql::change(sql, "UPDATE phone_call SET identity = 'confirmed', citizen_id = :citizen, version = version + 1 WHERE id = :id", citizen,
                from.what.id);
    nlohmann::json data = {{"call", from.what.public_id}, {"facts", checked}};
    events::record(sql, who, "call.identified", "call", from.what.id, data, now);
}

} // namespace relais::model::callers

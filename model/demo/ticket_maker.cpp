// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/ticket_maker.hpp"

#include "model/demo/french.hpp"

#include <algorithm>

namespace relais::model::demo {

namespace {

// Where nobody is struck, indexes far above any dossier give people and numbers that exist nowhere.
constexpr std::uint64_t nowhere = 1ULL << 39;

// Is the channel manned at that hour in Paris? Forms, letters and callbacks always are.
bool open_at(std::string_view channel, sys_seconds at) {
    auto weekday = paris_weekday(at);
    auto hour = paris_hour(at);
    if (channel == "phone") return weekday < 5 && hour >= 9 && hour < 17;
    if (channel == "driving_school") return weekday < 6 && hour >= 8 && hour < 20;
    if (channel == "france_services" || channel == "prefecture") return weekday < 5 && hour >= 8 && hour < 18;
    if (channel == "letter") return weekday < 5 && hour >= 8 && hour < 13;
    return true;
}

const std::vector<weighted>& usual_channels() {
    static const std::vector<weighted> all = {{"web_form", 52},  {"phone", 27}, {"driving_school", 15}, {"france_services", 9},
                                              {"prefecture", 3}, {"letter", 5}, {"callback", 2}};
    return all;
}

// A school writes about pupils, not about a stolen licence.
std::uint32_t likelihood(const weighted& one, const topic& about, std::string_view procedure, sys_seconds at) {
    if (!open_at(one.value, at)) return 0;
    auto school_matter = by_school(procedure) || procedure == "ACCOUNT" || procedure == "POST_CANCELLATION";
    if (one.value == "driving_school" && about.channels.empty()) return school_matter ? one.weight * 2 : 0;
    if (one.value == "prefecture" && procedure.starts_with("POST_")) return one.weight * 4;
    return one.weight;
}

const std::string& draw_channel(const topic& about, std::string_view procedure, sys_seconds at, dice& roll) {
    const auto& all = about.channels.empty() ? usual_channels() : about.channels;
    std::uint32_t total = 0;
    for (const auto& one : all) total += likelihood(one, about, procedure, at);
    if (total == 0) return pick_weighted(all, roll);
    auto drawn = roll.below(total);
    for (const auto& one : all) {
        auto weight = likelihood(one, about, procedure, at);
        if (drawn < weight) return one.value;
        drawn -= weight;
    }
    return all.front().value;
}

// A relative writes for the very young and the very old.
pen citizen_pen(int age, dice& roll) {
    if (age < 20) return roll.percent(22) ? pen::parent : pen::self;
    if (age > 74) return roll.percent(20) ? pen::child : pen::self;
    return roll.percent(4) ? pen::spouse : pen::self;
}

} // namespace

ticket_maker::ticket_maker(const agency& of)
    : agency_(of), families_(of.wanted().families == 0 ? std::uint8_t{0xff} : of.wanted().families) {}

bool ticket_maker::allowed(const wording& one) const { return (families_ >> one.number & 1) != 0; }

void ticket_maker::choose_topic(draft& plan, dice& roll) const {
    const auto& topics = the_catalogue().topics;
    auto drawn = agency_.times().topic_at(plan.when.hour, roll);
    // A story has one family: when it is not wanted, the next one that is.
    auto wanted = [this](const topic& one) {
        return std::any_of(one.families.begin(), one.families.end(), [this](const wording& each) { return allowed(each); });
    };
    while (!wanted(topics[drawn])) drawn = drawn + 1 < topics.size() ? drawn + 1 : 0;
    plan.about = &topics[drawn];
}

void ticket_maker::choose_dossier(draft& plan, std::uint64_t number, dice& roll) const {
    const auto& about = *plan.about;
    plan.procedure = about.procedures.empty() ? "" : pick_weighted(about.procedures, roll);
    auto without = plan.procedure == "ACCOUNT" || plan.procedure == "NONE";
    if (about.kind == topic_kind::bug && !without)
        plan.dossier = agency_.struck_by(static_cast<std::size_t>(&about - the_catalogue().topics.data()), plan.when, roll);
    else if (!without && roll.percent(80))
        plan.dossier = agency_.ordinary(plan.procedure, about.kind == topic_kind::contact, plan.when.at, roll);
    if (plan.dossier) {
        plan.procedure = plan.dossier->procedure;
        plan.subject = agency_.owner(*plan.dossier);
        return;
    }
    if (plan.procedure.empty()) plan.procedure = drawn_procedure(roll);
    dice someone(agency_.wanted().seed, for_person, nowhere + number);
    plan.subject = make_person({plan.procedure, &about, pick_place(&about, someone)}, agency_.wanted().now, someone);
}

const wording* ticket_maker::choose_family(const draft& plan, std::string_view voices, dice& roll) const {
    std::array<const wording*, 8> found{};
    std::uint32_t count = 0;
    for (const auto& one : plan.about->families)
        if (allowed(one) && voices.find(one.voice) != voices.npos && count < found.size()) found[count++] = &one;
    return count == 0 ? nullptr : found[roll.below(count)];
}

void ticket_maker::choose_channel(draft& plan, dice& roll) const {
    plan.channel = draw_channel(*plan.about, plan.procedure, plan.when.at, roll);
    const auto* voices = plan.channel == "phone" ? (roll.percent(55) ? "c" : "t")
                         : plan.channel == "driving_school" || plan.channel == "france_services" || plan.channel == "prefecture" ? "tp"
                                                                                                                                 : "c";
    plan.family = choose_family(plan, voices, roll);
    // The wording decides who can have written it when nobody of that channel speaks so.
    if (plan.family == nullptr) {
        plan.family = choose_family(plan, "ctp", roll);
        auto voice = plan.family->voice;
        if (voice == 'c')
            plan.channel = plan.channel == "phone" ? "phone" : "web_form";
        else if (plan.channel != "phone" || voice == 'p')
            plan.channel = by_school(plan.procedure) || plan.procedure == "ACCOUNT" ? "driving_school" : "france_services";
    }
    auto age = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<days>(plan.when.at)}.year()) - plan.subject.birth_year;
    if (plan.channel == "phone")
        plan.holder = pen::agent;
    else if (plan.channel == "driving_school")
        plan.holder = pen::school;
    else if (plan.channel == "france_services")
        plan.holder = pen::hub;
    else if (plan.channel == "prefecture")
        plan.holder = pen::prefecture;
    else
        plan.holder = plan.about->kind == topic_kind::story ? pen::self : citizen_pen(age, roll);
}

void ticket_maker::make(std::uint64_t number, demo_ticket& out) const {
    const auto& wanted = agency_.wanted();
    dice roll(wanted.seed, for_ticket, number);
    draft plan;
    plan.when = agency_.times().arrival(number, wanted.tickets, roll);
    choose_topic(plan, roll);
    choose_dossier(plan, number, roll);
    choose_channel(plan, roll);

    dice words(wanted.seed, for_text, number);
    scene of(*plan.about, plan.subject, plan.holder, words);
    of.procedure = plan.procedure;
    of.received_at = plan.when.at;
    of.age = static_cast<int>(std::chrono::year_month_day{std::chrono::floor<days>(plan.when.at)}.year()) - plan.subject.birth_year;
    of.hit_at = plan.dossier && plan.dossier->bug
                    ? plan.dossier->hit_at
                    : plan.when.at - std::chrono::seconds{roll.wait(plan.about->delay_days * 86'400LL + 3'600)};
    if (plan.dossier && !plan.dossier->bug) of.hit_at = std::min(plan.dossier->opened_at + hours{2}, plan.when.at);
    auto registry = plan.dossier ? agency_.dossier(plan.dossier->index) : demo_dossier{};
    of.number = plan.dossier ? registry.number : dossier_number(wanted.seed, nowhere + number);
    auto at18 = plan.subject.birth_year + 18;
    of.neph = !registry.neph.empty() ? registry.neph
                                     : made_up_neph(at18 > 2026 ? 2026 : at18, 1 + static_cast<int>(number % 12), nowhere + number, false);
    of.error_code = plan.dossier && plan.dossier->bug ? plan.dossier->error_code : "";
    if (!plan.dossier && !plan.about->codes.empty() && roll.percent(plan.about->codes.front().weight))
        of.error_code = plan.about->codes.front().value;
    if (roll.percent(3)) of.error_code = "PGA-5000";
    if (!plan.about->messages.empty()) of.message = roll.pick(plan.about->messages);
    of.school = registry.driving_school.substr(0, registry.driving_school.find(" - "));
    struct nothing : slot_filler {
        void fill(std::uint16_t, std::string&) override {}
    } empty;
    static const auto schools = the_catalogue().words.rule("school.name");
    if (of.school.empty()) the_catalogue().words.expand_rule(schools, roll, empty, of.school);
    of.neighbour_phone = plan.subject.phone;

    out = {};
    out.index = number;
    out.channel = plan.channel;
    out.procedure = plan.procedure;
    out.department = the_catalogue().places[plan.subject.place].code;
    out.received_at = plan.when.at;
    out.category = plan.about->category;
    fill_requester(out, of, roll);
    fill_hint(out, of, plan.dossier.has_value() && !(registry.neph.empty() && roll.percent(20)), roll);
    if (registry.neph.empty() && out.truth.hint != dossier_hint::wrong) {
        out.neph.clear();
        if (out.truth.hint == dossier_hint::both) out.truth.hint = dossier_hint::number;
        if (out.truth.hint == dossier_hint::neph) out.truth.hint = dossier_hint::absent;
    }
    fill_portal(out, of, wanted.now, roll);
    if (plan.dossier) out.state_at_contact = agency_.state_at(*plan.dossier, plan.when.at);
    auto how = pick_manner(of, plan.channel == "letter", words);
    auto text = write(of, *plan.family, how, roll.percent(24), words);
    out.subject = std::move(text.subject);
    out.body = std::move(text.body);
    out.truth.bug = plan.about->kind == topic_kind::bug ? plan.about->id : "";
    out.truth.story = plan.about->kind == topic_kind::bug ? "" : plan.about->id;
    out.truth.family = plan.family->number;
    out.truth.manner = manner_name(how);
    if (plan.dossier) out.truth.dossier = plan.dossier->index;
    dice talk(wanted.seed, for_talk, number);
    converse(out, of, how, agency_, talk);
}

} // namespace relais::model::demo

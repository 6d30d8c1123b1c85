// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/voice.hpp"

#include "model/demo/french.hpp"
#include "model/demo/noise.hpp"

#include <algorithm>

namespace relais::model::demo {

namespace {

// The rules of common.txt, found once by name.
struct rule_book {
    std::uint32_t find(const char* name) const { return the_catalogue().words.rule(name); }
    std::array<std::uint32_t, 11> hello{}, bye{}, ask{};
    std::uint32_t tried_t = find("tried.t"), need_t = find("need.t"), need_driver = find("need.driver");
    std::array<std::uint32_t, 3> need = {find("need.young"), find("need.adult"), find("need.old")};
    std::array<std::uint32_t, 3> context = {find("context.young"), find("context.adult"), find("context.old")};
    std::array<std::uint32_t, 3> digress = {find("digress.young"), find("digress.any"), find("digress.old")};
    std::array<std::uint32_t, 3> tried = {find("tried.young"), find("tried.c"), find("tried.c")};
    std::uint32_t anger = find("anger"), ref = find("ref"), code_line = find("code_line"), msg_line = find("msg_line"),
                  sign_school = find("sign.school"), close_phone = find("close.phone"), verbatim = find("verbatim"),
                  vague = find("subject.vague"), proxy_parent = find("proxy.parent"), proxy_child = find("proxy.child"),
                  proxy_spouse = find("proxy.spouse");

    rule_book() {
        constexpr std::array<const char*, 11> hellos = {"neutral", "formal", "angry", "sms",        "neutral", "foreign",
                                                        "neutral", "school", "hub",   "prefecture", ""};
        constexpr std::array<const char*, 11> asks = {"neutral", "formal", "angry", "sms", "neutral", "foreign",
                                                      "neutral", "pro",    "pro",   "pro", "pro"};
        for (std::size_t at = 0; at < hellos.size(); ++at) {
            hello[at] = *hellos[at] == 0 ? find("open.phone") : find((std::string("hello.") + hellos[at]).c_str());
            bye[at] = *hellos[at] == 0 ? close_phone : find((std::string("bye.") + hellos[at]).c_str());
            ask[at] = find((std::string("ask.") + asks[at]).c_str());
        }
    }
};

const rule_book& rules() {
    static const rule_book all;
    return all;
}

// How often each manner uses each part, in percent, and words mistyped in a thousand.
struct habits {
    std::uint32_t hello, context, detail, proof, tried, digress, need, anger, ask, bye, sign, slips;
};

const habits& habits_of(manner how) {
    static constexpr std::array<habits, 11> all = {{
        {88, 32, 42, 16, 28, 8, 32, 0, 55, 82, 48, 14},    // neutral
        {100, 55, 55, 10, 45, 35, 50, 0, 92, 100, 100, 4}, // formal
        {62, 8, 32, 14, 45, 6, 30, 100, 70, 60, 25, 28},   // angry
        {58, 10, 18, 6, 12, 0, 24, 12, 42, 48, 6, 40},     // texted
        {22, 0, 6, 8, 4, 0, 6, 4, 14, 24, 4, 26},          // brief
        {92, 12, 22, 8, 15, 0, 40, 0, 75, 80, 45, 45},     // learner
        {96, 80, 92, 25, 85, 78, 82, 28, 75, 90, 85, 14},  // story
        {86, 0, 42, 26, 25, 0, 26, 0, 72, 80, 88, 9},      // school
        {95, 0, 42, 24, 30, 0, 34, 0, 70, 92, 20, 4},      // hub
        {95, 0, 38, 16, 18, 0, 8, 0, 50, 92, 15, 2},       // prefecture
        {100, 0, 0, 18, 18, 0, 30, 0, 0, 62, 0, 16},       // log
    }};
    return all[static_cast<std::size_t>(how)];
}

// Puts a text together, part by part.
class writer_of_body {
public:
    writer_of_body(scene& of, const wording& family, manner how, bool mentions, dice& roll)
        : of_(of), family_(family), how_(how), habits_(habits_of(how)), roll_(roll), mentions_(mentions) {}

    std::string body() {
        auto lines = how_ == manner::story || how_ == manner::formal || how_ == manner::hub || roll_.percent(55);
        if (how_ == manner::brief || how_ == manner::texted || how_ == manner::log) lines = false;
        opening(lines);
        if (how_ == manner::log && family_.voice == 'c')
            quoted_core();
        else
            core();
        middle();
        closing(lines);
        while (!out_.empty() && (out_.back() == ' ' || out_.back() == '\n')) out_.pop_back();
        return out_;
    }

private:
    void opening(bool lines) {
        if (roll_.percent(habits_.hello)) {
            add(rules().hello[index()]);
            out_ += lines ? "\n" : " ";
        }
        if (of_.holder == pen::parent) add(rules().proxy_parent);
        if (of_.holder == pen::child) add(rules().proxy_child);
        if (of_.holder == pen::spouse) add(rules().proxy_spouse);
        if (roll_.percent(habits_.context)) add(rules().context[band()]);
        if (how_ == manner::story && roll_.percent(habits_.digress)) add(rules().digress[band()]);
    }

    void core() {
        space();
        words().expand(roll_.pick(family_.bodies), roll_, of_, out_);
        auto about_others = family_.voice == 't' && how_ == manner::log;
        for (auto detail : family_.details)
            if (!about_others && roll_.percent(habits_.detail)) {
                space();
                words().expand(detail, roll_, of_, out_);
            }
    }

    void quoted_core() {
        space();
        words().expand_rule(rules().verbatim, roll_, of_, out_);
        out_ += ' ';
        words().expand(roll_.pick(family_.bodies), roll_, of_, out_);
        out_ += " »";
    }

    void middle() {
        if (!of_.message.empty() && roll_.percent(habits_.proof / 2)) add(rules().msg_line);
        if (!of_.error_code.empty() && roll_.percent(habits_.proof)) add(rules().code_line);
        auto own = family_.voice == 'c' && how_ != manner::log;
        if (roll_.percent(rarely(habits_.tried))) add(own ? rules().tried[band()] : rules().tried_t);
        if (roll_.percent(habits_.digress)) add(rules().digress[band()]);
        if (family_.voice != 'p' && roll_.percent(rarely(habits_.need)))
            add(!own ? rules().need_t : of_.procedure == "MEDICAL_RENEWAL" ? rules().need_driver : rules().need[band()]);
        if (roll_.percent(habits_.anger)) add(rules().anger);
        if (roll_.percent(habits_.anger / 3)) add(rules().anger);
        if (roll_.percent(rarely(habits_.ask))) add(rules().ask[index()]);
        if (mentions_ && !of_.number.empty() && !of_.neph.empty()) add(rules().ref);
    }

    void closing(bool lines) {
        if (roll_.percent(habits_.bye)) {
            if (lines) out_ += '\n';
            add(rules().bye[index()]);
        }
        if (!roll_.percent(habits_.sign)) return;
        out_ += lines ? '\n' : ' ';
        if (how_ == manner::school) return words().expand_rule(rules().sign_school, roll_, of_, out_);
        if (how_ == manner::hub || how_ == manner::prefecture) return of_.fill(slot_ville, out_);
        auto style = roll_.below(5);
        if (style != 3) of_.fill(slot_prenom, out_);
        if (style < 2 || style == 3) out_ += ' ';
        if (style == 0 || style == 3) out_ += of_.subject.usual_name.empty() ? of_.subject.birth_name : of_.subject.usual_name;
        if (style == 1) of_.fill(slot_nom_upper, out_);
        const auto& last = of_.subject.usual_name.empty() ? of_.subject.birth_name : of_.subject.usual_name;
        if (style == 2) out_.append(" ").append(last, 0, static_cast<unsigned char>(last[0]) < 0x80 ? 1 : 2).append(".");
    }

    // A question or a one-off story asks for itself: the stock phrases about trials and needs would jar.
    std::uint32_t rarely(std::uint32_t habit) const { return of_.about.kind == topic_kind::bug ? habit : habit / 3; }

    static const grammar& words() { return the_catalogue().words; }
    std::size_t index() const { return static_cast<std::size_t>(how_); }
    std::size_t band() const { return of_.age < 24 ? 0 : of_.age < 66 ? 1 : 2; }
    void space() {
        if (!out_.empty() && out_.back() != ' ' && out_.back() != '\n') out_ += how_ == manner::story && roll_.percent(22) ? '\n' : ' ';
    }
    void add(std::uint32_t rule) {
        space();
        words().expand_rule(rule, roll_, of_, out_);
    }

    scene& of_;
    const wording& family_;
    manner how_;
    const habits& habits_;
    dice& roll_;
    bool mentions_;
    std::string out_;
};

std::string as_typed(std::string text, manner how, dice& roll) {
    if (how == manner::angry) text = as_angry(text, roll);
    if (how == manner::learner) text = as_learner(text, roll);
    if (how == manner::texted) text = as_texted(text, roll);
    // People differ more than their manners: some never slip, some always do.
    constexpr std::array<std::uint32_t, 5> clumsy = {0, 40, 100, 150, 320};
    text = with_slips(text, habits_of(how).slips * roll.pick(clumsy) / 100, roll);
    auto careful = how == manner::school || how == manner::prefecture || how == manner::hub || how == manner::formal || how == manner::log;
    if (how != manner::texted) text = as_keyboard(std::move(text), careful, roll);
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

} // namespace

const char* manner_name(manner how) {
    constexpr std::array<const char*, 11> names = {"neutral", "formal", "angry", "texted",     "brief", "learner",
                                                   "story",   "school", "hub",   "prefecture", "log"};
    return names[static_cast<std::size_t>(how)];
}

manner pick_manner(const scene& of, bool by_letter, dice& roll) {
    if (of.holder == pen::school) return manner::school;
    if (of.holder == pen::hub) return manner::hub;
    if (of.holder == pen::prefecture) return manner::prefecture;
    if (of.holder == pen::agent) return manner::log;
    if (by_letter) return roll.percent(70) ? manner::formal : manner::story;
    auto far = of.subject.origin == "afghan" || of.subject.origin == "horn" || of.subject.origin == "tamil" ||
               of.subject.origin == "china" || of.procedure == "EXCHANGE_NON_EU" || of.about.birth_unknown;
    if (of.subject.origin != "british" && roll.percent(far ? 34 : 2)) return manner::learner;
    auto drawn = roll.below(100);
    using enum manner;
    if (of.age < 28) return drawn < 34 ? texted : drawn < 66 ? neutral : drawn < 84 ? brief : drawn < 93 ? angry : story;
    if (of.age < 66)
        return drawn < 42 ? neutral : drawn < 61 ? angry : drawn < 77 ? brief : drawn < 86 ? story : drawn < 94 ? formal : texted;
    return drawn < 44 ? formal : drawn < 68 ? neutral : drawn < 83 ? story : drawn < 94 ? angry : brief;
}

wording_result write(scene& of, const wording& family, manner how, bool mentions, dice& roll) {
    wording_result made;
    const auto& words = the_catalogue().words;
    if (roll.percent(how == manner::texted || how == manner::brief ? 16 : 6))
        words.expand_rule(rules().vague, roll, of, made.subject);
    else
        words.expand(family.subject, roll, of, made.subject);
    if (how == manner::log && roll.percent(60)) made.subject = "Appel - " + made.subject;
    made.body = as_typed(writer_of_body(of, family, how, mentions, roll).body(), how, roll);
    if (how == manner::texted)
        made.subject = as_texted(made.subject, roll);
    else if (how == manner::angry && roll.percent(30))
        made.subject = upper(made.subject);
    else
        made.subject = with_slips(made.subject, habits_of(how).slips, roll);
    return made;
}

std::string write_rule(scene& of, std::uint32_t rule, manner how, dice& roll) {
    std::string text;
    the_catalogue().words.expand_rule(rule, roll, of, text);
    return as_typed(std::move(text), how, roll);
}

} // namespace relais::model::demo

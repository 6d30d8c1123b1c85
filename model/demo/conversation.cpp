// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/french.hpp"
#include "model/demo/ticket_maker.hpp"

#include <algorithm>

namespace relais::model::demo {

namespace {

struct talk_rules {
    static std::uint32_t find(const char* name) { return the_catalogue().words.rule(name); }
    std::uint32_t hello = find("agent.hello"), sorry = find("agent.sorry"), generic = find("agent.generic"), ask = find("agent.ask"),
                  fixed = find("agent.fixed"), done = find("agent.done"), bye = find("agent.bye"), name = find("agent.name"),
                  more = find("citizen.more"), thanks = find("citizen.thanks"), nag = find("citizen.nag"), noted = find("citizen.noted"),
                  glad = find("satisfaction.good"), sorry_for_it = find("satisfaction.bad"), follow_up = find("agent.follow-up"),
                  papers = find("agent.papers"), complaint = find("agent.complaint"), out_of_scope = find("agent.out-of-scope");
};

const talk_rules& rules() {
    static const talk_rules all;
    return all;
}

// The exchange on one ticket, written in order until now.
class conversation {
public:
    conversation(demo_ticket& out, scene& of, manner how, sys_seconds now, dice& roll)
        : out_(out), of_(of), how_(how), now_(now), roll_(roll) {
        the_catalogue().words.expand_rule(rules().name, roll_, of_, agent_);
    }

    // Working hours only: the next office moment at least so many seconds after.
    sys_seconds office(sys_seconds after, std::int64_t wait_s) {
        auto at = after + std::chrono::seconds{wait_s};
        if (paris_hour(at) >= 17)
            at = paris_moment(at + days{1}, 9, roll_.between(0, 59));
        else if (paris_hour(at) < 9)
            at = paris_moment(at, 9, roll_.between(0, 59));
        while (paris_weekday(at) > 4) {
            auto minute = roll_.between(0, 59), hour = 9 + roll_.between(0, 4);
            at = paris_moment(at + days{1}, hour, minute);
        }
        return at;
    }

    bool agent(sys_seconds at, std::initializer_list<std::uint32_t> parts, const std::vector<program>* specific = nullptr) {
        if (at > now_) return false;
        std::string body;
        const auto& words = the_catalogue().words;
        words.expand_rule(rules().hello, roll_, of_, body);
        body += "\n\n";
        for (auto part : parts) {
            if (body.back() != '\n') body += ' ';
            words.expand_rule(part, roll_, of_, body);
        }
        if (specific != nullptr) {
            if (body.back() != '\n') body += ' ';
            words.expand(roll_.pick(*specific), roll_, of_, body);
        }
        body += "\n\n";
        words.expand_rule(rules().bye, roll_, of_, body);
        body += '\n' + agent_;
        out_.messages.push_back({at, writer::agent, agent_, std::move(body)});
        return true;
    }

    bool citizen(sys_seconds at, std::uint32_t rule) {
        if (at > now_) return false;
        auto quiet = how_ == manner::log ? manner::brief : how_;
        out_.messages.push_back({at, writer::citizen, out_.requester.name, write_rule(of_, rule, quiet, roll_)});
        return true;
    }

    void close(sys_seconds at) {
        out_.status = at > now_ ? "open" : "closed";
        if (at <= now_) out_.closed_at = at;
    }

    void wait_for(const char* reason) {
        out_.status = "waiting";
        out_.waiting_reason = reason;
    }

    // Ordinary contacts and one-off cases: an answer, perhaps a question first, then closed.
    void answer_ordinary(sys_seconds at) {
        const auto& id = of_.about.id;
        auto text = id == "follow-up"      ? rules().follow_up
                    : id == "papers"       ? rules().papers
                    : id == "complaint"    ? rules().complaint
                    : id == "out-of-scope" ? rules().out_of_scope
                                           : rules().generic;
        auto unsure = of_.about.kind == topic_kind::story && roll_.percent(40);
        if (!agent(at, {rules().sorry, unsure ? rules().ask : text})) return;
        if (unsure) {
            auto back = at + std::chrono::seconds{roll_.wait(140'000)};
            if (!roll_.percent(80) || !citizen(back, rules().more)) return wait_for("citizen");
            at = office(back, roll_.wait(90'000));
            if (!agent(at, {text})) {
                out_.status = "open";
                return;
            }
        }
        if (roll_.percent(20)) citizen(at + std::chrono::seconds{roll_.wait(40'000)}, rules().noted);
        if (of_.about.kind == topic_kind::story && roll_.percent(30)) return wait_for("external_owner");
        close(at + std::chrono::seconds{roll_.percent(70) ? 60 : roll_.wait(700'000)});
    }

    // A known bug: told what is known, then waits for the fix.
    void answer_bug(sys_seconds at, std::optional<sys_seconds> fixed_at) {
        auto asks = roll_.percent(26);
        if (!asks && !agent(at, {rules().sorry}, &of_.about.answers)) return;
        if (asks) {
            if (!agent(at, {rules().sorry, rules().ask})) return;
            auto back = at + std::chrono::seconds{roll_.wait(150'000)};
            if (!roll_.percent(78) || !citizen(back, rules().more)) return wait_for("citizen");
            at = office(back, roll_.wait(100'000));
            out_.status = "open";
            if (!agent(at, {}, &of_.about.answers)) return;
        }
        if (fixed_at && *fixed_at > at) {
            auto told = office(*fixed_at, roll_.wait(60'000));
            if (told <= now_ && agent(told, {rules().fixed})) {
                if (roll_.percent(35)) citizen(told + std::chrono::seconds{roll_.wait(50'000)}, rules().thanks);
                return close(told + days{roll_.between(0, 2)});
            }
        }
        if (roll_.percent(16)) citizen(at + days{roll_.between(5, 16)}, rules().nag);
        auto outside = of_.about.owner != "AGENCY_PORTAL" && of_.about.owner != "NATIONAL_SYSTEM";
        auto age = now_ - at;
        if (age > days{18} && roll_.percent(45)) {
            auto end = office(at, 86'400LL * roll_.between(8, 17));
            if (agent(end, {rules().done})) return close(end);
        }
        if (roll_.percent(12)) return close(at + std::chrono::seconds{120});
        wait_for(outside && roll_.percent(60) ? "external_owner" : "incident");
    }

    // One in three says how it went: better when it was quick and solved.
    void satisfaction() {
        if (!out_.closed_at || !roll_.percent(33)) return;
        auto slow = *out_.closed_at - out_.received_at > days{12};
        out_.satisfaction = roll_.percent(slow ? 48 : 82) ? roll_.between(8, 10) : roll_.between(0, 7);
        if (roll_.percent(45))
            out_.satisfaction_text = write_rule(of_, *out_.satisfaction >= 8 ? rules().glad : rules().sorry_for_it, how_, roll_);
    }

private:
    demo_ticket& out_;
    scene& of_;
    manner how_;
    sys_seconds now_;
    dice& roll_;
    std::string agent_;
};

void set_nature(demo_ticket& out, const topic& about, manner how, dice& roll) {
    if (about.category == "GEN-03" || (how == manner::angry && roll.percent(45)))
        out.legal_nature = "complaint";
    else if (about.category == "GEN-02" || about.category == "GEN-01" || roll.percent(15))
        out.legal_nature = "information";
    else
        out.legal_nature = "request";
}

} // namespace

void converse(demo_ticket& out, scene& of, manner how, const agency& from, dice& roll) {
    auto now = from.wanted().now;
    set_nature(out, of.about, how, roll);
    out.status = "new";
    conversation talk(out, of, how, now, roll);
    // Most are answered within two working days, a tail within the week.
    auto first = talk.office(out.received_at, roll.percent(70) ? roll.wait(40'000) : roll.wait(190'000));
    if (first > out.received_at + days{3} && roll.percent(25))
        talk.citizen(out.received_at + days{2} + hours{roll.between(1, 20)}, rules().nag);
    std::optional<sys_seconds> fixed;
    if (of.about.fixed_day && out.received_at < from.times().day(*of.about.fixed_day))
        fixed = from.times().day(*of.about.fixed_day) + hours{9};
    if (first > now) {
        if (roll.percent(30) && now - out.received_at > hours{4}) out.status = "open";
        return;
    }
    out.category_confirmed = true;
    if (of.about.kind == topic_kind::bug)
        talk.answer_bug(first, fixed);
    else
        talk.answer_ordinary(first);
    if (out.status == "new") out.status = "open";
    std::stable_sort(out.messages.begin(), out.messages.end(),
                     [](const demo_message& one, const demo_message& other) { return one.at < other.at; });
    // Somebody who writes after the closing finds the ticket open again: the demonstration keeps it simple and closes later.
    if (out.closed_at && !out.messages.empty() && out.messages.back().at > *out.closed_at)
        out.closed_at = std::min(out.messages.back().at + hours{1}, now);
    talk.satisfaction();
}

} // namespace relais::model::demo

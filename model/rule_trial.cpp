// SPDX-License-Identifier: EUPL-1.2
#include "model/rule_trial.hpp"

#include "model/rule_occasion.hpp"
#include "model/sql.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <map>
#include <set>

namespace relais::model::rule_trials {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t page_size = 5'000;

bool sets_status(std::string_view action) {
    constexpr auto all = std::to_array<std::string_view>({"ticket.replied", "ticket.closed", "ticket.forwarded", "ticket.reopened",
                                                          "ticket.waiting", "ticket.resumed", "ticket.merged", "ticket.unmerged",
                                                          "ticket.waits_for_incident", "ticket.reply_taken_back"});
    return std::find(all.begin(), all.end(), action) != all.end();
}

// The facts of the next occasion, had the ticket been as the trial left it: what somebody set since then stands; the rest stays as the
// trial made it.
rule_facts carried(const rule_facts& before, const rule_facts& tried, const rule_occasion& next) {
    auto out = next.facts;
    if (out.category == before.category && next.action != "ticket.categorised") out.category = tried.category;
    if (out.team == before.team && next.action != "ticket.entrusted") out.team = tried.team;
    if (out.assignee == before.assignee && next.action != "ticket.assigned") out.assignee = tried.assignee;
    auto keep = [&] { out.status = tried.status, out.waiting_reason = tried.waiting_reason; };
    if (sets_status(next.action)) return out;
    if (next.action == "ticket.written_back") { // comes back to the queue, unless nobody has taken it yet
        keep();
        if (out.status != "new") out.status = "open", out.waiting_reason.clear();
    } else if (next.action == "ticket.assigned") {
        if (tried.status != "new") keep();
    } else if (out.same_status(before)) {
        keep();
    }
    return out;
}

// Walks through one ticket's occasions.
class walk {
public:
    walk(soci::session& sql, const std::vector<rule>& on, const calendar& centre, sys_seconds from, sys_seconds now)
        : sql_(sql), on_(on), centre_(centre), from_(from), now_(now) {}

    template <class Found> void over(const std::vector<rule_occasion>& lived, const Found& found) {
        for (const auto& each : lived) {
            enter(each);
            if (each.happened_at >= from_) act(each, moment(each), found);
            wait(each, std::min(each.until_at.value_or(now_ + 1s), now_ + 1s), found);
            recorded_ = each.facts;
            is_first_ = false;
        }
    }

private:
    void enter(const rule_occasion& of) {
        auto before = tried_;
        tried_ = is_first_ ? of.facts : carried(recorded_, tried_, of);
        status_changed_ = !is_first_ && !before.same_status(tried_);
        if (is_first_)
            since_ = of.since_at;
        else if (status_changed_)
            begin_stay(of.happened_at);
    }

    void begin_stay(sys_seconds at) {
        since_ = at;
        looked_.clear();
    }

    rule_moment moment(const rule_occasion& of) {
        auto out = rule_occasions::moment(of, status_changed_, "");
        auto listens = [&](const rule& each) { return out.events.contains(each.event) && !each.when.words.empty(); };
        if (std::any_of(on_.begin(), on_.end(), listens)) out.words = rule_occasions::words(sql_, of);
        return out;
    }

    template <class Found> void act(const rule_occasion& of, rule_moment at, const Found& found, const rule* alone = nullptr) {
        if (at.events.empty()) return;
        at.facts = tried_;
        auto& spent = spent_[rule_occasions::cause(of)];
        std::vector<rule> one;
        if (alone) one.push_back(*alone);
        const auto& acting = alone ? std::as_const(one) : on_;
        for (const auto& each : rule_decisions::decide(acting, at, spent)) {
            auto before = tried_;
            rule_decisions::apply(tried_, each.does);
            if (!before.same_status(tried_)) begin_stay(at.at);
            spent.insert(each.by->id);
            found(*each.by, of, at.at, each.does);
        }
    }

    // The waits that end in this occasion, in the order in which they end.
    template <class Found> void wait(const rule_occasion& of, sys_seconds until, const Found& found) {
        if (tried_.status == "closed" || tried_.status == "merged") return;
        for (;;) {
            const rule* first = nullptr;
            auto first_at = sys_seconds::max();
            for (const auto& each : on_) {
                if (each.event != "waited" || looked_.contains(each.id)) continue;
                auto at = calendars::add_business_time(centre_, since_, std::chrono::hours(each.after_hours));
                if (at < first_at) first = &each, first_at = at;
            }
            if (!first || first_at >= until) return;
            looked_.insert(first->id);
            auto then = of;
            then.action = "waited";
            if (first_at >= from_)
                act(then, rule_occasions::end_of_wait(then, first_at, first->when.words.empty() ? "" : rule_occasions::words(sql_, of)),
                    found, first);
        }
    }

    soci::session& sql_;
    const std::vector<rule>& on_;
    const calendar& centre_;
    sys_seconds from_, now_;
    bool is_first_ = true, status_changed_ = false;
    rule_facts recorded_, tried_;
    sys_seconds since_{};
    std::set<std::int64_t> looked_;                       // rules that have looked at the present stay
    std::map<std::string, std::set<std::int64_t>> spent_; // by cause
};

std::vector<rule> with(std::vector<rule> on, const rule_text& what, std::int64_t id, std::int64_t place, sys_seconds from) {
    std::erase_if(on, [id](const rule& each) { return each.id == id; });
    rule tried;
    static_cast<rule_text&>(tried) = what;
    tried.id = id, tried.on_since = from;
    tried.place = place;
    auto after = std::find_if(on.begin(), on.end(), [&](const rule& each) { return std::tie(each.place, each.id) > std::tie(place, id); });
    on.insert(id == 0 ? on.end() : after, std::move(tried));
    return on;
}

// The occasions of one ticket after the other, the newest ticket first: what the limit leaves out is the oldest.
template <class Each> bool each_ticket(soci::session& sql, sys_seconds from, std::size_t occasions_limit, const Each& each) {
    std::size_t count = 0;
    const auto size = static_cast<int>(std::min(page_size, occasions_limit));
    for (auto before = std::numeric_limits<std::int64_t>::max();;) {
        auto page = rule_occasions::lived_since(sql, from, before, size);
        auto is_last = static_cast<int>(page.size()) < size;
        // The last ticket of a full page may go on in the next.
        auto end = page.end();
        if (!is_last) end = std::find_if(page.begin(), page.end(), [&](const auto& one) { return one.ticket_id == page.back().ticket_id; });
        if (end == page.begin()) return is_last;
        for (auto begin = page.begin(); begin != end;) {
            auto next = std::find_if(begin, end, [&](const auto& one) { return one.ticket_id != begin->ticket_id; });
            before = begin->ticket_id;
            each(std::vector<rule_occasion>(std::make_reverse_iterator(next), std::make_reverse_iterator(begin)));
            count += static_cast<std::size_t>(next - begin);
            begin = next;
        }
        if (is_last) return true;
        if (count >= occasions_limit) return false;
    }
}

} // namespace

rule_trial run(soci::session& sql, const rule_text& what, std::int64_t id, const calendar& centre, sys_seconds now, const limits& most) {
    auto from = now - 24h * days;
    auto rules_on = with(rules::on(sql), what, id, id == 0 ? 0 : rules::get(sql, id).place, from);
    rule_trial out;
    out.is_whole = each_ticket(sql, from, most.occasions, [&](const std::vector<rule_occasion>& lived) {
        std::vector<rule_trial::touch> touched;
        walk(sql, rules_on, centre, from, now)
            .over(lived, [&](const rule& by, const rule_occasion& on, sys_seconds at, const rule_actions& does) {
                if (by.id == id) touched.push_back({on.ticket_id, "", at, rule_occasions::cause(on), does});
            });
        if (touched.empty()) return;
        ++out.tickets;
        out.times += static_cast<std::int64_t>(touched.size());
        out.touched.push_back(std::move(touched.back()));
    });
    std::stable_sort(out.touched.begin(), out.touched.end(), [](const auto& a, const auto& b) { return a.at > b.at; });
    if (out.touched.size() > most.shown) out.touched.resize(most.shown);
    for (auto& each : out.touched)
        each.reference = sql::first<std::string>(sql, "SELECT reference FROM ticket WHERE id = :id", each.ticket_id).value_or("");
    return out;
}

} // namespace relais::model::rule_trials

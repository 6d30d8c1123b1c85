// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/stream.hpp"

#include "model/demo/ticket_maker.hpp"

namespace relais::model::demo {

void stream(const options& wanted, const std::function<void(const demo_dossier&)>& on_dossier,
            const std::function<void(const demo_ticket&)>& on_ticket) {
    agency all(wanted);
    if (on_dossier)
        for (std::uint64_t index = 0; index < wanted.dossiers; ++index) on_dossier(all.dossier(index));
    if (!on_ticket) return;
    ticket_maker maker(all);
    demo_ticket ticket;
    for (std::uint64_t number = 0; number < wanted.tickets; ++number) {
        maker.make(number, ticket);
        on_ticket(ticket);
    }
}

std::vector<demo_bug> bugs(const options& wanted) {
    const auto& catalogue = the_catalogue();
    auto day = [&wanted](int from_now) { return wanted.now + std::chrono::days{from_now}; };
    std::vector<demo_bug> all;
    for (std::size_t at = 0; at < catalogue.bug_count; ++at) {
        const auto& from = catalogue.topics[at];
        demo_bug bug{from.id,
                     from.title,
                     from.category,
                     from.nature,
                     from.owner,
                     from.cause,
                     from.workaround,
                     from.law_article,
                     from.law_persons,
                     {},
                     from.step,
                     {},
                     from.messages,
                     from.release,
                     {},
                     {},
                     {},
                     from.burst_factor,
                     {},
                     {}};
        for (const auto& one : from.procedures) bug.procedures.push_back(one.value);
        for (const auto& one : from.codes) bug.error_codes.push_back(one.value);
        if (from.introduced_day) bug.introduced_at = day(*from.introduced_day);
        if (from.fixed_day) bug.fixed_at = day(*from.fixed_day);
        if (from.regressed_day) bug.regressed_at = day(*from.regressed_day);
        if (from.burst_factor > 1) {
            bug.burst_from = day(from.burst_day);
            bug.burst_until = day(from.burst_day) + std::chrono::hours{from.burst_hours};
        }
        all.push_back(std::move(bug));
    }
    return all;
}

std::vector<demo_release> releases(const options& wanted) {
    std::vector<demo_release> all;
    for (const auto& [name, from_now] : release_days()) all.push_back({name, wanted.now + std::chrono::days{from_now}});
    return all;
}

} // namespace relais::model::demo

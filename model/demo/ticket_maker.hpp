// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/agency.hpp"
#include "model/demo/voice.hpp"

namespace relais::model::demo {

// Makes one contact after another, each from its number alone.
class ticket_maker {
public:
    explicit ticket_maker(const agency& of);

    // Fills `out`, whose strings are reused. number: 0 to options.tickets - 1, in order of arrival.
    void make(std::uint64_t number, demo_ticket& out) const;

private:
    struct draft {
        const topic* about = nullptr;
        const wording* family = nullptr;
        timeline::moment when;
        std::optional<dossier_plan> dossier;
        person subject;
        std::string procedure;
        std::string channel;
        pen holder = pen::self;
    };
    void choose_topic(draft& plan, dice& roll) const;
    void choose_dossier(draft& plan, std::uint64_t number, dice& roll) const;
    void choose_channel(draft& plan, dice& roll) const;
    const wording* choose_family(const draft& plan, std::string_view voices, dice& roll) const;
    bool allowed(const wording& one) const;

    const agency& agency_;
    std::uint8_t families_;
};

// Who writes, how to answer them, and how they name the person.
void fill_requester(demo_ticket& out, const scene& of, dice& roll);
// What the form holds of the portal: step, code, message, browser, release.
void fill_portal(demo_ticket& out, const scene& of, sys_seconds now, dice& roll);
// How the writer points to the dossier: its number, the NEPH, name and birth date, a wrong number, or nothing.
void fill_hint(demo_ticket& out, const scene& of, bool known, dice& roll);
// The answers, the later messages and the state of the ticket at options.now.
void converse(demo_ticket& out, scene& of, manner how, const agency& from, dice& roll);

} // namespace relais::model::demo

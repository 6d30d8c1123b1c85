// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/message_reader.hpp"
#include "model/ticket_actions.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace relais::model {

// Somebody beside the requester on a ticket: the person concerned when another wrote ("citizen"), who acts for them under a mandate
// ("proxy": a driving school, a relative), or who helps them ("adviser": a France services house). Each has a private link and reads what
// was written to them. The requester stays in the ticket's own columns. Source: docs/decisions/0110-several-people-on-one-ticket.md
struct participant {
    std::int64_t id = 0, ticket_id = 0;
    std::string code; // the link and the address of answers are made from it; by itself it opens nothing
    std::string role, name, email, phone, language = "fr";
    std::int64_t link_generation = 1;
    sys_seconds added_at;
    std::string added_by;               // the colleague's name
    std::optional<sys_seconds> ends_at; // when the link opens nothing any more: as agreed, or the moment of the removal
    std::string ended_by;               // staff or citizen: removed before that
    std::string mail_state;             // unreachable: a mail came back

    bool is_active(sys_seconds now) const { return !ends_at || now < *ends_at; }
    auto fields() {
        return std::tie(id, ticket_id, code, role, name, email, phone, language, link_generation, added_at, added_by, ends_at, ended_by,
                        mail_state);
    }
};

namespace participants {

constexpr int active_limit = 10;      // on one ticket: beyond it nobody knows any more who reads what
constexpr int contact_kept_days = 30; // mail address and telephone of who left
constexpr std::string_view roles[] = {"citizen", "proxy", "adviser"};

// A name for a new row: "p" and twelve hexadecimal digits, which no ticket's reference looks like.
std::string draw_code();
bool is_code(std::string_view text);

// Adds somebody, sends them their link and tells the requester, each by mail when they have an address. link_hash: of the first link.
// Returns the row. Throws: invalid on "email" when the requester or somebody present has this address, on "name" when they are too many.
std::int64_t add(soci::session& sql, const tickets::action& act, const participant& what, std::string_view link_hash);

// All who are or were on a ticket and on those merged into it, oldest first.
std::vector<participant> of(soci::session& sql, std::int64_t ticket_id);
// One of those. Throws: not_found.
participant get(soci::session& sql, std::int64_t ticket_id, std::int64_t id);
std::optional<participant> find(soci::session& sql, std::int64_t id);
// By the hash of their link, or by code and generation; nothing when it was renewed or they left.
std::optional<participant> find_by_link(soci::session& sql, std::string_view hash, sys_seconds now);
std::optional<participant> find_by_code(soci::session& sql, std::string_view code, std::int64_t generation, sys_seconds now);

// A new link, mailed to them; the old one opens nothing any more. hash_of: of the link of a code and generation.
// Throws: not_found; conflict("conflict.participant_left").
using make_hash = std::function<std::string(const std::string& code, std::int64_t generation)>;
void renew_link(soci::session& sql, const tickets::action& act, std::int64_t id, const make_hash& hash_of);
// The same link mailed again, at most once in four hours.
void send_link_again(soci::session& sql, const participant& to, sys_seconds now);

// Removes somebody: their link opens nothing from now on, what was on its way to them is withdrawn, what they read and wrote stays with
// the ticket. Twice is once. Throws: not_found.
void end(soci::session& sql, const tickets::action& act, std::int64_t id);

// The readers of an answer, checked: each once, present on this ticket. Nobody named: the requester.
// Throws: invalid on "to".
std::vector<std::int64_t> check_readers(soci::session& sql, const ticket& on, std::vector<std::int64_t> readers, sys_seconds now);
// Queues a message for one of them: by mail, or to be said by telephone.
void tell(soci::session& sql, const ticket& on, std::int64_t id, std::int64_t message_id, sys_seconds now, sys_seconds leaves_at);

// What a delivery report, or a mail of theirs, says of their address.
void set_reachable(soci::session& sql, std::int64_t id, bool is_reachable);

// Erases the address and the telephone of those who left more than contact_kept_days ago, a few hundred a call; the name stays with what
// they wrote. Returns how many.
std::int64_t erase(soci::session& sql, sys_seconds now);

} // namespace participants

} // namespace relais::model

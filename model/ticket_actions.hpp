// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/ticket.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What people do to a ticket. Each action compares the version the person saw and sets the new one, so that two agents never overwrite
// each other silently; each writes its event in the same transaction. All throw not_found; conflict("conflict.version") when the ticket
// has changed since; conflict("conflict.status") when its state no longer allows the action.
namespace relais::model::tickets {

// Who acts, on which version of which ticket. version 0: whatever it is now (the citizen, programs without If-Match).
struct action {
    std::string reference;
    std::int64_t version = 0;
    actor who;
    sys_seconds now;
};

// Answers the citizen: message, event, mail (or letter when there is no address) in one transaction. The first one stops the clock of the
// first human answer; the ticket is then open and waits for the citizen when `waits` says so. What a colleague writes may be taken back
// for a while (model/reply_recall.hpp) and is no draft any more. why_file_again: see model/refiling.hpp, as in close and forward.
// readers: to whom it is addressed (model/message_reader.hpp), the requester alone when nobody is named; an answer that the requester does
// not read stops no clock, and cannot wait for them (invalid on "waits"). Returns the message's row.
std::int64_t reply(soci::session& sql, const action& act, std::string_view body, bool waits = false, std::string_view why_file_again = {},
                   const std::vector<std::int64_t>& readers = {});

// A note between colleagues: never shown to the citizen, changes nothing else.
std::int64_t note(soci::session& sql, const action& act, std::string_view body);

// The citizen writes again: the ticket comes back to the queue, reopened when it was closed. Attachments sent with draft_key are adopted.
// participant: who of them writes; nobody: the requester.
std::int64_t write_back(soci::session& sql, const action& act, std::string_view body, std::string_view draft_key,
                        std::optional<std::int64_t> participant = {});

// Gives the ticket to a colleague of the desk, or back to the queue. Throws: invalid on "assignee" when they treat no tickets.
void assign(soci::session& sql, const action& act, std::optional<std::int64_t> user);

// Sets the category as a person confirms it. Throws: invalid on "category" when there is no such code.
void categorise(soci::session& sql, const action& act, std::string_view category);

// Makes a dossier the ticket's subject, with a snapshot of its present state; or takes it away (nothing) with a reason.
void link_dossier(soci::session& sql, const action& act, std::optional<std::int64_t> dossier, std::string_view reason);

// Closes. Refused (invalid on "reason") without a dossier or a stated reason, except for GEN-02 and GEN-04. Words are told: they answer.
void close(soci::session& sql, const action& act, std::string_view reason, std::string_view text, std::string_view why_file_again = {});

// The citizen says that the problem is solved: closed with the reason "solved_by_citizen"; closed twice is closed once.
void solved(soci::session& sql, const action& act);

void reopen(soci::session& sql, const action& act, std::string_view reason);

// Hands the request to the competent service and tells the citizen, who has nothing to send again (CRPA L.114-2): an answer. Closes it.
void forward(soci::session& sql, const action& act, std::string_view service, std::string_view text, std::string_view why_file_again = {});

// 0 to 10 and a word, from the follow-up page; a second answer replaces the first. Throws: invalid on "score".
void rate(soci::session& sql, const action& act, int score, std::string_view word);

// A new follow-up link; the old one opens nothing any more.
void renew_link(soci::session& sql, const action& act, std::string_view new_hash);

} // namespace relais::model::tickets

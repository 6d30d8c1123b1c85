// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/action_fields.hpp"
#include "api/routes.hpp"
#include "api/ticket_page.hpp"
#include "model/ticket_actions.hpp"

#include <soci/soci.h>

#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// What the changes of a ticket share, from the console's forms and from the API alike: a change compares the version that was seen, is
// done once for a key, and answers the ticket's new state or its page. For api/ticket_*.cpp.
namespace relais::api::ticket_changes {

using change = std::function<void(soci::session&, const model::tickets::action&)>;

// Who acts on the ticket of the address, on the version that was seen.
model::tickets::action action_of(const request& request);

// A text in its stored form; may be empty. limit: code points. Throws: invalid.
std::string words(const action_fields& given, std::string_view name, std::size_t limit);
std::string required_words(const action_fields& given, std::string_view name, std::size_t limit);

// Refuses a program's body that forgot what means "nobody" or "none" when it is empty: it takes nothing away by mistake. Throws: invalid.
void check_given(const request& request, const action_fields& given, std::string_view name);

// To whom a ticket is given: nobody, oneself ("me") or a colleague by number. Throws: invalid on "assignee" when it is none of them.
std::optional<std::int64_t> assignee_of(const request& request, const action_fields& given);

// The ticket's state with its ETag.
reply state_reply(soci::session& sql, const std::string& reference, int status = 200);

// Makes the change, then says where the person goes on: the ticket's page with a word of what was done, or the ticket's new state.
asio::awaitable<reply> act(const request& request, app& app, const action_fields& given, std::string_view done, change what);

// Reads what was given, then acts. What was refused before the ticket was touched comes back like what the ticket refused: the page with
// what was typed. prepare: makes the change from what was given; throws invalid.
template <class Prepare>
asio::awaitable<reply> prepared(const request& request, app& app, const action_fields& given, std::string_view done, Prepare prepare) {
    change what;
    std::exception_ptr refused;
    try {
        what = prepare();
    } catch (...) {
        refused = std::current_exception();
    }
    if (refused && request.wants_json()) std::rethrow_exception(refused);
    if (refused) co_return co_await show_refused(request, app, given, refused);
    co_return co_await act(request, app, given, done, std::move(what));
}

} // namespace relais::api::ticket_changes

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/form_draft.hpp"
#include "api/request.hpp"

#include <string_view>

// What stands between the form and those who would flood it. An ordinary person never meets it: only the third form in ten minutes from
// one address, a fourth for one mailbox in a day, or a filled trap, is asked for a proof of work, or to wait; nobody is refused for it.
// Source: security.md 3.4, contract.md (limits by audience)
namespace relais::api::contact_pressure {

constexpr int wait_s = 30;    // the way without JavaScript: as long as the proof would cost a slow telephone
constexpr int shortest_s = 3; // nobody fills five pages faster: such a form counts for two

enum class need { nothing, proof };

// What this form must bring before it is accepted. trap: the field that people do not see was filled.
need asked(const request& request, const app& app, const form_draft& draft, bool trap);
// True when it was brought: a proof of work for this form, or the wait.
bool is_met(const request& request, const app& app, const form_draft& draft);
// Seconds to wait when one of the limits (address, in all) is passed; 0 counts this form in.
int take(const request& request, app& app);
// The same for a step, which costs less; uploads have their own.
int take_step(const request& request, app& app, bool with_files);
// Seconds to wait before an address may send files again, asked before they are received; 0 when it may.
int upload_wait(const request& request, const app& app);
// The place of one contact among those that a program which says not who it is may send for a mailbox; a person is asked for a proof.
// It is taken before anything is written, so that contacts sent together pass the limit no more than one after the other, and given back
// unless it was used.
class recipient_turn {
public:
    // email: empty when there is nothing to count.
    recipient_turn(app& app, std::string_view email);
    ~recipient_turn();
    recipient_turn(const recipient_turn&) = delete;
    recipient_turn& operator=(const recipient_turn&) = delete;
    // Seconds to wait; 0 when the place was there.
    int wait() const { return wait_; }
    void use() { is_held_ = false; }

private:
    app& app_;
    std::string bucket_;
    int wait_ = 0;
    bool is_held_ = false;
};
// Thrown by the visit that such a wait forbids, once it is known that the request was not answered before.
struct too_many_for_mailbox {};
// Counts the form for its recipient, once it was accepted.
void count_recipient(app& app, std::string_view email);

} // namespace relais::api::contact_pressure

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"

#include <string>
#include <string_view>

namespace relais::model {

// Within what an answer is announced, and after what silence the law takes it as a refusal.
struct answer_delays {
    int working_days = 5;              // Marianne
    int implicit_rejection_months = 2; // CRPA L.231-4
};

// What is announced to who wrote. Days are YYYY-MM-DD in Paris.
struct answer_dates {
    std::string answer_before;
    std::string implicit_on; // empty for information
    sys_seconds due_at{};    // when the first human answer is due: the queue's order
};

// Of what was received at that time.
answer_dates dates_after(sys_seconds received_at, std::string_view legal_nature, const answer_delays& delays);

} // namespace relais::model

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock_book.hpp"
#include "model/database.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace relais::model {

// Keeps the clocks of tickets up, tells colleagues what is late before it is late, reminds those whom tickets wait for and ends what waited
// too long: each once whatever number of nodes run it. Whoever holds the lease works, and every transaction shows its token.
class clock_job {
public:
    clock_job(database& from, std::shared_ptr<const clock_book> book, std::string owner)
        : database_(from), book_(std::move(book)), owner_(std::move(owner)) {}

    // One page of what changed, or of what is due, at a time. True when there is more to do at once.
    bool step(sys_seconds now);
    // Gives the lease back.
    void stop();
    // Whether the last steps wrote to the outbox.
    bool take_mail_written() { return std::exchange(has_written_mail_, false); }

private:
    bool follow(sys_seconds now);
    bool run_clocks(sys_seconds now);
    bool run_waits(sys_seconds now);
    template <class Visit> auto write(Visit visit);

    database& database_;
    std::shared_ptr<const clock_book> book_;
    std::string owner_;
    std::optional<std::int64_t> token_;
    std::map<std::int64_t, std::int64_t> seen_; // versions of the tickets of the last seconds: read again only when they change
    bool has_written_mail_ = false;
};

} // namespace relais::model

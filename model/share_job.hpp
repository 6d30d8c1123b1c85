// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"
#include "model/share_link.hpp"
#include "model/weekly_share.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace relais::model {

// Keeps the facts of the figures up and writes the share of each week when its hour has come, once whatever number of nodes run it: whoever
// holds the lease works, and every transaction shows its token. Weeks that were missed are written one after the other.
class share_job {
public:
    struct options {
        std::string owner; // of the lease: one a process
        int hour = weekly_shares::default_hour;
        bool is_sending = true;
        bool uses_database_clock = true; // false: a rehearsal on another date than the database's
        int link_days = share_links::default_days;
        std::vector<share_recipient> recipients; // beside the accounts of product owners
        // The hash of the link's token for a week and a recipient.
        std::function<std::string(const std::string& week, const std::string& recipient)> token_hash;
    };
    share_job(database& from, options wanted) : database_(from), options_(std::move(wanted)) {}

    // One page of facts, one share written or one sent, at a time. True when there is more to do at once. A node whose clock runs ahead
    // writes no week before the database's clock says that it ended.
    bool step(sys_seconds now);
    // Gives the lease back.
    void stop();
    // Whether the last steps wrote to the outbox.
    bool take_mail_written() { return std::exchange(has_written_mail_, false); }

private:
    bool write_share(sys_seconds now);
    bool send_share(sys_seconds now);
    database& database_;
    options options_;
    std::optional<std::int64_t> token_;
    bool has_written_mail_ = false;
};

} // namespace relais::model

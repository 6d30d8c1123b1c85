// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/clock.hpp"
#include "model/dossier_store.hpp"
#include "server/registry_journal.hpp"
#include "server/registry_options.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace relais::model {
class database;
}

namespace relais::server {

// What is known of the dossier looked for. The number is tried first, then the NEPH, then the birth name with the birth date.
struct registry_query {
    std::string number, neph, birth_name, birth_date;
    bool is_known = false; // the number is that of a dossier we hold: nothing else is tried
    bool is_empty() const { return number.empty() && neph.empty() && (birth_name.empty() || birth_date.empty()); }
    auto operator<=>(const registry_query&) const = default;
};

// "found", "not_found"...
const char* word(registry_outcome outcome);

struct registry_answer {
    registry_outcome outcome = registry_outcome::unavailable;
    std::vector<model::dossier_news> dossiers = {}; // one when found, up to 20 when several
    std::string fault = {};                         // for the log: codes, never personal
    std::string column = {}, reason = {};           // of what was unreadable: the view's column, and why
    std::chrono::seconds age{0};                    // how long ago the registry said it
};

// What the administration listener shows.
struct registry_counters {
    std::atomic<std::int64_t> asked = 0, found = 0, not_found = 0, failed = 0, late = 0, refused_by_breaker = 0, from_cache = 0;
};

// Never called inside a visit nor before an answer to a citizen.
class registry {
public:
    virtual ~registry() = default;
    // Asks and waits, total_ms at most: a later answer is dropped. Never throws.
    virtual registry_answer look_up(const registry_query& query) = 0;
    // True while it is left alone after failures; is_ready: and no probe is due.
    virtual bool is_breaker_open() const = 0;
    virtual bool is_ready() const = 0;
    // Our own mirror answers: no registry is configured.
    virtual bool is_mirror() const = 0;
    // How many may be asked at once.
    virtual int lanes() const = 0;
    const registry_counters& counters() const { return counters_; }
    // The look-ups since the last call, for the figures.
    std::vector<registry_sample> take_samples() { return journal_.take(); }

protected:
    registry_counters counters_;
    registry_journal journal_;
};

// The registry, or our own mirror in its place. Throws std::runtime_error with the sentence of registry_fault. Does not connect yet: a
// registry that is down never stops the start. now: what lies in the future is refused.
std::unique_ptr<registry> open_registry(const registry_options& options, model::database& mirror,
                                        model::clock_function now = model::system_now);

} // namespace relais::server

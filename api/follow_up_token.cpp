// SPDX-License-Identifier: EUPL-1.2
#include "api/follow_up_token.hpp"

#include "model/reference.hpp"

#include <date/date.h>

#include <optional>
#include <utility>

namespace relais::api::follow_up_tokens {

std::string make(const secrets& keys, std::string_view reference, std::int64_t generation) {
    return keys.sign("follow_up", std::string(reference) + "/" + std::to_string(generation));
}

std::string hash(std::string_view token) { return sha256_hex(token); }

std::string url(std::string_view base_url, std::string_view token) { return std::string(base_url).append("/suivi/").append(token); }

model::ticket_name draw(const secrets& keys, std::chrono::sys_seconds now) {
    auto year = static_cast<int>(date::year_month_day(date::floor<date::days>(now)).year());
    model::ticket_name out;
    out.reference = model::references::make(year);
    out.follow_up_hash = hash(make(keys, out.reference, 1));
    return out;
}

drawn_ahead draw_ahead(const secrets& keys, std::chrono::sys_seconds now) {
    drawn_ahead out{draw(keys, now), {}};
    out.next = [kept = std::optional(out.first), &keys, now]() mutable {
        auto name = std::exchange(kept, std::nullopt);
        return name ? *name : draw(keys, now);
    };
    return out;
}

} // namespace relais::api::follow_up_tokens

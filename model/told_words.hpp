// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <soci/soci.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace relais::model {

// What colleagues and owners wrote about an incident, as it may leave the centre: without numbers, addresses and telephones
// (sensitive::mask_for_export), without the names of the incident's own citizens, without words of illness or of offence. Over-hiding costs
// a word; the contrary costs somebody. Source: domain.md 5.3, RGPD art. 9 and 10
class told_words {
public:
    explicit told_words(soci::session& sql) : sql_(sql) {}
    std::string of(std::int64_t incident, std::string_view text);

private:
    bool is_a_name(const std::string& folded);
    bool is_of(std::int64_t incident, const std::string& folded);

    soci::session& sql_;
    std::map<std::string, bool> names_; // by word: whether anybody bears it
};

} // namespace relais::model

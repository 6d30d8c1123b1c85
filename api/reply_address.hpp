// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/secrets.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The address that answers to a ticket's mails go to: reponses+26xxxxxxxx.1.<signature>@centre.example; each participant has their own. The
// signature is made from the server's key; a new generation of the follow-up link ends the old addresses too. In lower case, which no mail
// program changes.
namespace relais::api::reply_addresses {

struct named {
    std::string reference; // or the code of a participant (model/participant.hpp)
    std::int64_t generation = 0;
};

// base: "reponses@centre.example".
std::string make(const secrets& keys, std::string_view base, std::string_view reference, std::int64_t generation);
// The ticket that an address names; nothing when it is not one of ours, to the letter. Compared in constant time.
std::optional<named> read(const secrets& keys, std::string_view base, std::string_view address);

} // namespace relais::api::reply_addresses

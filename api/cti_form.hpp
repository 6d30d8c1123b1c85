// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/request.hpp"
#include "model/call_state.hpp"

#include <string>

// The form of a telephone system's event, as bridges for Asterisk, 3CX and FreePBX send it to Zammad (peers.md 2.2).
namespace relais::api::cti_form {

struct read_event {
    model::cti_event what;
    std::string fault; // a verdict of model/cti.hpp; empty when it was understood
};
// Reads the fields of a body, JSON or form-encoded. Never throws for what a telephone system may send.
read_event read(const request& request);

} // namespace relais::api::cti_form

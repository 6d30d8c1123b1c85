// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace relais::api {

// The bytes of a request cannot be read: 400, or 413 when they pass a limit. A person's mistake in a field is model::invalid instead.
// code: stable, safe to show; position: where in the input, bytes from 0.
struct malformed : std::runtime_error {
    explicit malformed(std::string why, std::size_t at = 0, int http_status = 400)
        : std::runtime_error(why), code(std::move(why)), position(at), status(http_status) {}
    std::string code;
    std::size_t position;
    int status;
};

} // namespace relais::api

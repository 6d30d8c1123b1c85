// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace relais::model {

// One mistake in what a person sent. field: the name in the form and in the API; code: stable, for programs;
// message: a key of templates/locales, for people. value: what the message may quote, never required.
struct field_fault {
    std::string field;
    std::string code;
    std::string message;
    std::string value = {};
};

// The five errors of the model. api::answer() turns each into a status, a page and a JSON body.
struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// 404: there is no such thing, or the person may not know of it.
struct not_found : error {
    not_found() : error("not_found") {}
};

// 409 (412 when a version was given): somebody else was first, or the state no longer allows it. reason: a key of templates/locales.
struct conflict : error {
    explicit conflict(const std::string& reason) : error(reason) {}
};

// 403: known, but not allowed.
struct forbidden : error {
    explicit forbidden(const std::string& reason = "error.forbidden") : error(reason) {}
};

// 422: every mistake at once, so that the person corrects them together.
struct invalid : error {
    explicit invalid(std::vector<field_fault> all) : error("invalid"), faults(std::move(all)) {}
    std::vector<field_fault> faults;
};

// 503 with Retry-After: the queue is full or the database is away; nothing was lost, the same request may be sent again.
struct busy : error {
    explicit busy(int after_s = 5) : error("busy"), retry_after_s(after_s) {}
    int retry_after_s;
};

} // namespace relais::model

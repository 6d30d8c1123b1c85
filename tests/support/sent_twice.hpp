// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/reply.hpp"
#include "api/request.hpp"

#include <functional>
#include <string>
#include <vector>

// The promise that every unsafe route of the API makes (contract.md, "Idempotency-Key"), held with the samples that the tests of this
// folder send anyway: the first request of each route that succeeds is sent again under its key, then with another body.
namespace relais::tests::sent_twice {

// Gives the request a key when its route has not kept the promise yet and the test gave none. True when it did.
bool prepare(api::request& asked);

// What is wrong with the route, after a prepared request was answered: sends it again by `ask`.
std::vector<std::string> differences(const api::request& asked, const api::reply& answered,
                                     const std::function<api::reply(api::request)>& ask);

// The unsafe routes of config/access.json under /api/v1 of which no test had a success.
std::vector<std::string> untried();

} // namespace relais::tests::sent_twice

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/app.hpp"
#include "api/reply.hpp"
#include "model/attachment.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace relais::api {

// A file as it is handed over: as an attachment, whatever it holds. key_sealed: model::attachments::key_sealed. Throws std::runtime_error
// when it is missing from the store.
boost::asio::awaitable<reply> download(const app& app, const model::attachment& file, const std::string& key_sealed);

} // namespace relais::api

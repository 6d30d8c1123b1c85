// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/routes.hpp"

// The mails that the demonstration would have sent, shown to whoever tries it. Elsewhere these pages do not exist.
namespace relais::api {

asio::awaitable<reply> list_kept_mails(const request& request, app& app);
asio::awaitable<reply> show_kept_mail(const request& request, app& app);

} // namespace relais::api

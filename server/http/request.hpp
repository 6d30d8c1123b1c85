// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/request.hpp"
#include "server/http/head.hpp"
#include "server/http/request_gate.hpp"
#include "server/http/site.hpp"

#include <string>

namespace relais::server {

// Short, unique in the process's life and told apart from other processes': people read it out on the telephone.
std::string next_request_id();

// Fills the request from a head the gate accepted: path and query decoded once, cookies read, the client's own address behind our proxies.
// Throws: api::malformed.
void fill_request(api::request& out, const gate_verdict& verdict, header_fields fields, const boost::asio::ip::address& peer,
                  const http_site& site);

} // namespace relais::server

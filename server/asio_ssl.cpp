// SPDX-License-Identifier: EUPL-1.2
// The compiled half of Asio's TLS, once.
#include <boost/asio/ssl/impl/src.hpp>

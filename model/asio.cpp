// SPDX-License-Identifier: EUPL-1.2
// The compiled half of Asio, once (BOOST_ASIO_SEPARATE_COMPILATION): every other file reads declarations only.
#include <boost/asio/impl/src.hpp>

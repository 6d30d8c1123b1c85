// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "api/request.hpp"

#include <nlohmann/json.hpp>

#include <span>
#include <string_view>

// Where the console goes: one list, of which the menu of every page shows a part and the command box offers all. Who may go there is what
// api/routes.cpp says of the address.
namespace relais::api::console_menu {

struct destination {
    std::string_view address;
    std::string_view label;     // a text's key
    std::string_view key = {};  // "g d": these letters go there from every page; empty: not on the menu
    std::string_view here = {}; // the data of its pages says here_<here>
    unsigned on_menu_of = ~0U;  // roles; the others find it in the command box
};
std::span<const destination> all();

// Whether this person may open the page.
bool may_open(const destination& which, const request& request);

// The menu for the frame of a page: {address, label, key, is_here}. page: its data.
nlohmann::json shown(const request& request, const nlohmann::json& page);

} // namespace relais::api::console_menu

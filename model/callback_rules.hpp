// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/calendar_book.hpp"

#include <memory>

namespace relais::model {

// What the configuration says of callbacks: section [callback] of relais.toml, and the calendars it names.
struct callback_rules {
    std::shared_ptr<const calendar_book> calendars;
    bool is_registering = true; // new ones may be booked
    bool is_processing = true;  // those booked may be claimed
    bool is_abroad_allowed = true;
    int days_ahead = 10;        // how far a slot may be
    int notice_minutes = 120;   // how near
    int slot_minutes = 30;      // how long
    int last_slot_minutes = 30; // a slot begins at least so long before the centre closes
    int pending_limit = 2000;   // open ones, in all
    int seats_per_slot = 4;     // when the roster does not say
    int extended_seats_per_slot = 1;
    int retry_gap_minutes = 15;  // between two attempts
    int lease_minutes = 15;      // an agent who claimed and does nothing
    int call_minutes = 60;       // an agent who dials
    bool is_rate_public = false; // K12 on the home page

    const calendar_book& book() const { return *calendars; }
};

// Three attempts in all, in three calling days. Source: domain.md 6.3
constexpr int callback_attempts = 3;
constexpr int callback_days = 3;

// Whom a callback is for, as the calendars see it.
struct callback_place {
    std::string zone;       // IANA
    std::string department; // whose holidays are kept; may be empty
};

} // namespace relais::model

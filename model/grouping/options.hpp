// SPDX-License-Identifier: EUPL-1.2
#pragma once

namespace relais::model::grouping {

// The thresholds of the engine, those of [grouping] in config/relais.toml, where each has its reason.
struct options {
    double attach_from = 0.9;   // probability from which a ticket is attached
    double suggest_from = 0.25; // probability from which it is suggested
    int forget_days = 30;       // a group quiet for longer is suggested, not joined
    bool topics = false;        // streams of news-like topics instead of reports of bugs
};

} // namespace relais::model::grouping

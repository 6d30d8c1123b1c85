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

// The constants of the score, chosen by trial on generated tickets, help pages and bank customers' questions
// (docs/decisions/0020-grouping.md). A test may try others.
struct weights {
    double title = 3;             // a word of the title counts so many of the body
    double repeats = 0.6;         // power of a word's count: the fifth "refused" says less than the first
    double prior_words = 60;      // strength of the language against a group's own words
    double prior_share = 0.5;     // the same, as a share of the group's words: a large group need not hold every word
    double length_power = 0.5;    // words of one text are not independent: the evidence is divided by so a power of its length
    double size_power = 0.4;      // a large group is likelier, by so a power of its size
    double fields = 1.65;         // fields depend on one another: divided by the root of how many there are
    double letters = 2;           // likeness of letter triples with the nearest ticket
    double letters_usual = 0.15;  // the likeness that speaks neither way
    double threshold = 3.5;       // what the whole must reach to be as likely as not
    double steepness = 1.6;       // log-odds for one unit above the threshold
    double merge_threshold = 2.5; // the same for two groups, on average over their tickets
    double consolidation = 0;     // in favour of the group a ticket is in already
    double rank_letters = 1;      // in the ranks of similar tickets, beside the words, which make 1
    double rank_fields = 0.05;
    double rank_age = 0.02;
};

// The constants for these settings.
weights weights_for(const options& wanted);

} // namespace relais::model::grouping

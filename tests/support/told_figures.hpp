// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/figure.hpp"
#include "tests/support/told_weeks.hpp"

#include <cmath>
#include <map>
#include <string>
#include <vector>

// The key figures of the second of the told weeks, in SQL of this file alone.
namespace relais::tests {

// The unit of a figure as the CSV says it, from docs/chiffres.md.
inline std::string unit_of(const std::string& id) {
    static const std::map<std::string, std::string> others = {{"K3.p50", "seconds"}, {"K3.p90", "seconds"}, {"K4.late", "count"},
                                                              {"K10.mean", "of_10"}, {"K13", "seconds"},    {"K13.p90", "seconds"},
                                                              {"K19", "of_20"},      {"K20", "count"},      {"K20.oldest", "days"}};
    auto found = others.find(id);
    return found == others.end() ? "percent" : found->second;
}

// Part and whole of a figure by its definition in docs/chiffres.md; no whole: the value itself.
struct question {
    const char* id;
    std::string part, whole = {};
    double scale = 100;
};

inline const std::string acknowledged =
    " AND EXISTS (SELECT 1 FROM outbox o WHERE o.ticket_id = ticket.id AND o.kind = 'acknowledgement' AND "
    "o.medium = 'mail'";

inline std::vector<question> questions(const model::time_span& week, model::sys_seconds known) {
    auto in = [&](const char* column) { return within(column, week); };
    auto tickets = [](const std::string& where) { return "ticket WHERE " + where; };
    // Everything of a week here came on its Monday or its Thursday, at eleven or later: the fifth working day is seven days after.
    auto last = [](const std::string& days) { return "(received_at - received_at % 86400 + 82799 + 86400 * " + days + ")"; };
    std::string written = "channel IN ('web_form', 'email') AND ";
    auto judged = "(" + in("first_reply_at") + " OR (first_reply_at IS NULL AND closed_at IS NULL AND " + in(last("7").c_str()) + " AND " +
                  last("7") + " < " + at_text(known) + "))";
    auto settled = in("closed_at + 1209600") + " AND closed_at + 1209600 <= " + at_text(known);
    auto hand_overs =
        std::string("escalation WHERE escalated_at >= ") + at_text(week.from - 21 * 24h) + " AND escalated_at < " + at_text(week.to);
    return {
        {"K1", "phone_call", "phone_call"},
        {"K4", tickets(in("received_at") + acknowledged + " AND o.sent_at - ticket.received_at <= 60)"),
         tickets(in("received_at") + acknowledged + ")")},
        {"K4.late", tickets(in("received_at") + acknowledged + " AND o.sent_at - ticket.received_at > 604800)")},
        {"K5", tickets(written + in("first_reply_at") + " AND first_reply_at - received_at < 2 * 86400"), tickets(written + judged)},
        {"K5.late", tickets(written + in("first_reply_at") + " AND first_reply_at - received_at < 5 * 86400"), tickets(written + judged)},
        {"K6", tickets("channel = 'letter' AND " + in("first_reply_at")), tickets("channel = 'letter' AND " + in("first_reply_at"))},
        {"K6.late", tickets("channel = 'letter' AND " + in("first_reply_at")), tickets("channel = 'letter' AND " + in("first_reply_at"))},
        {"K7", tickets(in("closed_at") + " AND closed_at < 1796079600"), tickets(in("closed_at") + " AND answer_before = '2026-11-30'")},
        {"K8", tickets(settled), tickets(settled)},
        {"K9", tickets("1 = 0"), tickets(in("received_at"))},
        {"K10", tickets(in("satisfied_at") + " AND satisfaction BETWEEN 8 AND 10"), tickets(in("satisfied_at"))},
        {"K10.mean",
         "ticket a JOIN (SELECT 1 n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 "
         "UNION SELECT 8 UNION SELECT 9) b ON b.n <= a.satisfaction WHERE " +
             within("a.satisfied_at", week),
         tickets(in("satisfied_at")), 1},
        {"K10.answers", tickets(in("satisfied_at")), tickets(in("closed_at"))},
        {"K11", tickets(in("closed_at") + " AND dossier_id IS NOT NULL"), tickets(in("closed_at"))},
        {"K12", "callback", "callback"},
        {"K14", "report WHERE incident_id IS NOT NULL AND " + in("received_at"),
         "report WHERE incident_id IS NOT NULL AND " + in("received_at")},
        {"K15", hand_overs + " AND outcome_at IS NOT NULL", hand_overs},
        {"K15.workaround", "incident WHERE " + in("workaround_at"), hand_overs},
        {"K16", "share_receipt WHERE " + in("made_at"), "weekly_share WHERE " + in("until_at")},
        {"K18", tickets("category = 'ACC-04'"), tickets("category = 'ACC-04'")},
        {"K20",
         tickets("received_at < " + at_text(week.to - 30 * 24h) + " AND (closed_at IS NULL OR closed_at >= " + at_text(week.to) + ")"), "",
         1},
    };
}

// The figures of the second week in the order of their sheet: id, value, part, whole.
inline std::vector<std::vector<nlohmann::json>> figures_by_sql(told_weeks& office) {
    std::map<std::string, std::vector<nlohmann::json>> known;
    for (const auto& each : questions(w49, office.now)) {
        auto part = office.counted(each.part), whole = each.whole.empty() ? nlohmann::json() : office.counted(each.whole);
        if (whole == 0) continue;
        auto value = part.get<double>() * (each.whole.empty() ? 1 : each.scale / whole.get<double>());
        known[each.id] = {each.id, std::round(value * 100) / 100, part, whole};
    }
    auto yes = "SELECT CAST(SUM((LENGTH(answers) - LENGTH(REPLACE(answers, '\"yes\"', ''))) / 5) AS SIGNED) FROM quality_review";
    auto no = "SELECT CAST(SUM((LENGTH(answers) - LENGTH(REPLACE(answers, '\"no\"', ''))) / 4) AS SIGNED) FROM quality_review";
    auto met = office.number(yes), asked = nlohmann::json(met.get<int>() + office.number(no).get<int>());
    known["K19"] = {"K19", std::round(2000.0 * met.get<double>() / asked.get<double>()) / 100, met, asked};
    auto oldest = office.number("SELECT MIN(received_at) FROM ticket WHERE closed_at IS NULL");
    auto age = (model::seconds(w49.to) - oldest.get<std::int64_t>()) / 86'400;
    known["K20.oldest"] = {"K20.oldest", age, age, nlohmann::json()};
    std::vector<std::vector<nlohmann::json>> out;
    for (const auto& each : model::figures::all()) {
        auto found = known.find(std::string(each.id));
        out.push_back(found == known.end()
                          ? std::vector<nlohmann::json>{std::string(each.id), nlohmann::json(), nlohmann::json(), nlohmann::json()}
                          : found->second);
    }
    return out;
}

} // namespace relais::tests

// SPDX-License-Identifier: EUPL-1.2
#include "model/share_correction.hpp"

#include "model/share_figure.hpp"
#include "model/share_volume.hpp"
#include "model/small_cell.hpp"

#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

namespace relais::model::share_corrections {

namespace {

using json = nlohmann::json;
using small_cells::is_small;
using unit = figure_definition::unit;

// What a share counts beside its figures, with the count that holds it, if any, which it tells too.
struct bare_count {
    std::string_view id, whole;
    // As the share of the week said them.
    json in(const json& body) const;
};
constexpr auto bare_counts = std::to_array<bare_count>(
    {{"received", ""}, {"closed", ""}, {"callbacks.called", "callbacks.promised"}, {"callbacks.reached", "callbacks.promised"}});

// Reports of a week are attached for long: what is known of it later is no correction. Neither is another rule for hand-overs than that of
// the share.
bool is_corrected(std::string_view id, const json& body) { return id != "K14" && (!id.starts_with("K15") || body["version"] > 1); }

const json* find_by(const json& list, const char* name, const json& wanted) {
    for (const auto& each : list)
        if (each[name] == wanted) return &each;
    return nullptr;
}

json sides(const json& value, const json& part, const json& whole) { return {{"value", value}, {"part", part}, {"whole", whole}}; }

// What the share of the week said of a figure, a count or a row of its volumes; nothing when it told none.
json first_said(const json& body, const std::string& id) {
    for (const auto& each : bare_counts)
        if (each.id == id) return each.in(body);
    for (const auto& [table, of] : body["volumes"].items()) {
        if (!id.starts_with(table + ".")) continue;
        const auto* row = find_by(of["rows"], "code", id.substr(table.size() + 1));
        return row ? sides((*row)["tickets"], (*row)["tickets"], nullptr) : json();
    }
    const auto* found = find_by(body["figures"], "id", id);
    return found ? sides((*found)["value"], (*found)["part"], (*found)["whole"]) : json();
}

// The same, with the corrections made since.
json last_known(const std::vector<json>& bodies, const std::string& week, const std::string& id) {
    for (const auto& body : bodies) {
        for (const auto& each : body["corrections"])
            if (each["week"] == week && each["id"] == id) return each["is"];
        if (body["week"] == week) return first_said(body, id);
    }
    return {};
}

// The week whose closed tickets K8 counts, or that counts those of this week.
calendar_week closed_of(calendar_week settled) { return calendar_weeks::previous(calendar_weeks::previous(settled)); }
calendar_week settled_of(calendar_week closed) { return calendar_weeks::next(calendar_weeks::next(closed)); }

bool is_small_step(const json& was, const json& is) {
    return was.is_number() && is.is_number() && is_small(std::abs(is.get<std::int64_t>() - was.get<std::int64_t>()));
}

json bare_count::in(const json& body) const {
    auto dot = id.find('.');
    const auto& from = body[dot == std::string_view::npos ? "volumes" : "callbacks"];
    auto named = [&](std::string_view name) { return from[std::string(name.substr(name.find('.') + 1))]; };
    return sides(named(id), named(id), whole.empty() ? json() : named(whole));
}

// Nothing of sums, days and seconds, which count nobody.
bool is_held(const figure_definition& of, const json& was, const json& is) {
    if (!of.counts_people) return false;
    auto is_count = of.in == unit::percent || of.in == unit::count;
    auto rest = [](const json& side) {
        auto has_both = side["part"].is_number() && side["whole"].is_number();
        return has_both ? json(side["whole"].get<std::int64_t>() - side["part"].get<std::int64_t>()) : json();
    };
    return (is_count && (is_small_step(was["part"], is["part"]) || is_small_step(rest(was), rest(is)))) ||
           is_small_step(was["whole"], is["whole"]);
}

// One week that earlier shares told, as it is known now.
class corrected_week {
public:
    // body: the week's own, one of the bodies.
    corrected_week(soci::session& sql, const std::vector<json>& bodies, const json& body, sys_seconds now)
        : sql_(sql), bodies_(bodies), body_(body), week_(body["week"]), span_(calendar_weeks::span_of(*calendar_weeks::parse(week_))),
          measured_(figures::measure_settled(sql, span_, now)), counts_(share_figures::counts_of(sql, span_, measured_)) {}

    json corrections() {
        know();
        correct_counts();
        correct_volumes();
        correct_figures();
        return std::move(out_);
    }

private:
    json last(std::string_view id) const { return last_known(bodies_, week_, std::string(id)); }
    void add(std::string_view id, const json& was, const json& is) {
        if (was != is) out_.push_back({{"week", week_}, {"id", id}, {"was", was}, {"is", is}});
    }
    void know() {
        for (const auto& each : figures::all())
            if (auto was = last(each.id); !was.is_null()) steps_.know(each.part, was["part"]), steps_.know(each.whole, was["whole"]);
        for (const auto& each : bare_counts) steps_.know(each.id, last(each.id)["part"]);
    }
    bool closes_few(std::string_view id, const json& count) const {
        auto settled = last_known(bodies_, calendar_weeks::text(settled_of(*calendar_weeks::parse(week_))), "K8");
        return id == "closed" && settled.is_object() && is_small_step(settled["whole"], count);
    }
    void correct_counts() {
        for (const auto& each : bare_counts) {
            auto count = counts_.count(each.id), was = last(each.id);
            if (!count.is_number() || !was["part"].is_number() || was["part"] == count || closes_few(each.id, count)) continue;
            auto is = sides(count, count, each.whole.empty() ? json() : counts_.count(each.whole));
            if (!is_held({each.id, each.id, each.whole}, was, is) && steps_.take({{each.id, count}})) add(each.id, was, is);
        }
    }
    void correct_volumes() {
        auto last_count = [this](const std::string& id) {
            auto said = last(id);
            return said.is_null() ? said : said["part"];
        };
        for (const auto& each : share_volumes::moves(share_volumes::tell(sql_, span_), last_count))
            add(each.id, sides(each.was, each.was, nullptr), sides(each.is, each.is, nullptr));
    }
    void correct_figures() {
        auto now = share_figures::tell(measured_, counts_);
        for (const auto& each : figures::all()) {
            const auto& known = *find_by(now, "id", each.id);
            auto was = last(each.id);
            if (!is_corrected(each.id, body_) || was.is_null() || known["is_hidden"] == true) continue;
            if (each.id == "K8" && settles_few(bodies_, *calendar_weeks::parse(week_), known["whole"])) continue;
            auto is = sides(known["value"], known["part"], known["whole"]);
            if (!is_held(each, was, is) && steps_.take({{each.part, is["part"]}, {each.whole, is["whole"]}})) add(each.id, was, is);
        }
    }

    soci::session& sql_;
    const std::vector<json>& bodies_;
    const json& body_;
    std::string week_;
    time_span span_;
    figure_measures measured_;
    told_counts counts_;
    told_steps steps_;
    json out_ = json::array();
};

} // namespace

bool settles_few(const std::vector<json>& bodies, calendar_week week, const json& settled) {
    auto closed = last_known(bodies, calendar_weeks::text(closed_of(week)), "closed");
    return closed.is_object() && is_small_step(closed["part"], settled);
}

json since(soci::session& sql, const std::vector<json>& bodies, sys_seconds now) {
    auto out = json::array();
    for (std::size_t i = 0; i < bodies.size() && i < corrected_weeks; ++i)
        for (auto& each : corrected_week(sql, bodies, bodies[i], now).corrections()) out.push_back(std::move(each));
    return out;
}

} // namespace relais::model::share_corrections

// SPDX-License-Identifier: EUPL-1.2
#include "model/share_figure.hpp"

#include "model/calendar_week.hpp"
#include "model/figure_people.hpp"
#include "model/share_volume.hpp"
#include "model/small_cell.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>

namespace relais::model {

namespace {

using json = nlohmann::json;
using small_cells::is_small;
using unit = figure_definition::unit;

constexpr int corrected_weeks = 8;

// Counts of which each holds the next.
constexpr std::size_t longest_chain = 3;
using chain = std::array<std::string_view, longest_chain>;
constexpr auto chains = std::to_array<chain>({{"received", "received.repeat"},
                                              {"received", "acknowledged", "acknowledged.fast"},
                                              {"acknowledged", "acknowledged.late"},
                                              {"replied", "replied.in_time", "replied.fast"},
                                              {"letters", "letters.in_time", "letters.fast"},
                                              {"closed", "closed.announced", "closed.kept"},
                                              {"closed", "closed.linkable", "closed.linked"},
                                              {"closed", "rated", "rated.high"},
                                              {"settled", "settled.first_contact"},
                                              {"calls.offered", "calls.answered", "calls.fast"},
                                              {"calls.offered", "calls.lost"},
                                              {"callbacks.promised", "callbacks.called", "callbacks.kept"},
                                              {"callbacks.promised", "callbacks.reached", "callbacks.kept"},
                                              {"incidents.attached", "incidents.attached_fast"},
                                              {"told", "told.fast"},
                                              {"access", "access.kept"},
                                              {"reviews"},
                                              {"backlog.old"}});

// A whole, and two parts of it that have nothing in common: what is left may be few.
struct parting {
    std::string_view whole, one, other;
};
constexpr auto partings =
    std::to_array<parting>({{"calls.offered", "calls.answered", "calls.lost"}, {"acknowledged", "acknowledged.fast", "acknowledged.late"}});

// What is said of a count of people, and says too much when they are few.
constexpr auto sayings = std::to_array<std::pair<std::string_view, std::string_view>>({{"calls.wait_p50", "calls.answered"},
                                                                                       {"calls.wait_p90", "calls.answered"},
                                                                                       {"reviews.met", "reviews"},
                                                                                       {"backlog.oldest_days", "backlog.old"}});

// What a share counts beside its figures, with the count that holds it, if any, which it tells too.
struct bare_count {
    std::string_view id, whole;
    // As the share of the week said them.
    json in(const json& body) const;
};
constexpr auto bare_counts = std::to_array<bare_count>(
    {{"received", ""}, {"closed", ""}, {"callbacks.called", "callbacks.promised"}, {"callbacks.reached", "callbacks.promised"}});

// Figures that go on moving after the week by their nature: what is known later is no correction.
constexpr auto moving = std::to_array<std::string_view>({"K13", "K13.p90", "K14", "K15", "K15.workaround", "K15.date", "K16"});

std::int64_t number(const figure_measures& in, std::string_view name) {
    auto found = in.find(name);
    return found == in.end() ? 0 : found->second;
}

json figure(const figure_definition& of, const figure_measures& measured, const told_counts& counts) {
    json out = {{"id", of.id}, {"value", nullptr}, {"part", nullptr}, {"whole", nullptr}, {"is_met", nullptr}, {"is_hidden", false}};
    out["target"] = of.target ? json(*of.target) : json();
    auto value = figures::value(of, measured);
    if (!value) return out;
    if (of.counts_people && (counts.holds(of.part) || counts.holds(of.whole))) {
        out["is_hidden"] = true;
        return out;
    }
    out["value"] = std::round(*value * 100) / 100, out["part"] = figures::part(of, measured);
    if (!of.whole.empty()) out["whole"] = figures::whole(of, measured);
    if (auto met = figures::is_met(of, value)) out["is_met"] = *met;
    return out;
}

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

// The counts of a week as they were last told, and with the corrections of this share: what is left between a count and one that holds it
// moves by none, or by five at least.
class told_steps {
public:
    void know(std::string_view name, const json& was) {
        if (was.is_number()) told_[std::string(name)] = {was, was};
    }
    // Takes new counts by name; false, and nothing is taken, when they would tell of few.
    bool take(std::initializer_list<std::pair<std::string_view, json>> counts) {
        auto before = told_;
        for (const auto& [name, is] : counts)
            if (auto known = told_.find(name); known != told_.end() && is.is_number()) known->second.is = is;
        if (!tells_of_few()) return true;
        told_ = std::move(before);
        return false;
    }

private:
    struct count {
        std::int64_t was = 0, is = 0;
    };
    bool tells_of_few() const {
        for (const auto& each : chains)
            for (std::size_t wide = 0; wide + 1 < each.size(); ++wide)
                for (auto narrow = wide + 1; narrow < each.size(); ++narrow) {
                    auto wider = told_.find(each[wide]), part = told_.find(each[narrow]);
                    if (wider == told_.end() || part == told_.end()) continue;
                    auto left = [&](auto side) { return wider->second.*side - part->second.*side; };
                    if (is_small(std::abs(left(&count::is) - left(&count::was)))) return true;
                }
        return false;
    }
    std::map<std::string, count, std::less<>> told_;
};

} // namespace

told_counts::told_counts(const figure_measures& measured, const few_people& are_few) : measured_(measured) {
    auto is_few = [&](std::string_view name, std::initializer_list<std::string_view> but_not) {
        auto left = number(measured, name);
        for (auto each : but_not) left -= number(measured, each);
        return is_small(left) || (left > 0 && are_few && are_few(name, but_not));
    };
    for (const auto& each : chains) {
        auto from = std::span(each);
        for (auto name = from.begin(); name != from.end() && !name->empty(); ++name) {
            auto gives = [&](std::string_view wider) {
                return !holds(wider) && (is_small(number(measured, wider)) || is_few(wider, {*name}));
            };
            if (is_few(*name, {}) || std::any_of(from.begin(), name, gives)) held_.emplace(*name);
        }
    }
    for (const auto& [whole, one, other] : partings)
        if (is_few(whole, {one, other})) held_.emplace(other);
    for (const auto& [said, of] : sayings)
        if (is_few(of, {})) held_.emplace(said);
    // The other fixes of the week are told with their incidents: K17 less their persons would tell the few of one.
    if (is_small(number(measured, "told.fewest"))) held_.insert({"told", "told.fast"});
}

json told_counts::count(std::string_view measure) const {
    auto found = measured_.find(measure);
    return found == measured_.end() || holds(measure) ? json() : json(found->second);
}

namespace share_figures {

told_counts counts_of(soci::session& sql, const time_span& week, const figure_measures& measured) {
    return told_counts(measured, [&](std::string_view measure, std::span<const std::string_view> but_not) {
        return figure_people::are_few(sql, week, measure, but_not);
    });
}

json tell(const figure_measures& measured, const told_counts& counts) {
    auto out = json::array();
    for (const auto& each : figures::all()) out.push_back(figure(each, measured, counts));
    return out;
}

json corrections(soci::session& sql, const std::vector<json>& bodies, sys_seconds now) {
    auto out = json::array();
    for (std::size_t i = 0; i < bodies.size() && i < corrected_weeks; ++i) {
        auto week = bodies[i]["week"].get<std::string>();
        auto add = [&](std::string_view id, const json& was, const json& is) {
            if (was != is) out.push_back({{"week", week}, {"id", id}, {"was", was}, {"is", is}});
        };
        auto span = calendar_weeks::span_of(*calendar_weeks::parse(week));
        auto measured = figures::measure_settled(sql, span, now);
        auto counts = counts_of(sql, span, measured);
        auto last = [&](std::string_view id) { return last_known(bodies, week, std::string(id)); };
        told_steps steps;
        for (const auto& each : figures::all())
            if (auto was = last(each.id); !was.is_null()) steps.know(each.part, was["part"]), steps.know(each.whole, was["whole"]);
        for (const auto& each : bare_counts) steps.know(each.id, last(each.id)["part"]);
        for (const auto& each : bare_counts) {
            auto count = counts.count(each.id), was = last(each.id);
            auto is = sides(count, count, each.whole.empty() ? json() : counts.count(each.whole));
            auto is_told =
                count.is_number() && was["part"].is_number() && was["part"] != count && !is_held({each.id, each.id, each.whole}, was, is);
            if (is_told && steps.take({{each.id, count}})) add(each.id, was, is);
        }
        auto last_count = [&](const std::string& id) {
            auto said = last(id);
            return said.is_null() ? said : said["part"];
        };
        for (const auto& each : share_volumes::moves(share_volumes::tell(sql, span), last_count))
            add(each.id, sides(each.was, each.was, nullptr), sides(each.is, each.is, nullptr));
        for (const auto& each : figures::all()) {
            if (std::find(moving.begin(), moving.end(), each.id) != moving.end()) continue;
            auto known = figure(each, measured, counts);
            auto was = last(each.id);
            if (was.is_null() || known["is_hidden"] == true) continue;
            auto is = sides(known["value"], known["part"], known["whole"]);
            if (!is_held(each, was, is) && steps.take({{each.part, is["part"]}, {each.whole, is["whole"]}})) add(each.id, was, is);
        }
    }
    return out;
}

} // namespace share_figures

} // namespace relais::model

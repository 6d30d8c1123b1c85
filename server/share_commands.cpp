// SPDX-License-Identifier: EUPL-1.2
#include "server/share_commands.hpp"

#include "api/pages.hpp"
#include "api/share_table.hpp"
#include "api/share_view.hpp"
#include "api/share_workbook.hpp"
#include "model/call_count.hpp"
#include "model/figure_fact.hpp"
#include "model/figure_sum.hpp"
#include "model/first_answer.hpp"
#include "model/weekly_share.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace relais::server {

namespace {

namespace fs = std::filesystem;
constexpr auto language = "fr";

// The last week that was shared, else the last that ended.
model::calendar_week last_week(model::database& database, model::sys_seconds now) {
    auto made = database.read_now([](soci::session& sql) { return model::weekly_shares::list(sql, "", 1); });
    if (!made.empty())
        if (auto week = model::calendar_weeks::parse(made.front().week)) return *week;
    return model::calendar_weeks::previous(model::calendar_weeks::of(now));
}

model::sys_seconds agreed_now(command_context& context) {
    auto now = model::system_now();
    if (!context.on.config.share.uses_database_clock) return now;
    return context.on.database.read_now([now](soci::session& sql) { return model::weekly_shares::agreed_now(sql, now); });
}

model::calendar_week week_of(command_context& context, model::sys_seconds now) {
    auto text = context.arguments.value("week", std::string{});
    if (text.empty()) return last_week(context.on.database, now);
    auto week = model::calendar_weeks::parse(text);
    if (!week) throw std::runtime_error(text + " is no week: write 2026-W47");
    return *week;
}

void count_facts(model::database& database, model::sys_seconds now) {
    while (database.write_now([now](soci::session& sql) { return model::figure_facts::follow(sql, now); }) > 0) {
    }
}

// A share is for ever, and each says what is new since the one before.
void refuse_out_of_turn(model::database& database, model::calendar_week week) {
    auto next = database.read_now([](soci::session& sql) { return model::weekly_shares::following(sql); });
    auto name = model::calendar_weeks::text(week);
    if (next && *next != week)
        throw std::runtime_error("shares are written in the order of their weeks: the next is " + model::calendar_weeks::text(*next) +
                                 ", not " + name);
    auto has_tickets = database.read_now([week](soci::session& sql) { return model::weekly_shares::has_tickets(sql, week); });
    if (!next && !has_tickets) throw std::runtime_error("nobody had written by the end of " + name + ": there is nothing to share");
}

void freeze(command_context& context, model::calendar_week week, model::sys_seconds now) {
    auto name = model::calendar_weeks::text(week);
    auto known = context.on.database.read_now([&](soci::session& sql) { return model::weekly_shares::find(sql, name).has_value(); });
    if (known) return;
    refuse_out_of_turn(context.on.database, week);
    count_facts(context.on.database, now);
    auto body = context.on.database.read_now([&](soci::session& sql) { return model::weekly_shares::compose(sql, week, now).dump(); });
    context.on.database.write_now([&](soci::session& sql) { model::weekly_shares::freeze(sql, week, body, "command", now); });
    context.progress("the share of " + name + " was frozen; the server sends it");
}

std::string read_file(const std::string& name) {
    std::ifstream in(name, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

void insert(std::string& page, std::string_view before, const std::string& what) {
    if (auto at = page.find(before); at != std::string::npos) page.insert(at, what);
}

// The page alone, with its style and the shapes of its maps in it: it is opened from a disk.
std::string html(command_context& context, const api::views::share_sheet& sheet) {
    const auto& share_dir = context.on.config.site.share_dir;
    api::pages pages(share_dir);
    api::lens through;
    through.texts = &pages.texts(), through.language = language, through.for_people = true, through.now = sheet.share.made_at;
    auto data = api::views::share(sheet, through);
    data["previous"] = "", data["next"] = "", data["files_url"] = "partage-" + sheet.share.week;
    auto shapes = pages.has_asset("departments.svg") ? read_file(share_dir + "/build" + pages.asset("departments.svg")) : std::string();
    data["has_map"] = !shapes.empty();
    auto page = pages.render("print/share", language, data);
    if (auto css = read_file(share_dir + "/build" + pages.asset("relais.css")); !css.empty())
        insert(page, "</head>", "<style>" + css + "</style>");
    if (!shapes.empty()) insert(page, "</body>", "<div style=\"position:absolute;width:0;height:0;overflow:hidden\">" + shapes + "</div>");
    return page;
}

void write_file(command_context& context, const fs::path& file, const std::string& content) {
    std::ofstream out(file, std::ios::binary);
    out << content;
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
    context.result(file.string());
}

} // namespace

int write_share(command_context& context) {
    auto now = agreed_now(context);
    auto week = week_of(context, now);
    freeze(context, week, now);
    auto name = model::calendar_weeks::text(week);
    auto sheet = context.on.database.read_now([&](soci::session& sql) { return api::views::read_share(sql, name); });
    fs::path out = context.arguments.value("out", std::string("."));
    fs::create_directories(out);
    api::catalogue texts(context.on.config.site.share_dir + "/templates/locales");
    auto file = [&](const char* ending) { return out / ("partage-" + name + ending); };
    write_file(context, file(".json"), sheet.share.body);
    write_file(context, file(".csv"), api::share_table::csv(sheet.share, texts, language));
    write_file(context, file(".xlsx"), api::share_workbook::make(sheet.share, texts, language));
    write_file(context, file(".html"), html(context, sheet));
    return 0;
}

int rebuild_figures(command_context& context) {
    auto& database = context.on.database;
    std::int64_t said = 0, pages = 0;
    constexpr std::int64_t said_every = 20;
    const auto& clocks = *context.on.config.clocks;
    for (std::optional<std::int64_t> at = 0; at;)
        at =
            database.write_now([&](soci::session& sql) { return model::first_answers::find_again(sql, *at, clocks, model::system_now()); });
    for (std::optional<std::int64_t> at = 0; at;) {
        at = database.write_now([&](soci::session& sql) { return model::figure_facts::rebuild_next(sql, *at, model::system_now()); });
        if (++pages / said_every != said) {
            said = pages / said_every;
            context.progress(fmt::format("{} tickets", pages * model::figure_facts::page));
        }
    }
    for (std::optional<std::int64_t> day = 0; day;)
        day = database.write_now([day](soci::session& sql) { return model::figure_sums::rebuild_next(sql, *day); });
    database.write_now([](soci::session& sql) { model::call_counts::begin_again(sql); });
    while (database.write_now([](soci::session& sql) { return model::call_counts::advance(sql, model::system_now()); })) {
    } // a week of calls a visit
    auto count = database.read_now([](soci::session& sql) { return model::figure_facts::count(sql); });
    context.result(fmt::format("{} tickets counted", count));
    return 0;
}

} // namespace relais::server

// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/fill.hpp"

#include "model/demo/fill_tickets.hpp"
#include "model/demo/resting_indexes.hpp"
#include "model/demo/stream.hpp"
#include "model/dossier_store.hpp"
#include "model/sql.hpp"

#include <date/date.h>

#include <stdexcept>

namespace relais::model::demo {

namespace {

// Large enough that the commit is a small part, small enough that a few megabytes hold them.
constexpr std::size_t dossiers_a_transaction = 4'096;
constexpr std::size_t tickets_a_transaction = 1'024;
const std::vector<std::string> filled_tables = {"dossier", "citizen", "ticket", "ticket_dossier", "dossier_snapshot", "message", "event"};

std::string day_text(sys_seconds at) { return date::format("%F", date::floor<date::days>(at)); }

dossier_news news_of(const demo_dossier& from) {
    dossier_news news;
    auto& row = news.values;
    row.number = from.number, row.neph = from.neph;
    row.birth_name = from.birth_name, row.usual_name = from.usual_name, row.first_names = from.first_names;
    row.birth_date = from.birth_date;
    row.procedure_code = from.procedure;
    row.status = from.state.status, row.status_since = day_text(from.state.since), row.step = from.state.step;
    row.error_code = from.state.error_code, row.portal_release = from.state.release;
    row.centre = from.centre, row.department = from.department, row.email = from.email, row.phone = from.phone;
    row.driving_school = from.driving_school;
    row.source = "import";
    row.updated_at = from.updated_at;
    return news;
}

void mark(soci::session& sql, const char* state) {
    sql::change(sql, "DELETE FROM setting WHERE name = 'demo.fill'");
    sql::change(sql, "INSERT INTO setting (name, value) VALUES ('demo.fill', :value)", state);
}

class filler {
public:
    filler(database& into, const options& wanted, const fill_ways& ways)
        : into_(into), wanted_(wanted), ways_(ways), tickets_(wanted, ways) {}

    fill_counts run() {
        resting_indexes indexes(into_);
        into_.write_now([&indexes](soci::session& sql) {
            if (state_of_fill(sql) != fill_state::empty)
                throw std::runtime_error("demo: a demonstration was begun in this database before; start from an empty one");
            mark(sql, "started");
            indexes.take_away(sql, filled_tables);
        });
        auto on_dossier = [this](const demo_dossier& one) {
            news_.push_back(news_of(one));
            if (news_.size() >= dossiers_a_transaction) write_dossiers();
        };
        auto on_ticket = [this](const demo_ticket& one) {
            if (!news_.empty()) write_dossiers();
            waiting_.push_back(one);
            if (waiting_.size() >= tickets_a_transaction) write_tickets();
        };
        stream(wanted_, on_dossier, on_ticket);
        if (!news_.empty()) write_dossiers();
        if (!waiting_.empty()) write_tickets();
        indexes.put_back();
        into_.write_now([](soci::session& sql) { mark(sql, "done"); });
        return counts_;
    }

private:
    void write_dossiers() {
        into_.write_now([this](soci::session& sql) { dossiers::store(sql, news_, wanted_.now); });
        counts_.dossiers += news_.size();
        news_.clear();
        say();
    }

    // A visit may be run again after a rollback, so it adds to nothing outside itself.
    void write_tickets() {
        auto written = into_.write_now([this](soci::session& sql) { return tickets_.write(sql, waiting_); });
        counts_.tickets += waiting_.size();
        counts_.linked += written.linked;
        counts_.messages += written.messages;
        waiting_.clear();
        say();
    }

    void say() const {
        if (ways_.progress) ways_.progress(counts_.dossiers, counts_.tickets);
    }

    database& into_;
    const options& wanted_;
    const fill_ways& ways_;
    ticket_rows tickets_;
    std::vector<dossier_news> news_;
    std::vector<demo_ticket> waiting_;
    fill_counts counts_;
};

} // namespace

fill_state state_of_fill(soci::session& sql) {
    auto found = sql::first<std::string>(sql, "SELECT value FROM setting WHERE name = 'demo.fill'");
    return !found ? fill_state::empty : *found == "done" ? fill_state::done : fill_state::started;
}

fill_counts fill(database& into, const options& wanted, const fill_ways& ways) { return filler(into, wanted, ways).run(); }

} // namespace relais::model::demo

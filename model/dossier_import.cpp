// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier_import.hpp"

#include "model/backend.hpp"
#include "model/csv.hpp"
#include "model/database.hpp"
#include "model/dossier_line.hpp"
#include "model/dossier_store.hpp"
#include "model/error.hpp"

#include <chrono>
#include <future>
#include <span>
#include <thread>
#include <vector>

namespace relais::model::dossiers {

namespace {

// Large transactions write each page of the indexes once for many lines, but hold the other writers up: they are for a quiet database.
// Galera wants write sets under a megabyte.
constexpr std::size_t quiet_sqlite_batch = 32768, sqlite_batch = 16384, busy_sqlite_batch = 1024, mariadb_batch = 1024;
constexpr double quiet_visits_a_second = 3, busy_visits_a_second = 30;
constexpr int busy_tries = 20;

dossier_store_counts write(database& into, std::span<const dossier_news> news, sys_seconds now) {
    for (int attempt = 1;; ++attempt) {
        try {
            return into.write_now([&](soci::session& sql) { return store(sql, news, now); });
        } catch (const busy&) { // a server with much to do: the import can wait
            if (attempt == busy_tries) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds(50 * attempt));
        }
    }
}

// Two batches: one is read from the file while the other is being written.
class importer {
public:
    importer(database& into, std::istream& from, sys_seconds now, const import_report& report)
        : database_(into), now_(now), report_(report), file_(csv_source(from)), lines_(file_),
          size_(into.is_mariadb() ? mariadb_batch : quiet_sqlite_batch) {
        for (auto& each : batches_) each.resize(size_);
        set_bulk(true);
        visits_ = into.state().visits;
        looked_at_ = std::chrono::steady_clock::now();
    }
    ~importer() {
        if (writing_.valid()) writing_.wait();
        set_bulk(false);
    }
    importer(const importer&) = delete;
    importer& operator=(const importer&) = delete;

    import_counts run() {
        for (std::size_t turn = 0;; turn = 1 - turn) {
            auto& batch = batches_[turn];
            auto count = read(batch);
            finish_writing();
            if (count == 0) break;
            auto news = std::span<const dossier_news>(batch.data(), count);
            writing_ = std::async(std::launch::async, [this, news] { return write(database_, news, now_); });
        }
        return counts_;
    }

private:
    void set_bulk(bool bulk) {
        if (database_.is_mariadb()) return;
        try {
            database_.write_now([bulk](soci::session& sql) { sqlite::set_bulk(sql, bulk); });
        } catch (const std::exception&) { // slower, and nothing worse
        }
    }

    // How many lines the next transaction may hold: few while a server answers people with the same database.
    std::size_t next_size() {
        if (database_.is_mariadb()) return size_;
        auto visits = database_.state().visits;
        auto now = std::chrono::steady_clock::now();
        auto others = static_cast<double>(visits - visits_ - 1) / std::chrono::duration<double>(now - looked_at_).count();
        visits_ = visits, looked_at_ = now;
        if (others > busy_visits_a_second) return busy_sqlite_batch;
        return others > quiet_visits_a_second ? sqlite_batch : size_;
    }

    // Rows are reused from batch to batch, so that their texts keep their memory.
    std::size_t read(std::vector<dossier_news>& batch) {
        std::size_t count = 0;
        const auto size = next_size();
        while (count < size && file_.next()) {
            ++counts_.lines;
            auto fault = file_.fault().empty() ? lines_.read(file_, batch[count]) : line_fault{"line", file_.fault()};
            if (fault)
                refuse(*fault);
            else
                prepare(batch[count++]);
        }
        return count;
    }

    void refuse(const line_fault& fault) {
        ++counts_.refused;
        if (report_.bad_line) report_.bad_line(file_.line_number(), fault.field, fault.code);
    }

    void finish_writing() {
        if (!writing_.valid()) return;
        auto stored = writing_.get();
        counts_.added += stored.added, counts_.updated += stored.updated, counts_.unchanged += stored.unchanged;
        if (report_.progress) report_.progress(counts_);
    }

    database& database_;
    const sys_seconds now_;
    const import_report& report_;
    csv_reader file_;
    line_reader lines_;
    const std::size_t size_;
    std::int64_t visits_ = 0; // of the database when it was looked at
    std::chrono::steady_clock::time_point looked_at_;
    import_counts counts_;
    std::vector<dossier_news> batches_[2];
    std::future<dossier_store_counts> writing_; // the last member: it is waited for before the batches go
};

} // namespace

import_counts import_csv(database& into, std::istream& from, sys_seconds now, const import_report& report) {
    return importer(into, from, now, report).run();
}

} // namespace relais::model::dossiers

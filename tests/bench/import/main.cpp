// SPDX-License-Identifier: EUPL-1.2
// Lines of a file of dossiers imported a second, against a bare sqlite3 that inserts the same rows in the same run.
// bench_import [lines]
#include "model/csv.hpp"
#include "model/dossier_import.hpp"
#include "model/dossier_line.hpp"
#include "tests/support/temporary_database.hpp"

#include <sqlite3.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <stdexcept>

using namespace relais;

namespace {

constexpr std::size_t rows_a_commit = 32768; // as the product
const auto now = model::at_seconds(1'795'600'000);

template <class List> const char* one_of(const List& list, std::mt19937& random) { return list[random() % std::size(list)]; }

// Names with accents and hyphens, empty cells, dates and telephones as a registry exports them.
void write_file(const std::string& path, std::size_t lines) {
    constexpr const char* names[] = {"Lefèvre", "Dupont", "N'Diaye", "Garcia-Martin", "Müller",
                                     "Diallo",  "Petit",  "Hoarau",  "Le Goff",       "Nguyen"};
    constexpr const char* first_names[] = {"Zoé", "Jean-François", "Amélie", "Mohamed", "Anne Marie", "Paul", "Inès", "Lucas"};
    constexpr const char* procedures[] = {"REGISTRATION", "LOSS", "RENEWAL"};
    constexpr const char* statuses[] = {"SUBMITTED", "UNDER_ASSESSMENT", "ACCEPTED", "SHIPPED", "DELIVERED"};
    constexpr const char* departments[] = {"75", "974", "2A", "33", "59"};
    std::mt19937 random(1);
    std::ofstream out(path, std::ios::binary);
    out << "number;neph;birth_name;usual_name;first_names;birth_date;procedure;status;status_since;step;error_code;release;centre;"
           "department;"
           "email;phone;driving_school;updated_at\n";
    char text[512];
    for (std::size_t i = 0; i < lines; ++i) {
        auto r = static_cast<unsigned>(random());
        std::snprintf(
            text, sizeof text,
            "PC-2026-%08zu;%012llu;%s%u;%s;%s;19%02u-%02u-%02u;%s;%s;2026-%02u-%02u;assessment;%s;4.2.1;CERT %s;%s;p%zu@example.test;"
            "06%08u;;2026-11-%02uT08:%02u:00Z\n",
            i, 190000000000ULL + i, one_of(names, random), r % 997, r % 4 == 0 ? "Martin" : "", one_of(first_names, random), 40 + r % 60,
            1 + r % 12, 1 + r % 28, one_of(procedures, random), one_of(statuses, random), 1 + r % 11, 1 + r % 28,
            r % 20 == 0 ? "E-504" : "", r % 2 ? "Vesoul" : "Charleville", one_of(departments, random), i, 30000000 + r % 60000000,
            1 + r % 23, r % 60);
        out << text;
    }
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double product(const std::string& path, std::size_t lines) {
    tests::temporary_database database;
    std::ifstream file(path, std::ios::binary);
    auto start = std::chrono::steady_clock::now();
    auto counts = model::dossiers::import_csv(*database, file, now, {});
    auto took = seconds_since(start);
    if (counts.added != static_cast<std::int64_t>(lines)) throw std::runtime_error("not every line was added");
    return static_cast<double>(lines) / took;
}

// The rows as the product would bind them, made before the clock starts.
std::vector<model::dossier_news> read_rows(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    model::csv_reader csv(model::csv_source(file));
    model::dossiers::line_reader lines(csv);
    std::vector<model::dossier_news> out;
    while (csv.next()) {
        if (lines.read(csv, out.emplace_back())) throw std::runtime_error("the bench's own file is wrong");
        model::dossiers::prepare(out.back());
    }
    return out;
}

double ceiling(const std::string& path) {
    auto rows = read_rows(path);
    tests::temporary_database place; // for its empty, migrated file
    sqlite3* database = nullptr;
    sqlite3_open(place.options().sqlite_file.c_str(), &database);
    auto run = [database](const char* text) {
        if (sqlite3_exec(database, text, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database));
    };
    for (const auto* pragma :
         {"PRAGMA synchronous=FULL", "PRAGMA cache_size=-262144", "PRAGMA wal_autocheckpoint=32768", "PRAGMA temp_store=MEMORY"})
        run(pragma);
    sqlite3_stmt* insert = nullptr;
    sqlite3_prepare_v2(
        database,
        "INSERT INTO dossier (public_id, number, number_key, neph, birth_name, birth_name_folded, usual_name, usual_name_folded, "
        "first_names, first_names_folded, person_key, usual_key, birth_date, procedure_code, status, status_since, step, "
        "error_code, portal_release, centre, department, email, phone, driving_school, source, updated_at) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        -1, &insert, nullptr);
    auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i % rows_a_commit == 0) run(i == 0 ? "BEGIN IMMEDIATE" : "COMMIT; BEGIN IMMEDIATE");
        const auto& row = rows[i].values;
        const auto& keys = rows[i].keys;
        char id[33];
        std::snprintf(id, sizeof id, "%032zx", i);
        int at = 0;
        sqlite3_bind_text(insert, ++at, id, 32, SQLITE_TRANSIENT);
        for (const auto* each :
             {&row.number,         &keys.number,     &row.neph,         &row.birth_name, &keys.birth_name,    &row.usual_name,
              &keys.usual_name,    &row.first_names, &keys.first_names, &keys.person,    &keys.usual,         &row.birth_date,
              &row.procedure_code, &row.status,      &row.status_since, &row.step,       &row.error_code,     &row.portal_release,
              &row.centre,         &row.department,  &row.email,        &row.phone,      &row.driving_school, &row.source})
            sqlite3_bind_text(insert, ++at, each->data(), static_cast<int>(each->size()), SQLITE_STATIC);
        sqlite3_bind_int64(insert, ++at, model::seconds(row.updated_at));
        if (sqlite3_step(insert) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(database));
        sqlite3_reset(insert);
    }
    run("COMMIT");
    auto took = seconds_since(start);
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return static_cast<double>(rows.size()) / took;
}

} // namespace

int main(int count, char** words) {
    auto lines = count > 1 ? static_cast<std::size_t>(std::atoll(words[1])) : 300'000UL;
    tests::temporary_folder folder;
    auto path = folder.path("dossiers.csv");
    write_file(path, lines);
    std::printf("%-10s %12s %14s %7s\n", "lines", "imported/s", "ceiling/s", "ratio");
    auto bare = ceiling(path), real = product(path, lines);
    std::printf("%-10zu %12.0f %14.0f %7.2f\n", lines, real, bare, real / bare);
}

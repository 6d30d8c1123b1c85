// SPDX-License-Identifier: EUPL-1.2
#include "model/dossier.hpp"
#include "model/dossier_import.hpp"
#include "model/dossier_line.hpp"
#include "model/error.hpp"
#include "model/sql.hpp"
#include "tests/support/temporary_database.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <chrono>
#include <iostream>
#include <sstream>

using namespace relais;
using namespace relais::model;

namespace {

const auto noon = at_seconds(1'795'000'000);
const std::string header = "number;neph;birth_name;usual_name;first_names;birth_date;procedure;status;status_since;step;error_code;release;"
                           "centre;department;email;phone;driving_school;updated_at\n";

double spent_s(int whose) {
    rusage used{};
    getrusage(whose, &used);
    auto of = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return of(used.ru_utime) + of(used.ru_stime);
}

struct outcome {
    import_counts counts;
    std::vector<std::string> faults; // "line field code"
};

outcome import_text(tests::temporary_database& database, const std::string& text) {
    outcome out;
    import_report report;
    report.bad_line = [&](std::uint64_t line, std::string_view field, std::string_view code) {
        out.faults.push_back(std::to_string(line) + " " + std::string(field) + " " + std::string(code));
    };
    std::istringstream from(text);
    out.counts = dossiers::import_csv(*database, from, noon, report);
    return out;
}

std::optional<dossier> by_number(tests::temporary_database& database, const std::string& number) {
    return database->read_now([&](soci::session& sql) { return dossiers::find_by_number(sql, number); });
}

std::string line(const std::string& number, const std::string& status = "SUBMITTED",
                 const std::string& updated_at = "2026-10-01T10:00:00Z") {
    return number + ";190300200123;Lefèvre;\"de la Tour\";Anne-Marie;1975-06-00;RENEWAL;" + status +
           ";2026-09-30;photo;E-104;24.3;CERT Nantes;44;anne@example.test;0639981234;;" + updated_at + "\n";
}

} // namespace

TEST_CASE("a file of dossiers is read as it is written", "[dossier_import]") {
    tests::temporary_database database;
    auto done = import_text(database, "\xEF\xBB\xBF" + header + line("PC-1"));
    CHECK(done.faults.empty());
    CHECK((done.counts.lines == 1 && done.counts.added == 1));
    auto row = by_number(database, "PC-1");
    REQUIRE(row);
    CHECK((row->neph == "190300200123" && row->birth_name == "Lefèvre" && row->usual_name == "de la Tour" &&
           row->birth_date == "1975-06-00"));
    CHECK((row->procedure_code == "RENEWAL" && row->status == "SUBMITTED" && row->status_since == "2026-09-30" &&
           row->error_code == "E-104"));
    CHECK((row->portal_release == "24.3" && row->phone == "+33639981234" && row->email == "anne@example.test" &&
           row->driving_school.empty()));
    CHECK(row->updated_at == *dossiers::read_time("2026-10-01T10:00:00Z"));
    CHECK(import_text(database, header).counts.lines == 0);
}

TEST_CASE("importing again changes nothing, and only newer lines count", "[dossier_import]") {
    tests::temporary_database database;
    auto file = header + line("PC-1") + line("PC-2");
    CHECK(import_text(database, file).counts.added == 2);
    auto again = import_text(database, file).counts;
    CHECK((again.added == 0 && again.updated == 0 && again.unchanged == 2));
    auto moved = header + line("PC-1", "ACCEPTED", "2026-10-02T10:00:00Z") + line("PC-2", "DRAFT", "2026-09-01T10:00:00Z");
    CHECK(import_text(database, moved).counts.updated == 1);
    CHECK((by_number(database, "PC-1")->status == "ACCEPTED" && by_number(database, "PC-2")->status == "SUBMITTED"));
}

TEST_CASE("every bad line is told with its number and reason, and the good ones are kept", "[dossier_import]") {
    tests::temporary_database database;
    auto with = [](const std::string& number, const std::string& neph, const std::string& born, const std::string& status,
                   const std::string& at) {
        return number + ";" + neph + ";Dupont;;Jean;" + born + ";RENEWAL;" + status + ";;;;;;33;;;;" + at + "\n";
    };
    auto done = import_text(database, header + with("PC-1", "", "1980-01-02", "SUBMITTED", "") + // 2
                                          with("", "", "1980-01-02", "SUBMITTED", "") +          // 3
                                          with("PC-3", "12AB", "1980-01-02", "SUBMITTED", "") +  // 4
                                          with("PC-4", "", "1980-13-02", "SUBMITTED", "") +      // 5
                                          with("PC-5", "", "1980-01-02", "LOST_IN_MAIL", "") +   // 6
                                          with("PC-6", "", "1980-01-02", "SUBMITTED", "soon") +  // 7
                                          "PC-7;too few\n" +                                     // 8
                                          with("PC-8", "", "1980-01-02", "SUBMITTED", "") +      // 9
                                          with("PC-9\xFF", "", "1980-01-02", "SUBMITTED", "") +  // 10
                                          with(std::string(41, 'A'), "", "", "", "") +           // 11
                                          with("PC-10", "", "1980-00-00", "", "2026-10-01"));    // 12
    CHECK(done.faults == std::vector<std::string>{"3 number empty", "4 neph malformed", "5 birth_date malformed", "6 status unknown",
                                                  "7 updated_at malformed", "8 line column_count", "10 line not_utf8",
                                                  "11 number too_long"});
    CHECK((done.counts.lines == 11 && done.counts.added == 3 && done.counts.refused == 8));
    CHECK((by_number(database, "PC-1") && by_number(database, "PC-8") && by_number(database, "PC-10")));
}

TEST_CASE("columns may stand in any order, be separated by commas, or be missing", "[dossier_import]") {
    tests::temporary_database database;
    import_text(database, header + line("PC-1"));
    auto done = import_text(database, "status,number,unknown_to_us\nACCEPTED,PC-1,x\nDRAFT,PC-2,\n");
    CHECK((done.counts.updated == 1 && done.counts.added == 1));
    CHECK((by_number(database, "PC-1")->status == "ACCEPTED" && by_number(database, "PC-1")->birth_name == "Lefèvre"));
    CHECK(import_text(database, "status,number\nACCEPTED,PC-1\n").counts.unchanged == 1);
    CHECK_THROWS_AS(import_text(database, "status;neph\nDRAFT;\n"), invalid);
    CHECK_THROWS_AS(import_text(database, ""), invalid);
}

TEST_CASE("a time is read in the ways programs write it", "[dossier_import]") {
    auto at = [](std::string_view text) { return dossiers::read_time(text); };
    auto expected = at("2026-10-01T10:00:00Z");
    REQUIRE(expected);
    CHECK(*expected == at_seconds(1'790'848'800));
    for (auto* same : {"2026-10-01 10:00:00", "2026-10-01T12:00:00+02:00", "2026-10-01T10:00:00.250Z", "2026-10-01T00:00:00-10:00"})
        CHECK(at(same) == expected);
    CHECK(at("2026-10-01") == at("2026-10-01T00:00:00Z"));
    for (auto* wrong :
         {"", "2026-10", "2026-13-01", "2026-02-30", "01/10/2026", "2026-10-01T25:00:00Z", "2026-10-01T10:00", "2026-10-01T10:00:00X"})
        CHECK_FALSE(at(wrong));
}

TEST_CASE("fifty thousand dossiers are imported every second", "[.bench]") {
    tests::temporary_database database;
    constexpr int count = 300'000;
    std::string text = header;
    for (int i = 0; i < count; ++i) {
        auto n = static_cast<std::uint64_t>(i) * 7'919 % count; // in no order
        text += "PC-2026-" + std::to_string(10'000'000 + n) + ";1903002" + std::to_string(10'000 + n % 90'000) + ";Lefèvre" +
                std::to_string(n % 4'000) + ";" + (n % 5 ? "" : "Martin") + ";Anne-Marie Claire;19" + std::to_string(40 + n % 60) + "-0" +
                std::to_string(1 + n % 9) + "-" + std::to_string(10 + n % 19) +
                ";RENEWAL;UNDER_ASSESSMENT;2026-09-30;assessment;;24.3;CERT Nantes;44;p" + std::to_string(n) + "@example.test;+3363998" +
                std::to_string(1'000 + n % 9'000) + ";;2026-10-01T10:00:00Z\n";
    }
    for (auto* pass : {"new", "again"}) {
        auto start = std::chrono::steady_clock::now();
        auto all_before = spent_s(RUSAGE_SELF), reader_before = spent_s(RUSAGE_THREAD);
        auto done = import_text(database, text);
        auto spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        std::cout << "import dossiers, " << pass << ": " << count << " lines in " << spent << " s, " << static_cast<int>(count / spent)
                  << " lines/s; processor " << (spent_s(RUSAGE_SELF) - all_before) * 1e6 / count << " us a line, of which reading "
                  << (spent_s(RUSAGE_THREAD) - reader_before) * 1e6 / count << "\n";
        CHECK(done.faults.empty());
    }
}

// SPDX-License-Identifier: EUPL-1.2
#include "model/csv.hpp"

#include "model/csv_writer.hpp"
#include "model/error.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <sstream>

using namespace relais::model;
using namespace std::string_literals;

namespace {

// Gives the text in pieces of this size.
csv_reader::source pieces(const std::string& text, std::size_t size) {
    return [&text, size, at = std::size_t{0}](char* into, std::size_t room) mutable {
        auto count = std::min({size, room, text.size() - at});
        std::memcpy(into, text.data() + at, count);
        at += count;
        return count;
    };
}

// "line|fault" or "line|field|field..." for each row.
std::vector<std::string> read(const std::string& text, csv_limits limits = {}, std::size_t piece = 1 << 20) {
    csv_reader reader(pieces(text, piece), limits);
    std::vector<std::string> out;
    while (reader.next()) {
        auto line = std::to_string(reader.line_number());
        if (!reader.fault().empty()) line += "|!" + std::string{reader.fault()};
        for (auto field : reader.row()) line += "|" + std::string{field};
        out.push_back(line);
    }
    return out;
}

std::string header_fault(const std::string& text, csv_limits limits = {}) {
    try {
        csv_reader reader(pieces(text, 1 << 20), limits);
    } catch (const invalid& why) {
        CHECK(why.faults.at(0).field == "header");
        return why.faults.at(0).code;
    }
    return "";
}

using rows = std::vector<std::string>;

} // namespace

TEST_CASE("a file is read whatever its delimiter, line ends and mark", "[csv]") {
    CHECK(read("a;b\n1;2\n;\n") == rows{"2|1|2", "3||"});
    CHECK(read("a,b\r\n1,2;3\r\n") == rows{"2|1|2;3"});
    CHECK(read("\xEF\xBB\xBF"
               "a;b\r\n\r\né;2") == rows{"3|é|2"});
    CHECK(read("\"a;,,\";b\n1;2\n") == rows{"2|1|2"});
    CHECK(read("a\n1\n\n2\r") == rows{"2|1", "4|2"});
    CHECK(read("a;b") == rows{});
    csv_reader reader(pieces("\xEF\xBB\xBF numero ;neph\n1;2\n", 3), {});
    CHECK(reader.header() == std::vector<std::string>{"numero", "neph"});
    CHECK(reader.column("neph") == 1U);
    CHECK_FALSE(reader.column("nom").has_value());
    CHECK(reader.delimiter() == ';');
    REQUIRE(reader.next());
    CHECK(reader.field(*reader.column("numero")) == "1");
}

TEST_CASE("quoted fields hold delimiters, quotes and line ends, and lines are still counted", "[csv]") {
    CHECK(read("a;b\n\"x;y\";\"dit \"\"oui\"\"\"\n1;2\n") == rows{"2|x;y|dit \"oui\"", "3|1|2"});
    CHECK(read("a;b\n\"l1\r\nl2\n\";z\r\n1;\"\"\n\"\"\"\";\"\"") == rows{"2|l1\r\nl2\n|z", "5|1|", "6|\"|"});
    CHECK(read("\"a\nb\";c\n1;2") == rows{"3|1|2"});
}

TEST_CASE("a bad row is told and the next one is read", "[csv]") {
    CHECK(read("a;b\n1\n1;2;3\n1;2\n") == rows{"2|!column_count", "3|!column_count", "4|1|2"});
    CHECK(read("a;b\nx\"y;2\n1;2\n") == rows{"2|!stray_quote", "3|1|2"});
    CHECK(read("a;b\n\"x\"y;2\n1;2\n") == rows{"2|!text_after_quote", "3|1|2"});
    CHECK(read("a;b\n\"x\"\r;2\n1;2\n") == rows{"2|!text_after_quote", "3|1|2"});
    CHECK(read("a;b\n\"x;2\n1;2\n3;4\n") == rows{"2|!quote_not_closed", "3|1|2", "4|3|4"});
    CHECK(read("a;b\n\"x \"\"y\"\";2\n1;\"\"\"2\"\n") == rows{"2|!text_after_quote", "3|1|\"2"});
    CHECK(read("a;b\n\xFF;2\n1;2\n") == rows{"2|!not_utf8", "3|1|2"});
    CHECK(read("a;b\n\0;2\n1;2\n"s) == rows{"2|!nul_byte", "3|1|2"});
    CHECK(read("a;b\n\"\xC0\xAF\n\";2\n1;2\n") == rows{"2|!not_utf8", "4|1|2"});
}

TEST_CASE("a header that says nothing clear is refused", "[csv]") {
    CHECK(header_fault("") == "missing");
    CHECK(header_fault("\n\r\n") == "missing");
    CHECK(header_fault("\xEF\xBB\xBF") == "missing");
    CHECK(header_fault("a;b; a\n1;2;3\n") == "repeated");
    CHECK(header_fault("a;\xFF\n") == "not_utf8");
    CHECK(header_fault("a;\"b\n") == "quote_not_closed");
    CHECK(header_fault("a;b\n").empty());
}

TEST_CASE("the limits of a file hold on both sides", "[csv]") {
    csv_limits limits{3, 10, 24};
    CHECK(header_fault("a;b;c\n", limits).empty());
    CHECK(header_fault("a;b;c;d\n", limits) == "too_many_columns");
    auto row = [](std::size_t a, std::size_t b) { return "a;b;c\n" + std::string(a, 'x') + ";" + std::string(b, 'y') + ";\n1;2;3\n"; };
    CHECK(read(row(10, 10), limits).front() == "2|" + std::string(10, 'x') + "|" + std::string(10, 'y') + "|");
    CHECK(read(row(11, 1), limits) == rows{"2|!field_too_long", "3|1|2|3"});
    CHECK(read(row(22, 0), limits) == rows{"2|!field_too_long", "3|1|2|3"});
    CHECK(read(row(23, 0), limits) == rows{"2|!row_too_long", "3|1|2|3"});
    CHECK(read(row(10'000, 10'000), limits) == rows{"2|!row_too_long", "3|1|2|3"});
    CHECK(read("a;b;c\n\"" + std::string(10, '\n') + "\";\"" + std::string(7, 'x') + "\";\n1;2;3\n", limits).size() == 2);
    CHECK(read("a;b;c\n\"x\n" + std::string(8, 'y') + "\";\"" + std::string(9, 'z') + "\";\n1;2;3\n", limits).front() == "2|!row_too_long");
    CHECK(read("a;b;c\n\"x" + std::string(1000, 'y') + "\n1;2;3\n", limits) == rows{"2|!row_too_long", "3|1|2|3"});
}

TEST_CASE("the size of the pieces a file comes in changes nothing", "[csv]") {
    auto text = "\xEF\xBB\xBF"
                "a;b\r\n\"x\r\n\"\"y\";é\r\n\"open;1\r\n1;2\r\n\r\n" +
                std::string(100, 'z') + ";\n3;4"s;
    csv_limits limits{10, 20, 40};
    auto whole = read(text, limits);
    CHECK(whole.size() == 5);
    for (std::size_t size = 1; size < 50; ++size) CHECK(read(text, limits, size) == whole);

    auto late = std::string(100, '\n') + "a,b\r\n" + std::string(100, '\n') + "1,2";
    for (std::size_t size = 1; size < 120; ++size) CHECK(read(late, limits, size) == rows{"202|1|2"});
}

TEST_CASE("a header name that holds a line end does not hide the delimiter", "[csv]") {
    CHECK(read("\"a\nb\",c,d\n1,2,3\n") == rows{"3|1|2|3"});
    CHECK(read("\"a;;;\nb\",c\n1,2\n") == rows{"3|1|2"});
    CHECK(read("\r\n\na,b\n1,2\n") == rows{"4|1|2"});
}

TEST_CASE("a row whose only cell is empty is still a row", "[csv_writer]") {
    std::string out;
    csv_writer writer(out, ';', false);
    writer.row({"a"});
    writer.row({""});
    writer.row({"1"});
    CHECK(out == "a\r\n\"\"\r\n1\r\n");
    CHECK(read(out) == rows{"2|", "3|1"});
}

TEST_CASE("a stream is a source", "[csv]") {
    std::istringstream stream("a;b\n1;2\n");
    csv_reader reader(csv_source(stream));
    REQUIRE(reader.next());
    CHECK(reader.field(1) == "2");
    CHECK_FALSE(reader.next());
    CHECK(reader.bytes_read() == 8);
}

TEST_CASE("cells that a spreadsheet would run are written as text", "[csv_writer]") {
    for (auto bad : {"=cmd|' /C calc'!A0", "@SUM(1)", "+1+cmd|x", "-2+3", "\t=1", "\r=1", "\n=1", "＝1", "＠A", "＋1", "－1", " =1",
                     "\xC2\xA0=1", "+", "-a", "\xE2\x80\x8B=1", "+3361=2"}) {
        INFO(bad);
        CHECK(starts_formula(bad));
        std::string out;
        csv_writer(out, ';', false).row({bad});
        CHECK(out.starts_with("\"'"));
    }
    for (auto good : {"", "Zoé", "+33612345678", "+33 6 39 98 00 00", "-12,5", "06 39 98 00 00", "a=b", "'=1", "1-2", "\xFF=1"}) {
        INFO(good);
        CHECK_FALSE(starts_formula(good));
    }
}

TEST_CASE("what is written is read back", "[csv_writer]") {
    std::string out;
    csv_writer writer(out);
    writer.row({"a", "b"});
    writer.row({"x;y", "dit \"oui\"\r\nnon"});
    std::vector<std::string> cells = {"+33612345678", "=1,2"};
    writer.row(cells);
    CHECK(out == "\xEF\xBB\xBF"
                 "a;b\r\n\"x;y\";\"dit \"\"oui\"\"\r\nnon\"\r\n+33612345678;\"'=1,2\"\r\n");
    CHECK(read(out) == rows{"2|x;y|dit \"oui\"\r\nnon", "4|+33612345678|'=1,2"});
}

// SPDX-License-Identifier: EUPL-1.2
#include "api/multipart.hpp"

#include "api/malformed.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace relais::api;
using namespace std::string_literals;

namespace {

const std::string content_type = "multipart/form-data; boundary=XYZ";

struct recorder : multipart_sink {
    struct part {
        part_head head;
        std::string data;
        bool ended = false;
    };
    std::vector<part> parts;
    void part_begin(const part_head& head) override { parts.push_back({head, "", false}); }
    void part_data(std::string_view data) override { parts.back().data += data; }
    void part_end() override { parts.back().ended = true; }
};

recorder read(const std::string& body, const multipart_limits& limits = {}) {
    recorder out;
    multipart_parser parser(content_type, out, limits);
    parser.feed(body);
    parser.finish();
    return out;
}

std::string code_of(const std::string& body, const multipart_limits& limits = {}) {
    try {
        read(body, limits);
    } catch (const malformed& why) {
        return why.code;
    }
    return "";
}

std::string part(const std::string& disposition, const std::string& data, const std::string& more = "") {
    return "--XYZ\r\nContent-Disposition: " + disposition + "\r\n" + more + "\r\n" + data + "\r\n";
}
std::string field(const std::string& name, const std::string& data) { return part("form-data; name=\"" + name + "\"", data); }
std::string file(const std::string& filename, const std::string& data) {
    return part("form-data; name=\"pieces[]\"; filename=\"" + filename + "\"", data, "Content-Type: application/pdf\r\n");
}
const std::string closing = "--XYZ--\r\n";

// Everything that looks like a boundary without being one.
const std::string look_alikes = "\r\n--XY\r\n--XYz--XYZ\r\n-XYZ\r\r\n\r\n--\r\n--\r\r\n--XY\r\n\n-XYZ x--XYZ\r";

} // namespace

TEST_CASE("a form with files is read the same however it is cut", "[multipart]") {
    auto body = field("nom", "Zoé") + file("reçu.pdf", look_alikes) + field("vide", "") + file("", "") + field("x", "\r\n--") + closing;
    for (std::size_t first = 0; first <= body.size(); ++first) {
        for (std::size_t second : {first, std::min(first + 1, body.size()), std::min(first + 7, body.size()), body.size()}) {
            recorder out;
            multipart_parser parser(content_type, out);
            parser.feed(std::string_view{body}.substr(0, first));
            parser.feed(std::string_view{body}.substr(first, second - first));
            parser.feed(std::string_view{body}.substr(second));
            parser.finish();
            REQUIRE(out.parts.size() == 5);
            REQUIRE(out.parts[0].data == "Zoé");
            REQUIRE(out.parts[1].data == look_alikes);
            REQUIRE(out.parts[2].data.empty());
            REQUIRE(out.parts[4].data == "\r\n--");
        }
    }
    auto whole = read(body);
    CHECK_FALSE(whole.parts[0].head.is_file);
    CHECK(whole.parts[1].head.is_file);
    CHECK(whole.parts[1].head.filename == "reçu.pdf");
    CHECK(whole.parts[1].head.content_type == "application/pdf");
    CHECK(whole.parts[3].head.is_file);
    CHECK(whole.parts[3].head.filename.empty());
    for (const auto& one : whole.parts) CHECK(one.ended);
}

TEST_CASE("the last line end may be missing, as some programs do", "[multipart]") {
    CHECK(code_of(field("a", "1") + "--XYZ--").empty());
    CHECK(code_of("--XYZ--\r\n").empty());
}

TEST_CASE("a body cut anywhere is refused", "[multipart]") {
    auto body = field("a", "1") + file("a.pdf", "data") + "--XYZ--";
    for (std::size_t size = 0; size < body.size(); ++size) CHECK(code_of(body.substr(0, size)) == "multipart_truncated");
}

TEST_CASE("one boundary, of the characters RFC 2046 allows", "[multipart]") {
    CHECK(multipart_boundary("Multipart/Form-Data; charset=utf-8; BOUNDARY=\"a:b/c=d\"") == "a:b/c=d");
    CHECK(multipart_boundary("multipart/form-data;boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW").size() == 37);
    CHECK(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'b')).size() == 70);
    for (auto bad :
         {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
          "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=a; Boundary=a", "multipart/form-data; boundary=a b",
          "multipart/form-data; boundary=\"a b\"", "multipart/form-data; boundary=\"a\\\"b\"", "multipart/form-data; boundary=\"a",
          "multipart/form-data, multipart/form-data; boundary=a", "text/plain; boundary=a", "multipart/mixed; boundary=a",
          "multipart/form-data; boundary*=utf-8''a", "", "; boundary=a"}) {
        INFO(bad);
        CHECK_THROWS_AS(multipart_boundary(bad), malformed);
    }
    CHECK_THROWS_AS(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'b')), malformed);
}

TEST_CASE("line ends and boundaries are strict", "[multipart]") {
    auto good = field("a", "1");
    struct {
        std::string body, code;
    } cases[] = {
        {"preamble\r\n" + good + closing, "multipart_preamble"},
        {"\r\n" + good + closing, "multipart_preamble"},
        {"--XY\r\n" + good + closing, "multipart_preamble"},
        {"--XYZ \r\n", "multipart_boundary_line"},
        {"--XYZ\n", "multipart_boundary_line"},
        {"--XYZ\rx", "multipart_line_end"},
        {"--XYZ-x", "multipart_boundary_line"},
        {"--XYZA\r\n", "multipart_boundary_line"},
        {field("a", "1\r\n--XYZA") + closing, "multipart_boundary_line"},
        {field("a", "1\r\n--XYZ ") + closing, "multipart_boundary_line"},
        {field("a", "1\n--XYZ") + closing, "multipart_boundary_line"},
        {field("a", "1\r--XYZ") + closing, "multipart_boundary_line"},
        {field("a", "--XYZ--") + closing, "multipart_boundary_line"},
        {good + closing + "x", "multipart_epilogue"},
        {good + closing + "\r\n", "multipart_epilogue"},
        {good + "--XYZ--\n", "multipart_epilogue"},
        {good + "--XYZ--\rx", "multipart_epilogue"},
        {good + closing + good + closing, "multipart_epilogue"},
        {"--XYZ\r\n\r\nx\r\n" + closing, "part_head_empty"},
        {"--XYZ\r\nContent-Disposition: form-data; name=a\n\nx\r\n--XYZ--\r\n", "multipart_truncated"},
        {"--XYZ\r\nContent-Disposition: form-data; name=a\r\n x\r\n\r\nx\r\n" + closing, "part_head_line"},
        {"--XYZ\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\nx\r\n" + closing, "part_head_line"},
        {"--XYZ\r\nContent-Disposition : form-data; name=a\r\n\r\nx\r\n" + closing, "part_head_line"},
        {"--XYZ\r\nContent-Type: text/plain\r\n\r\nx\r\n" + closing, "part_disposition"},
        {"--XYZ\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nx\r\n" + closing,
         "part_head_repeated"},
        {part("form-data; name=a", "x", "Content-Transfer-Encoding: base64\r\n") + closing, "part_encoding"},
    };
    for (const auto& one : cases) {
        INFO(one.body);
        CHECK(code_of(one.body) == one.code);
    }
    CHECK(code_of(part("form-data; name=a", "x", "Content-Transfer-Encoding: binary\r\nX-Other: y\r\n") + closing).empty());
}

TEST_CASE("names and file names are read as browsers write them", "[multipart]") {
    struct {
        std::string disposition, name, filename;
    } good[] = {
        {R"(form-data; name="a"; filename="b.pdf")", "a", "b.pdf"},
        {R"(Form-Data;name=a;FILENAME=b.pdf)", "a", "b.pdf"},
        {R"(form-data; name="a"; filename="dit \"x\".pdf")", "a", "dit _x_.pdf"},
        {R"(form-data; name="a"; filename="dit %22x%22.pdf")", "a", "dit _x_.pdf"},
        {R"(form-data; name="a"; filename="C:\Mes documents\b.pdf")", "a", "b.pdf"},
        {R"(form-data; name="a"; filename="../../etc/passwd")", "a", "passwd"},
        {R"(form-data; name="a"; filename="b.pdf"; filename*=UTF-8''re%C3%A7u.pdf)", "a", "reçu.pdf"},
        {R"(form-data; name="a"; filename*=iso-8859-1'fr're%E7u.pdf; filename="b.pdf")", "a", "reçu.pdf"},
        {R"(form-data; name="a"; filename*=UTF-8''..%2F..%2Fb.pdf)", "a", "b.pdf"},
        {"form-data; name=\"a\"; filename=\"\xE2\x80\x8B.htaccess\"", "a", "htaccess"},
        {R"(form-data; name="a"; filename="/")", "a", "document"},
    };
    for (const auto& one : good) {
        INFO(one.disposition);
        auto head = parse_part_head("Content-Disposition: " + one.disposition + "\r\n", 64);
        CHECK(head.name == one.name);
        CHECK(head.is_file);
        CHECK(head.filename == one.filename);
    }
    for (auto bad :
         {R"(form-data)", R"(form-data; name="")", R"(form-data; name="a"; name="b")", R"(form-data; name="a"; filename="b"; filename="c")",
          R"(form-data; name="a)", R"(form-data; name="a"x)", R"(form-data name="a")", R"(attachment; name="a")", R"(form-data; name=a b)",
          R"(form-data; name="é")", R"(form-data; name="a"; filename*=UTF-8''%C3)", R"(form-data; name="a"; filename*=utf-16''a)",
          R"(form-data; name="a"; filename*=UTF-8'a)", R"(form-data; name="a"; filename*=UTF-8''%4)", R"(form-data; name = "a")"}) {
        INFO(bad);
        CHECK_THROWS_AS(parse_part_head("Content-Disposition: "s + bad + "\r\n", 64), malformed);
    }
}

TEST_CASE("a boundary after a bare line end is refused however it is cut", "[multipart]") {
    for (const std::string end : {"\n", "\r"}) {
        auto body = file("a.pdf", std::string(200, 'x') + end + "--XYZ\r\nContent-Disposition: form-data; name=b\r\n\r\n") + closing;
        for (std::size_t cut = 0; cut <= body.size(); ++cut) {
            recorder out;
            multipart_parser parser(content_type, out);
            auto feed = [&] {
                parser.feed(std::string_view{body}.substr(0, cut));
                for (char c : body.substr(cut)) parser.feed({&c, 1});
            };
            REQUIRE_THROWS_AS(feed(), malformed);
        }
    }
}

TEST_CASE("the first fault is the one told, however the body is cut", "[multipart]") {
    multipart_limits limits;
    limits.field_bytes = 20;
    struct {
        std::string data, code;
    } cases[] = {
        {std::string(30, 'x') + "\n--XYZ", "form_value_too_long"},
        {std::string(14, 'x') + "\n--XYZ" + std::string(30, 'x'), "multipart_boundary_line"}, // ends on the twentieth byte
        {std::string(15, 'x') + "\n--XYZ" + std::string(30, 'x'), "form_value_too_long"},     // on the twenty-first
    };
    for (const auto& one : cases) {
        auto body = field("a", one.data) + closing;
        for (std::size_t size = 1; size <= body.size(); ++size) {
            recorder out;
            multipart_parser parser(content_type, out, limits);
            std::string code;
            try {
                for (std::size_t at = 0; at < body.size(); at += size) parser.feed(std::string_view{body}.substr(at, size));
            } catch (const malformed& why) {
                code = why.code;
            }
            REQUIRE(code == one.code);
        }
    }
}

TEST_CASE("a name comes once, unless it is a list", "[multipart]") {
    CHECK(code_of(field("a", "1") + field("a", "2") + closing) == "form_repeated");
    CHECK(code_of(field("a[]", "1") + field("a[]", "2") + closing).empty());
    CHECK(code_of(file("a.pdf", "1") + file("a.pdf", "2") + closing).empty());
    CHECK(code_of(field("a", "1") + part("form-data; name=a; filename=b", "2") + closing) == "form_repeated");
}

TEST_CASE("a file without a name has no data", "[multipart]") {
    CHECK(code_of(file("", "") + closing).empty());
    CHECK(code_of(file("", "x") + closing) == "file_without_name");
}

TEST_CASE("the limits of a multipart form hold on both sides", "[multipart]") {
    multipart_limits limits;
    limits.parts = 3;
    limits.files = 2;
    limits.field_bytes = 10;
    limits.file_bytes = 20;
    limits.head_bytes = 120;
    auto fields = field("a", "") + field("b", "") + field("c", "");
    CHECK(code_of(fields + closing, limits).empty());
    CHECK(code_of(fields + field("d", "") + closing, limits) == "multipart_too_many_parts");
    CHECK(code_of(file("a", "") + file("b", "") + file("", "") + closing, limits).empty());
    CHECK(code_of(file("a", "") + file("b", "") + file("c", "") + closing, limits) == "too_many_files");
    CHECK(code_of(field("a", std::string(10, 'x')) + closing, limits).empty());
    CHECK(code_of(field("a", std::string(11, 'x')) + closing, limits) == "form_value_too_long");
    CHECK(code_of(file("a", std::string(20, 'x')) + closing, limits).empty());
    CHECK(code_of(file("a", std::string(21, 'x')) + closing, limits) == "file_too_large");
    CHECK(code_of(file(std::string(120, 'a'), "") + closing, limits) == "part_head_too_large");
    auto body = field("a", "1") + closing;
    limits.total_bytes = body.size();
    CHECK(code_of(body, limits).empty());
    --limits.total_bytes;
    CHECK(code_of(body, limits) == "form_too_large");
    CHECK(code_of(field(std::string(64, 'n'), "") + closing).empty());
    CHECK(code_of(field(std::string(65, 'n'), "") + closing) == "form_name");
}

// SPDX-License-Identifier: EUPL-1.2
#include "model/file_name.hpp"

#include "model/utf8.hpp"

#include <catch2/catch.hpp>

using relais::model::file_names::limit_bytes;
using relais::model::file_names::safe;
using namespace std::string_literals;

TEST_CASE("a file name is made safe to show", "[file_name]") {
    struct {
        std::string sent, shown;
    } cases[] = {
        {"permis.pdf", "permis.pdf"},
        {"Attestation de perte (1) - Zoé.pdf", "Attestation de perte (1) - Zoé.pdf"},
        {"", ""},
        {"../../etc/passwd", "passwd"},
        {"C:\\Users\\Zoé\\scan.jpg", "scan.jpg"},
        {"a/b\\c.pdf", "c.pdf"},
        {"dossier/", "document"},
        {"..", "document"},
        {".htaccess", "htaccess"},
        {"\xE2\x80\x8B.htaccess", "htaccess"}, // zero-width space (FreeScout CVE-2026-28289)
        {"a\xE2\x80\x8B"
         ".p\xC2\xAD"
         "hp",
         "a.php"}, // decided on what remains, not on what came
        {"\xE2\x80\xAE"
         "fdp.exe",
         "fdp.exe"}, // right-to-left override
        {"\xEF\xBC\x8E\xEF\xBC\x8E\xEF\xBC\x8F"
         "a.pdf",
         "a.pdf"}, // full-width ../
        {"\xEF\xBC\xB3"
         "can.pdf",
         "Scan.pdf"},
        {"a\r\nX-Evil: 1.pdf", "aX-Evil_ 1.pdf"},
        {"a\0b.pdf"s, "ab.pdf"},
        {"a\tb\x7F.pdf", "ab.pdf"},
        {"a\"b<c>d|e?f*g:h.pdf", "a_b_c_d_e_f_g_h.pdf"},
        {"  a \xC2\xA0"
         "  b.pdf . ",
         "a b.pdf"},
        {"a\xFF\xC0.pdf", "a__.pdf"},
        {"NUL", "_NUL"},
        {"com1.pdf", "_com1.pdf"},
        {"console.pdf", "console.pdf"},
    };
    for (const auto& one : cases) {
        INFO(one.sent);
        CHECK(safe(one.sent) == one.shown);
        CHECK(safe(one.shown) == one.shown);
    }
}

TEST_CASE("a long file name keeps its extension and whole characters", "[file_name]") {
    CHECK(safe(std::string(116, 'a') + ".pdf").size() == limit_bytes);
    CHECK(safe(std::string(117, 'a') + ".pdf") == std::string(116, 'a') + ".pdf");
    std::string accents;
    for (int i = 0; i < 100; ++i) accents += "é";
    CHECK(safe(accents + ".docx") == accents.substr(0, 114) + ".docx");
    CHECK(safe("a" + accents + ".docx").size() == limit_bytes);
    CHECK(safe("ab." + std::string(300, 'c')).size() == limit_bytes);
    CHECK(relais::model::utf8::is_valid(safe("ab" + accents + accents)));
}

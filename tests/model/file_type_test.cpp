// SPDX-License-Identifier: EUPL-1.2
#include "model/file_type.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace relais::model;
using namespace std::string_literals;

namespace {

const std::string odt_type = "application/vnd.oasis.opendocument.text";
const std::string docx_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

std::string little(std::size_t value, int width) {
    std::string out;
    for (int i = 0; i < width; ++i, value >>= 8U) out += static_cast<char>(value & 0xFFU);
    return out;
}

struct entry {
    std::string name;
    std::string data = "x";
    int flags = 0;
};

// A zip archive whose entries are stored; the directory is what the detector reads.
std::string zip(const std::vector<entry>& entries, const std::string& comment = "") {
    std::string out;
    std::string directory;
    for (const auto& one : entries) {
        auto sizes = little(0, 4) + little(one.data.size(), 4) + little(one.data.size(), 4) + little(one.name.size(), 2) + little(0, 2);
        auto at = out.size();
        out += "PK\x03\x04" + little(20, 2) + little(static_cast<std::size_t>(one.flags), 2) + little(0, 2) + little(0, 4) + sizes +
               one.name + one.data;
        directory += "PK\x01\x02" + little(20, 2) + little(20, 2) + little(static_cast<std::size_t>(one.flags), 2) + little(0, 2) +
                     little(0, 4) + sizes + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(at, 4) + one.name;
    }
    auto count = little(entries.size(), 2);
    return out + directory + "PK\x05\x06" + little(0, 4) + count + count + little(directory.size(), 4) + little(out.size(), 4) +
           little(comment.size(), 2) + comment;
}

const std::vector<entry> odt_entries = {{"mimetype", odt_type}, {"content.xml"}, {"META-INF/manifest.xml"}};
const std::vector<entry> docx_entries = {{"[Content_Types].xml"}, {"_rels/.rels"}, {"word/document.xml"}};

std::string type_of(const std::string& bytes) { return std::string{media_type_of(bytes).value_or("")}; }

std::vector<entry> with(std::vector<entry> entries, const entry& more) {
    entries.push_back(more);
    return entries;
}

} // namespace

TEST_CASE("each type of the list is known by its bytes, however they arrive", "[file_type]") {
    struct {
        std::string bytes, type;
    } cases[] = {
        {"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj", "application/pdf"},
        {"%PDF-2.0\n", "application/pdf"},
        {"\xFF\xD8\xFF\xE0\0\x10JFIF\0"s, "image/jpeg"},
        {"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1"s, "image/png"},
        {"RIFF\x24\0\0\0WEBPVP8 \0\0"s, "image/webp"},
        {"\0\0\0\x18"
         "ftypheic\0\0\0\0mif1heic"s,
         "image/heic"},
        {"\0\0\0\x18"
         "ftypmif1\0\0\0\0mif1heic"s,
         "image/heic"},
        {zip(odt_entries), odt_type},
        {zip(docx_entries), docx_type},
        {zip(docx_entries, "a comment"), docx_type},
        {"Bonjour,\r\n\tmon dossier est bloqué depuis l’été.\n", "text/plain"},
        {"bloqu\xE9 depuis l\x92\xE9t\xE9", "text/plain"},
        {"\xEF\xBB\xBFtexte", "text/plain"},
        {"x", "text/plain"},
    };
    for (const auto& one : cases) {
        INFO(one.type);
        CHECK(type_of(one.bytes) == one.type);
        for (std::size_t size = 1; size < 20; ++size) {
            file_type_detector detector;
            for (std::size_t at = 0; at < one.bytes.size(); at += size) detector.feed(std::string_view{one.bytes}.substr(at, size));
            CHECK(detector.media_type().value_or("") == one.type);
        }
    }
}

TEST_CASE("anything else is refused, whatever it calls itself", "[file_type]") {
    auto odt_late = std::vector<entry>{{"content.xml"}, {"mimetype", odt_type}};
    for (const auto& bytes : {""s,
                              "\0"s,
                              "MZ\x90\0\3\0\0\0"s,
                              "\x7F"
                              "ELF\2\1\1"s,
                              "GIF89a\1\0\1\0\0"s,
                              " %PDF-1.7\0"s,
                              "%PDF-3.0\0"s,
                              "\xFF\xD8\xFE\0"s,
                              "\x89PNG\r\n\x1A\n\0\0\0\rIDAT"s,
                              "RIFF\x24\0\0\0WAVEfmt "s,
                              "\0\0\0\x18"
                              "ftypavif\0\0\0\0mif1avif"s,
                              "\0\0\0\x18"
                              "ftypmif1\0\0\0\0mif1avif"s,
                              "\0\0\0\x14"
                              "ftypmif1\0\0\0\0mif1heic"s,
                              "\0\0\0\x18"
                              "ftypmp42\0\0\0\0"s,
                              "texte\0"s,
                              "texte\x1B[31m"s,
                              "texte\x81"s,
                              "\xFF\xFEt\0e\0"s,
                              zip({{"a.txt"}}),
                              zip({}),
                              zip(odt_late),
                              zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml"}}),
                              zip({{"mimetype", odt_type}}),
                              zip({{"[Content_Types].xml"}, {"xl/workbook.xml"}}),
                              zip({{"word/document.xml"}}),
                              zip(with(docx_entries, {"word/vbaProject.bin"})),
                              zip(with(odt_entries, {"Basic/Standard/Module1.xml"})),
                              zip(with(docx_entries, {"../evil"})),
                              zip(with(docx_entries, {"/evil"})),
                              zip(with(docx_entries, {"word/document.xml"})),
                              zip(with(docx_entries, {"mimetype"})),
                              zip(with(docx_entries, {"x", "y", 1})),
                              zip(docx_entries) + "x",
                              "x" + zip(docx_entries),
                              zip(docx_entries).substr(0, 200)}) {
        INFO(bytes);
        CHECK(type_of(bytes) == "");
    }
}

TEST_CASE("a text whose last character is cut is Latin-1 at best", "[file_type]") {
    CHECK(type_of("caf\xC3\xA9") == "text/plain");
    CHECK(type_of("caf\xC3") == "text/plain");   // "cafÃ"
    CHECK(type_of("caf\xC3\x81\xE2\x82") == ""); // 0x81 is nothing in Windows-1252
}

TEST_CASE("an archive larger than the memory kept is still read by its end", "[file_type]") {
    auto entries = docx_entries;
    entries.push_back({"word/media/image1.png", std::string(3 * 1024 * 1024, '\0')});
    auto bytes = zip(entries);
    CHECK(type_of(bytes) == docx_type);
    file_type_detector detector;
    for (std::size_t at = 0; at < bytes.size(); at += 65'536) detector.feed(std::string_view{bytes}.substr(at, 65'536));
    CHECK(detector.media_type() == docx_type);
}

TEST_CASE("too many entries are refused", "[file_type]") {
    auto filled = [](std::size_t count) {
        auto entries = docx_entries;
        while (entries.size() < count) entries.push_back({"word/media/" + std::to_string(entries.size())});
        return zip(entries);
    };
    CHECK(type_of(filled(2000)) == docx_type);
    CHECK(type_of(filled(2001)) == "");
}

// SPDX-License-Identifier: EUPL-1.2
#include "model/file_type.hpp"

#include "model/utf8.hpp"
#include "model/zip_directory.hpp"

#include <algorithm>
#include <array>

namespace relais::model {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t head_bytes = 128;
constexpr std::size_t tail_bytes = 256UL * 1024;
constexpr std::string_view archive_mark = "PK\x03\x04";
constexpr std::string_view odt = "application/vnd.oasis.opendocument.text";
constexpr std::string_view docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

// ISO base media: the size of the first box, "ftyp", the major brand, a version, then the compatible brands. AVIF shares "mif1".
bool is_heic(std::string_view head) {
    constexpr std::array brands = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv};
    auto is_known = [&](std::string_view brand) { return std::find(brands.begin(), brands.end(), brand) != brands.end(); };
    if (head.size() < 16 || !head.starts_with("\0\0\0"sv) || head.substr(4, 4) != "ftyp") return false;
    std::size_t box = std::min<std::size_t>(static_cast<unsigned char>(head[3]), head.size());
    if (is_known(head.substr(8, 4))) return true;
    if (head.substr(8, 4) != "mif1" && head.substr(8, 4) != "msf1") return false;
    for (std::size_t at = 16; at + 4 <= box; at += 4) {
        if (is_known(head.substr(at, 4))) return true;
    }
    return false;
}

bool is_webp(std::string_view head) { return head.size() >= 16 && head.starts_with("RIFF") && head.substr(8, 7) == "WEBPVP8"; }

bool is_pdf(std::string_view head) { return head.starts_with("%PDF-1.") || head.starts_with("%PDF-2."); }

bool is_png(std::string_view head) { return head.starts_with("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"sv); }

bool is_jpeg(std::string_view head) { return head.size() >= 4 && head.starts_with("\xFF\xD8\xFF"); }

bool has(const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

// OpenDocument 1.2 part 3, 3.3: the first entry is "mimetype", stored as it is, without an extra field.
bool starts_as_odt(std::string_view head) {
    constexpr std::size_t name_at = 30;
    return head.size() > name_at + 8 + odt.size() && head.substr(8, 2) == "\0\0"sv && head.substr(26, 4) == "\x08\0\0\0"sv &&
           head.substr(name_at, 8) == "mimetype" && head.substr(name_at + 8, odt.size()) == odt &&
           head.substr(name_at + 8 + odt.size(), 2) == "PK";
}

std::optional<std::string_view> archive_type(std::string_view head, std::string_view tail, std::uint64_t size_bytes) {
    auto names = zip_entry_names(tail, size_bytes);
    if (!names) return {};
    // Programs inside a document have no place in a request.
    auto is_program = [](std::string_view name) { return name.find("vbaProject") != std::string_view::npos || name.starts_with("Basic/"); };
    if (std::any_of(names->begin(), names->end(), is_program)) return {};
    if (starts_as_odt(head)) return has(*names, "content.xml") ? std::optional{odt} : std::nullopt;
    bool is_word = has(*names, "[Content_Types].xml") && has(*names, "word/document.xml") && !has(*names, "mimetype");
    return is_word ? std::optional{docx} : std::nullopt;
}

// Printable in Windows-1252, the "Latin-1" that programs really write.
bool is_latin_text(char c) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) return byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
    return byte != 0x7F && byte != 0x81 && byte != 0x8D && byte != 0x8F && byte != 0x90 && byte != 0x9D;
}

bool is_utf8_text(std::string_view text) {
    while (!text.empty()) {
        auto [point, size] = utf8::first(text);
        if (size == 0 || (point >= 0x7F && point < 0xA0) || (size == 1 && !is_latin_text(text.front()))) return false;
        text.remove_prefix(size);
    }
    return true;
}

// How many bytes at the end start a character that is not finished.
std::size_t unfinished(std::string_view text) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xC0U) == 0x80U) continue;
        std::size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
        return whole > back ? back : 0;
    }
    return 0;
}

} // namespace

void file_type_detector::feed(std::string_view data) {
    size_bytes_ += data.size();
    if (head_.size() < head_bytes) head_.append(data.substr(0, head_bytes - head_.size()));
    if (may_be_utf8_ || may_be_latin_) check_text(data);
    if (head_.size() >= archive_mark.size() && !is_archive()) return tail_.clear();
    tail_.append(data);
    if (tail_.size() > 4 * tail_bytes) tail_.erase(0, tail_.size() - tail_bytes);
}

bool file_type_detector::is_archive() const { return head_.starts_with(archive_mark); }

void file_type_detector::check_text(std::string_view data) {
    may_be_latin_ = may_be_latin_ && std::all_of(data.begin(), data.end(), is_latin_text);
    if (!may_be_utf8_) return;
    pending_.append(data);
    auto kept = unfinished(pending_);
    may_be_utf8_ = is_utf8_text(std::string_view{pending_}.substr(0, pending_.size() - kept));
    pending_.erase(0, pending_.size() - kept);
}

std::optional<std::string_view> file_type_detector::media_type() const {
    if (size_bytes_ == 0) return {};
    if (is_pdf(head_)) return "application/pdf";
    if (is_jpeg(head_)) return "image/jpeg";
    if (is_png(head_)) return "image/png";
    if (is_webp(head_)) return "image/webp";
    if (is_heic(head_)) return "image/heic";
    if (is_archive()) {
        auto size = std::min(tail_.size(), tail_bytes);
        return archive_type(head_, std::string_view{tail_}.substr(tail_.size() - size), size_bytes_);
    }
    bool is_text = may_be_latin_ || (may_be_utf8_ && pending_.empty());
    return is_text ? std::optional<std::string_view>{"text/plain"} : std::nullopt;
}

std::optional<std::string_view> media_type_of(std::string_view whole) {
    file_type_detector detector;
    detector.feed(whole);
    return detector.media_type();
}

} // namespace relais::model

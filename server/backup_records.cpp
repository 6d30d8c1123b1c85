// SPDX-License-Identifier: EUPL-1.2
#include "server/backup_records.hpp"

#include <cstdint>
#include <stdexcept>

namespace relais::server {

namespace {

constexpr std::uint64_t values_limit = 10'000, value_bytes_limit = 256ULL * 1024 * 1024;

// Seven bits a byte, the lowest first; the eighth says that more follow.
std::string packed(std::uint64_t value) {
    std::string out;
    for (; value > 0x7f; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
    return out += static_cast<char>(value);
}

bool read_packed(sealed_reader& from, std::uint64_t& value) {
    value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
        char byte = 0;
        if (!from.read(&byte, 1)) return false;
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0) return true;
    }
    throw std::runtime_error("the backup is damaged: a number has no end");
}

} // namespace

void write_record(sealed_writer& to, const backup_record& record) {
    auto text = packed(record.size());
    for (const auto& each : record) {
        text += packed(each ? each->size() + 1 : 0);
        if (each) text += *each;
    }
    to.write(text);
}

bool read_record(sealed_reader& from, backup_record& into) {
    std::uint64_t count = 0;
    if (!read_packed(from, count)) return false;
    if (count == 0 || count > values_limit)
        throw std::runtime_error("the backup is damaged: a record of " + std::to_string(count) + " values");
    into.resize(count);
    for (auto& each : into) {
        std::uint64_t size = 0;
        if (!read_packed(from, size) || size > value_bytes_limit) throw std::runtime_error("the backup is damaged: a value has no size");
        each.reset();
        if (size == 0) continue;
        each.emplace(size - 1, '\0');
        if (size > 1 && !from.read(each->data(), each->size())) throw std::runtime_error("the backup is cut short");
    }
    return true;
}

} // namespace relais::server

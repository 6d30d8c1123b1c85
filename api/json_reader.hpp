// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/error.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace relais::api {

// Reads an object member by member and notes every mistake, so that the sender corrects them all at once. What is not asked for is a
// mistake too: `role` or `status` slipped into a body never reaches the model (security.md 1.2, mass assignment). null is absence.
//
//     std::vector<model::field_fault> faults;
//     json_reader body(request_json, faults);
//     auto subject = body.text("subject", 200);
//     auto requester = body.object("requester");
//     auto email = requester.optional_text("email", 254);
//     requester.finish();
//     body.finish();
//     if (!faults.empty()) throw model::invalid(std::move(faults));
//
// Faults: code missing, type, too_long, range, too_many or unknown; field the path ("requester.email", "messages.2.body"); message
// fault.json.<code>.
class json_reader {
public:
    // value: the object; anything else is a "type" fault (and every member is then absent). It and the faults must outlive the reader.
    json_reader(const nlohmann::json& value, std::vector<model::field_fault>& faults, std::string path = {});

    bool has(std::string_view name) const { return peek(name) != nullptr; }

    // Required members: a fault and an empty value when they are missing or of another type. Lengths are in code points.
    std::string text(std::string_view name, std::size_t limit);
    std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most);
    bool flag(std::string_view name);
    json_reader object(std::string_view name);

    std::optional<std::string> optional_text(std::string_view name, std::size_t limit);
    std::optional<std::int64_t> optional_number(std::string_view name, std::int64_t least, std::int64_t most);
    std::optional<bool> optional_flag(std::string_view name);
    std::optional<json_reader> optional_object(std::string_view name);
    // Lists: empty when absent.
    std::vector<std::string> texts(std::string_view name, std::size_t limit_count, std::size_t limit);
    std::vector<json_reader> objects(std::string_view name, std::size_t limit_count);

    // A fault for each member that was not asked for. Call it once, last.
    void finish();
    // A fault of the caller's own rules, under this object's path.
    void fault(std::string_view name, std::string code, std::string message);

private:
    const nlohmann::json* peek(std::string_view name) const;
    const nlohmann::json* take(std::string_view name);
    const nlohmann::json* need(std::string_view name);
    const nlohmann::json* take_list(std::string_view name, std::size_t limit_count);
    std::string path_of(std::string_view name) const;
    void json_fault(std::string_view name, std::string_view code);
    std::string read_text(const nlohmann::json& value, std::string_view name, std::size_t limit);
    std::int64_t read_number(const nlohmann::json& value, std::string_view name, std::int64_t least, std::int64_t most);
    bool read_flag(const nlohmann::json& value, std::string_view name);

    const nlohmann::json* object_;
    std::vector<model::field_fault>* faults_;
    std::string path_;
    std::set<std::string, std::less<>> asked_;
};

} // namespace relais::api

// SPDX-License-Identifier: EUPL-1.2
#include "api/proof_of_work.hpp"

#include "model/clock.hpp"

#include <sodium.h>

#include <charconv>

namespace relais::api::proofs {
namespace {

constexpr std::size_t answer_limit_bytes = 2000;

std::string signed_text(std::string_view form, std::string_view salt, std::string_view challenge) {
    return std::string(form).append("|").append(salt).append("|").append(challenge);
}

std::string from_base64(std::string_view text) {
    std::string out(text.size(), '\0');
    std::size_t size = 0;
    auto* bytes = reinterpret_cast<unsigned char*>(out.data());
    if (sodium_base642bin(bytes, out.size(), text.data(), text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL) != 0)
        return {};
    out.resize(size);
    return out;
}

// The salt says until when it is good: "<random>?expires=<seconds>".
bool is_current(std::string_view salt, std::chrono::sys_seconds now) {
    constexpr std::string_view mark = "?expires=";
    auto at = salt.find(mark);
    if (at == std::string_view::npos) return false;
    std::int64_t until = 0;
    auto digits = salt.substr(at + mark.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), until);
    return until >= model::seconds(now);
}

} // namespace

nlohmann::json challenge(const secrets& keys, std::string_view form, std::chrono::sys_seconds now) {
    auto salt = random_token(12) + "?expires=" + std::to_string(model::seconds(now) + valid_s);
    auto number = randombytes_uniform(static_cast<std::uint32_t>(largest_number));
    auto made = sha256_hex(salt + std::to_string(number));
    return {{"algorithm", "SHA-256"},
            {"challenge", made},
            {"salt", salt},
            {"signature", keys.sign("proof", signed_text(form, salt, made))},
            {"maxnumber", largest_number}};
}

bool verify(const secrets& keys, std::string_view form, std::string_view answer, std::chrono::sys_seconds now) {
    if (answer.empty() || answer.size() > answer_limit_bytes) return false;
    auto given = nlohmann::json::parse(from_base64(answer), nullptr, false);
    if (!given.is_object()) return false;
    auto text = [&given](const char* name) {
        return given.contains(name) && given[name].is_string() ? given[name].get<std::string>() : "";
    };
    auto number = given.find("number");
    if (number == given.end() || !number->is_number_integer()) return false;
    auto salt = text("salt"), made = text("challenge");
    if (!is_current(salt, now)) return false;
    if (!keys.verify("proof", signed_text(form, salt, made), text("signature"))) return false;
    return sha256_hex(salt + std::to_string(number->get<std::int64_t>())) == made;
}

} // namespace relais::api::proofs

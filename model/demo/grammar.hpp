// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/random.hpp"

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace relais::model::demo {

// A compiled text: where its steps are in the grammar.
struct program {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
};

// What fills the slots of a text: one virtual call a slot. Appends to out.
struct slot_filler {
    virtual ~slot_filler() = default;
    virtual void fill(std::uint16_t slot, std::string& out) = 0;
};

// The little language of config/demo: plain text, [a|b|] to choose, {slot} filled by the caller or {rule} expanded.
// {Slot} capitalises what it gives. Everything is compiled once, then expanded by appending to one string.
class grammar {
public:
    // slots: names the caller fills; their position is the number given to fill().
    explicit grammar(std::vector<std::string> slots);

    // Throws std::runtime_error on unbalanced brackets.
    program compile(std::string_view text);
    void add_to_rule(const std::string& rule, std::string_view alternative);
    // Resolves the names of rules; once, after everything was compiled. Throws std::runtime_error naming an unknown slot.
    void link();
    // The number of a rule, for expand_rule. Throws std::runtime_error when there is none.
    std::uint32_t rule(const std::string& name) const;

    void expand(program text, dice& roll, slot_filler& filler, std::string& out) const;
    void expand_rule(std::uint32_t rule, dice& roll, slot_filler& filler, std::string& out) const;
    bool uses_slot(program text, std::uint16_t slot) const;

private:
    enum class step_kind : std::uint8_t { text, choice, slot, rule };
    // text: a offset, b length; choice: a first option, b count; slot and rule: a number.
    struct step {
        step_kind kind;
        bool capital;
        std::uint32_t a;
        std::uint32_t b;
    };
    program sequence(std::string_view text, std::size_t& at, bool inside);
    step choice(std::string_view text, std::size_t& at);
    step named(std::string_view name);

    std::vector<std::string> slots_;
    std::map<std::string, std::uint32_t, std::less<>> rule_numbers_;
    std::vector<std::string> rule_names_;
    std::vector<std::vector<program>> rules_;
    std::vector<step> steps_;
    std::vector<program> options_;
    std::string texts_;
};

// Upper-cases the letter at a place of UTF-8 text (ASCII and Latin-1 letters).
void capitalise(std::string& text, std::size_t at);

} // namespace relais::model::demo

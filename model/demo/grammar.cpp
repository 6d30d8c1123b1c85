// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/grammar.hpp"

#include <algorithm>

namespace relais::model::demo {

grammar::grammar(std::vector<std::string> slots) : slots_(std::move(slots)) {}

program grammar::compile(std::string_view text) {
    std::size_t at = 0;
    auto compiled = sequence(text, at, false);
    if (at != text.size()) throw std::runtime_error("unbalanced ] in: " + std::string(text));
    return compiled;
}

program grammar::sequence(std::string_view text, std::size_t& at, bool inside) {
    std::vector<step> mine;
    while (at < text.size()) {
        auto here = text[at];
        if (inside && (here == '|' || here == ']')) break;
        if (!inside && here == ']') break;
        if (here == '[') {
            mine.push_back(choice(text, ++at));
        } else if (here == '{') {
            auto end = text.find('}', at);
            if (end == text.npos) throw std::runtime_error("unbalanced { in: " + std::string(text));
            mine.push_back(named(text.substr(at + 1, end - at - 1)));
            at = end + 1;
        } else {
            auto end = std::min(text.find_first_of(inside ? "[{|]" : "[{]", at), text.size());
            mine.push_back({step_kind::text, false, static_cast<std::uint32_t>(texts_.size()), static_cast<std::uint32_t>(end - at)});
            texts_ += text.substr(at, end - at);
            at = end;
        }
    }
    program compiled{static_cast<std::uint32_t>(steps_.size()), static_cast<std::uint32_t>(mine.size())};
    steps_.insert(steps_.end(), mine.begin(), mine.end());
    return compiled;
}

grammar::step grammar::choice(std::string_view text, std::size_t& at) {
    std::vector<program> mine;
    for (;;) {
        mine.push_back(sequence(text, at, true));
        if (at >= text.size()) throw std::runtime_error("unbalanced [ in: " + std::string(text));
        if (text[at++] == ']') break;
    }
    step compiled{step_kind::choice, false, static_cast<std::uint32_t>(options_.size()), static_cast<std::uint32_t>(mine.size())};
    options_.insert(options_.end(), mine.begin(), mine.end());
    return compiled;
}

// A slot when the caller fills it, otherwise a rule, perhaps one that is still to come.
grammar::step grammar::named(std::string_view name) {
    auto exact = [this](std::string_view wanted) { return std::find(slots_.begin(), slots_.end(), wanted); };
    std::string lower(name);
    if (auto found = exact(name); found != slots_.end())
        return {step_kind::slot, false, static_cast<std::uint32_t>(found - slots_.begin()), 0};
    auto capital = !lower.empty() && lower[0] >= 'A' && lower[0] <= 'Z';
    if (capital) lower[0] = static_cast<char>(lower[0] - 'A' + 'a');
    if (auto found = exact(lower); found != slots_.end())
        return {step_kind::slot, capital, static_cast<std::uint32_t>(found - slots_.begin()), 0};
    auto [place, fresh] = rule_numbers_.try_emplace(lower, static_cast<std::uint32_t>(rule_names_.size()));
    if (fresh) {
        rule_names_.push_back(lower);
        rules_.emplace_back();
    }
    return {step_kind::rule, capital, place->second, 0};
}

void grammar::add_to_rule(const std::string& rule, std::string_view alternative) {
    auto number = named(rule).a;
    auto compiled = compile(alternative);
    rules_[number].push_back(compiled);
}

void grammar::link() {
    for (std::size_t number = 0; number < rules_.size(); ++number)
        if (rules_[number].empty()) throw std::runtime_error("neither a slot nor a rule: " + rule_names_[number]);
}

std::uint32_t grammar::rule(const std::string& name) const {
    auto found = rule_numbers_.find(name);
    if (found == rule_numbers_.end()) throw std::runtime_error("no such rule: " + name);
    return found->second;
}

void grammar::expand(program text, dice& roll, slot_filler& filler, std::string& out) const {
    for (auto at = text.first; at < text.first + text.count; ++at) {
        const auto& here = steps_[at];
        auto start = out.size();
        switch (here.kind) {
        case step_kind::text:
            out.append(texts_, here.a, here.b);
            break;
        case step_kind::choice:
            expand(options_[here.a + roll.below(here.b)], roll, filler, out);
            break;
        case step_kind::slot:
            filler.fill(static_cast<std::uint16_t>(here.a), out);
            break;
        case step_kind::rule:
            expand_rule(here.a, roll, filler, out);
            break;
        }
        if (here.capital) capitalise(out, start);
    }
}

void grammar::expand_rule(std::uint32_t rule, dice& roll, slot_filler& filler, std::string& out) const {
    expand(roll.pick(rules_[rule]), roll, filler, out);
}

bool grammar::uses_slot(program text, std::uint16_t slot) const {
    for (auto at = text.first; at < text.first + text.count; ++at) {
        const auto& here = steps_[at];
        if (here.kind == step_kind::slot && here.a == slot) return true;
        if (here.kind != step_kind::choice) continue;
        for (auto option = here.a; option < here.a + here.b; ++option)
            if (uses_slot(options_[option], slot)) return true;
    }
    return false;
}

void capitalise(std::string& text, std::size_t at) {
    if (at >= text.size()) return;
    auto letter = static_cast<unsigned char>(text[at]);
    if (letter >= 'a' && letter <= 'z') text[at] = static_cast<char>(letter - 32);
    // U+00E0 to U+00FE are C3 A0 to C3 BE; their capitals are 32 lower. F7 is the division sign.
    if (letter != 0xC3 || at + 1 >= text.size()) return;
    auto second = static_cast<unsigned char>(text[at + 1]);
    if (second >= 0xA0 && second <= 0xBE && second != 0xB7) text[at + 1] = static_cast<char>(second - 32);
}

} // namespace relais::model::demo

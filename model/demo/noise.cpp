// SPDX-License-Identifier: EUPL-1.2
#include "model/demo/noise.hpp"

#include "model/demo/french.hpp"
#include "model/demo/lines.hpp"

#include <algorithm>
#include <unordered_map>

namespace relais::model::demo {

namespace {

// A letter, or the first byte of an accented one. C2 and E2 open marks (« » … ’), which end a word.
bool in_word(char byte) {
    auto code = static_cast<unsigned char>(byte);
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || (code >= 0x80 && code != 0xC2 && code != 0xE2);
}

bool in_number(char byte) { return (byte >= '0' && byte <= '9') || byte == '@'; }

// Calls change(word, out) for each word and copies what stands between; a run that touches a digit or @ is copied whole.
template <class changer> std::string each_word(const std::string& text, changer change) {
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t at = 0; at < text.size();) {
        auto code = static_cast<unsigned char>(text[at]);
        if (code == 0xC2 || code == 0xE2) {
            auto length = code == 0xC2 ? 2U : 3U;
            out.append(text, at, length);
            at += length;
            continue;
        }
        if (!in_word(text[at]) && !in_number(text[at])) {
            out += text[at++];
            continue;
        }
        auto end = at;
        bool number = false;
        while (end < text.size() &&
               (in_word(text[end]) || in_number(text[end]) ||
                (number && (text[end] == '.' || text[end] == '-') && end + 1 < text.size() && in_word(text[end + 1])))) {
            number = number || in_number(text[end]);
            ++end;
        }
        std::string_view word(text.data() + at, end - at);
        if (number)
            out += word;
        else
            change(word, out);
        at = end;
    }
    return out;
}

using dictionary = std::unordered_map<std::string_view, std::vector<std::string_view>>;

// clang-format off
const dictionary& texting() {
    static const dictionary words = {
        {"bonjour", {"bjr", "slt"}},       {"pour", {"pr", "pour"}},          {"vous", {"vs", "vou"}},        {"nous", {"ns"}},
        {"toujours", {"tjrs", "tjr", "tjs"}}, {"maintenant", {"mtn", "maintenan"}}, {"beaucoup", {"bcp"}},       {"problème", {"pb", "probleme", "prob"}},
        {"rendez", {"rdv"}},               {"message", {"msg", "mess"}},      {"quand", {"qd", "kan", "quan"}}, {"que", {"k", "ke", "que"}},
        {"qui", {"ki", "qui"}},            {"quoi", {"koi"}},                 {"pas", {"pa", "pas"}},         {"est", {"é", "est", "e"}},
        {"suis", {"sui", "suis"}},         {"avec", {"avc", "ac"}},           {"tout", {"tt", "tou"}},        {"tous", {"ts"}},
        {"même", {"mm", "meme"}},          {"parce", {"pcq", "parsk"}},       {"dans", {"ds"}},               {"rien", {"ri1", "rien"}},
        {"bien", {"bi1", "bien"}},         {"photo", {"foto", "photo"}},      {"téléphone", {"tel", "telephone", "phone"}}, {"jamais", {"jms", "jamé"}},
        {"fois", {"foi", "fois"}},         {"mois", {"moi", "mois"}},         {"depuis", {"dps", "depui"}},   {"après", {"apres", "apré"}},
        {"aujourd", {"auj"}},              {"faire", {"fer", "faire"}},       {"fait", {"fé", "fait"}},       {"ça", {"sa", "ca"}},
        {"essayé", {"esayer", "éssayé", "essayer"}}, {"permis", {"permi", "permis"}}, {"merci", {"mrc", "merci"}}, {"salut", {"slt"}},
        {"plus", {"+", "plu"}},            {"aussi", {"ossi"}},               {"mais", {"mé", "mais"}},       {"sans", {"san", "ss"}},
        {"numéro", {"num", "numero"}},     {"mot", {"mot"}},                  {"semaines", {"sem", "semaine"}}, {"semaine", {"sem", "semaine"}},
        {"dossier", {"dosier", "dossier"}}, {"impossible", {"inposible", "impossible"}}, {"personne", {"persone", "personne"}}, {"avant", {"avan"}},
        {"temps", {"tps", "tmps"}},        {"pourquoi", {"pk", "pq"}},        {"cela", {"sa", "ca"}},         {"vraiment", {"vrmt"}}};
    return words;
}
// clang-format on

// AZERTY neighbours of a to z.
constexpr std::array<std::string_view, 26> neighbours = {"zq", "vn", "xv", "sf", "zr", "dg", "fh", "gj", "uo", "hk", "jl", "km", "ln",
                                                         "b",  "ip", "om", "s",  "et", "qd", "ry", "yi", "cb", "x",  "wc", "tu", "ae"};

void key_slip(std::string& word, dice& roll) {
    auto at = 1 + roll.below(static_cast<std::uint32_t>(word.size() - 1));
    auto plain_letter = [&word](std::size_t place) { return word[place] >= 'a' && word[place] <= 'z'; };
    if (!plain_letter(at)) return;
    switch (roll.below(5)) {
    case 0:
        word.erase(at, 1);
        break;
    case 1:
        word.insert(at, 1, word[at]);
        break;
    case 2:
        if (at + 1 < word.size() && plain_letter(at + 1)) std::swap(word[at], word[at + 1]);
        break;
    case 3:
        word[at] = roll.pick(neighbours[static_cast<std::size_t>(word[at] - 'a')]);
        break;
    default:
        word.insert(at, 1, roll.pick(neighbours[static_cast<std::size_t>(word[at] - 'a')]));
        break;
    }
}

bool replace_end(std::string& word, std::string_view from, std::string_view to) {
    if (word.size() <= from.size() + 1 || !word.ends_with(from)) return false;
    word.replace(word.size() - from.size(), from.size(), to);
    return true;
}

// The faults French people make: é for er, single for double letters, mute endings forgotten, f for ph.
void spelling_slip(std::string& word, dice& roll) {
    auto kind = roll.below(6);
    if (kind == 0 && (replace_end(word, "er", "é") || replace_end(word, "é", "er") || replace_end(word, "ée", "é"))) return;
    if (kind == 1 && (replace_end(word, "es", "e") || replace_end(word, "s", "") || replace_end(word, "ent", "e"))) return;
    if (kind == 2) {
        for (std::size_t at = 1; at + 2 < word.size(); ++at)
            if (word[at] == word[at + 1] && word[at] != 'e') {
                word.erase(at, 1);
                return;
            }
    }
    if (kind == 3) {
        auto at = word.find("ph");
        if (at != word.npos) {
            word.replace(at, 2, "f");
            return;
        }
    }
    if (kind == 4 && (replace_end(word, "ait", "é") || replace_end(word, "ais", "é") || replace_end(word, "eux", "eu"))) return;
    auto bare = plain(word, false);
    if (bare != word)
        word = bare;
    else if (word.size() > 5)
        key_slip(word, roll);
}

void drop_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
}

} // namespace

std::string as_texted(const std::string& text, dice& roll) {
    auto strength = roll.between(25, 75);
    auto shorter = each_word(lower(text), [&](std::string_view word, std::string& out) {
        if (word == "ne" || word == "n") return; // leaves "je 'ai", mended below
        auto found = texting().find(word);
        if (found != texting().end() && roll.percent(static_cast<std::uint32_t>(strength)))
            out += roll.pick(found->second);
        else
            out += word;
    });
    drop_all(shorter, "je '", "j'");
    if (roll.percent(80)) shorter = plain(shorter, true);
    std::string out;
    auto keep_apostrophes = roll.percent(25);
    auto stops = roll.below(3);
    for (auto letter : shorter) {
        if (letter == '\'' && !keep_apostrophes) continue;
        if (letter == '.' && stops == 0) continue;
        if (letter == '.' && stops == 1) {
            out += ',';
            continue;
        }
        if ((letter == '"' || letter == '\n') && roll.percent(70)) {
            if (letter == '\n') out += ' ';
            continue;
        }
        if (letter == ' ' && !out.empty() && out.back() == ' ') continue;
        out += letter;
    }
    return out;
}

std::string as_learner(const std::string& text, dice& roll) {
    auto strength = static_cast<std::uint32_t>(roll.between(12, 38));
    auto out = each_word(text, [&](std::string_view word, std::string& changed) {
        static const std::vector<std::string_view> little = {"le", "la", "les", "un", "une", "des", "du", "que", "à", "de", "en", "d", "l"};
        if (word == "ne" || word == "n") return;
        if (std::find(little.begin(), little.end(), word) != little.end() && roll.percent(strength)) return;
        if ((word == "mon" || word == "ma") && roll.percent(strength))
            changed += word == "mon" ? "ma" : "mon";
        else if ((word == "ce" || word == "cette") && roll.percent(strength))
            changed += word == "ce" ? "cette" : "ce";
        else if (word == "ai" && roll.percent(strength))
            changed += roll.percent(50) ? "a" : "est";
        else if (word.size() > 5 && word.ends_with("é") && roll.percent(strength)) {
            changed += word.substr(0, word.size() - 2);
            changed += "er";
        } else
            changed += word;
    });
    drop_all(out, " '", " ");
    drop_all(out, "  ", " ");
    drop_all(out, "  ", " ");
    return out;
}

std::string with_slips(const std::string& text, std::uint32_t words_in_thousand, dice& roll) {
    if (words_in_thousand == 0) return text;
    return each_word(text, [&](std::string_view word, std::string& out) {
        if (word.size() < 4 || roll.below(1000) >= words_in_thousand) {
            out += word;
            return;
        }
        std::string slipped(word);
        if (roll.percent(55))
            key_slip(slipped, roll);
        else
            spelling_slip(slipped, roll);
        out += slipped;
    });
}

std::string as_keyboard(std::string text, bool careful, dice& roll) {
    drop_all(text, " .", ".");
    drop_all(text, "  ", " ");
    if (roll.percent(72)) {
        drop_all(text, "« ", "\"");
        drop_all(text, " »", "\"");
    }
    if (roll.percent(14)) drop_all(text, "'", "’");
    if (careful) return roll.percent(7) ? plain(text, false) : text;
    if (roll.percent(13))
        text = plain(text, false);
    else if (roll.percent(12))
        text = lower(text);
    if (roll.percent(12)) drop_all(text, "'", roll.percent(50) ? "" : " ");
    if (roll.percent(20)) {
        drop_all(text, " !", "!");
        drop_all(text, " ?", "?");
        drop_all(text, " :", ":");
    }
    if (roll.percent(7)) drop_all(text, ". ", ".");
    if (roll.percent(8)) drop_all(text, "\n", " ");
    return text;
}

std::string as_angry(const std::string& text, dice& roll) {
    auto loud = static_cast<std::uint32_t>(roll.between(0, 9));
    auto out = each_word(text, [&](std::string_view word, std::string& changed) {
        if (word.size() > 4 && roll.percent(loud))
            changed += upper(word);
        else
            changed += word;
    });
    if (roll.percent(55)) {
        std::string more;
        for (auto letter : out) {
            if (letter == '.' && roll.percent(30))
                more += roll.percent(50) ? " !!" : " !!!";
            else if (letter == '?' && roll.percent(40))
                more += "???";
            else
                more += letter;
        }
        return more;
    }
    return out;
}

} // namespace relais::model::demo

// SPDX-License-Identifier: EUPL-1.2
#include "model/department.hpp"

#include "model/digits.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace relais::model::departments {
namespace {

constexpr std::string_view paris = "Europe/Paris";

// Sorted by code; 20 stands for nothing since 1976. Clipperton has no zone of its own: eight hours behind UTC.
constexpr auto table = std::to_array<department>({
    {"01", "Ain", paris},
    {"02", "Aisne", paris},
    {"03", "Allier", paris},
    {"04", "Alpes-de-Haute-Provence", paris},
    {"05", "Hautes-Alpes", paris},
    {"06", "Alpes-Maritimes", paris},
    {"07", "Ardèche", paris},
    {"08", "Ardennes", paris},
    {"09", "Ariège", paris},
    {"10", "Aube", paris},
    {"11", "Aude", paris},
    {"12", "Aveyron", paris},
    {"13", "Bouches-du-Rhône", paris},
    {"14", "Calvados", paris},
    {"15", "Cantal", paris},
    {"16", "Charente", paris},
    {"17", "Charente-Maritime", paris},
    {"18", "Cher", paris},
    {"19", "Corrèze", paris},
    {"21", "Côte-d'Or", paris},
    {"22", "Côtes-d'Armor", paris},
    {"23", "Creuse", paris},
    {"24", "Dordogne", paris},
    {"25", "Doubs", paris},
    {"26", "Drôme", paris},
    {"27", "Eure", paris},
    {"28", "Eure-et-Loir", paris},
    {"29", "Finistère", paris},
    {"2A", "Corse-du-Sud", paris},
    {"2B", "Haute-Corse", paris},
    {"30", "Gard", paris},
    {"31", "Haute-Garonne", paris},
    {"32", "Gers", paris},
    {"33", "Gironde", paris},
    {"34", "Hérault", paris},
    {"35", "Ille-et-Vilaine", paris},
    {"36", "Indre", paris},
    {"37", "Indre-et-Loire", paris},
    {"38", "Isère", paris},
    {"39", "Jura", paris},
    {"40", "Landes", paris},
    {"41", "Loir-et-Cher", paris},
    {"42", "Loire", paris},
    {"43", "Haute-Loire", paris},
    {"44", "Loire-Atlantique", paris},
    {"45", "Loiret", paris},
    {"46", "Lot", paris},
    {"47", "Lot-et-Garonne", paris},
    {"48", "Lozère", paris},
    {"49", "Maine-et-Loire", paris},
    {"50", "Manche", paris},
    {"51", "Marne", paris},
    {"52", "Haute-Marne", paris},
    {"53", "Mayenne", paris},
    {"54", "Meurthe-et-Moselle", paris},
    {"55", "Meuse", paris},
    {"56", "Morbihan", paris},
    {"57", "Moselle", paris},
    {"58", "Nièvre", paris},
    {"59", "Nord", paris},
    {"60", "Oise", paris},
    {"61", "Orne", paris},
    {"62", "Pas-de-Calais", paris},
    {"63", "Puy-de-Dôme", paris},
    {"64", "Pyrénées-Atlantiques", paris},
    {"65", "Hautes-Pyrénées", paris},
    {"66", "Pyrénées-Orientales", paris},
    {"67", "Bas-Rhin", paris},
    {"68", "Haut-Rhin", paris},
    {"69", "Rhône", paris},
    {"70", "Haute-Saône", paris},
    {"71", "Saône-et-Loire", paris},
    {"72", "Sarthe", paris},
    {"73", "Savoie", paris},
    {"74", "Haute-Savoie", paris},
    {"75", "Paris", paris},
    {"76", "Seine-Maritime", paris},
    {"77", "Seine-et-Marne", paris},
    {"78", "Yvelines", paris},
    {"79", "Deux-Sèvres", paris},
    {"80", "Somme", paris},
    {"81", "Tarn", paris},
    {"82", "Tarn-et-Garonne", paris},
    {"83", "Var", paris},
    {"84", "Vaucluse", paris},
    {"85", "Vendée", paris},
    {"86", "Vienne", paris},
    {"87", "Haute-Vienne", paris},
    {"88", "Vosges", paris},
    {"89", "Yonne", paris},
    {"90", "Territoire de Belfort", paris},
    {"91", "Essonne", paris},
    {"92", "Hauts-de-Seine", paris},
    {"93", "Seine-Saint-Denis", paris},
    {"94", "Val-de-Marne", paris},
    {"95", "Val-d'Oise", paris},
    {"971", "Guadeloupe", "America/Guadeloupe"},
    {"972", "Martinique", "America/Martinique"},
    {"973", "Guyane", "America/Cayenne"},
    {"974", "La Réunion", "Indian/Reunion"},
    {"975", "Saint-Pierre-et-Miquelon", "America/Miquelon"},
    {"976", "Mayotte", "Indian/Mayotte"},
    {"977", "Saint-Barthélemy", "America/St_Barthelemy"},
    {"978", "Saint-Martin", "America/Marigot"},
    {"984", "Terres australes et antarctiques françaises", "Indian/Kerguelen"},
    {"986", "Wallis-et-Futuna", "Pacific/Wallis"},
    {"987", "Polynésie française", "Pacific/Tahiti"},
    {"988", "Nouvelle-Calédonie", "Pacific/Noumea"},
    {"989", "Clipperton", "Etc/GMT+8"},
    {"99", "Étranger", paris},
});

constexpr std::array<std::string_view, 3> polynesia = {"Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"};

bool is_between(std::string_view code, std::string_view first, std::string_view last) { return code >= first && code <= last; }

// 97133 and 97150 kept their Guadeloupe postal codes when the islands became collectivities.
std::string_view overseas(std::string_view postal_code) {
    if (postal_code == "97133") return "977";
    if (postal_code == "97150") return "978";
    if (postal_code == "98799") return "989";
    if (postal_code.starts_with("980")) return "99";
    return postal_code.substr(0, 3);
}

} // namespace

std::span<const department> all() { return table; }

const department* find(std::string_view code) {
    const auto found = std::find_if(table.begin(), table.end(), [code](const department& each) { return each.code == code; });
    return found == table.end() ? nullptr : &*found;
}

checked check(std::string_view typed) {
    auto code = text::compact(typed);
    if (code.empty()) return refused("empty");
    if (find(code)) return valid(std::move(code));
    if (code == "20") return refused("corsica", "2A");
    const auto padded = "0" + code;
    return refused("unknown", find(padded) ? padded : std::string());
}

std::span<const std::string_view> zones(std::string_view code) {
    if (code == "987") return polynesia;
    const auto* found = find(code);
    return {found ? &found->zone : &paris, 1};
}

std::optional<std::string_view> from_postal_code(std::string_view postal_code) {
    if (postal_code.size() != 5 || !digits::all(postal_code)) return std::nullopt;
    if (is_between(postal_code, "20000", "20190")) return "2A";
    if (is_between(postal_code, "20200", "20600")) return "2B";
    const bool is_overseas = postal_code.starts_with("97") || postal_code.starts_with("98");
    const auto code = is_overseas ? overseas(postal_code) : postal_code.substr(0, 2);
    const auto* found = code == "99" && !is_overseas ? nullptr : find(code);
    return found ? std::optional(found->code) : std::nullopt;
}

} // namespace relais::model::departments

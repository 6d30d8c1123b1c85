// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/words.hpp"

#include <string_view>
#include <unordered_set>

namespace relais::model::grouping {
namespace {

using word_set = std::unordered_set<std::string_view>;

word_set split(std::string_view list) {
    word_set found;
    while (!list.empty()) {
        const auto end = std::min(list.find(' '), list.size());
        if (end > 0) found.insert(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return found;
}

// Without accents, since words are compared folded; elided and texted forms beside the full ones. Negations stay out of the list of
// neither language: "ne marche pas" and "marche" are told apart by their other words.
constexpr std::string_view french_grammar =
    "a ai aie aient aies ait alors apres as au aucun aucune aujourd aura aurai auraient aurais aurait aurez auriez aurons auront aussi "
    "autre autres aux avaient avais avait avant avec avez aviez avions avoir avons ayant ayez ayons beaucoup bien c ca car ce ceci cela "
    "cele celle celles celui ces cest cet cette ceux chaque chez ci comme comment d dans de deja depuis des dessus deux devant doit donc "
    "dont du duquel elle elles en encore entre es est et etaient etais etait etant ete etes etiez etions etre eu eue eues eurent eus eut "
    "eux fait faire fais faites faut font fumes furent fus fut h hui ici il ils j jai je jusqu jusque juste l la laquelle le lequel les "
    "lesquelles lesquels leur leurs lorsqu lorsque lui m ma mais malgre me meme memes mes met mettre mien moi moins mon n ne ni non nos "
    "notre nous on ont or ou oui par parce parmi pas pendant peu peut peuvent peux plus plusieurs plutot pour pourquoi pouvez pouvoir "
    "pouvons pu puis puisqu puisque qu quand que quel quelle quelles quels quelque quelques quelqu qui quoi quoiqu quoique rien s sa "
    "sans se sera serai seraient serais serait serez seriez serons seront ses seulement si sien soi soit sommes son sont sous soyez "
    "suis suite sur t ta tandis tant te tel telle tellement telles tels tes toi ton toujours tous tout toute toutes toutefois tres trop "
    "tu un une va vais vas vers veut veux via vis voici voila vont vos votre vous vu y"
    // texted
    " bcp cad ct c'est chui dc ds ek et k ke ki jdois jme jsuis jvais jveux koi kan mtn nn pcq pk pkoi pr ps pskeu pq qd qq rdv slt svp "
    "tjr "
    "tjrs tjs tkt vs ya ";

constexpr std::string_view french_polite =
    " accueillir agreer aimable aimables amicalement attente avance bien bjr bonjour bonsoir bonne bsr coeur cordial cordiale cordialement "
    "cordialemen consideration cdt cdlt distingue distinguee distingues distinguees expression hello journee madame mademoiselle mercie "
    "merci mercis messieurs mesdames mme mlle monsieur mr plait priere remercie remerciant remercions respectueuses respectueusement "
    "salut salutation salutations sentiments sincere sinceres soiree veuillez ";

constexpr std::string_view english_grammar =
    "a about above after again all also am an and any are aren as at be because been before being below between both but by can cannot "
    "could "
    "couldn d did didn do does doesn doing don down during each few for from further get gets getting got had hadn has hasn have haven "
    "having he her here hers herself him himself his how i if im in into is isn it its itself ive just let ll m me might mightn more most "
    "must mustn my myself need needn no nor not now of off on once only or other ought our ours ourselves out over own re s same shall "
    "shan "
    "she should shouldn so some still such t than that the their theirs them themselves then there these they this those through to too "
    "under until up us ve very was wasn we were weren what when where which while who whom why will with won would wouldn you your yours "
    "yourself yourselves ";

constexpr std::string_view english_polite =
    " dear greetings hello help hey hi kind kindly please regards sincerely thank thanks thx pls cheers best ";

} // namespace

bool is_stop_word(std::string_view folded, language in) {
    static const auto french = [] {
        auto all = split(french_grammar);
        all.merge(split(french_polite));
        return all;
    }();
    static const auto english = [] {
        auto all = split(english_grammar);
        all.merge(split(english_polite));
        return all;
    }();
    return (in == language::french ? french : english).contains(folded);
}

} // namespace relais::model::grouping

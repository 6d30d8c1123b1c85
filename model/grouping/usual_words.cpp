// SPDX-License-Identifier: EUPL-1.2
#include "model/grouping/usual_words.hpp"

#include "model/grouping/vocabulary.hpp"

#include <string>
#include <unordered_map>

namespace relais::model::grouping {
namespace {

constexpr double very_common = 0.006, common = 0.0015;

constexpr std::string_view very_common_french =
    "demande dossier site problème numéro jour mois semaine an année message mail courriel envoyer recevoir reçu attendre attente savoir "
    "refuser refusé impossible essayer essayé marcher fonctionner erreur page compte personne service réponse répondre question merci "
    "aide aider besoin temps date heure hier matin téléphone appeler appel nom document papier payer euros voir dire demander écrire "
    "vouloir passer prendre donner trouver permis fois démarche dit carte petit attendu fin";

constexpr std::string_view common_french =
    "adresse bloqué bloquer bouton carte centre certificat changer chercher choisir cliquer code colis commande commander comprendre "
    "conduire confirmer connecter connexion contact contacter contrat copie correct corriger courrier délai départ dernier dernière "
    "différent difficile dû écran email enfant enregistrer enregistré ensuite entrer envoi espace étape état expliquer famille femme "
    "fichier fin finir fois formulaire gens grand habiter homme identité indiquer information informations inscription inscrire internet "
    "inconnu jamais joindre joint justificatif lettre ligne lire liste livraison lundi mardi mercredi jeudi vendredi samedi dimanche "
    "maintenant mairie maison mari mauvais médecin mise mot motif nécessaire neuf nouveau nouvelle obligatoire obtenir officiel ordinateur "
    "ouvert ouvrir paiement parler partir passe payé perdu père mère pièce place plainte point portail possible poste préfecture premier "
    "première preuve procédure prochain prochaine produit professionnel prénom prêt public rappel rappeler recommencer refaire refus "
    "règle régler rejet rejeté rembourser remboursement remplir rendez renouveler renvoyer reprendre reste rester retard retour retourner "
    "retrouver réussir ressayer saisie saisir semaines signer simple situation soir solution suivant suivi suivre support supprimer sûr "
    "système tard tel téléphoner télécharger terminé titre tomber total tour travail travailler type urgent usager utiliser valable "
    "valide validé valider véhicule venir vérifier vérification version vieux ville voiture voyage vrai";

constexpr std::string_view very_common_english =
    "account day week month year time number message mail email send sent receive received wait waiting know want need use try tried work "
    "working error page problem issue question answer help make made go see say tell ask find change new pay phone call name date";

constexpr std::string_view common_english =
    "able accept address allow already amount app application apply available back bad bill bit book box button card cash charge check "
    "choose click close code come company complete confirm connect contact copy correct cost create customer data delay delete deliver "
    "delivery detail different display document dollar easy end enter expect explain fail fee file fill first fix form free full give "
    "good great happen home hour id identity information internet item keep last late leave letter like line link list little log login "
    "long look lose lost money morning move never next now office old online open option order paper password payment people person place "
    "possible post process product proof provide public purchase put reason refund refuse reject remove replace report request reset "
    "response return right run save screen second select service set show sign site start state step stop store support system take "
    "thing think today trip type understand update user verify version view wrong";

using shares = std::unordered_map<std::string, double>;

void add(shares& into, std::string_view list, double share, language in) {
    const stemmer stems;
    for (const auto& each : read_words(list, in)) into.emplace(folded_stem(stems, each, in), share);
}

shares shares_of(std::string_view first, std::string_view second, language in) {
    shares all;
    add(all, first, very_common, in);
    add(all, second, common, in);
    return all;
}

} // namespace

double usual_share(std::string_view stem, language in) {
    static const auto french = shares_of(very_common_french, common_french, language::french);
    static const auto english = shares_of(very_common_english, common_english, language::english);
    const auto& all = in == language::french ? french : english;
    const auto found = all.find(std::string(stem));
    return found == all.end() ? rare_share : found->second;
}

} // namespace relais::model::grouping

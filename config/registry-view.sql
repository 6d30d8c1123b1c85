-- What Relais asks of the agency's licence registry: one view and one account that reads it, on the agency's MySQL or MariaDB. A test creates
-- the view from this very file and asks it, so what stands here works.
--
-- Names on the right of AS are ours; the agency may choose others and say them in relais.toml, [registry]. Names on the left, and the two
-- tables, are examples: the agency's schema is its own. A column that the agency does not have is left out of the view, and its name set to
-- "" in relais.toml; only `number` is compulsory. NULL and '' both mean "not known", which number, birth_name and status never are.
--
--   column          type                     meaning
--   number          VARCHAR(40), unique      the dossier's number, as people know it: letters, digits, hyphens
--   neph            VARCHAR(19)              twelve digits for life; older numbers from ten digits
--   birth_name      VARCHAR(256)             in any case, with or without accents
--   usual_name      VARCHAR(256)             when it differs
--   first_names     VARCHAR(256)             all of them, in order
--   birth_date      DATE or CHAR(10)         YYYY-MM-DD, 00 for a day or a month that is not known
--   procedure_code  VARCHAR(40)              one of our codes (docs/api/files.md): REGISTRATION, RENEWAL, LOSS...
--   status          VARCHAR(40)              one of our codes: SUBMITTED, UNDER_ASSESSMENT, ACCEPTED, DELIVERED...
--   status_since    DATE or DATETIME         the day on which it came into that status, French time; never in the future
--   step            VARCHAR(80)              the agency's own word for where it stands
--   error_code      VARCHAR(80)              what the portal shows when it is stuck
--   portal_release  VARCHAR(40)              the portal's version at the last change
--   centre          VARCHAR(120)             the service that treats it (CERT)
--   department      VARCHAR(3)               01 to 95, 2A, 2B, 971 to 988
--   email, phone    VARCHAR(254), (20)       how the agency reaches the person
--   driving_school  VARCHAR(200)             its name, for a registration
--   exam_on         DATE                     the day on which the practical exam was passed: the provisional certificate counts from it
--   filed_on        DATE                     the day on which an exchange was filed: the filing certificate counts from it
--   medical_on      DATE                     the last day of medical fitness
--   suspension_end_on  DATE                  the last day of a suspension
--   updated_at      DATETIME, in UTC         the last change of any of these; a newer one wins over an older, so it never lies in the future
--
-- A value of another type or code is refused with its whole dossier, counted by column, and shown to administrators (/console/registre).
--
-- Look-ups are by number, by NEPH, or by birth date with a name, at most 20 rows, each in less than 0.8 s: the columns behind these need an
-- index (here: num_dossier, num_neph, date_naissance). Any character set will do, since the server converts to utf8mb4 for us. Relais asks
-- once after a contact, and in turn about the dossiers with an open ticket: registry.refresh_per_day, 20,000 unless it is changed.

CREATE VIEW permis.licence_dossier AS
SELECT d.num_dossier                                AS number,
       d.num_neph                                   AS neph,
       p.nom_naissance                              AS birth_name,
       p.nom_usage                                  AS usual_name,
       p.prenoms                                    AS first_names,
       p.date_naissance                             AS birth_date,
       CASE d.type_demarche                                              -- the agency's codes into ours
         WHEN 'RENOUV' THEN 'RENEWAL'
         WHEN 'PERTE'  THEN 'LOSS'
         ELSE 'REGISTRATION' END                    AS procedure_code,
       CASE d.etat
         WHEN 'INSTR' THEN 'UNDER_ASSESSMENT'
         WHEN 'ACC'   THEN 'ACCEPTED'
         ELSE 'SUBMITTED' END                       AS status,
       d.date_etat                                  AS status_since,
       d.etape                                      AS step,
       d.code_erreur                                AS error_code,
       d.version_portail                            AS portal_release,
       d.cert                                       AS centre,
       d.departement                                AS department,
       p.courriel                                   AS email,
       p.telephone                                  AS phone,
       d.auto_ecole                                 AS driving_school,
       d.date_examen                                AS exam_on,          -- these four are named in relais.toml when the view has them
       d.date_depot                                 AS filed_on,
       d.fin_aptitude                               AS medical_on,
       d.fin_suspension                             AS suspension_end_on,
       d.maj_utc                                    AS updated_at
FROM permis.dossier d JOIN permis.personne p ON p.id = d.personne_id;

-- Reading this view is all the account may do, from Relais's servers only (here 10.0.0.0/24). The certificate is verified on our side
-- (registry.ca_file), and an encrypted connection is demanded on this one. registry.threads connections (4) for each of our servers.
CREATE USER 'relais'@'10.0.0.%' IDENTIFIED BY 'a long password' REQUIRE SSL WITH MAX_USER_CONNECTIONS 10;
GRANT SELECT ON permis.licence_dossier TO 'relais'@'10.0.0.%';

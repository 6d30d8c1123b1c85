-- What Relais asks of the agency's registry: one view and one account, on the agency's MySQL or MariaDB. Tables and columns on the right
-- of AS are examples; those on the left may have other names too (relais.toml, [registry]).
--
-- The view leaves out what Relais does not show. Each look-up is by number, by NEPH, or by birth date with a name: the columns behind
-- these need an index (here: num_dossier, num_neph, date_naissance).

CREATE VIEW permis.licence_dossier AS
SELECT d.num_dossier                                AS number,
       d.num_neph                                   AS neph,
       p.nom_naissance                              AS birth_name,
       p.nom_usage                                  AS usual_name,
       p.prenoms                                    AS first_names,
       p.date_naissance                             AS birth_date,       -- DATE or text YYYY-MM-DD, 00 for what is not known
       CASE d.type_demarche                                              -- our codes: docs/api/files.md
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
       d.maj_utc                                    AS updated_at        -- DATETIME in UTC
FROM permis.dossier d JOIN permis.personne p ON p.id = d.personne_id;

-- Reading this view is all the account may do; the certificate is verified on our side, and demanded on this one.
CREATE USER 'relais'@'10.0.0.%' IDENTIFIED BY 'a long password' REQUIRE SSL WITH MAX_USER_CONNECTIONS 10;
GRANT SELECT ON permis.licence_dossier TO 'relais'@'10.0.0.%';

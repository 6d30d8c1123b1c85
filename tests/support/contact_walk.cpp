// SPDX-License-Identifier: EUPL-1.2
#include "tests/support/contact_walk.hpp"

#include "api/contact_steps.hpp"

namespace relais::tests {

form contact_answers(int step) {
    switch (step) {
    case 1:
        return {{"subject_person.relation", "self"}, {"requester.name", "Camille Dupont"}};
    case 2:
        return {{"procedure", "RENEWAL"},
                {"department", "33"},
                {"legal_nature", "request"},
                {"subject", "Photo refusée"},
                {"body", "Ma photo est refusée depuis lundi."},
                {"portal.message", "Erreur E-1042"}};
    case 3:
        return {{"dossier_number", ""}, {"neph", ""}};
    case 4:
        return {{"requester.email", "camille@example.test"}, {"requester.phone", ""}, {"requester.postal_address", ""}};
    default:
        return {};
    }
}

api::reply post_contact_step(browser& person, const std::string& path, form answers) {
    auto files = std::exchange(person.files, {});
    auto page = person.get(path);
    if (page.data.contains("form_token")) answers.try_emplace("form_token", page.data["form_token"].get<std::string>());
    if (page.data.contains("form_id")) answers.try_emplace("form_id", page.data["form_id"].get<std::string>());
    person.files = std::move(files);
    return person.post(path, std::move(answers));
}

api::reply send_contact_form(test_app& app, browser& person, const form& changes) {
    for (int step = 1; step < api::contact_steps::last; ++step) {
        auto answers = contact_answers(step);
        for (const auto& [name, value] : changes)
            if (api::contact_steps::step_of(name) == step) answers[name] = value;
        post_contact_step(person, std::string(api::contact_steps::path(step)), answers);
    }
    app.pass(std::chrono::seconds(30));
    auto last = std::string(api::contact_steps::path(api::contact_steps::last));
    return post_contact_step(person, last, {{"go", "send"}});
}

api::uploaded_file make_upload(test_app& app, const std::string& name, const std::string& media_type, const std::string& bytes) {
    auto writer = app->attachments.create();
    writer->write(bytes);
    auto stored = writer->finish();
    api::uploaded_file out;
    out.field = "files[]", out.display_name = name, out.media_type = media_type;
    out.storage_name = stored.storage_name, out.key = stored.key, out.sha256 = stored.sha256, out.size_bytes = stored.size_bytes;
    return out;
}

} // namespace relais::tests

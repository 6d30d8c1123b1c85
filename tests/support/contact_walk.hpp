// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "tests/support/test_app.hpp"

#include <map>
#include <string>

namespace relais::tests {

using form = std::map<std::string, std::string, std::less<>>;

// What an ordinary person answers at each step of /contact.
form contact_answers(int step);

// Fills the five pages as a person does, sends the form, and returns the last reply. changes: answers that differ, by field.
api::reply send_contact_form(test_app& app, browser& person, const form& changes = {});

// One step: reads the page for its token, posts the answers.
api::reply post_contact_step(browser& person, const std::string& path, form answers);

// A file as the server hands it over, with its bytes in the store.
api::uploaded_file make_upload(test_app& app, const std::string& name, const std::string& media_type, const std::string& bytes);

} // namespace relais::tests

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/registry.hpp"

#include <memory>
#include <string>

namespace relais::server {

// The SELECT texts for an operator's view, with the columns that there are.
struct registry_statements {
    // Throws std::runtime_error when a name is not made of letters, digits and "_".
    explicit registry_statements(const registry_options& options);
    std::vector<model::dossiers::column> columns; // in the order of the result
    bool has_updated_at = false;
    std::string by_number, by_neph, by_person; // empty when the view lacks the column
};

// One connection to the registry with its prepared statements, used by one thread. Connects when it is first asked and again after a loss.
class registry_connection {
public:
    registry_connection(const registry_options& options, const registry_statements& statements);
    ~registry_connection();
    registry_connection(const registry_connection&) = delete;
    registry_connection& operator=(const registry_connection&) = delete;

    bool is_open() const;
    // Throws sql::SQLException.
    void open();
    void close();
    // Throws sql::SQLException; what is lost (also statements that the server has forgotten, 2030) is closed first.
    registry_answer ask(const registry_query& query);

private:
    struct prepared;
    const registry_options& options_;
    const registry_statements& statements_;
    std::unique_ptr<prepared> prepared_;
};

// To be called once by each thread that uses a connection, before and after.
void enter_registry_thread();
void leave_registry_thread();

} // namespace relais::server

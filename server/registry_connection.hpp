// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "server/registry.hpp"
#include "server/registry_statements.hpp"

#include <memory>

namespace relais::server {

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
    registry_answer ask_in_turn(const registry_query& query);

    const registry_options& options_;
    const registry_statements& statements_;
    std::unique_ptr<prepared> prepared_;
};

// To be called once by each thread that uses a connection, before and after.
void enter_registry_thread();
void leave_registry_thread();

} // namespace relais::server

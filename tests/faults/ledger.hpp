// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/database.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace relais::tests {

// What clients were told: key -> reference, empty while the outcome is unknown.
class ledger {
public:
    void note(const std::string& key, const std::string& reference);
    std::map<std::string, std::string> entries() const;
    int acknowledged() const { return acknowledged_; }
    bool contradicted() const { return contradicted_; } // the same key was told two references

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string> entries_;
    std::atomic<int> acknowledged_ = 0;
    std::atomic<bool> contradicted_ = false;
};

// Clients that send contacts from construction to stop(). A request without an answer is sent again with its key, as the contract asks.
class load {
public:
    load(std::uint16_t port, std::string token, ledger& told);
    ~load() { stop(); }
    void stop();

private:
    void send(int client);

    std::uint16_t port_;
    std::string token_;
    ledger& told_;
    std::atomic<bool> stopping_ = false;
    std::vector<std::thread> clients_;
};

// Checks the database against what was told: nothing acknowledged is missing, nothing is double, every ticket has exactly one
// acknowledgement. Prints the figures.
void check_against(const ledger& told, const model::database_options& options);

} // namespace relais::tests

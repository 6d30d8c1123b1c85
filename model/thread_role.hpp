// SPDX-License-Identifier: EUPL-1.2
#pragma once

// What a thread is for, as the system's tools show it (top -H, perf), and who goes first when the processors are short.
namespace relais::model::thread_role {

// name: at most 15 bytes, the kernel's limit; longer ones are cut.
void name(const char* name);

// The same for work that nobody waits for (grouping, search feed, mails): people's requests go first when the processors are short.
// Linux gives each thread its own niceness (setpriority(2), "C library/kernel differences").
void name_background(const char* name);

// Whether the calling thread was named so.
bool is_background();

} // namespace relais::model::thread_role

// SPDX-License-Identifier: EUPL-1.2
#pragma once

#include "model/demo/people.hpp"

#include <string>

namespace relais::model::demo {

// Who holds the pen. relative writes the person's words for them; the others write about the person.
enum class pen { self, parent, spouse, child, school, hub, prefecture, agent };

// Everything a text may mention about one ticket: fills the slots of the grammar. Lives as long as the ticket is made.
class scene : public slot_filler {
public:
    scene(const topic& about, const person& subject, pen holder, dice& roll);

    void fill(std::uint16_t which, std::string& out) override;

    const topic& about;
    const person& subject;
    pen holder;
    dice& roll;
    std::string procedure;
    std::string number, neph, error_code, message, school, neighbour_phone;
    sys_seconds hit_at{}, received_at{};
    int age = 40;

private:
    void fill_time(std::uint16_t which, std::string& out);
    void fill_reference(std::uint16_t which, std::string& out);
    void fill_agreement(std::uint16_t which, std::string& out);
    void third_person(std::string& out);
    void civil(std::string& out, bool whole);
    void photo_code(std::string& out);
    void job(std::string& out);

    sys_seconds deadline_{};
    int mentions_ = 0; // how often the person was named: in full first, shorter after
    std::uint32_t style_;
};

} // namespace relais::model::demo

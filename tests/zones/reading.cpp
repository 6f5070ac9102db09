// SPDX-License-Identifier: Apache-2.0
#include "tests/zones/reading.hpp"

#include "zones/name/record.hpp"

#include <stdexcept>
#include <utility>

namespace reading {

std::vector<std::string> lines_of(const geo::Problems& problems) {
    std::vector<std::string> lines;
    for (auto problem : problems) {
        problem.file.clear();
        lines.push_back(geo::to_text(problem).substr(1));
    }
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

Reading read(std::string text) {
    geo::Problems problems;
    auto zone = zones::read_zone(std::move(text), "", 1'700'000'000, problems);
    return {std::move(zone), lines_of(problems)};
}

Reading read_with(std::string_view members) {
    return read(R"({"zone": "example.com", "nameservers": {"ns1": "192.0.2.1"}, )" +
                std::string{members} + "}");
}

zones::Name name(std::string_view text) {
    const auto found = zones::Name::from_text(text, zones::Name{});
    if (!found) throw std::invalid_argument{"no name: " + std::string{text}};
    return *found;
}

std::string fault_of(std::string_view type, std::string_view text) {
    return zones::read_rdata(*zones::read_type(type), text, name("example.com.")).fault;
}

}  // namespace reading
